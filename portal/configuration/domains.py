"""Domains of mail addresses, and the rule that restricts the integration to some of them.

International names are compared in their ASCII form, without case. A sub-domain is another domain.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import idna

from portal.registrations import DOMAIN

MOST = 100


@lru_cache(2048)  # thousands of people share a few domains
def normal(domain: str) -> str:
    """Its ASCII form in lower case. Raises ValueError with a sentence for the form."""
    text = domain.strip().rstrip(".").lower().removeprefix("@")
    try:
        ascii_form = idna.encode(text, uts46=True).decode("ascii") if text else ""
    except idna.IDNAError:
        ascii_form = ""
    if not DOMAIN.fullmatch(ascii_form):
        raise ValueError(f"{domain.strip()[:80]!r} is not a domain such as contoso.com.")
    return ascii_form


def of(address: str | None) -> str | None:
    """The domain of an address, as `normal` gives it; None where there is none."""
    name, at, domain = (address or "").strip().rpartition("@")
    if not at or not name:
        return None
    try:
        return normal(domain)
    except ValueError:
        return None


def shown(domain: str) -> str:
    """As people write it: with its own letters."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


def read_list(value: Any) -> list[str]:
    """From a list, or from a text with one domain a line or commas between them.

    Raises ValueError with a sentence for the form.
    """
    parts = re.split(r"[\s,;]+", value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(one, str) for one in parts):
        raise ValueError("Give domains, one a line.")
    found = sorted({normal(one) for one in parts if one.strip()})
    if len(found) > MOST:
        raise ValueError(f"Give at most {MOST} domains.")
    return found


def admits(allowed: Iterable[str], addresses: Iterable[str | None]) -> bool:
    """Whether every known address lies in one of the domains; no domains admit everybody."""
    listed = set(allowed)
    if not listed:
        return True
    return all(of(one) in listed for one in addresses if one)
