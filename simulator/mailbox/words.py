"""The words of an event: which properties may be written, their types and their defaults."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from simulator.refused import bad_request, unreadable

NEVER = "0001-01-01T00:00:00Z"
PROVIDERS = ("unknown", "teamsForBusiness", "skypeForBusiness", "skypeForConsumer")
NOWHERE = {"displayName": "", "locationType": "default", "uniqueIdType": "unknown"}
DEFAULTS: dict[str, Any] = {
    "subject": "",
    "body": {"contentType": "html", "content": ""},
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
WHEN = {"start", "end", "isAllDay", "originalStartTimeZone", "originalEndTimeZone"}
ELSEWHERE = {"recurrence", "transactionId", "singleValueExtendedProperties", "extensions"}
# Sent back by clients that copy an answer; Exchange keeps its own values without complaint.
READ_ONLY = {
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "iCalUId",
    "hasAttachments", "isCancelled", "isDraft", "isOrganizer", "onlineMeeting", "organizer",
    "onlineMeetingUrl", "originalStart", "responseStatus", "seriesMasterId", "type", "webLink",
    "occurrenceId", "calendar",
}  # fmt: skip
ATTENDEES_MOST = 500
LOCATION_TEXTS = ("displayName", "locationUri", "locationEmailAddress", "uniqueId")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise unreadable(f"The property '{name}' must be a string.")
    if name == "subject" and len(value) > 255:
        raise bad_request(
            "The subject is longer than 255 characters.", "ErrorPropertyValidationFailure"
        )
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise unreadable(f"Cannot convert the value of '{name}' to the type 'Edm.Boolean'.")
    return value


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= INT32:
        raise unreadable(f"Cannot convert the value of '{name}' to the type 'Edm.Int32'.")
    return int(value)


def _one_of(*allowed: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in allowed:
            raise unreadable(f"Requested value '{value}' of '{name}' was not found.")
        return str(value)

    return check


def _strings(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise unreadable(f"The property '{name}' must be a list of strings.")
    return value


def _body(name: str, value: Any) -> dict[str, str]:
    body = value if isinstance(value, dict) else {}
    content, kind = body.get("content", ""), body.get("contentType", "text")
    if not body or not isinstance(content, str) or str(kind).lower() not in ("text", "html"):
        raise unreadable(f"The property '{name}' is not an itemBody.")
    if str(kind).lower() == "html":
        return {"contentType": "html", "content": _whole_page(content)}
    return {"contentType": "html", "content": _whole_page(_paragraphs(content))}


def _paragraphs(text: str) -> str:
    return "<br>\r\n".join(escape(line) for line in text.splitlines())


def _whole_page(html: str) -> str:
    # Exchange stores whole documents, so that what comes back is not what was sent.
    if not html or "<html" in html.lower():
        return html
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    return f"<html>\r\n<head>\r\n{meta}\r\n</head>\r\n<body>\r\n{html}\r\n</body>\r\n</html>\r\n"


def _location(name: str, value: Any) -> dict[str, Any]:
    if value is None:
        return NOWHERE
    if not isinstance(value, dict):
        raise unreadable(f"The property '{name}' is not a location.")
    texts = {key: _text(key, value[key]) for key in LOCATION_TEXTS if value.get(key) is not None}
    own = {"uniqueId": texts.get("displayName", ""), "uniqueIdType": "private"}
    return {**NOWHERE, **own, **texts}


def _locations(name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise unreadable(f"The property '{name}' must be a list.")
    return [_location(name, each) for each in value]


def _attendees(name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise unreadable(f"The property '{name}' must be a list.")
    if len(value) > ATTENDEES_MOST:
        raise bad_request(f"An event may have {ATTENDEES_MOST} attendees at most.")
    return [_attendee(each) for each in value]


def _attendee(value: Any) -> dict[str, Any]:
    address = value.get("emailAddress") if isinstance(value, dict) else None
    if not isinstance(address, dict) or "@" not in str(address.get("address")):
        raise bad_request("At least one recipient isn't valid.", "ErrorInvalidRecipients")
    kind = _one_of("required", "optional", "resource")("type", value.get("type", "required"))
    return {
        "type": kind,
        "status": {"response": "none", "time": NEVER},
        "emailAddress": {
            "name": str(address.get("name") or address["address"]),
            "address": str(address["address"]),
        },
    }


CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "subject": _text,
    "body": _body,
    "importance": _one_of("low", "normal", "high"),
    "sensitivity": _one_of("normal", "personal", "private", "confidential"),
    "showAs": _one_of("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "isReminderOn": _flag,
    "reminderMinutesBeforeStart": _number,
    "responseRequested": _flag,
    "allowNewTimeProposals": _flag,
    "hideAttendees": _flag,
    "categories": _strings,
    "attendees": _attendees,
    "location": _location,
    "locations": _locations,
    "isOnlineMeeting": _flag,
    "onlineMeetingProvider": _one_of(*PROVIDERS),
}
INT32 = 2**31


def read_words(wire: dict[str, Any]) -> dict[str, Any]:
    """The checked words of a request body; times and recurrence are read elsewhere."""
    words: dict[str, Any] = {}
    for name, value in wire.items():
        if name in CHECKS:
            words[name] = CHECKS[name](name, DEFAULTS[name] if value is None else value)
        elif name not in WHEN | ELSEWHERE | READ_ONLY and "@" not in name:
            raise unreadable(
                f"The property '{name}' does not exist on type 'microsoft.graph.event'."
            )
    if "location" in words and "locations" not in words:
        words["locations"] = [words["location"]] if words["location"]["displayName"] else []
    elif words.get("locations"):
        words["location"] = words["locations"][0]
    return words


def read_extended(wire: dict[str, Any]) -> dict[str, str]:
    """Single-value extended properties of a request body: id -> value."""
    found = {}
    properties = wire.get("singleValueExtendedProperties") or []
    if not isinstance(properties, list):
        raise unreadable("The property 'singleValueExtendedProperties' must be a list.")
    for each in properties:
        if not isinstance(each, dict) or not EXTENDED_ID.match(str(each.get("id"))):
            raise bad_request("The extended property id is not valid.", "ErrorInvalidProperty")
        found[each["id"]] = str(each.get("value", ""))
    return found


EXTENDED_ID = re.compile(
    r"^(String|Integer|Boolean|SystemTime|Double|Guid) "
    r"(\{[0-9A-Fa-f-]{36}\} (Name \S.*|Id 0x[0-9A-Fa-f]+)|0x[0-9A-Fa-f]+)$"
)


def plain(html: str) -> str:
    """The text of an HTML body, as `outlook.body-content-type="text"` gives it."""
    body = re.sub(r"(?s)^.*<body[^>]*>", "", html)
    lines = re.sub(r"(?i)<br\s*/?>\s*|</p>\s*|</div>\s*", "\r\n", body)
    return unescape(re.sub(r"<[^>]+>", "", lines)).strip()


def teams_block(join_url: str) -> str:
    """What Exchange writes into the body of an online meeting."""
    return (
        '<div class="me-email-text"><hr>\r\n<p>Microsoft Teams meeting</p>\r\n'
        f'<p><a href="{escape(join_url)}">Join the meeting now</a></p>\r\n</div>'
    )
