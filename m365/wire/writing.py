"""From our words to what Graph takes in."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from m365 import zones
from m365.remote import Content
from m365.wire.decode import clean


def event_payload(content: Content, only: Collection[str] | None = None) -> dict[str, Any]:
    """The fields of `content`, as a create or a PATCH takes them.

    `only`: names out of _PARTS, None = all. An empty location or list of invitees is
    sent as empty, which clears it; any other None is left out.
    Times go in the zone of `content` under its Windows name, which Graph never refuses; in UTC
    where the zone has no such name, or where its clock shows that hour twice or not at all.
    """
    payload: dict[str, Any] = {}
    for field, part in _PARTS.items():
        if only is None or field in only:
            payload |= part(content)
    return payload


def _title(content: Content) -> dict[str, Any]:
    return {"subject": clean(content.title)}


def _time(content: Content) -> dict[str, Any]:
    return _all_day(content) if content.all_day else _timed(content)


def _location(content: Content) -> dict[str, Any]:
    return {"location": {"displayName": clean(content.location) or ""}}


def _body(content: Content) -> dict[str, Any]:
    html = clean(content.body_html)
    return {} if html is None else {"body": {"contentType": "html", "content": html}}


def _invitees(content: Content) -> dict[str, Any]:
    return {
        "attendees": [
            {"emailAddress": {"address": each.address, "name": clean(each.name)}, "type": each.kind}
            for each in content.invitees
        ]
    }


def _show_as(content: Content) -> dict[str, Any]:
    return {} if content.show_as is None else {"showAs": content.show_as}


def _sensitivity(content: Content) -> dict[str, Any]:
    return {} if content.sensitivity is None else {"sensitivity": content.sensitivity}


def _recurrence(content: Content) -> dict[str, Any]:
    return {} if content.recurrence is None else {"recurrence": content.recurrence}


_PARTS: dict[str, Callable[[Content], dict[str, Any]]] = {
    "title": _title,
    "time": _time,
    "location": _location,
    "body": _body,
    "invitees": _invitees,
    "show_as": _show_as,
    "sensitivity": _sensitivity,
    "recurrence": _recurrence,
}


def _all_day(content: Content) -> dict[str, Any]:
    first, last = content.first_day, content.last_day_exclusive
    if first is None or last is None:
        raise ValueError("an all-day event needs its dates")
    zone = zones.to_windows(content.zone or "UTC") or "UTC"
    return {"isAllDay": True, "start": _midnight(first, zone), "end": _midnight(last, zone)}


def _midnight(day: date, zone: str) -> dict[str, str]:
    return {"dateTime": f"{day.isoformat()}T00:00:00", "timeZone": zone}


def _timed(content: Content) -> dict[str, Any]:
    starts, ends = content.starts, content.ends
    if starts is None or ends is None or starts.tzinfo is None or ends.tzinfo is None:
        raise ValueError("an event needs aware times")
    zone = zones.zone_of(content.zone)
    # A series lives by the clock on the wall, so it keeps its zone whatever its first hour is.
    series = content.recurrence is not None
    if zone is None or not (series or _can_say(zone, starts, ends)):
        zone = ZoneInfo("UTC")
    name = zones.to_windows(zone.key) or zone.key
    return {
        "isAllDay": False,
        "start": _local(starts, zone, name),
        "end": _local(ends, zone, name),
    }


def _can_say(zone: ZoneInfo, *moments: datetime) -> bool:
    """Whether local time and Windows name, which is all Graph takes, name just these moments."""
    locals_ = [moment.astimezone(zone) for moment in moments]
    once = all(at.utcoffset() == at.replace(fold=1 - at.fold).utcoffset() for at in locals_)
    return once and zones.to_windows(zone.key) is not None


def _local(moment: datetime, zone: ZoneInfo, name: str) -> dict[str, str]:
    local = moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return {"dateTime": local.isoformat(timespec="microseconds"), "timeZone": name}
