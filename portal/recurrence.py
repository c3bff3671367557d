"""How a series repeats, in Graph's own shape: six patterns, three ranges. Pure.

A day of the month that a month does not have is its last day, where iCalendar would skip it.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import dropwhile, islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

Recurrence = Mapping[str, Any]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = ("first", "second", "third", "fourth", "last")
DAILY, WEEKLY, MONTHLY, YEARLY = "daily", "weekly", "absoluteMonthly", "absoluteYearly"
MONTHLY_BY_WEEKDAY, YEARLY_BY_WEEKDAY = "relativeMonthly", "relativeYearly"
END_DATE, NO_END, NUMBERED = "endDate", "noEnd", "numbered"
MOST_TIMES = LONGEST_INTERVAL = 999  # what Outlook takes
DAY = timedelta(days=1)

_NEEDS: Mapping[str, tuple[str, ...]] = {
    DAILY: (),
    WEEKLY: ("daysOfWeek", "firstDayOfWeek"),
    MONTHLY: ("dayOfMonth",),
    MONTHLY_BY_WEEKDAY: ("daysOfWeek", "index"),
    YEARLY: ("dayOfMonth", "month"),
    YEARLY_BY_WEEKDAY: ("daysOfWeek", "index", "month"),
}
_FREQUENCY = {DAILY: "DAILY", WEEKLY: "WEEKLY", MONTHLY: "MONTHLY", MONTHLY_BY_WEEKDAY: "MONTHLY"}


class CannotRepeat(ValueError):
    """No such pattern, or nothing would be left of the series. `code` says what is amiss."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalised(recurrence: Any) -> dict[str, Any]:
    """Only the fields that the type needs, defaults filled in. Raises CannotRepeat."""
    if not isinstance(recurrence, Mapping):
        raise CannotRepeat("not a recurrence")
    pattern, span = recurrence.get("pattern"), recurrence.get("range")
    if not isinstance(pattern, Mapping) or not isinstance(span, Mapping):
        raise CannotRepeat("not a recurrence")
    found = {"pattern": _pattern(pattern), "range": _range(span)}
    if next(days(found), None) is None:
        raise CannotRepeat("no occurrence")
    return found


def _pattern(given: Recurrence) -> dict[str, Any]:
    kind = str(given.get("type"))
    if kind not in _NEEDS:
        raise CannotRepeat("pattern")
    interval = _number(given.get("interval", 1), 1, LONGEST_INTERVAL, "interval")
    read = {name: _READ[name](given.get(name)) for name in _NEEDS[kind]}
    return {"type": kind, "interval": interval, **read}


def _range(given: Recurrence) -> dict[str, Any]:
    kind, first = given.get("type"), _date(given.get("startDate"), "start date")
    span = {"type": kind, "startDate": first.isoformat()}
    if kind == END_DATE:
        last = _date(given.get("endDate"), "end date")
        if last < first:
            raise CannotRepeat("end date")
        return span | {"endDate": last.isoformat()}
    if kind == NUMBERED:
        times = _number(given.get("numberOfOccurrences"), 1, MOST_TIMES, "times")
        return span | {"numberOfOccurrences": times}
    if kind != NO_END:
        raise CannotRepeat("range")
    return span


