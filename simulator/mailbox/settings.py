"""The settings of a mailbox: what may be written, and what they are before anybody did."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from simulator.refused import bad_request, unreadable
from simulator.zones import zone_named

WEEK = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DELIVERY = (
    "sendToDelegateAndInformationToPrincipal", "sendToDelegateAndPrincipal", "sendToDelegateOnly",
)  # fmt: skip
REPLIES = {
    "status": ("disabled", "alwaysEnabled", "scheduled"),
    "externalAudience": ("none", "contactsOnly", "all"),
}
REPLY_TEXTS = ("internalReplyMessage", "externalReplyMessage")
REPLY_MOMENTS = ("scheduledStartDateTime", "scheduledEndDateTime")
LOCALE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$")
LANGUAGES = {
    "en-GB": "English (United Kingdom)", "en-US": "English (United States)",
    "de-DE": "German (Germany)", "fr-FR": "French (France)", "es-ES": "Spanish (Spain)",
    "it-IT": "Italian (Italy)", "nl-NL": "Dutch (Netherlands)",
}  # fmt: skip
READ_ONLY = {"archiveFolder", "userPurpose"}
DEFAULTS: dict[str, Any] = {
    "archiveFolder": None,
    "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
    "dateFormat": "yyyy-MM-dd",
    "timeFormat": "HH:mm",
    "userPurpose": "user",
    "language": {"locale": "en-GB", "displayName": LANGUAGES["en-GB"]},
    "automaticRepliesSetting": {
        "status": "disabled",
        "externalAudience": "none",
        "internalReplyMessage": "",
        "externalReplyMessage": "",
    },
}
HOURS: dict[str, Any] = {
    "daysOfWeek": list(WEEK[1:6]),
    "startTime": "08:00:00.0000000",
    "endTime": "17:00:00.0000000",
}


def read_settings(wire: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The checked settings of a request body; `before` is what they are now."""
    found: dict[str, Any] = {}
    for name, value in wire.items():
        if "@" in name:
            continue
        if name in READ_ONLY:
            raise bad_request(f"The property '{name}' is read-only.", "ErrorInvalidProperty")
        if name not in CHECKS:
            raise unreadable(
                f"The property '{name}' does not exist on type 'microsoft.graph.mailboxSettings'."
            )
        found[name] = CHECKS[name](value, before.get(name))
    return found


def _text(value: Any, before: Any) -> str:
    if not isinstance(value, str):
        raise unreadable("Cannot convert the value to the type 'Edm.String'.")
    return value


def _zone(value: Any, before: Any) -> str:
    zone_named(_text(value, before))
    return str(value)


def _language(value: Any, before: Any) -> dict[str, str]:
    locale = value.get("locale") if isinstance(value, dict) else None
    if not isinstance(locale, str) or not LOCALE.match(locale):
        raise bad_request("The locale is not valid.", "ErrorInvalidParameter")
    return {"locale": locale, "displayName": LANGUAGES.get(locale, locale)}


def _hours(value: Any, before: Any) -> dict[str, Any]:
    hours = {**before, **_object("workingHours", value)}
    days = hours["daysOfWeek"]
    if not isinstance(days, list) or any(day not in WEEK for day in days):
        raise unreadable("Requested value of 'daysOfWeek' was not found.")
    for name in ("startTime", "endTime"):
        hours[name] = _clock(hours[name])
    zone = _object("timeZone", hours["timeZone"]).get("name")
    hours["timeZone"] = {"name": _zone(zone, None)}
    if hours["endTime"] < hours["startTime"]:
        raise bad_request("Working hours end before they start.", "ErrorInvalidParameter")
    return hours


def _clock(value: Any) -> str:
    if not isinstance(value, str) or not CLOCK.match(value):
        raise unreadable(f"Cannot convert the literal '{value}' to the type 'Edm.TimeOfDay'.")
    head, _, digits = value.partition(".")
    return f"{head}.{digits:0<7}"


def _replies(value: Any, before: Any) -> dict[str, Any]:
    found = {**before, **_object("automaticRepliesSetting", value)}
    for name, allowed in REPLIES.items():
        if found[name] not in allowed:
            raise unreadable(f"Requested value '{found[name]}' of '{name}' was not found.")
    for name in REPLY_TEXTS:
        _text(found[name], None)
    for name in REPLY_MOMENTS:
        if name in found:
            zone_named(_text(_object(name, found[name]).get("timeZone"), None))
    if found.keys() - {*REPLIES, *REPLY_TEXTS, *REPLY_MOMENTS}:
        raise unreadable("The value is not an automaticRepliesSetting.")
    return found


def _delivery(value: Any, before: Any) -> str:
    if value not in DELIVERY:
        raise unreadable(f"Requested value '{value}' was not found.")
    return str(value)


def _object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise unreadable(f"The value of '{name}' is not an object.")
    return value


CHECKS: dict[str, Callable[[Any, Any], Any]] = {
    "timeZone": _zone,
    "language": _language,
    "dateFormat": _text,
    "timeFormat": _text,
    "workingHours": _hours,
    "automaticRepliesSetting": _replies,
    "delegateMeetingMessageDeliveryOptions": _delivery,
}
