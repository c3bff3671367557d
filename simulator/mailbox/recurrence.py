"""The dates of a series, in Graph's own shape: six patterns and three ranges.

Days 29 to 31 fall on the last day of a short month, which iCalendar rules would skip.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice, takewhile
from typing import Any

from simulator.refused import bad_request

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = ("first", "second", "third", "fourth", "last")
RANGES = ("endDate", "noEnd", "numbered")
# Nobody looks further, and an endless series must end somewhere.
LAST_YEAR = 2199
NO_DATE = "0001-01-01"


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a series repeats. Weekdays count from Monday = 0."""

    type: str
    interval: int
    days: frozenset[int] = frozenset()
    day_of_month: int = 0
    month: int = 0
    index: int = 0
    first_day: int = 6


@dataclass(frozen=True, slots=True)
class Range:
    """From when to when a series repeats; `last` is inclusive."""

    type: str
    first: date
    last: date | None = None
    times: int = 0
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A pattern within a range."""

    pattern: Pattern
    range: Range

    def dates(self) -> Iterator[date]:
        """Every date of the series in order, without regard to exceptions."""
        dates = (day for day in CANDIDATES[self.pattern.type](self) if day >= self.range.first)
        if self.range.type == "numbered":
            return islice(dates, self.range.times)
        last = self.range.last or date(LAST_YEAR, 12, 31)
        return takewhile(lambda day: day <= last, dates)

    def wire(self) -> dict[str, Any]:
        """The patternedRecurrence of an answer: all fields, defaults included."""
        return {"pattern": _pattern_wire(self.pattern), "range": _range_wire(self.range)}


def _pattern_wire(pattern: Pattern) -> dict[str, Any]:
    return {
        "type": pattern.type,
        "interval": pattern.interval,
        "month": pattern.month,
        "dayOfMonth": pattern.day_of_month,
        "daysOfWeek": [DAYS[day] for day in sorted(pattern.days)],
        "firstDayOfWeek": DAYS[pattern.first_day],
        "index": INDEXES[pattern.index],
    }


def _range_wire(span: Range) -> dict[str, Any]:
    return {
        "type": span.type,
        "startDate": span.first.isoformat(),
        "endDate": span.last.isoformat() if span.last else NO_DATE,
        "recurrenceTimeZone": span.zone,
        "numberOfOccurrences": span.times,
    }


def _daily(series: Recurrence) -> Iterator[date]:
    day, step = series.range.first, timedelta(days=series.pattern.interval)
    while day.year <= LAST_YEAR:
        yield day
        day += step


def _weekly(series: Recurrence) -> Iterator[date]:
    pattern, first = series.pattern, series.range.first
    week = first - timedelta(days=(first.weekday() - pattern.first_day) % 7)
    offsets = sorted((day - pattern.first_day) % 7 for day in pattern.days)
    while week.year <= LAST_YEAR:
        for offset in offsets:
            yield week + timedelta(days=offset)
        week += timedelta(weeks=pattern.interval)


def _months(series: Recurrence) -> Iterator[tuple[int, int]]:
    first = series.range.first
    for month in count(first.year * 12 + first.month - 1, series.pattern.interval):
        if month // 12 > LAST_YEAR:
            return
        yield month // 12, month % 12 + 1


def _years(series: Recurrence) -> Iterator[tuple[int, int]]:
    for year in range(series.range.first.year, LAST_YEAR + 1, series.pattern.interval):
        yield year, series.pattern.month


def _day_in(year: int, month: int, pattern: Pattern) -> date:
    return date(year, month, min(pattern.day_of_month, monthrange(year, month)[1]))


def _nth_in(year: int, month: int, pattern: Pattern) -> date:
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    fitting = [day for day in days if day.weekday() in pattern.days]
    return fitting[-1 if INDEXES[pattern.index] == "last" else pattern.index]


def _absolute_monthly(series: Recurrence) -> Iterator[date]:
    return (_day_in(year, month, series.pattern) for year, month in _months(series))


def _relative_monthly(series: Recurrence) -> Iterator[date]:
    return (_nth_in(year, month, series.pattern) for year, month in _months(series))


def _absolute_yearly(series: Recurrence) -> Iterator[date]:
    return (_day_in(year, month, series.pattern) for year, month in _years(series))


def _relative_yearly(series: Recurrence) -> Iterator[date]:
    return (_nth_in(year, month, series.pattern) for year, month in _years(series))


CANDIDATES = {
    "daily": _daily,
    "weekly": _weekly,
    "absoluteMonthly": _absolute_monthly,
    "relativeMonthly": _relative_monthly,
    "absoluteYearly": _absolute_yearly,
    "relativeYearly": _relative_yearly,
}
NEEDS = {
    "daily": (),
    "weekly": ("days",),
    "absoluteMonthly": ("day_of_month",),
    "relativeMonthly": ("days",),
    "absoluteYearly": ("day_of_month", "month"),
    "relativeYearly": ("days", "month"),
}


def read_recurrence(wire: Any) -> Recurrence:
    """A recurrence from a request body; refused with 400 when Graph would refuse it."""
    if not isinstance(wire, dict) or not wire.get("pattern") or not wire.get("range"):
        raise bad_request("A recurrence needs a pattern and a range.")
    try:
        series = Recurrence(_read_pattern(wire["pattern"]), _read_range(wire["range"]))
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise bad_request(f"The recurrence is not valid: {problem}") from problem
    if next(series.dates(), None) is None:
        raise bad_request("The recurrence has no occurrence.", "ErrorRecurrenceHasNoOccurrence")
    return series


def _read_pattern(wire: dict[str, Any]) -> Pattern:
    if wire.get("type") not in CANDIDATES:
        raise ValueError(f"pattern type {wire.get('type')!r}")
    pattern = Pattern(
        type=wire["type"],
        interval=_within(wire.get("interval"), 1, 999, "interval"),
        days=frozenset(DAYS.index(day.lower()) for day in wire.get("daysOfWeek") or ()),
        day_of_month=_within(wire.get("dayOfMonth") or 0, 0, 31, "dayOfMonth"),
        month=_within(wire.get("month") or 0, 0, 12, "month"),
        index=INDEXES.index(wire.get("index") or "first"),
        first_day=DAYS.index((wire.get("firstDayOfWeek") or "sunday").lower()),
    )
    for name in ("days", "day_of_month", "month", "index"):
        _check_fit(pattern, name)
    return pattern


def _check_fit(pattern: Pattern, name: str) -> None:
    """Answers name every field; a request may repeat those of another type only as defaults."""
    given = bool(getattr(pattern, name))
    if name in NEEDS[pattern.type] and not given:
        raise ValueError(f"{pattern.type} needs {name}")
    taken = name in NEEDS[pattern.type] or (name == "index" and "days" in NEEDS[pattern.type])
    if given and not taken:
        raise ValueError(f"{pattern.type} takes no {name}")


def _read_range(wire: dict[str, Any]) -> Range:
    if wire.get("type") not in RANGES:
        raise ValueError(f"range type {wire.get('type')!r}")
    kind = wire["type"]
    last = date.fromisoformat(wire["endDate"]) if kind == "endDate" else None
    times = wire.get("numberOfOccurrences") or 0
    if wire.get("endDate") not in (None, NO_DATE) and kind != "endDate":
        raise ValueError(f"a range of type {kind} takes no endDate")
    span = Range(
        type=kind,
        first=date.fromisoformat(wire["startDate"]),
        last=last,
        times=_within(times, *((1, 999) if kind == "numbered" else (0, 0)), "numberOfOccurrences"),
        zone=_zone_name(wire.get("recurrenceTimeZone")),
    )
    if last and last < span.first:
        raise ValueError("endDate lies before startDate")
    return span


def _zone_name(value: Any) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError("recurrenceTimeZone must be a string")
    return value


def _within(value: Any, low: int, high: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} {value!r}")
    return int(value)
