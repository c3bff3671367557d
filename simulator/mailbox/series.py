"""What a write does to a series: its pattern, its exceptions, and who stands next to whom."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from simulator.mailbox.item import Item
from simulator.mailbox.recurrence import Recurrence, read_recurrence
from simulator.refused import bad_request
from simulator.zones import wall_time, zone_named

if TYPE_CHECKING:
    from simulator.mailbox.store import Mailbox

# Who comes and what was answered is said of each occurrence.
OWN_TO_EACH = {"attendees", "responseStatus", "isCancelled"}


def begin(item: Item, wire: Any) -> None:
    """Take the recurrence of a request body; it begins on the date of the event."""
    series = read_recurrence(wire)
    if series.range.first != item.when.start.date():
        raise bad_request("The recurrence must start on the date of the event's start.")
    _follow(item, series)


def _follow(item: Item, series: Recurrence) -> None:
    first = next(series.dates(), None)
    if first is None:
        raise bad_request("The recurrence has no occurrence.", "ErrorRecurrenceHasNoOccurrence")
    # A pattern need not fall on the start that was sent; the series then begins with its first day.
    item.when = item.when.on(first, item.home)
    item.repattern(series)


def repeat(item: Item, wire: dict[str, Any], *, moved: bool, keeps: bool) -> None:
    """Apply a PATCH to the pattern; `keeps`: exceptions outlive a move of the whole series."""
    exceptions, cancelled = item.exceptions, item.cancelled
    if "recurrence" in wire and wire["recurrence"] is None:
        if item.recurrence:
            item.repattern(None)
        return
    if "recurrence" in wire:
        unchanged = _same(item, read_recurrence(wire["recurrence"]))
        if moved or not unchanged:
            begin(item, wire["recurrence"])
        return
    if moved and item.recurrence:
        span = replace(item.recurrence.range, first=item.when.start.date())
        _follow(item, replace(item.recurrence, range=span))
        if keeps:
            item.exceptions = {day: one for day, one in exceptions.items() if item.has(day)}
            item.cancelled = frozenset(day for day in cancelled if item.has(day))


def _same(item: Item, series: Recurrence) -> bool:
    """Is it what the item has? An answer names the zone also where it was left to the event."""
    if item.recurrence is None:
        return False
    zone = item.when.start_zone
    old, new = (
        replace(one, range=replace(one.range, zone=one.range.zone or zone))
        for one in (item.recurrence, series)
    )
    return old == new


def inherit(mailbox: Mailbox, item: Item, before: dict[str, Any]) -> None:
    """Let exceptions follow the series in every word in which they did not differ from it."""
    changed = {
        name
        for name in (before.keys() | item.words.keys()) - OWN_TO_EACH
        if before.get(name) != item.words.get(name)
    }
    for ordinal in sorted(item.exceptions) if changed else ():
        held = item.exceptions[ordinal].words
        taken = {name for name in changed if held.get(name) == before.get(name)}
        if taken:
            kept = {name: value for name, value in held.items() if name not in taken}
            new = {name: item.words[name] for name in sorted(taken & item.words.keys())}
            item.exceptions[ordinal].words = {**kept, **new}
            mailbox.restamp(item, ordinal)


def check_neighbours(item: Item, ordinal: int, starts: int) -> None:
    """Refuse to move an occurrence on or past the day of the one before or after it."""
    before, after = _neighbours(item, ordinal)
    day = _series_day(item, starts)
    if (before and day <= _day_of(item, before)) or (after and day >= _day_of(item, after)):
        raise bad_request(
            "Modified occurrence is crossing or overlapping adjacent occurrence.",
            "ErrorOccurrenceCrossingBoundary",
        )


def _neighbours(item: Item, ordinal: int) -> tuple[int | None, int | None]:
    """The original dates next to one, deleted ones passed over."""
    item.expanded().around(ordinal)
    days = item.expanded().ordinals
    at = bisect_left(days, ordinal)
    before = next((day for day in reversed(days[:at]) if day not in item.cancelled), None)
    return before, next((day for day in days[at + 1 :] if day not in item.cancelled), None)


def _day_of(item: Item, ordinal: int) -> date:
    return _series_day(item, item.when_of(ordinal).starts)


def _series_day(item: Item, starts: int) -> date:
    zone = item.home if item.when.all_day else zone_named(item.when.start_zone)
    return wall_time(starts, zone).date()
