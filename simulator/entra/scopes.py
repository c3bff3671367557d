"""Scopes: short and long names, and how tokens and callbacks list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulator.entra.errors import EntraRefused
from simulator.registration import OIDC_SCOPES, SCOPES

GRAPH = "https://graph.microsoft.com/"
KNOWN = {name.lower(): name for name in SCOPES}


def read_scopes(text: str, base: str) -> tuple[str, ...]:
    """The scopes of a request by their short names; refused when one does not exist."""
    found: list[str] = []
    for word in text.split():
        short = word.removeprefix(GRAPH).removeprefix(f"{base}/")
        if short == ".default":
            found.append(short)
        elif short.lower() in KNOWN:
            found.append(KNOWN[short.lower()])
        else:
            raise EntraRefused(70011, f"The scope '{word}' does not exist.")
    if not found:
        raise EntraRefused(900144, "scope")
    return tuple(dict.fromkeys(found))


def granted_text(granted: Iterable[str]) -> str:
    """The `scope` of a token answer; `offline_access` shows in the refresh token instead."""
    held = set(granted)
    resource = sorted(held - set(OIDC_SCOPES))
    return " ".join([*resource, *(each for each in OIDC_SCOPES[:3] if each in held)])


def long_names(scopes: Iterable[str]) -> str:
    """Scopes as the callback of an administrator's consent lists them."""
    held = set(scopes)
    ours = [each for each in OIDC_SCOPES if each in held]
    return " ".join([*(f"{GRAPH}{each}" for each in sorted(held - set(OIDC_SCOPES))), *ours])


def words(known: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Permissions in the words of the consent pages; a name that has none stands for itself."""
    return [known.get(each, each) for each in names]
