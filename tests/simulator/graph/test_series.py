"""Series fall on the dates that iCalendar's rules, read the Microsoft way, give."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule, tz
from hypothesis import given, settings
from hypothesis import strategies as some

from simulator.mailbox.item import Expansion, When
from simulator.mailbox.recurrence import DAYS, INDEXES, read_recurrence
from simulator.refused import Refused

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")
WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
FREQUENCY = {
    "daily": rrule.DAILY,
    "weekly": rrule.WEEKLY,
    "absoluteMonthly": rrule.MONTHLY,
    "relativeMonthly": rrule.MONTHLY,
    "absoluteYearly": rrule.YEARLY,
    "relativeYearly": rrule.YEARLY,
}
TAKES = {
    "daily": set(),
    "weekly": {"daysOfWeek"},
    "absoluteMonthly": {"dayOfMonth"},
    "relativeMonthly": {"daysOfWeek", "index"},
    "absoluteYearly": {"dayOfMonth", "month"},
    "relativeYearly": {"daysOfWeek", "index", "month"},
}


def fitting(pattern: dict[str, Any]) -> dict[str, Any]:
    """The fields that this type of pattern may have, as Graph refuses the others."""
    taken = {"type", "interval", "firstDayOfWeek"} | TAKES[pattern["type"]]
    return {name: value for name, value in pattern.items() if name in taken}


patterns = some.fixed_dictionaries(
    {
        "type": some.sampled_from(sorted(FREQUENCY)),
        "interval": some.integers(1, 5),
        "daysOfWeek": some.lists(some.sampled_from(DAYS), min_size=1, max_size=4, unique=True),
        "dayOfMonth": some.integers(1, 31),
        "month": some.integers(1, 12),
        "index": some.sampled_from(INDEXES),
        "firstDayOfWeek": some.sampled_from(DAYS),
    }
).map(fitting)
# dateutil knows the rules of daylight saving up to 2037.
starts = some.builds(
    datetime.combine,
    some.dates(date(2024, 1, 1), date(2033, 12, 31)),
    some.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
LAST_SURE = datetime(2037, 1, 1, tzinfo=UTC).timestamp()


def as_rule(pattern: dict[str, Any], start: datetime) -> rrule.rrule:
    """The same pattern in iCalendar's words."""
    words: dict[str, Any] = {
        "freq": FREQUENCY[pattern["type"]],
        "interval": pattern["interval"],
        "dtstart": start,
    }
    if pattern["type"].endswith("Yearly"):
        words["bymonth"] = pattern["month"]
    if pattern["type"] == "weekly":
        words["wkst"] = WEEKDAYS[DAYS.index(pattern["firstDayOfWeek"])]
    if pattern["type"] == "weekly" or pattern["type"].startswith("relative"):
        words["byweekday"] = [WEEKDAYS[DAYS.index(day)] for day in pattern["daysOfWeek"]]
    if pattern["type"].startswith("relative"):
        position = INDEXES.index(pattern["index"])
        words["bysetpos"] = -1 if position == 4 else position + 1
    if pattern["type"].startswith("absolute"):
        # Day 31 means the last day of a short month.
        words["bymonthday"] = list(range(min(28, pattern["dayOfMonth"]), pattern["dayOfMonth"] + 1))
        words["bysetpos"] = -1
    return rrule.rrule(**words)


def expanded(
    pattern: dict[str, Any], span: dict[str, Any], start: datetime, zone: str
) -> Expansion:
    home = ZoneInfo(zone)
    when = When.written(start, start + timedelta(hours=1), zone=zone, home=home)
    recurrence = read_recurrence({"pattern": pattern, "range": span})
    return Expansion(recurrence, when, home)


@settings(max_examples=250, deadline=None)
@given(pattern=patterns, start=starts, zone=some.sampled_from(ZONES))
def test_a_series_agrees_with_icalendar(
    pattern: dict[str, Any], start: datetime, zone: str
) -> None:
    span = {"type": "noEnd", "startDate": start.date().isoformat()}
    series = expanded(pattern, span, start, zone)

    until = start + timedelta(days=800)
    series.up_to(int(until.replace(tzinfo=UTC).timestamp()))

    walls = list(as_rule(pattern, start).xafter(start, count=25, inc=True))
    zoned = (tz.resolve_imaginary(each.replace(tzinfo=tz.gettz(zone))) for each in walls)
    expected = [int(each.timestamp()) for each in zoned if each.timestamp() < LAST_SURE]
    shared = min(len(expected), len(series.starts))
    assert list(series.starts[:shared]) == expected[:shared]


