"""Six patterns, three ranges, twelve zones, both changes of the clocks: to Outlook and back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal import recurrence
from portal.tables import Meeting
from sync.judging import content, inbound
from tests.sync import serial
from tests.sync.desk import WHO, Desk

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles",
    "America/St_Johns", "America/Santiago", "Australia/Sydney", "Australia/Lord_Howe",
    "Pacific/Auckland", "Africa/Casablanca", "Asia/Kolkata", "Asia/Tokyo",
)  # fmt: skip
RANGES = ("endDate", "noEnd", "numbered")
PATTERNS = (
    "daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly",
)  # fmt: skip
WALL = time(2, 30)  # the hour that most zones skip or have twice
FROM, DAY = date(2026, 12, 1), timedelta(days=1)
COMPARED = 12  # occurrences of each series
NO_CHANGE = (date(2027, 3, 10), date(2027, 10, 10))  # where the clocks never change


def edges(zone: ZoneInfo) -> tuple[date, ...]:
    """The days of the next two changes of the clocks."""
    days = [FROM + DAY * number for number in range(365)]
    found = [day for day in days if offset(day, zone) != offset(day + DAY, zone)]
    return tuple(found[:2]) or NO_CHANGE


def offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, time(), tzinfo=zone).utcoffset()


def rhythm(kind: str, ends: str, first: date) -> dict[str, Any]:
    weekday = recurrence.WEEKDAYS[first.weekday()]
    index = recurrence.INDEXES[min((first.day - 1) // 7, 4)]
    fields: dict[str, Any] = {
        "daysOfWeek": [weekday], "firstDayOfWeek": "monday", "dayOfMonth": first.day,
        "index": index, "month": first.month,
    }  # fmt: skip
    needed = recurrence._NEEDS[kind]
    span: dict[str, Any] = {"type": ends, "startDate": first.isoformat()}
    span |= {"endDate": (first + DAY * 45).isoformat()} if ends == "endDate" else {}
    span |= {"numberOfOccurrences": 14} if ends == "numbered" else {}
    pattern = {"type": kind, "interval": 1, **{name: fields[name] for name in needed}}
    return recurrence.normalised({"pattern": pattern, "range": span})


# Some of all zones and clock changes each time; all of them where there is time.
EVERY = [5, pytest.param(1, marks=pytest.mark.long)]


def series(kind: str, ends: str) -> Iterator[tuple[ZoneInfo, datetime, dict[str, Any]]]:
    """Each begins three days before the clocks change there."""
    for name in ZONES:
        for edge in edges(ZoneInfo(name)):
            first = edge - 3 * DAY
            starts = recurrence.start_on(first, WALL, ZoneInfo(name))
            yield ZoneInfo(name), starts, rhythm(kind, ends, first)


def meant(meeting: Meeting) -> list[datetime]:
    assert meeting.recurrence is not None
    found = recurrence.occurrences(
        meeting.recurrence,
        starts=meeting.starts_at,
        zone=meeting.zone,
        since=meeting.starts_at,
        until=meeting.starts_at + 500 * DAY,
    )
    return [at for _day, at in islice(found, COMPARED)]


def shown(desk: Desk, series_id: str, starts: datetime) -> list[datetime]:
    """What Outlook shows of the series, asked as a program would."""
    with desk.world.lock:
        item = desk.world.person(WHO).mailbox.find(series_id).item
        low = int(starts.timestamp())
        found = item.instances(low, low + 500 * 86400)
    return [datetime.fromtimestamp(one.starts, UTC) for one in found[:COMPARED]]


@pytest.mark.invariant(12)
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("ends", RANGES)
@pytest.mark.parametrize("kind", PATTERNS)
def test_series_made_here_are_the_same_in_outlook(
    connected: Desk, kind: str, ends: str, every: int
) -> None:
    made = []
    for zone, starts, repeats in islice(series(kind, ends), 0, None, every):
        meeting_id = connected.schedule("Choir")
        fields = {"starts_at": starts, "ends_at": starts + serial.HOUR, "zone": zone.key}
        serial.change(connected, meeting_id, recurrence=repeats, **fields)
        made.append(meeting_id)
    connected.rest()

    links = {one.meeting_id: one for one in connected.rows(serial.Link)}
    for meeting_id in made:
        meeting, link = connected.meeting(meeting_id), links[meeting_id]
        ours, theirs = inbound.bases(link)
        assert ours == content.of_meeting(meeting)
        assert content.agreed(ours, theirs) == frozenset(content.UNITS), meeting.zone
        assert shown(connected, link.graph_id, meeting.starts_at) == meant(meeting), meeting.zone


@pytest.mark.invariant(12)
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("ends", RANGES)
@pytest.mark.parametrize("kind", PATTERNS)
def test_series_made_in_outlook_are_the_same_here(
    connected: Desk, kind: str, ends: str, every: int
) -> None:
    made = {}
    for zone, starts, repeats in islice(series(kind, ends), 0, None, every):
        local, place = starts.astimezone(zone).replace(tzinfo=None), {"displayName": link(made)}
        series_id = connected.world.add_event(
            WHO, "Choir", local, zone=zone.key, recurrence=repeats, location=place
        )
        made[series_id] = (zone, starts, repeats)
    connected.look_everywhere()

    held = {one.graph_id: one.meeting_id for one in connected.rows(serial.Link)}
    for series_id, (zone, starts, repeats) in made.items():
        meeting = connected.meeting(held[series_id])
        assert (meeting.starts_at, meeting.zone) == (starts, zone.key)
        assert meeting.recurrence == repeats
        assert shown(connected, series_id, starts) == meant(meeting), zone.key
    assert connected.tap.writes == []


def link(made: dict[str, Any]) -> str:
    """Each leads into a conference of its own."""
    return f"https://meet.jit.si/choir-{len(made)}"
