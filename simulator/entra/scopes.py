"""Scopes: short and long names, what needs consent, what needs an administrator."""

from __future__ import annotations

from simulator.directory import App, Person
from simulator.entra.errors import EntraRefused
from simulator.registration import ADMIN_ONLY_SCOPES, OIDC_SCOPES, SCOPES

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


def missing(person: Person, app: App, scopes: tuple[str, ...]) -> list[str]:
    """What this person or the tenant has not yet consented to."""
    granted = person.granted(app.client_id)
    return [each for each in scopes if each not in granted and each != ".default"]


def needs_admin(scopes: list[str], policy: str) -> bool:
    """May only an administrator grant this?"""
    if policy == "admin_only":
        return bool(scopes)
    return any(each in ADMIN_ONLY_SCOPES for each in scopes)


def granted_text(granted: set[str]) -> str:
    """The `scope` of a token answer: everything granted, which may be more than was asked for.

    `offline_access` shows in the refresh token, not in the list.
    """
    resource = sorted(granted - set(OIDC_SCOPES))
    return " ".join([*resource, *(each for each in OIDC_SCOPES[:3] if each in granted)])
