"""The words of a contact: which properties may be written, their types and their defaults."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.refused import Refused, bad_request, not_simulated, unreadable

TEXTS = (
    "assistantName", "businessHomePage", "companyName", "department", "displayName", "fileAs",
    "generation", "givenName", "initials", "jobTitle", "manager", "middleName", "mobilePhone",
    "nickName", "officeLocation", "personalNotes", "profession", "spouseName", "surname", "title",
    "yomiCompanyName", "yomiGivenName", "yomiSurname",
)  # fmt: skip
# Outlook's form has room for so many of each.
LISTS = {
    "businessPhones": 2, "homePhones": 2, "imAddresses": 3, "children": 100, "categories": 100,
}  # fmt: skip
POSTAL = ("businessAddress", "homeAddress", "otherAddress")
POSTAL_PARTS = ("street", "city", "state", "countryOrRegion", "postalCode")
SLOTS = ("primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress")
READ_ONLY = {
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "parentFolderId", "photo",
}  # fmt: skip
EXTENSIONS = {"extensions", "singleValueExtendedProperties", "multiValueExtendedProperties"}
TEXT_MOST = 255
NOTES_MOST = 32_000


def read_contact(wire: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The checked words of a request body; `before` are those of the contact it changes."""
    words: dict[str, Any] = {}
    for name, value in wire.items():
        if name in EXTENSIONS:
            raise not_simulated(f"{name} of contacts")
        if name not in READ_ONLY and "@" not in name:
            words[name] = _checked(name, value)
    _fill_slots(words, (before or {}).get("emailAddresses") or [])
    return words if before is not None else {**composed(words), **words}


def composed(words: dict[str, Any]) -> dict[str, Any]:
    """The names Exchange makes up from parts for a new contact."""
    given, family = words.get("givenName"), words.get("surname")
    parts = (given, words.get("middleName"), family)
    shown = words.get("displayName", " ".join(each for each in parts if each))
    filed = ", ".join(each for each in (family, given) if each)
    return {"displayName": shown, "fileAs": filed or shown or words.get("companyName") or ""}


def _checked(name: str, value: Any) -> Any:
    if name in TEXTS:
        return None if value is None else _text(name, value)
    if name in LISTS:
        return _texts(name, value)
    if name in POSTAL:
        return _postal(name, value)
    if name == "emailAddresses":
        return _addresses(name, value)
    if name in SLOTS:
        return None if value is None else _address(value)
    if name == "birthday":
        return _birthday(value)
    raise unreadable(
        f"The property '{name}' does not exist on type 'microsoft.graph.contact'. Make sure to "
        "only use property names that are defined by the type."
    )


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise unreadable(f"Cannot convert the value of '{name}' to the type 'Edm.String'.")
    if len(value) > (NOTES_MOST if name == "personalNotes" else TEXT_MOST):
        raise _invalid(f"The value of '{name}' is too long.")
    return value


def _texts(name: str, value: Any) -> list[str]:
    values = [] if value is None else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise unreadable(f"The property '{name}' must be a list of strings.")
    if len(values) > LISTS[name]:
        raise _invalid(f"The property '{name}' takes {LISTS[name]} entries at most.")
    return values


def _postal(name: str, value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or value.keys() - set(POSTAL_PARTS):
        raise unreadable(f"The property '{name}' is not a physicalAddress.")
    return {part: _text(part, text) for part, text in value.items() if text is not None}


def _addresses(name: str, value: Any) -> list[dict[str, str]]:
    values = [] if value is None else value
    if not isinstance(values, list):
        raise unreadable(f"The property '{name}' must be a list.")
    if len(values) > len(SLOTS):
        raise _invalid(f"A contact has {len(SLOTS)} e-mail addresses at most.")
    return [_address(each) for each in values]


def _address(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or value.keys() - {"name", "address"}:
        raise unreadable("An entry is not an emailAddress.")
    address = _text("address", value.get("address") or "")
    return {"name": _text("name", value.get("name") or address), "address": address}


def _birthday(value: Any) -> str | None:
    if value is None:
        return None
    try:
        day = datetime.fromisoformat(value).date()
    except (TypeError, ValueError) as problem:
        raise unreadable(
            f"Cannot convert the literal '{value}' to the expected type 'Edm.DateTimeOffset'."
        ) from problem
    # Outlook keeps the day and puts it at noon, nearly, so that no zone shows another one.
    return f"{day.isoformat()}T11:59:00Z"


def _fill_slots(words: dict[str, Any], before: list[dict[str, str]]) -> None:
    """Primary, secondary and tertiary address are places of the one list."""
    named = [slot for slot in SLOTS if slot in words]
    if not named:
        return
    held: list[dict[str, str] | None] = [*words.get("emailAddresses", before), None, None, None]
    for slot in named:
        held[SLOTS.index(slot)] = words.pop(slot)
    words["emailAddresses"] = [each for each in held[: len(SLOTS)] if each]


def _invalid(message: str) -> Refused:
    return bad_request(message, "ErrorPropertyValidationFailure")
