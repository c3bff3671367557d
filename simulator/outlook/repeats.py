"""How an event repeats, as a form asks for it and as Graph says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from simulator.mailbox.recurrence import DAYS, INDEXES, Recurrence

KINDS = {
    "never": "Does not repeat",
    "daily": "Every day",
    "weekly": "Every week on",
    "absoluteMonthly": "Every month on the same date",
    "relativeMonthly": "Every month on the same weekday",
    "absoluteYearly": "Every year on the same date",
    "relativeYearly": "Every year on the same weekday of the month",
    "kept": "As it is",
}
UNITS = {"daily": "day", "weekly": "week", "Monthly": "month", "Yearly": "year"}


def recurrence_of(form: Mapping[str, str], weekdays: list[str], first: date) -> dict[str, Any]:
    """Graph's recurrence for what a form says; raises ValueError for what makes no sense."""
    kind = form.get("repeat", "never")
    pattern: dict[str, Any] = {"type": kind, "interval": int(form.get("every") or 1)}
    if kind == "weekly":
        pattern["daysOfWeek"] = weekdays or [DAYS[first.weekday()]]
        pattern["firstDayOfWeek"] = "monday"
    if kind.startswith("absolute"):
        pattern["dayOfMonth"] = first.day
    if kind.startswith("relative"):
        pattern["daysOfWeek"] = [DAYS[first.weekday()]]
        pattern["index"] = INDEXES[min((first.day - 1) // 7, 4)]
    if kind.endswith("Yearly"):
        pattern["month"] = first.month
    return {"pattern": pattern, "range": _range(form, first)}


def _range(form: Mapping[str, str], first: date) -> dict[str, Any]:
    start = {"startDate": first.isoformat()}
    if form.get("ends") == "on":
        return {
            "type": "endDate",
            "endDate": date.fromisoformat(form["until"]).isoformat(),
            **start,
        }
    if form.get("ends") == "after":
        return {"type": "numbered", "numberOfOccurrences": int(form["times"]), **start}
    return {"type": "noEnd", **start}


def values_of(recurrence: Recurrence | None, first: date) -> dict[str, str]:
    """What a form shows of a recurrence that it could have made, or `kept` for any other."""
    if recurrence is None:
        return {"repeat": "never", "every": "1", "ends": "never", "until": "", "times": "10"}
    pattern, span = recurrence.pattern, recurrence.range
    values = {
        "repeat": pattern.type,
        "every": str(pattern.interval),
        "ends": {"endDate": "on", "numbered": "after"}.get(span.type, "never"),
        "until": span.last.isoformat() if span.last else "",
        "times": str(span.times or 10),
    }
    made = recurrence_of(values, weekdays_of(recurrence), first)["pattern"]
    own = recurrence.wire()["pattern"]
    if any(own[key] != value for key, value in made.items() if key != "firstDayOfWeek"):
        values["repeat"] = "kept"
    return values


def weekdays_of(recurrence: Recurrence | None) -> list[str]:
    """The weekdays of a weekly pattern by Graph's names."""
    if recurrence is None or recurrence.pattern.type != "weekly":
        return []
    return [DAYS[day] for day in sorted(recurrence.pattern.days)]


def words_of(recurrence: Recurrence) -> str:
    """A recurrence in words: every 2 weeks on monday and friday, until 5 March 2027."""
    pattern, span = recurrence.pattern, recurrence.range
    unit = next(word for end, word in UNITS.items() if pattern.type.endswith(end))
    often = f"every {unit}" if pattern.interval == 1 else f"every {pattern.interval} {unit}s"
    return f"{often}{_on(recurrence)}{_until(span.last, span.times)}"


def _on(recurrence: Recurrence) -> str:
    pattern = recurrence.pattern
    names = [DAYS[day].capitalize() for day in sorted(pattern.days)]
    month = f" of {date(2000, pattern.month, 1):%B}" if pattern.type.endswith("Yearly") else ""
    if pattern.type == "weekly":
        return f" on {' and '.join(names)}"
    if pattern.type.startswith("relative"):
        return f" on the {INDEXES[pattern.index]} {' or '.join(names)}{month}"
    return f" on day {pattern.day_of_month}{month}" if pattern.type != "daily" else ""


def _until(last: date | None, times: int) -> str:
    if last:
        return f", until {last:%-d %B %Y}"
    return f", {times} times" if times else ""
