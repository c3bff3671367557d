"""Entries as the calendar's templates want them: laid out on days, in words and addresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from blueprints import wording
from portal.views import Entry

DAY = timedelta(days=1)
WEEK = 7
MOST_IN_A_CELL = 4
LOADING = "(loading)"
UNTITLED = "(no title)"


@dataclass(frozen=True, slots=True)
class EntryOnDay:
    """One entry as one day shows it."""

    id: str
    url: str
    title: str
    starts_label: str
    time_label: str
    all_day: bool
    color: int
    state: str | None
    is_meeting: bool
    is_private: bool
    is_free: bool
    location: str
    join_url: str | None
    response: str | None
    host: str | None


@dataclass(frozen=True, slots=True)
class Day:
    date: str
    number: int
    label: str
    is_today: bool
    in_month: bool
    is_weekend: bool
    url: str
    events: list[EntryOnDay]
    more: int
    more_url: str


def weeks_of(month: date) -> tuple[date, date]:
    """The Monday on or before the first of the month, and the Monday after its last day."""
    first = month.replace(day=1)
    following = (first + 31 * DAY).replace(day=1)
    last = following - DAY
    return first - first.weekday() * DAY, last + (WEEK - last.weekday()) * DAY


def laid_out(
    entries: list[Entry],
    first: date,
    end: date,
    *,
    today: date,
    zone: ZoneInfo,
    month: int | None = None,
) -> list[Day]:
    """The days from `first` to before `end`; with a month, cells hold only so many entries."""
    by_day: dict[date, list[EntryOnDay]] = {}
    for entry in entries:
        for day in entry.days(zone, since=first, before=end):
            by_day.setdefault(day, []).append(_on_day(entry, day, zone))
    days = [first + number * DAY for number in range((end - first).days)]
    return [_day(day, by_day.get(day, []), today=today, month=month) for day in days]


def _day(day: date, events: list[EntryOnDay], *, today: date, month: int | None) -> Day:
    fits = month is None or len(events) <= MOST_IN_A_CELL
    shown = events if fits else events[: MOST_IN_A_CELL - 1]
    url = agenda_url(day)
    return Day(
        date=day.isoformat(),
        number=day.day,
        label=wording.day_words(day),
        is_today=day == today,
        in_month=month is None or day.month == month,
        is_weekend=day.weekday() >= 5,
        url=url,
        events=shown,
        more=len(events) - len(shown),
        more_url=url,
    )


def agenda_url(day: date) -> str:
    begins: dict[str, Any] = {"from": day.isoformat()}
    return url_for("calendar.agenda", **begins)


def _on_day(entry: Entry, day: date, zone: ZoneInfo) -> EntryOnDay:
    starts_label, time_label = _times(entry, day, zone)
    is_meeting = entry.meeting_id is not None
    title = LOADING if entry.title is None else entry.title.strip() or UNTITLED
    return EntryOnDay(
        id=_id(entry),
        url=_url(entry),
        title=f"Cancelled: {title}" if entry.is_cancelled else title,
        starts_label=starts_label,
        time_label=time_label,
        all_day=not time_label,
        color=entry.color,
        state=entry.state.word if entry.state else None,
        is_meeting=is_meeting or entry.host is not None,
        is_private=entry.is_private,
        is_free=entry.is_free,
        location=entry.location,
        join_url=None if entry.is_cancelled else entry.join_url,
        response="declined" if entry.is_cancelled else entry.response,
        host=entry.host,
    )


def _id(entry: Entry) -> str:
    if entry.meeting_id is None:
        return f"event-{entry.event_id}"
    return "-".join(map(str, filter(None, ("meeting", entry.meeting_id, entry.original_day))))


def _url(entry: Entry) -> str:
    if entry.meeting_id is not None and entry.original_day is not None:
        day = entry.original_day.isoformat()
        return url_for("occurrences.show", meeting_id=entry.meeting_id, day=day)
    if entry.meeting_id is not None:
        return url_for("meetings.show", meeting_id=entry.meeting_id)
    return url_for("calendar.event", event_id=entry.event_id)


def _times(entry: Entry, day: date, zone: ZoneInfo) -> tuple[str, str]:
    """Its start and all its times, as this day sees them; nothing where it fills the day."""
    if entry.all_day:
        return "", ""
    first, after_last = entry.span(zone)
    starts, ends = (wording.clock(at, zone) for at in (entry.starts_at, entry.ends_at))
    begins_here, ends_here = day == first, day == after_last - DAY
    if begins_here and ends_here:
        both = starts if entry.starts_at == entry.ends_at else f"{starts} {wording.DASH} {ends}"
        return starts, both
    if begins_here:
        return starts, f"from {starts}"
    if ends_here and ends != "00:00":
        return "", f"until {ends}"
    return "", ""
