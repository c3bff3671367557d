"""The words of an event: which properties may be written, their types and their defaults."""

from __future__ import annotations

from functools import lru_cache
from sys import intern
from typing import Any

from simulator.mailbox.bodies import NO_BODY, read_body
from simulator.mailbox.checks import (
    Check,
    flag,
    invalid,
    listed,
    mapping,
    misfit,
    number,
    one_of,
    subject,
    text,
    texts,
)
from simulator.mailbox.locations import NOWHERE, keep_in_step, location, locations
from simulator.refused import bad_recipient, bad_request, not_simulated, unreadable

NEVER = "0001-01-01T00:00:00Z"
PROVIDERS = ("unknown", "teamsForBusiness", "skypeForBusiness", "skypeForConsumer")
DEFAULTS: dict[str, Any] = {
    "subject": "",
    "body": NO_BODY,
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "categories": [],
    "attendees": [],
    "location": NOWHERE,
    "locations": [],
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
}
# What an organiser's change of is mailed to the attendees.
MAILED = {
    "subject", "body", "location", "locations", "attendees", "isOnlineMeeting",
    "start", "end", "isAllDay", "recurrence",
}  # fmt: skip
WHEN = {"start", "end", "isAllDay"}
ELSEWHERE = {
    "recurrence", "transactionId", "originalStartTimeZone", "originalEndTimeZone",
    "singleValueExtendedProperties", "multiValueExtendedProperties", "extensions",
}  # fmt: skip
# Sent back by clients that copy an answer; Exchange keeps its own values without complaint.
READ_ONLY = {
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "iCalUId", "uid",
    "hasAttachments", "isCancelled", "isDraft", "isOrganizer", "onlineMeeting", "organizer",
    "onlineMeetingUrl", "originalStart", "responseStatus", "seriesMasterId", "type", "webLink",
    "occurrenceId", "calendar", "cancelledOccurrences", "exceptionOccurrences", "instances",
}  # fmt: skip
ATTENDEES_MOST = 500
REMINDER_MOST = 2_629_800  # minutes: five years
ATTENDEE = frozenset({"type", "status", "emailAddress", "proposedNewTime"})
ADDRESS = frozenset({"name", "address"})
NO_ANSWER = {"response": "none", "time": NEVER}
KINDS = one_of("required", "optional", "resource")


def _reminder(name: str, value: Any) -> int:
    minutes = number(name, value)
    if not 0 <= minutes <= REMINDER_MOST:
        raise invalid(f"A reminder lies 0 to {REMINDER_MOST} minutes before the start.")
    return minutes


def _attendees(name: str, value: Any) -> list[dict[str, Any]]:
    given = listed(name, value)
    if len(given) > ATTENDEES_MOST:
        raise bad_request(f"An event may have {ATTENDEES_MOST} attendees at most.")
    return [_attendee(each) for each in given]


def _attendee(value: Any) -> dict[str, Any]:
    person = mapping("attendees", value, ATTENDEE)
    return {
        "type": intern(KINDS("type", person.get("type") or "required")),
        "status": NO_ANSWER,
        "emailAddress": _address(person.get("emailAddress")),
    }


def _address(value: Any) -> dict[str, str]:
    given = mapping("emailAddress", {} if value is None else value, ADDRESS)
    address = text("address", given.get("address") or "").strip()
    before, _, domain = address.rpartition("@")
    if not before or not domain or any(each.isspace() or each in "<>,;" for each in address):
        raise bad_recipient()
    return _shared_address(text("name", given.get("name") or "") or address, address)


@lru_cache(maxsize=4096)
def _shared_address(name: str, address: str) -> dict[str, str]:
    # The same people are invited again and again; nobody changes an address in place.
    return {"name": intern(name), "address": intern(address)}


def name_in(address: str) -> str:
    """The name that an address suggests, where nobody said one."""
    return address.partition("@")[0].replace(".", " ").title()


CHECKS: dict[str, Check] = {
    "subject": subject,
    "body": read_body,
    "importance": one_of("low", "normal", "high"),
    "sensitivity": one_of("normal", "personal", "private", "confidential"),
    "showAs": one_of("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "isReminderOn": flag,
    "reminderMinutesBeforeStart": _reminder,
    "responseRequested": flag,
    "allowNewTimeProposals": flag,
    "hideAttendees": flag,
    "categories": texts,
    "attendees": _attendees,
    "location": location,
    "locations": locations,
    "isOnlineMeeting": flag,
    "onlineMeetingProvider": one_of(*PROVIDERS),
}
# A collection is empty rather than null.
COLLECTIONS = {name for name, value in DEFAULTS.items() if isinstance(value, list)}
MISSING = object()


def read_words(wire: dict[str, Any]) -> dict[str, Any]:
    """The checked words of a request body; times and recurrence are read elsewhere."""
    words: dict[str, Any] = {}
    for name, value in wire.items():
        if name == "attachments":
            raise not_simulated("attachments of events")
        if name in CHECKS:
            words[name] = _checked(name, value)
        elif name not in WHEN | ELSEWHERE | READ_ONLY and "@" not in name:
            raise unreadable(
                f"The property '{name}' does not exist on type 'microsoft.graph.event'. "
                "Make sure to only use property names that are defined by the type."
            )
    keep_in_step(words)
    return words


def _checked(name: str, value: Any) -> Any:
    if value is not None:
        return CHECKS[name](name, value)
    if name in COLLECTIONS:
        raise misfit(name, "Collection")
    return DEFAULTS[name]


def kept(words: dict[str, Any]) -> dict[str, Any]:
    """Only the words that differ from the defaults: a mailbox of thousands keeps no others."""
    return {name: value for name, value in words.items() if DEFAULTS.get(name, MISSING) != value}
