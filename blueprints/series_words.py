"""How a series repeats, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from portal import recurrence
from portal.recurrence import CannotRepeat

LOCALE = "en_GB"
WORKDAYS, WEEKEND = recurrence.WEEKDAYS[:5], recurrence.WEEKDAYS[5:]
SETS: Mapping[tuple[str, ...], str] = {
    recurrence.WEEKDAYS: "day",
    WORKDAYS: "working day",
    WEEKEND: "day of the weekend",
}
UNITS = {"daily": "day", "weekly": "week", "absoluteMonthly": "month", "relativeMonthly": "month"}
ORDINALS = {2: "second", 3: "third", 4: "fourth"}


def sentence(repeats: dict[str, Any] | None) -> str:
    """ "Every second week on Tuesday and Thursday until 3 March 2027"; empty for what says nothing
    that can be followed: events are kept as they come.
    """
    try:
        held = recurrence.normalised(repeats)
    except CannotRepeat:
        return ""
    return f"{_rhythm(held['pattern'])}{_until(held['range'])}"


def _rhythm(pattern: dict[str, Any]) -> str:
    kind, interval = pattern["type"], pattern["interval"]
    if kind == recurrence.WEEKLY:
        return _weekly(pattern)
    every = f"Every {_interval(interval)}{UNITS.get(kind, 'year')}{'s' if interval > 4 else ''}"
    on = ""
    if "dayOfMonth" in pattern:
        on = f" on day {pattern['dayOfMonth']}"
        if "month" in pattern:
            on = f" on {pattern['dayOfMonth']} {_month(pattern['month'])}"
    elif "index" in pattern:
        on = f" on the {pattern['index']} {weekdays(pattern['daysOfWeek'], ' or ')}"
        on += f" of {_month(pattern['month'])}" if "month" in pattern else ""
    return every + on


def _weekly(pattern: dict[str, Any]) -> str:
    days, interval = tuple(pattern["daysOfWeek"]), pattern["interval"]
    if interval == 1 and days in (recurrence.WEEKDAYS, WORKDAYS):
        return f"Every {SETS[days]}"
    if interval <= 4 and len(days) == 1:
        return f"Every {_interval(interval)}{days[0].capitalize()}"
    every = f"Every {_interval(interval)}week{'s' if interval > 4 else ''}"
    return f"{every} on {_listed([day.capitalize() for day in days], ' and ')}"


def _interval(number: int) -> str:
    return "" if number == 1 else f"{ORDINALS.get(number, number)} "


def weekdays(names: Sequence[str], joint: str) -> str:
    known = SETS.get(tuple(names))
    return known or _listed([name.capitalize() for name in names], joint)


def _listed(words: Sequence[str], joint: str) -> str:
    return joint.join(filter(None, (", ".join(words[:-1]), words[-1])))


def _month(number: int) -> str:
    return format_date(date(2000, number, 1), "MMMM", locale=LOCALE)


def _until(span: dict[str, Any]) -> str:
    if "numberOfOccurrences" in span:
        times = span["numberOfOccurrences"]
        return ", once" if times == 1 else f", {times} times"
    if "endDate" in span:
        last = date.fromisoformat(span["endDate"])
        return f" until {format_date(last, 'd MMMM yyyy', locale=LOCALE)}"
    return ""
