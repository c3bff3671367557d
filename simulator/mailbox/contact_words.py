"""The words of a contact: which properties may be written, their types and their defaults."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.mailbox.checks import invalid, listed, mapping, text
from simulator.refused import not_simulated, unreadable

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
ADDRESS = frozenset({"name", "address"})
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
    if len(text(name, value)) > (NOTES_MOST if name == "personalNotes" else TEXT_MOST):
        raise invalid(f"The value of '{name}' is too long.")
    return str(value)


def _texts(name: str, value: Any) -> list[str]:
    values = [text(name, each) for each in listed(name, [] if value is None else value)]
    if len(values) > LISTS[name]:
        raise invalid(f"The property '{name}' takes {LISTS[name]} entries at most.")
    return values


def _postal(name: str, value: Any) -> dict[str, str]:
    given = mapping(name, {} if value is None else value, frozenset(POSTAL_PARTS))
    return {part: _text(part, given[part]) for part in POSTAL_PARTS if given.get(part) is not None}


def _addresses(name: str, value: Any) -> list[dict[str, str]]:
    values = listed(name, [] if value is None else value)
    if len(values) > len(SLOTS):
        raise invalid(f"A contact has {len(SLOTS)} e-mail addresses at most.")
    return [_address(each) for each in values]


def _address(value: Any) -> dict[str, str]:
    given = mapping("emailAddress", value, ADDRESS)
    address = _text("address", given.get("address") or "")
    return {"name": _text("name", given.get("name") or address), "address": address}


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
