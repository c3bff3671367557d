"""Events in the shape Graph answers them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from simulator.directory import Person
from simulator.graph.wire import Style, moment_wire, owner_wire, stamp, version_key
from simulator.mailbox.bodies import NO_BODY, plain, preview
from simulator.mailbox.changes import Removed
from simulator.mailbox.ids import GLOBAL_ID
from simulator.mailbox.item import Instance, Item, day_text, master_of
from simulator.mailbox.words import DEFAULTS, NEVER
from simulator.zones import aware

ORGANIZES = {"response": "organizer", "time": NEVER}
# What an event answers of which nobody has said anything.
UNSAID: dict[str, Any] = {
    **DEFAULTS,
    "hasAttachments": False,
    "isCancelled": False,
    "isDraft": False,
    "onlineMeeting": None,
    "onlineMeetingUrl": None,
}


def change_key(person: Person, instance: Instance) -> str:
    """A key that differs after every change."""
    return version_key(person, instance.item.number, instance.version)


def etag(person: Person, instance: Instance) -> str:
    """The entity tag that If-Match is compared with."""
    return f'W/"{change_key(person, instance)}"'


def span_wire(instance: Instance, style: Style) -> dict[str, dict[str, str]]:
    """Start and end in the wished zone; all-day ones are midnights in whatever zone."""
    when = instance.when if instance.item.when.all_day or instance.divergence else None
    if when and when.all_day:
        return {
            key: {"dateTime": f"{wall.isoformat()}.0000000", "timeZone": style.zone_name}
            for key, wall in (("start", when.start), ("end", when.end))
        }
    return {"start": moment_wire(instance.starts, style), "end": moment_wire(instance.ends, style)}


def slim_wire(person: Person, instance: Instance, style: Style, master_id: str) -> dict[str, Any]:
    """An occurrence in a delta page, or a slim exception: all else comes from its master."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": etag(person, instance),
        "seriesMasterId": master_id,
        "type": instance.kind,
        "id": person.mailbox.id_of(instance, immutable=style.immutable),
        **span_wire(instance, style),
    }


def removed_wire(person: Person, removed: Removed, style: Style, reason: str) -> dict[str, Any]:
    """An entry that left the view, or was never in it."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": person.mailbox.id_of(removed, immutable=style.immutable),
        "@removed": {"reason": reason},
    }


def event_wire(person: Person, instance: Instance, style: Style) -> dict[str, Any]:
    """A whole event."""
    item, words, when = instance.item, instance.words, instance.when
    event_id = person.mailbox.id_of(instance, immutable=style.immutable)
    key = change_key(person, instance)
    body = words.get("body", NO_BODY)
    wire = {
        "@odata.etag": f'W/"{key}"',
        "id": event_id,
        "createdDateTime": stamp(item.created),
        "lastModifiedDateTime": stamp(modified(instance)),
        "changeKey": key,
        "originalStartTimeZone": when.start_zone,
        "originalEndTimeZone": when.end_zone,
        "responseStatus": ORGANIZES,
        **UNSAID,
        "isOrganizer": "organizer" not in words,
        **words,
        "iCalUId": _ical_uid(person, instance) if instance.ordinal or item.lone else item.uid,
        "uid": item.uid,
        "isAllDay": when.all_day,
        "bodyPreview": preview(body["content"]) if body["content"] else "",
        "webLink": f"{style.base}/outlook/{person.address}/events/{event_id}",
        **_series_wire(person, instance, style),
        **span_wire(instance, style),
    }
    if "organizer" not in words:
        wire["organizer"] = {"emailAddress": owner_wire(person)}
    if item.transaction_id:
        wire["transactionId"] = item.transaction_id
    if body is not NO_BODY:
        wire["body"] = _body(body, style)
    return wire


def modified(instance: Instance) -> datetime:
    """When it was changed last."""
    return instance.divergence.modified if instance.divergence else instance.item.modified


def _body(body: dict[str, str], style: Style) -> dict[str, str]:
    if style.text_bodies:
        return {"contentType": "text", "content": plain(body["content"])}
    content = body.get("unsafe") if style.unsafe_bodies else None
    return {"contentType": "html", "content": content or body["content"]}


def _ical_uid(person: Person, instance: Instance) -> str:
    """The global object id of one occurrence: that of its series with its own date in it."""
    uid, mailbox = instance.item.uid, person.mailbox
    equal = mailbox.switches.position("writes.series_uid", mailbox.key) == "equal"
    if equal or not uid.startswith(GLOBAL_ID):
        return uid
    day = date.fromordinal(instance.ordinal or instance.item.lone)
    return f"{uid[:32]}{day.year:04X}{day.month:02X}{day.day:02X}{uid[40:]}"


def _series_wire(person: Person, instance: Instance, style: Style) -> dict[str, Any]:
    item, ordinal = instance.item, instance.ordinal
    if item.lone:
        master_id = person.mailbox.id_of(_unknown_master(item), immutable=style.immutable)
        return {
            "type": instance.kind,
            "seriesMasterId": master_id,
            "occurrenceId": occurrence_id(master_id, item.lone),
            "recurrence": None,
        }
    if not ordinal:
        # A time found by a poll shows as the exception of a series that nobody can open.
        return {
            "type": instance.words.get("type") or instance.kind,
            "seriesMasterId": instance.words.get("seriesMasterId"),
            "occurrenceId": None,
            "recurrence": recurrence_wire(instance) if item.recurrence else None,
        }
    original = item.original(ordinal)
    master_id = person.mailbox.id_of(master_of(item), immutable=style.immutable)
    return {
        "type": instance.kind,
        "seriesMasterId": master_id,
        "occurrenceId": occurrence_id(master_id, ordinal),
        "originalStart": stamp(aware(original.starts)),
        "recurrence": None,
    }


def _unknown_master(lone: Item) -> Removed:
    # The series is in the organiser's mailbox; here its id names nothing, as long as ids last.
    return Removed(lone.number | 1 << 31, 0, 0, 0)


def recurrence_wire(instance: Instance) -> dict[str, Any] | None:
    """The recurrence of a master; its zone is the series' own unless one was given."""
    if instance.item.recurrence is None:
        return None
    wire = instance.item.recurrence.wire()
    if wire["range"]["recurrenceTimeZone"] is None:
        zone = instance.words.get("originalStartTimeZone") or instance.when.start_zone
        wire["range"]["recurrenceTimeZone"] = zone
    return wire


def occurrence_id(master_id: str, ordinal: int) -> str:
    """The name of an occurrence by its original date; unlike its id it survives nothing else."""
    return f"OID.{master_id}.{day_text(ordinal)}"
