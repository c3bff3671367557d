"""Reading when an event takes place, by Graph's rules."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from simulator.mailbox.checks import flag, invalid, mapping, misfit, text
from simulator.mailbox.item import When
from simulator.refused import bad_request, unreadable
from simulator.zones import is_iana, wall_time, windows_name, zone_named

if TYPE_CHECKING:
    from simulator.mailbox.store import Mailbox

DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?$")
KNOWN = frozenset({"dateTime", "timeZone"})
MOST_YEARS = 5


def read_when(mailbox: Mailbox, wire: dict[str, Any], old: When | None = None) -> When:
    """The span in a request body, completed from the old one."""
    start, zone = _moment("start", wire, (old.start, old.start_zone) if old else None)
    end, end_zone = _moment("end", wire, (old.end, old.end_zone) if old else None)
    all_day = wire.get("isAllDay", old.all_day if old else False)
    when = When.written(
        start,
        end,
        zone=_taken(mailbox, zone),
        end_zone=_taken(mailbox, end_zone),
        home=mailbox.home,
        all_day=all_day is not None and flag("isAllDay", all_day),
    )
    _check_span(when)
    return when if old else _as_first_written(when, wire)


def _moment(
    name: str, wire: dict[str, Any], old: tuple[datetime, str] | None
) -> tuple[datetime, str]:
    if old is not None and name not in wire:
        return old
    if wire.get(name) is None:
        raise invalid(f"An event needs a value for '{name}'.")
    given = mapping(name, wire[name], KNOWN)
    zone = text("timeZone", given.get("timeZone") or (old[1] if old else "UTC"))
    written = given.get("dateTime")
    if not isinstance(written, str) or not DATE_TIME.match(written):
        raise unreadable("The property 'dateTime' must be a date and time without an offset.")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as problem:
        raise misfit("dateTime", "Edm.DateTime") from problem
    if not 1601 < moment.year < 4500:
        raise bad_request(f"The date {written} is outside what a calendar holds.")
    return moment.replace(microsecond=0), zone


def _taken(mailbox: Mailbox, zone: str) -> str:
    """The name as the mailbox keeps it; two switches are about names that are not of Windows."""
    zone_named(zone)
    if not is_iana(zone):
        return zone
    if mailbox.switches.strikes("writes.refuse_iana", mailbox.key):
        raise invalid(f"The time zone '{zone}' is not valid.")
    return windows_name(zone) if mailbox.switches.position("writes.rewrite", mailbox.key) else zone


def _check_span(when: When) -> None:
    if when.ends < when.starts:
        raise bad_request(
            "The end of the event lies before its start.",
            "ErrorCalendarEndDateIsEarlierThanStartDate",
        )
    if when.length > MOST_YEARS * 366 * 86400:
        raise bad_request("The event is too long.", "ErrorCalendarDurationIsTooLong")
    if when.all_day:
        _check_days(when)


def _check_days(when: When) -> None:
    midnights = when.start.time() == when.end.time() == datetime.min.time()
    if not midnights or when.start_zone != when.end_zone:
        raise bad_request(
            "The Event.Start property for an all-day event needs to be set to midnight, "
            "and Event.End in the same time zone."
        )
    if when.end - when.start < timedelta(days=1):
        raise bad_request("The duration of an event marked as All day must be at least 24 hours.")


def _as_first_written(when: When, wire: dict[str, Any]) -> When:
    """A create may say in which zone the event was thought of: the same moments, named there."""
    start_zone = text("originalStartTimeZone", wire.get("originalStartTimeZone") or when.start_zone)
    end_zone = text("originalEndTimeZone", wire.get("originalEndTimeZone") or when.end_zone)
    if (start_zone, end_zone) == (when.start_zone, when.end_zone):
        return when
    start, end = zone_named(start_zone), zone_named(end_zone)
    if when.all_day:
        return replace(when, start_zone=start_zone, end_zone=end_zone)
    return replace(
        when,
        start=wall_time(when.starts, start),
        end=wall_time(when.ends, end),
        start_zone=start_zone,
        end_zone=end_zone,
    )
