"""The occurrences of a meeting: as its series has them, and as exceptions made of them. Pure.

An occurrence is named by its original day in the zone of the series, wherever it was moved to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal import recurrence

if TYPE_CHECKING:
    from portal.tables import Meeting, MeetingException

DAY = timedelta(days=1)
FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
LONGEST_LOOK = 400  # occurrences compared with the next one


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of a series; of a meeting that does not repeat, the meeting itself."""

    day: date
    starts_at: datetime
    ends_at: datetime
    title: str
    location: str
    is_changed: bool = False
    is_cancelled: bool = False


def between(meeting: Meeting, since: datetime, until: datetime) -> list[Occurrence]:
    """What touches the span, in order; also those that were cancelled, which say so."""
    moved = {row.original_day: row for row in meeting.exceptions}
    found = [_as_changed(meeting, row) for row in moved.values()]
    length = _longest(meeting)
    found += [one for one in _planned(meeting, since - length, until) if one.day not in moved]
    return sorted(
        (one for one in found if one.starts_at < until and one.ends_at > since),
        key=lambda one: (one.starts_at, one.day),
    )


def from_day(meeting: Meeting, day: date, *, most: int) -> list[Occurrence]:
    """The occurrences from an original day on, also those that were cancelled."""
    since = recurrence.start_on(day, time.min, ZoneInfo(meeting.zone))
    moved = {row.original_day: row for row in meeting.exceptions}
    planned = islice(_planned(meeting, since, FOR_EVER), most)
    return [_as_changed(meeting, moved[one.day]) if one.day in moved else one for one in planned]


def of_day(meeting: Meeting, day: date) -> Occurrence | None:
    """The occurrence of that original day; None when the series has none there."""
    if meeting.recurrence is None or not recurrence.has_day(meeting.recurrence, day):
        return None
    row = next((row for row in meeting.exceptions if row.original_day == day), None)
    return as_planned(meeting, day) if row is None else _as_changed(meeting, row)


def next_of(meeting: Meeting, now: datetime) -> Occurrence | None:
    """The one that runs or comes next and was not cancelled."""
    moved = {row.original_day: row for row in meeting.exceptions}
    left = [_as_changed(meeting, row) for row in moved.values() if not row.cancelled]
    planned = _planned(meeting, now - _longest(meeting), FOR_EVER)
    as_planned = (one for one in planned if one.day not in moved and one.ends_at > now)
    left = [*(one for one in left if one.ends_at > now), *islice(as_planned, 1)]
    return min(left, key=lambda one: one.starts_at, default=None)


def neighbours(meeting: Meeting, day: date) -> tuple[Occurrence | None, Occurrence | None]:
    """Those before and after one, cancelled ones passed over."""
    return _neighbour(meeting, day, 0), _neighbour(meeting, day, 1)


def _neighbour(meeting: Meeting, day: date, side: int) -> Occurrence | None:
    at: date | None = day
    while at is not None and meeting.recurrence is not None:
        at = recurrence.neighbours(meeting.recurrence, at)[side]
        one = None if at is None else of_day(meeting, at)
        if one is not None and not one.is_cancelled:
            return one
    return None


def last_end(meeting: Meeting) -> datetime | None:
    """When the last occurrence is over; None for a series without end."""
    if meeting.recurrence is None:
        return meeting.ends_at
    last = recurrence.last_day(meeting.recurrence)
    if last is None:
        return None
    one = of_day(meeting, last)
    if one is not None and one.is_cancelled:
        one = _neighbour(meeting, last, 0)
    return meeting.ends_at if one is None else one.ends_at


def overlaps_itself(repeats: recurrence.Recurrence, length: timedelta) -> bool:
    """Whether an occurrence of that length would still run when the next one begins."""
    days = list(islice(recurrence.days(repeats), LONGEST_LOOK))
    return any(after - before < length for before, after in pairwise(days))


def _planned(meeting: Meeting, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """As the series has them, whatever exceptions say, by when they start."""
    if meeting.recurrence is None:
        day = meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date()
        yield Occurrence(day, meeting.starts_at, meeting.ends_at, meeting.title, meeting.location)
        return
    for day, _ in recurrence.occurrences(
        meeting.recurrence, starts=meeting.starts_at, zone=meeting.zone, since=since, until=until
    ):
        yield as_planned(meeting, day)


def as_planned(meeting: Meeting, day: date) -> Occurrence:
    """As the series has it, whatever an exception made of it."""
    zone = ZoneInfo(meeting.zone)
    first, last = (at.astimezone(zone) for at in (meeting.starts_at, meeting.ends_at))
    starts = recurrence.start_on(day, first.time(), zone)
    ends = starts + (meeting.ends_at - meeting.starts_at)
    if meeting.all_day:  # days are not always 24 hours long
        ends = recurrence.start_on(day + (last.date() - first.date()), last.time(), zone)
    return Occurrence(day, starts, ends, meeting.title, meeting.location)


def _as_changed(meeting: Meeting, row: MeetingException) -> Occurrence:
    planned = as_planned(meeting, row.original_day)
    return Occurrence(
        day=row.original_day,
        starts_at=row.starts_at or planned.starts_at,
        ends_at=row.ends_at or planned.ends_at,
        title=planned.title if row.title is None else row.title,
        location=planned.location if row.location is None else row.location,
        is_changed=not row.cancelled,
        is_cancelled=row.cancelled,
    )


def _longest(meeting: Meeting) -> timedelta:
    return meeting.ends_at - meeting.starts_at + DAY
