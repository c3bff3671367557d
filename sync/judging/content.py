"""What both sides say about a meeting, in one shape that can be compared."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from m365 import zones
from m365.remote import RemoteEvent
from portal.recurrence import CannotRepeat, normalised
from portal.tables import Meeting

NEVER, EPOCH = "\0", datetime(1970, 1, 1, tzinfo=UTC)  # what no event says

TITLE, TIME, LOCATION, DESCRIPTION = "title", "time", "location", "description"
UNITS = (TITLE, TIME, LOCATION)  # what both sides can change
_FIELDS: Mapping[str, tuple[str, ...]] = {
    TITLE: ("title",),
    TIME: ("starts", "ends", "all_day", "zone", "recurrence"),
    LOCATION: ("location",),
    DESCRIPTION: ("description", "join_url"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """One side's version. An all-day one holds its floating dates as midnights in UTC.

    `zone` is IANA, None when Microsoft's name says nothing. A series has its `recurrence` as
    `portal.recurrence` normalises it, and the times of its first occurrence. Ours alone:
    `description`, `join_url`.
    """

    title: str
    starts: datetime
    ends: datetime
    all_day: bool
    zone: str | None
    location: str
    description: str | None = None
    join_url: str | None = None
    recurrence: dict[str, Any] | None = None

    def unit(self, name: str) -> tuple[object, ...]:
        """What is compared as one thing: start, end and zone move together."""
        return tuple(getattr(self, field) for field in _FIELDS[name])

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"starts": self.starts.isoformat(), "ends": self.ends.isoformat()}


def restored(stored: Mapping[str, Any]) -> Content:
    held = dict(stored)
    held["starts"] = datetime.fromisoformat(held["starts"])
    held["ends"] = datetime.fromisoformat(held["ends"])
    return Content(**held)


def of_meeting(meeting: Meeting) -> Content:
    starts, ends = meeting.starts_at, meeting.ends_at
    if meeting.all_day:
        zone = ZoneInfo(meeting.zone)
        starts = midnight(starts.astimezone(zone).date())
        ends = midnight(ends.astimezone(zone).date())
    return Content(
        title=meeting.title,
        starts=starts,
        ends=ends,
        all_day=meeting.all_day,
        zone=meeting.zone,
        # Where people look for the way in when there is no room.
        location=meeting.location or meeting.join_url or "",
        description=meeting.description,
        join_url=meeting.join_url,
        recurrence=meeting.recurrence,
    )


def of_remote(event: RemoteEvent) -> Content | None:
    """None when the event does not say when it is, or repeats in a way nobody can follow."""
    starts, ends = span_of(event)
    if starts is None or ends is None:
        return None
    try:
        recurrence = normalised(event.recurrence) if event.kind == "master" else None
    except CannotRepeat:
        return None
    return Content(
        title=event.title or "",
        starts=starts,
        ends=ends,
        all_day=event.all_day,
        zone=event.zone,
        location=event.location or "",
        recurrence=recurrence,
    )


def span_of(event: RemoteEvent) -> tuple[datetime | None, datetime | None]:
    """Start and end; all-day dates as midnights in UTC."""
    if not event.all_day:
        return event.starts, event.ends
    if event.first_day is None or event.last_day_exclusive is None:
        return None, None
    return midnight(event.first_day), midnight(event.last_day_exclusive)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def moved(side: Content, base: Content) -> frozenset[str]:
    """The units that are no longer as they were agreed."""
    units = UNITS if side.description is None else (*UNITS, DESCRIPTION)
    return frozenset(unit for unit in units if side.unit(unit) != base.unit(unit))


def never_agreed(ours: Content) -> Content:
    """A base from which both sides have moved, whatever they say; our text is not to be sent."""
    return replace(ours, title=NEVER, location=NEVER, starts=EPOCH, ends=EPOCH)


def agreed(ours: Content, theirs: Content) -> frozenset[str]:
    """The units on which both sides say the same; zones may have other names for the same hour, and
    texts may have lost the blanks at their edges on the way.
    """
    same = replace(theirs, zone=ours.zone) if has_same_hours(ours, theirs) else theirs
    return frozenset(unit for unit in UNITS if trimmed(ours.unit(unit)) == trimmed(same.unit(unit)))


def has_same_hours(ours: Content, theirs: Content) -> bool:
    """Whether both zones mean the same, where both begin at the same instant. Only of a series can
    it differ: in spring. Microsoft has one name for several of our zones, or none.
    """
    if theirs.recurrence is None or theirs.all_day or ours.zone is None or theirs.zone is None:
        return True
    name = zones.to_windows(ours.zone)
    return name is None or name == zones.to_windows(theirs.zone)


def trimmed(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value.strip() if isinstance(value, str) else value for value in values)


def with_units(side: Content, other: Content, units: Iterable[str]) -> Content:
    """This side, saying in these units what the other one says."""
    fields = {field: getattr(other, field) for unit in units for field in _FIELDS[unit]}
    return replace(side, **fields)


def take(meeting: Meeting, theirs: Content, units: frozenset[str]) -> None:
    """Brings these units of the meeting to Outlook's version."""
    if TITLE in units:
        meeting.title = theirs.title
    if LOCATION in units:
        meeting.location = theirs.location
    if TIME in units:
        meeting.zone = theirs.zone or meeting.zone
        meeting.all_day, meeting.recurrence = theirs.all_day, theirs.recurrence
        meeting.starts_at, meeting.ends_at = theirs.starts, theirs.ends
        if theirs.all_day:
            zone = ZoneInfo(meeting.zone)
            meeting.starts_at = theirs.starts.replace(tzinfo=zone)
            meeting.ends_at = theirs.ends.replace(tzinfo=zone)