def _number(given: Any, least: int, most: int, code: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise CannotRepeat(code)
    return int(given)


def _date(given: Any, code: str) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as problem:
        raise CannotRepeat(code) from problem


def _weekdays(given: Any) -> list[str]:
    if not isinstance(given, list | tuple) or not given:
        raise CannotRepeat("weekdays")
    named = {_weekday(one) for one in given}
    return sorted(named, key=WEEKDAYS.index)


def _weekday(given: Any) -> str:
    name = given.lower() if isinstance(given, str) else ""
    if name not in WEEKDAYS:
        raise CannotRepeat("weekdays")
    return name


def _index(given: Any) -> str:
    if given not in (*INDEXES, None):
        raise CannotRepeat("index")
    return given or INDEXES[0]


_READ: Mapping[str, Callable[[Any], Any]] = {
    "daysOfWeek": _weekdays,
    "firstDayOfWeek": lambda given: _weekday(given or "sunday"),
    "dayOfMonth": lambda given: _number(given, 1, 31, "day"),
    "index": _index,
    "month": lambda given: _number(given, 1, 12, "month"),
}


def rule(recurrence: Recurrence) -> str:
    """The pattern as an iCalendar rule, without the range."""
    pattern = recurrence["pattern"]
    parts = [f"FREQ={_FREQUENCY.get(pattern['type'], 'YEARLY')}", f"INTERVAL={pattern['interval']}"]
    if "month" in pattern:
        parts.append(f"BYMONTH={pattern['month']}")
    if "dayOfMonth" in pattern:
        parts += _day_of_month(pattern)
    if "daysOfWeek" in pattern:
        parts += _days_of_week(pattern)
    return ";".join(parts)


def _day_of_month(pattern: Recurrence) -> list[str]:
    day, shortest = pattern["dayOfMonth"], 28
    if "month" in pattern:
        longest = monthrange(2000, pattern["month"])[1]
        day = min(day, longest)
        shortest = 28 if pattern["month"] == 2 else longest
    if day <= shortest:
        return [f"BYMONTHDAY={day}"]
    if day == 31:
        return ["BYMONTHDAY=-1"]
    # The latest of these days that the month has.
    return [f"BYMONTHDAY={','.join(map(str, range(shortest, day + 1)))}", "BYSETPOS=-1"]


def _days_of_week(pattern: Recurrence) -> list[str]:
    days = [name[:2].upper() for name in pattern["daysOfWeek"]]
    if "index" not in pattern:
        return [f"BYDAY={','.join(days)}", f"WKST={pattern['firstDayOfWeek'][:2].upper()}"]
    index = pattern["index"]
    place = -1 if index == "last" else INDEXES.index(index) + 1
    if len(days) == 1:
        return [f"BYDAY={place}{days[0]}"]
    return [f"BYDAY={','.join(days)}", f"BYSETPOS={place}"]


def occurrences(
    recurrence: Recurrence, *, starts: datetime, zone: str, since: datetime, until: datetime
) -> Iterator[tuple[date, datetime]]:
    """Original day in the series' zone and start of each that begins from `since` to before
    `until`. Every one is at the local time of `starts`; `recurrence` is a normalised one.
    """
    local = ZoneInfo(zone)
    wall = starts.astimezone(local).time()
    for day in days(recurrence, since.astimezone(local).date() - DAY):
        at = start_on(day, wall, local)
        if at >= until:
            return
        if at >= since:
            yield day, at


def start_on(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """A wall time as UTC, as Outlook takes it: one that summer time skips is later by the gap."""
    return datetime.combine(day, wall.replace(fold=0), tzinfo=zone).astimezone(UTC)


def first_day(recurrence: Recurrence) -> date:
    return next(days(recurrence))


def has_day(recurrence: Recurrence, day: date) -> bool:
    """Whether the series has an occurrence whose original day this is."""
    return next(days(recurrence, day), None) == day


def neighbours(recurrence: Recurrence, day: date) -> tuple[date | None, date | None]:
    """The original days before and after that of an occurrence."""
    before = None
    for one in days(recurrence, _two_periods_before(recurrence, day)):
        if one > day:
            return before, one
        before = one if one < day else before
    return before, None


def last_day(recurrence: Recurrence) -> date | None:
    """The original day of the last occurrence; None for a series without end."""
    span = recurrence["range"]
    if span["type"] == NO_END:
        return None
    ends = date.fromisoformat(span["endDate"]) if span["type"] == END_DATE else date.min
    return max(days(recurrence, _two_periods_before(recurrence, ends)))


def cut_before(recurrence: Recurrence, day: date) -> dict[str, Any]:
    """The same without anything on or after `day`. Raises CannotRepeat when nothing is left."""
    if first_day(recurrence) >= day:
        raise CannotRepeat("nothing left")
    last = last_day(recurrence)
    if last is not None and last < day:
        return dict(recurrence)
    first = recurrence["range"]["startDate"]
    span = {"type": END_DATE, "startDate": first, "endDate": (day - DAY).isoformat()}
    return {"pattern": dict(recurrence["pattern"]), "range": span}


def remaining_from(recurrence: Recurrence, day: date) -> dict[str, Any]:
    """The same from the first occurrence on or after `day`. Raises CannotRepeat when none is."""
    begins = next(days(recurrence, day), None)
    if begins is None:
        raise CannotRepeat("nothing left")
    span = {**recurrence["range"], "startDate": begins.isoformat()}
    if span["type"] == NUMBERED:
        span["numberOfOccurrences"] -= sum(1 for one in days(recurrence) if one < begins)
    return {"pattern": dict(recurrence["pattern"]), "range": span}


def moved_to(recurrence: Recurrence, new_first_day: date) -> dict[str, Any]:
    """The same rhythm beginning on another day: weekdays and days of the month move along, and
    with them the last day of a series that has one.
    """
    shift = new_first_day - first_day(recurrence)
    pattern, span = dict(recurrence["pattern"]), dict(recurrence["range"])
    span["startDate"] = new_first_day.isoformat()
    if span["type"] == END_DATE:
        span["endDate"] = (date.fromisoformat(span["endDate"]) + shift).isoformat()
    if pattern["type"] == WEEKLY:
        places = ((WEEKDAYS.index(name) + shift.days) % 7 for name in pattern["daysOfWeek"])
        pattern["daysOfWeek"] = [WEEKDAYS[place] for place in sorted(places)]
    elif not has_day({"pattern": pattern, "range": span}, new_first_day):
        pattern |= {name: _NAMED[name](new_first_day) for name in pattern.keys() & _NAMED.keys()}
    return {"pattern": pattern, "range": span}


_NAMED: Mapping[str, Callable[[date], Any]] = {
    "daysOfWeek": lambda day: [WEEKDAYS[day.weekday()]],
    "index": lambda day: INDEXES[(day.day - 1) // 7],
    "dayOfMonth": lambda day: day.day,
    "month": lambda day: day.month,
}


def days(recurrence: Recurrence, since: date = date.min) -> Iterator[date]:
    """Every original day from `since`, in order. An endless series is begun near `since`."""
    span = recurrence["range"]
    first = date.fromisoformat(span["startDate"])
    numbered = span["type"] == NUMBERED
    begin = first if numbered else _begin_near(recurrence, first, since)
    at = datetime.combine(begin, time())
    every = (one.date() for one in rrulestr(rule(recurrence), dtstart=at))
    found: Iterator[date] = dropwhile(lambda day: day < first, every)
    if numbered:
        found = islice(found, span["numberOfOccurrences"])
    elif span["type"] == END_DATE:
        last = date.fromisoformat(span["endDate"])
        found = takewhile(lambda day: day <= last, found)
    return dropwhile(lambda day: day < since, found)


def _begin_near(recurrence: Recurrence, first: date, since: date) -> date:
    """The beginning of a period in step with the first one, at or before `since`."""
    if since <= first:
        return first
    kind, interval = recurrence["pattern"]["type"], recurrence["pattern"]["interval"]
    if kind in (DAILY, WEEKLY):
        begin, step = first, timedelta(days=interval)
        if kind == WEEKLY:
            week_begins = WEEKDAYS.index(recurrence["pattern"]["firstDayOfWeek"])
            begin, step = first - (first.weekday() - week_begins) % 7 * DAY, step * 7
        return begin + (since - begin) // step * step
    by_month = kind in _FREQUENCY
    begin = first.replace(day=1) if by_month else first.replace(month=1, day=1)
    months = interval if by_month else 12 * interval
    passed = (since.year - begin.year) * 12 + since.month - begin.month
    at = begin.year * 12 + begin.month - 1 + passed // months * months
    return date(at // 12, at % 12 + 1, 1)


def _two_periods_before(recurrence: Recurrence, day: date) -> date:
    """Early enough for an occurrence to lie between, unless the series began only then."""
    kind, interval = recurrence["pattern"]["type"], recurrence["pattern"]["interval"]
    unit = {DAILY: 1, WEEKLY: 7, MONTHLY: 31, MONTHLY_BY_WEEKDAY: 31}.get(kind, 366)
    return date.fromordinal(max(1, day.toordinal() - 2 * unit * interval))
