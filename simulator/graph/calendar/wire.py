"""Events, calendars and people in the shape Graph answers them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.directory import Person
from simulator.mailbox.changes import Removed
from simulator.mailbox.item import Instance, Item, day_text, master_of
from simulator.mailbox.words import DEFAULTS, NEVER, plain
from simulator.zones import aware, wall_time

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is to look: what the Prefer header asked for."""

    zone_name: str = "UTC"
    zone: ZoneInfo = UTC_ZONE
    text_bodies: bool = False
    immutable: bool = False
    page_size: int | None = None
    base: str = ""
    role: str = "owner"  # what the calendar is to whoever looks


def stamp(moment: datetime) -> str:
    """A UTC timestamp with Graph's seven digits."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z"


def change_key(person: Person, instance: Instance) -> str:
    """A key that differs after every change."""
    return version_key(person, instance.item.number, instance.version)


def version_key(person: Person, number: int, version: int) -> str:
    """The change key of one version of one thing."""
    packed = person.id[:8].encode() + number.to_bytes(4, "big") + version.to_bytes(6, "big")
    return b64encode(packed).decode()


def etag(person: Person, instance: Instance) -> str:
    """The entity tag that If-Match is compared with."""
    return f'W/"{change_key(person, instance)}"'


def _moment(seconds: int, style: Style) -> dict[str, str]:
    wall = wall_time(seconds, style.zone)
    return {"dateTime": f"{wall.isoformat()}.0000000", "timeZone": style.zone_name}


def span_wire(instance: Instance, style: Style) -> dict[str, dict[str, str]]:
    """Start and end in the wished zone; all-day ones are midnights in whatever zone."""
    when = instance.when if instance.item.when.all_day or instance.divergence else None
    if when and when.all_day:
        return {
            key: {"dateTime": f"{wall.isoformat()}.0000000", "timeZone": style.zone_name}
            for key, wall in (("start", when.start), ("end", when.end))
        }
    return {"start": _moment(instance.starts, style), "end": _moment(instance.ends, style)}


def slim_wire(person: Person, instance: Instance, style: Style, master_id: str) -> dict[str, Any]:
    """An occurrence in a delta page: all else comes from its master."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": etag(person, instance),
        "seriesMasterId": master_id,
        "type": "occurrence",
        "id": person.mailbox.id_of(instance, immutable=style.immutable),
        **span_wire(instance, style),
    }


def removed_wire(person: Person, removed: Removed, style: Style) -> dict[str, Any]:
    """An entry that left the view, or was never in it."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": person.mailbox.id_of(removed, immutable=style.immutable),
        "@removed": {"reason": "deleted"},
    }


def event_wire(person: Person, instance: Instance, style: Style) -> dict[str, Any]:
    """A whole event."""
    item, words, when = instance.item, instance.words, instance.when
    wire = {**DEFAULTS, **words}
    wire["body"] = body = _body(wire["body"], style)
    event_id = person.mailbox.id_of(instance, immutable=style.immutable)
    wire["categories"] = list(wire["categories"])
    return {
        "@odata.etag": etag(person, instance),
        "id": event_id,
        "createdDateTime": stamp(item.created),
        "lastModifiedDateTime": stamp(modified(instance)),
        "changeKey": change_key(person, instance),
        **wire,
        "transactionId": item.transaction_id,
        "originalStartTimeZone": when.start_zone,
        "originalEndTimeZone": when.end_zone,
        "iCalUId": item.uid,
        "uid": item.uid,
        "bodyPreview": plain(body["content"])[:255],
        "hasAttachments": False,
        "isAllDay": when.all_day,
        "isCancelled": words.get("isCancelled", False),
        "isDraft": False,
        "isOrganizer": "organizer" not in words,
        "responseStatus": words.get("responseStatus") or {"response": "organizer", "time": NEVER},
        "organizer": words.get("organizer") or {"emailAddress": owner_wire(person)},
        "onlineMeeting": words.get("onlineMeeting"),
        "onlineMeetingUrl": None,
        "webLink": f"{style.base}/outlook/{person.address}/events/{event_id}",
        **_series_wire(person, instance, style),
        **span_wire(instance, style),
    }


def modified(instance: Instance) -> datetime:
    return instance.divergence.modified if instance.divergence else instance.item.modified


def _body(body: dict[str, str], style: Style) -> dict[str, str]:
    if style.text_bodies:
        return {"contentType": "text", "content": plain(body["content"])}
    return body


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
        return {
            "type": instance.kind,
            "seriesMasterId": None,
            "occurrenceId": None,
            "recurrence": recurrence_wire(instance),
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
        wire["range"]["recurrenceTimeZone"] = instance.when.start_zone
    return wire


def occurrence_id(master_id: str, ordinal: int) -> str:
    """The name of an occurrence by its original date; unlike its id it survives nothing else."""
    return f"OID.{master_id}.{day_text(ordinal)}"


def owner_wire(person: Person) -> dict[str, str]:
    """A person as an e-mail address."""
    return {"name": person.name, "address": person.address}
