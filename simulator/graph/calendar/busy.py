"""When people are busy: the spans of a mailbox that a colleague may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from simulator.directory import Person
from simulator.mailbox.item import Instance
from simulator.mailbox.sharing import READERS
from simulator.mailbox.store import Calendar
from simulator.refused import bad_request, unreadable
from simulator.zones import instant, zone_named

DIGITS = {"free": 0, "tentative": 1, "busy": 2, "oof": 3, "workingElsewhere": 4}
# Of several entries in one slot the one that keeps a person away most is told.
WEIGHT = {"free": 0, "unknown": 0, "workingElsewhere": 1, "tentative": 2, "busy": 3, "oof": 4}


class Span(NamedTuple):
    """UTC seconds, the end exclusive."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Busy:
    """One entry of somebody's calendar as others may see it."""

    span: Span
    status: str
    private: bool = False
    subject: str | None = None
    location: str | None = None


def read_moment(name: str, value: Any) -> int:
    """A dateTimeTimeZone of a request body as UTC seconds."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise unreadable(f"The property '{name}' is not a dateTimeTimeZone.")
    zone = value.get("timeZone") or "UTC"
    try:
        moment = datetime.fromisoformat(value["dateTime"])
    except ValueError as problem:
        raise bad_request(f"'{value['dateTime']}' is not a valid date and time.") from problem
    if moment.tzinfo is not None:
        return int(moment.timestamp())
    return instant(moment, zone_named(str(zone)))


def read_span(start: Any, end: Any) -> Span:
    """Two dateTimeTimeZones in order."""
    span = Span(read_moment("startTime", start), read_moment("endTime", end))
    if span.high <= span.low:
        raise bad_request(
            "The end time must be later than the start time.", "ErrorInvalidTimeInterval"
        )
    return span


def busy_times(person: Person, calendar: Calendar, span: Span, role: str) -> list[Busy]:
    """What a calendar holds in a span, with as much detail as `role` lets through."""
    found = person.mailbox.view(calendar, span.low, span.high)
    return [_busy(each, detailed=role in READERS) for each in found]


def _busy(instance: Instance, *, detailed: bool) -> Busy:
    words = instance.words
    span = Span(instance.starts, instance.ends)
    status = words.get("showAs", "busy")
    private = words.get("sensitivity") in ("private", "confidential")
    if not detailed:
        return Busy(span, status, private)
    if private:
        return Busy(span, status, private, "", "")
    location = words.get("location") or {}
    return Busy(span, status, private, words.get("subject", ""), location.get("displayName", ""))


def availability_view(found: list[Busy], span: Span, minutes: int) -> str:
    """One digit for each slot of the span."""
    step = minutes * 60
    slots = ["free"] * -(-(span.high - span.low) // step)
    for each in found:
        first = max((each.span.low - span.low) // step, 0)
        last = min(-(-(each.span.high - span.low) // step), len(slots))
        for place in range(first, last):
            if WEIGHT[each.status] > WEIGHT[slots[place]]:
                slots[place] = each.status
    return "".join(str(DIGITS[status]) for status in slots)


def status_in(found: list[Busy], span: Span) -> str:
    """How free somebody is in a span."""
    touching = [each for each in found if each.span.low < span.high and each.span.high > span.low]
    return max((each.status for each in touching), key=WEIGHT.__getitem__, default="free")