HAND_WORKED = [
    ("absoluteMonthly", {"dayOfMonth": 31}, "2027-01-31",
     ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
    ("absoluteMonthly", {"dayOfMonth": 30}, "2028-01-30",
     ["2028-01-30", "2028-02-29", "2028-03-30"]),
    ("absoluteMonthly", {"dayOfMonth": 15, "interval": 3}, "2026-11-20",
     ["2027-02-15", "2027-05-15"]),
    ("absoluteYearly", {"dayOfMonth": 29, "month": 2}, "2028-02-29",
     ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
    ("relativeMonthly", {"daysOfWeek": ["friday"], "index": "last"}, "2026-11-27",
     ["2026-11-27", "2026-12-25", "2027-01-29"]),
    ("relativeMonthly", {"daysOfWeek": ["monday", "tuesday"], "index": "first"}, "2026-12-01",
     ["2026-12-01", "2027-01-04", "2027-02-01"]),
    ("relativeYearly", {"daysOfWeek": ["thursday"], "index": "fourth", "month": 11},
     "2026-11-26", ["2026-11-26", "2027-11-25", "2028-11-23"]),
    ("weekly", {"daysOfWeek": ["monday", "sunday"], "interval": 2, "firstDayOfWeek": "monday"},
     "2026-11-02", ["2026-11-02", "2026-11-08", "2026-11-16", "2026-11-22"]),
    ("weekly", {"daysOfWeek": ["monday", "sunday"], "interval": 2, "firstDayOfWeek": "sunday"},
     "2026-11-02", ["2026-11-02", "2026-11-15", "2026-11-16", "2026-11-29"]),
    ("daily", {"interval": 10}, "2026-12-25", ["2026-12-25", "2027-01-04", "2027-01-14"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "first", "expected"), HAND_WORKED)
def test_a_series_worked_out_by_hand(
    kind: str, more: dict[str, Any], first: str, expected: list[str]
) -> None:
    pattern = {"type": kind, "interval": 1, **more}
    span = {"type": "numbered", "startDate": first, "numberOfOccurrences": len(expected)}

    dates = read_recurrence({"pattern": pattern, "range": span}).dates()

    assert [day.isoformat() for day in dates] == expected


def test_an_end_date_is_inclusive() -> None:
    span = {"type": "endDate", "startDate": "2026-11-02", "endDate": "2026-11-04"}

    dates = read_recurrence({"pattern": {"type": "daily", "interval": 1}, "range": span}).dates()

    assert list(dates)[-1] == date(2026, 11, 4)


def test_a_series_keeps_its_local_hour_and_steps_over_the_spring_gap() -> None:
    span = {"type": "numbered", "startDate": "2027-03-27", "numberOfOccurrences": 3}
    night = datetime.combine(date(2027, 3, 27), time(2, 30))

    series = expanded({"type": "daily", "interval": 1}, span, night, "Europe/Berlin")
    series.up_to(2**33)

    starts = [datetime.fromtimestamp(each, UTC).strftime("%d %H:%M") for each in series.starts]
    assert starts == ["27 01:30", "28 01:30", "29 00:30"]


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "hourly", "interval": 1},
        {"type": "daily", "interval": 0},
        {"type": "weekly", "interval": 1},
        {"type": "absoluteMonthly", "interval": 1},
        {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 3},
        {"type": "weekly", "interval": 1, "daysOfWeek": ["someday"]},
    ],
)
def test_a_pattern_that_lacks_something_is_refused(pattern: dict[str, Any]) -> None:
    span = {"type": "noEnd", "startDate": "2026-11-02"}

    with pytest.raises(Refused) as refusal:
        read_recurrence({"pattern": pattern, "range": span})

    assert refusal.value.status == 400
