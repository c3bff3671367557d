"""What may be asked about events: filters, orders, expansions, selections."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import request

from simulator.graph.calendar.calendar_wire import calendar_wire
from simulator.graph.calendar.event_wire import change_key, modified, occurrence_id
from simulator.graph.calendar.privacy import seen_wire
from simulator.graph.call import Call
from simulator.graph.odata import moment_of, selected, shaped
from simulator.graph.things import Expand, Field, Holds, Things, by_path
from simulator.mailbox.extended import extension_wire, full_name, short_name
from simulator.mailbox.item import Instance, master_of
from simulator.mailbox.words import DEFAULTS
from simulator.refused import access_denied, bad_request

DAYS_MOST = 1825
NAMED = re.compile(r"id eq '((?:[^']|'')*)'", re.IGNORECASE)
PROPERTIES = frozenset({
    "id", "categories", "changeKey", "createdDateTime", "lastModifiedDateTime",
    "allowNewTimeProposals", "attendees", "body", "bodyPreview", "cancelledOccurrences", "end",
    "hasAttachments", "hideAttendees", "iCalUId", "importance", "isAllDay", "isCancelled",
    "isDraft", "isOnlineMeeting", "isOrganizer", "isReminderOn", "location", "locations",
    "onlineMeeting", "onlineMeetingProvider", "onlineMeetingUrl", "organizer",
    "originalEndTimeZone", "originalStart", "originalStartTimeZone", "recurrence",
    "reminderMinutesBeforeStart", "responseRequested", "responseStatus", "sensitivity",
    "seriesMasterId", "showAs", "start", "subject", "transactionId", "type", "uid", "webLink",
    "occurrenceId", "attachments", "calendar", "exceptionOccurrences", "extensions", "instances",
    "multiValueExtendedProperties", "singleValueExtendedProperties",
})  # fmt: skip


def span_asked() -> tuple[int, int]:
    """The span of a view, from the query, in UTC seconds."""
    if not {"startDateTime", "endDateTime"} <= request.args.keys():
        raise bad_request(
            "This request requires a time window specified by the query string parameters "
            "StartDateTime and EndDateTime.",
            "ErrorInvalidParameter",
        )
    low, high = moment_of("startDateTime"), moment_of("endDateTime")
    if high < low:
        raise bad_request("The end of the range lies before its start.", "ErrorInvalidParameter")
    if high - low > DAYS_MOST * 86400:
        raise bad_request(
            "The range between the start and end dates is greater than the allowed range. "
            f"Maximum number of days: {DAYS_MOST}"
        )
    return low, high


def _word(name: str, holds: Holds = "exact") -> Field:
    default = DEFAULTS.get(name)
    return Field(lambda each: each.words.get(name, default), holds)


def _address(thing: Any) -> Any:
    return thing["emailAddress"]["address"]


def _categories(each: Instance) -> Any:
    return each.words.get("categories", ())


def _attendees(each: Instance) -> Any:
    return each.words.get("attendees", ())


def _extended(each: Instance) -> Any:
    return [pair for pair in each.extended.items() if isinstance(pair[1], str)]


def _extension_ids(each: Instance) -> Any:
    return [known for name in each.extensions for known in (name, full_name(name))]


FIELDS = {
    "subject": _word("subject", "text"),
    "importance": _word("importance"),
    "sensitivity": _word("sensitivity"),
    "showAs": _word("showAs"),
    "isReminderOn": _word("isReminderOn", "flag"),
    "isOnlineMeeting": _word("isOnlineMeeting", "flag"),
    "isAllDay": Field(lambda each: each.when.all_day, "flag"),
    "isCancelled": Field(lambda each: bool(each.words.get("isCancelled")), "flag"),
    "isOrganizer": Field(lambda each: "organizer" not in each.words, "flag"),
    "type": Field(lambda each: each.kind, "exact"),
    "iCalUId": Field(lambda each: each.item.uid, "exact"),
    "uid": Field(lambda each: each.item.uid, "exact"),
    "transactionId": Field(lambda each: each.item.transaction_id, "exact"),
    "start/dateTime": Field(lambda each: each.starts, "wall"),
    "end/dateTime": Field(lambda each: each.ends, "wall"),
    "createdDateTime": Field(lambda each: each.item.created, "moment"),
    "lastModifiedDateTime": Field(modified, "moment"),
    "categories": Field(_categories, "members", {"": by_path("")}),
    "attendees": Field(_attendees, "members", {"emailAddress/address": Field(_address)}),
    "singleValueExtendedProperties": Field(
        _extended, "members",
        # Graph compares the name with case and the value without.
        {"id": Field(lambda pair: pair[0], "exact"), "value": Field(lambda pair: pair[1])},
    ),
    "extensions": Field(_extension_ids, "members", {"id": by_path("", "exact")}),
}  # fmt: skip


def _named(options: dict[str, str]) -> list[str]:
    return [each.replace("''", "'") for each in NAMED.findall(options.get("$filter", ""))]


def _more_than_basic(call: Call) -> None:
    if call.style.basic:
        raise access_denied()


def _properties(name: str, kind: type) -> Expand:
    def expand(call: Call, instance: Instance, options: dict[str, str]) -> dict[str, Any]:
        _more_than_basic(call)
        wanted, held = _named(options), instance.extended
        if not wanted:
            raise bad_request(
                f"The expand of '{name}' needs a $filter by id.", "ErrorInvalidUrlQuery"
            )
        values = [
            {"id": each, "value": held[each]} for each in wanted if isinstance(held.get(each), kind)
        ]
        return {name: values} if values else {}

    return expand


def _extensions(call: Call, instance: Instance, options: dict[str, str]) -> dict[str, Any]:
    _more_than_basic(call)
    wanted = {short_name(each) for each in _named(options)}
    found = [
        extension_wire(name, values)
        for name, values in instance.extensions.items()
        if not wanted or name in wanted
    ]
    return {"extensions": found} if found else {}


def _exceptions(call: Call, instance: Instance, options: dict[str, str]) -> dict[str, Any]:
    item = instance.item
    if instance.ordinal or not item.recurrence:
        return {}
    found = [item.occurrence(ordinal) for ordinal in sorted(item.exceptions)]
    return {"exceptionOccurrences": [_nested(call, each, options) for each in found]}


def _instances(call: Call, instance: Instance, options: dict[str, str]) -> dict[str, Any]:
    if instance.ordinal or not instance.item.recurrence:
        return {}
    found = instance.item.instances(*span_asked())
    return {"instances": [_nested(call, each, options) for each in found]}


def _nested(call: Call, instance: Instance, options: dict[str, str]) -> dict[str, Any]:
    wire = seen_wire(call.person, instance, call.style)
    return selected(wire, EVENTS, options.get("$select", ""))


def _calendar(call: Call, instance: Instance, options: dict[str, str]) -> dict[str, Any]:
    mailbox = call.person.mailbox
    if instance.item.number not in mailbox.items:
        return {}
    calendar = mailbox.calendars[instance.item.calendar]
    wire = calendar_wire(call.person, calendar)
    return {"calendar": selected(wire, text=options.get("$select", ""))}


EVENTS = Things(
    "microsoft.graph.event",
    PROPERTIES,
    FIELDS,
    {
        "singleValueExtendedProperties": _properties("singleValueExtendedProperties", str),
        "multiValueExtendedProperties": _properties("multiValueExtendedProperties", list),
        "extensions": _extensions,
        "exceptionOccurrences": _exceptions,
        "instances": _instances,
        "calendar": _calendar,
    },
)


def events_of(call: Call) -> Things:
    """Events as this caller may ask for them: some fields depend on the mailbox."""
    mailbox, immutable = call.person.mailbox, call.style.immutable

    def event_id(each: Instance) -> str:
        return mailbox.id_of(each, immutable=immutable)

    def master_id(each: Instance) -> str | None:
        return event_id(master_of(each.item)) if each.ordinal else None

    own = {
        "id": Field(event_id, "exact"),
        "seriesMasterId": Field(master_id, "exact"),
        "changeKey": Field(lambda each: change_key(call.person, each), "exact"),
    }
    return replace(EVENTS, fields={**FIELDS, **own})


def event_answer(call: Call, instance: Instance) -> dict[str, Any]:
    """A whole event with what `$expand` asks for, cut down to `$select`."""
    wire = seen_wire(call.person, instance, call.style)
    if "cancelledOccurrences" in request.args.get("$select", "") and not instance.ordinal:
        wire["cancelledOccurrences"] = [
            occurrence_id(wire["id"], day) for day in sorted(instance.item.cancelled)
        ]
    return shaped(call, EVENTS, instance, wire)
