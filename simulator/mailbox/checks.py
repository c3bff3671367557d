"""Types as Graph reads them from a request body: what does not fit is refused with its words."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from simulator.refused import Refused, bad_request, unreadable

INT32 = 2**31
SUBJECT_MOST = 255

Check = Callable[[str, Any], Any]


def misfit(name: str, kind: str) -> Refused:
    """The refusal of a value that is not of the property's type."""
    return unreadable(f"Cannot convert the value of '{name}' to the expected type '{kind}'.")


def invalid(message: str) -> Refused:
    """The refusal of a value that has the right type and makes no sense."""
    return bad_request(message, "ErrorPropertyValidationFailure")


def text(name: str, value: Any) -> str:
    """Any string."""
    if not isinstance(value, str):
        raise misfit(name, "Edm.String")
    return value


def subject(name: str, value: Any) -> str:
    """A title of at most 255 characters."""
    if len(text(name, value)) > SUBJECT_MOST:
        raise invalid(f"The subject is longer than {SUBJECT_MOST} characters.")
    return str(value)


def flag(name: str, value: Any) -> bool:
    """True or false; no numbers, no words."""
    if not isinstance(value, bool):
        raise misfit(name, "Edm.Boolean")
    return value


def number(name: str, value: Any) -> int:
    """A whole number of 32 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or not -INT32 <= value < INT32:
        raise misfit(name, "Edm.Int32")
    return int(value)


def measure(name: str, value: Any) -> float:
    """A number with a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise misfit(name, "Edm.Double")
    return value


def one_of(*allowed: str) -> Check:
    """One of these words, in any case."""
    known = {each.lower(): each for each in allowed}

    def check(name: str, value: Any) -> str:
        found = known.get(text(name, value).lower())
        if found is None:
            raise unreadable(f"Requested value '{value}' of '{name}' was not found.")
        return found

    return check


def listed(name: str, value: Any) -> list[Any]:
    """A collection, which may be empty and never null."""
    if not isinstance(value, list):
        raise misfit(name, "Collection")
    return value


def texts(name: str, value: Any) -> list[str]:
    """A collection of strings, each of them once."""
    return list(dict.fromkeys(text(name, each) for each in listed(name, value)))


def mapping(name: str, value: Any, known: frozenset[str]) -> dict[str, Any]:
    """An object that has no other keys than these; annotations are passed over."""
    if not isinstance(value, dict):
        raise misfit(name, "an object")
    for key in value:
        if key not in known and "@" not in key:
            raise unreadable(f"The property '{key}' does not exist on the type of '{name}'.")
    return value
