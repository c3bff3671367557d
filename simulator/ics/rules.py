"""Rules of repetition in Graph's words, or the reason why Graph has none for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from icalendar import vRecur

from simulator.ics.when import Moment
from simulator.mailbox.recurrence import DAYS, INDEXES, read_recurrence
from simulator.refused import Refused
from simulator.zones import wall_time, zone_named

SAYABLE = {
    "FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS",
}  # fmt: skip
POSITIONS = dict(zip((1, 2, 3, 4, -1), INDEXES, strict=True))
DAY_NAMES = {name[:2].upper(): name for name in DAYS}
MOST_TIMES = 999
DAY = timedelta(days=1)

Wire = dict[str, Any]


class Unsayable(ValueError):
    """Graph has no words for a rule; the text says for what."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An RRULE with its words as numbers, and the date it begins at."""

    frequency: str
    interval: int
    days: tuple[tuple[int, str], ...]  # ordinal (0 for every) and Graph's name
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    positions: tuple[int, ...]
    first_day: str
    start: date


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence for a request body. `apart`: the start itself is no day of the pattern."""

    recurrence: Wire | None
    apart: bool
    remarks: tuple[str, ...]


def read_rule(text: str, start: Moment) -> Rule:
    """What an RRULE means for a series with this start."""
    try:
        words = {key.upper(): values for key, values in vRecur.from_ical(text).items()}
        parts = _parts(words, start.wall.date())
    except Unsayable:
        raise
    except (ValueError, TypeError, KeyError) as problem:
        raise Unsayable(f"the rule cannot be read ({problem})") from problem
    pattern = _pattern(parts)
    remarks = list(_remarks(pattern, parts))
    first = _first(pattern, parts.start)
    apart = first != parts.start
    count, last = _ends(words, start)
    if apart:
        remarks.append("DTSTART is no day of its own rule: it was made an event of its own")
        count = count and count - 1
    if count is not None and last:
        remarks.append("COUNT and UNTIL stand together: the earlier end was taken")
    spans = _range(pattern, first, count, last)
    recurrence = {"pattern": pattern, "range": spans} if spans else None
    return Rule(recurrence, apart, tuple(remarks))


def _parts(words: dict[str, list[Any]], start: date) -> Parts:
    beyond = sorted(words.keys() - SAYABLE)
    if beyond:
        raise Unsayable(f"Outlook knows no {', '.join(beyond)}")
    if "FREQ" not in words:
        raise Unsayable("the rule has no FREQ")
    interval = int(words.get("INTERVAL", [1])[0])
    if not 1 <= interval <= MOST_TIMES:
        raise Unsayable(f"Outlook knows no interval of {interval}")
    return Parts(
        frequency=str(words["FREQ"][0]).upper(),
        interval=interval,
        days=tuple(_weekday(str(each)) for each in words.get("BYDAY", ())),
        month_days=tuple(int(each) for each in words.get("BYMONTHDAY", ())),
        months=tuple(int(each) for each in words.get("BYMONTH", ())),
        positions=tuple(int(each) for each in words.get("BYSETPOS", ())),
        first_day=DAY_NAMES[str(words.get("WKST", ["MO"])[0]).upper()],
        start=start,
    )


def _weekday(text: str) -> tuple[int, str]:
    return int(text[:-2] or 0), DAY_NAMES[text[-2:].upper()]


def _pattern(parts: Parts) -> Wire:
    make = PATTERNS.get(parts.frequency)
    if make is None:
        raise Unsayable(f"Outlook repeats nothing {parts.frequency.lower()}")
    return {"interval": parts.interval, **make(parts)}


def _daily(parts: Parts) -> Wire:
    _without(parts, "month_days", "months", "positions")
    if not parts.days:
        return {"type": "daily"}
    if parts.interval > 1:
        raise Unsayable("Outlook cannot leave out weekdays from every so many days")
    return _weekly(parts)


def _weekly(parts: Parts) -> Wire:
    _without(parts, "month_days", "months", "positions")
    if any(ordinal for ordinal, _ in parts.days):
        raise Unsayable("a weekday of a week has no ordinal")
    days = [name for _, name in parts.days] or [DAYS[parts.start.weekday()]]
    return {"type": "weekly", "daysOfWeek": days, "firstDayOfWeek": parts.first_day}


def _monthly(parts: Parts) -> Wire:
    _without(parts, "months")
    if parts.days and parts.month_days:
        raise Unsayable("Outlook cannot ask for weekdays on certain days of the month")
    if not parts.days:
        return {"type": "absoluteMonthly", "dayOfMonth": _day_of_month(parts)}
    if not parts.positions and not any(ordinal for ordinal, _ in parts.days):
        if parts.interval > 1:
            raise Unsayable("Outlook cannot repeat weekly in every so-manieth month")
        return _weekly(parts)
    return {"type": "relativeMonthly", **_nth(parts)}


def _yearly(parts: Parts) -> Wire:
    if len(parts.months) > 1:
        raise Unsayable("Outlook knows one month of the year for a series, not several")
    if not parts.months and (parts.days or parts.month_days):
        raise Unsayable("Outlook needs the month of a yearly series")
    if parts.days and parts.month_days:
        raise Unsayable("Outlook cannot ask for weekdays on certain days of the month")
    month = parts.months[0] if parts.months else parts.start.month
    if parts.days:
        return {"type": "relativeYearly", "month": month, **_nth(parts)}
    return {"type": "absoluteYearly", "month": month, "dayOfMonth": _day_of_month(parts)}


PATTERNS = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
WORDS = {"month_days": "days of the month", "months": "months", "positions": "positions"}


def _without(parts: Parts, *names: str) -> None:
    for name in names:
        if getattr(parts, name):
            raise Unsayable(f"Outlook knows no {WORDS[name]} in a {parts.frequency.lower()} series")


def _day_of_month(parts: Parts) -> int:
    days, positions = parts.month_days or (parts.start.day,), parts.positions
    if days == tuple(range(28, days[-1] + 1)) and positions == (-1,):
        return days[-1]
    if len(days) > 1:
        raise Unsayable("Outlook knows one day of the month for a series, not several")
    if positions not in ((), (1,), (-1,)):
        raise Unsayable("Outlook knows no such position in a month")
    if days[0] < -1 or not days[0]:
        raise Unsayable("Outlook counts the days of a month from its beginning")
    return 31 if days[0] == -1 else days[0]


def _nth(parts: Parts) -> Wire:
    ordinals = {ordinal for ordinal, _ in parts.days}
    if ordinals == {0}:
        if len(parts.positions) != 1 or parts.positions[0] not in POSITIONS:
            raise Unsayable("Outlook knows the first to the fourth and the last day, and only one")
        position = parts.positions[0]
    else:
        if len(parts.days) > 1 or parts.positions not in ((), (1,), (-1,)):
            raise Unsayable("Outlook knows one numbered weekday of a month, not several")
        position = parts.days[0][0]
        if position not in POSITIONS:
            raise Unsayable("Outlook knows the first to the fourth and the last weekday of a month")
    days = [name for _, name in parts.days]
    return {
        "index": POSITIONS[position], "daysOfWeek": days, "firstDayOfWeek": parts.first_day,
    }  # fmt: skip


def _remarks(pattern: Wire, parts: Parts) -> list[str]:
    day = pattern.get("dayOfMonth", 0)
    skips = day > 28 and not parts.positions and -1 not in parts.month_days
    if skips and (pattern["type"] == "absoluteMonthly" or (day, pattern["month"]) == (29, 2)):
        return [f"Outlook takes the last day of months without a {day}th; the file skips them"]
    return []


def _first(pattern: Wire, start: date) -> date:
    endless = {"type": "noEnd", "startDate": start.isoformat()}
    try:
        series = read_recurrence({"pattern": pattern, "range": endless})
    except Refused as problem:
        raise Unsayable(problem.message) from problem
    return next(series.dates())


def _ends(words: dict[str, list[Any]], start: Moment) -> tuple[int | None, date | None]:
    count = int(words["COUNT"][0]) if "COUNT" in words else None
    if count is not None and count < 1:
        raise Unsayable("a series cannot happen less than once")
    return count, _until(words["UNTIL"][0], start) if "UNTIL" in words else None


def _until(until: date | datetime, start: Moment) -> date:
    """The last day on which the series may start."""
    if not isinstance(until, datetime):
        return until
    if until.tzinfo is not None:
        until = wall_time(int(until.timestamp()), zone_named(start.zone))
    return until.date() if until.time() >= start.wall.time() else until.date() - DAY


def _range(pattern: Wire, first: date, count: int | None, last: date | None) -> Wire | None:
    begins = {"startDate": first.isoformat()}
    if count == 0 or (last and last < first):
        return None
    if not count and not last:
        return {"type": "noEnd", **begins}
    if count and (last or count > MOST_TIMES):
        last = min(last or date.max, _nth_date(pattern, first, count))
        count = None
    if count:
        return {"type": "numbered", "numberOfOccurrences": count, **begins}
    return {"type": "endDate", "endDate": str(last), **begins}


def _nth_date(pattern: Wire, first: date, count: int) -> date:
    endless = {"type": "noEnd", "startDate": first.isoformat()}
    dates = read_recurrence({"pattern": pattern, "range": endless}).dates()
    return max(islice(dates, count))
