"""Moments and spans of iCalendar as Graph writes them: wall-clock time with the name of a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import vDDDTypes

from simulator.ics.lines import Component, Line
from simulator.ics.report import Report
from simulator.ics.zones import Zones
from simulator.zones import instant, wall_time, zone_named

DAY = timedelta(days=1)


class Unreadable(ValueError):
    """A value that says nothing; where it stands, and what is wrong with it."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock time in a named zone, or a date (`all_day`)."""

    wall: datetime
    zone: str
    all_day: bool = False

    @property
    def seconds(self) -> int:
        """UTC seconds."""
        return instant(self.wall, zone_named(self.zone))

    def at(self, zone: str) -> datetime:
        """The wall-clock time in another zone; dates are the same everywhere."""
        if self.all_day or zone == self.zone:
            return self.wall
        return wall_time(self.seconds, zone_named(zone))

    def wire(self) -> dict[str, str]:
        """A dateTimeTimeZone."""
        return {"dateTime": self.wall.isoformat(timespec="seconds"), "timeZone": self.zone}


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when."""

    start: Moment
    end: Moment

    @property
    def all_day(self) -> bool:
        """Whole days?"""
        return self.start.all_day

    def wire(self) -> dict[str, object]:
        """What a request body says about it."""
        return {"start": self.start.wire(), "end": self.end.wire(), "isAllDay": self.all_day}

    def on(self, start: Moment) -> Span:
        """The same length from another start on."""
        end = start.wall + (self.end.at(self.start.zone) - self.start.wall)
        return Span(start, Moment(end, start.zone, start.all_day))


def moments(line: Line, zones: Zones) -> list[Moment]:
    """The moments of a property with one or several values; of periods the beginnings."""
    return [_moment(line, raw.strip().partition("/")[0], zones) for raw in line.raw.split(",")]


def moment(line: Line, zones: Zones) -> Moment:
    """The one moment of a property."""
    return _moment(line, line.raw.strip(), zones)


def _moment(line: Line, raw: str, zones: Zones) -> Moment:
    try:
        value = vDDDTypes.from_ical(raw)
    except (ValueError, TypeError) as problem:
        raise Unreadable(line.number, f"{line.name} {raw!r} is no date or time.") from problem
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return Moment(value.astimezone(UTC).replace(tzinfo=None), "UTC")
        return _in_zone(value, line, zones)
    if isinstance(value, date):
        return Moment(datetime.combine(value, time()), zones.home, all_day=True)
    raise Unreadable(line.number, f"{line.name} {raw!r} is no date or time.")


def _in_zone(wall: datetime, line: Line, zones: Zones) -> Moment:
    tzid = line.params.get("TZID")
    if tzid is None:
        return Moment(wall, zones.home)
    name = zones.name(tzid, line.number)
    if name is None:
        utc = (wall - (wall.replace(tzinfo=zones.own(tzid)).utcoffset() or timedelta())).replace(
            tzinfo=None
        )
        return Moment(utc, "UTC")
    return Moment(wall, name)


def span(event: Component, zones: Zones, report: Report) -> Span:
    """The time of an event. Without an end a date lasts a day and a time no time at all."""
    begins = event.first("DTSTART")
    if begins is None:
        raise Unreadable(event.number, f"This {event.name} has no DTSTART: it is left out.")
    start = moment(begins, zones)
    end = _end(event, start, zones)
    if not start.all_day and event.word("X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE":
        start, end = _whole_days(start, end, zones)
    if _before(end, start):
        report.note(
            event.number, "The event ends before it begins: it was given its shortest length."
        )
    if start.all_day:
        wall = max(end.wall, start.wall + DAY)
        return Span(start, Moment(wall, start.zone, all_day=True))
    return Span(start, start if _before(end, start) else end)


def _before(end: Moment, start: Moment) -> bool:
    return end.wall < start.wall if start.all_day else end.seconds < start.seconds


def _end(event: Component, start: Moment, zones: Zones) -> Moment:
    ends, lasts = event.first("DTEND"), event.first("DURATION")
    if ends is not None:
        end = moment(ends, zones)
        if end.all_day == start.all_day:
            return end
        # One of the two is a date only: it means the beginning of that day.
        return Moment(datetime.combine(end.wall, time()), start.zone, start.all_day)
    if lasts is not None:
        return Moment(start.wall + _duration(lasts), start.zone, start.all_day)
    return Moment(start.wall + (DAY if start.all_day else timedelta()), start.zone, start.all_day)


def _duration(line: Line) -> timedelta:
    try:
        value = vDDDTypes.from_ical(line.raw.strip())
    except (ValueError, TypeError):
        value = None
    if not isinstance(value, timedelta):
        raise Unreadable(line.number, f"{line.name} {line.raw!r} is no duration.")
    return value


def _whole_days(start: Moment, end: Moment, zones: Zones) -> tuple[Moment, Moment]:
    """Outlook marks an all-day event whose times are midnights of its zone."""
    walls = (start.wall, end.at(start.zone))
    if any(wall.time() != time() for wall in walls) or walls[1] - walls[0] < DAY:
        return start, end
    return Moment(walls[0], zones.home, True), Moment(walls[1], zones.home, True)
