"""What a reader of a mailbox sees: lists, views, and the units of delta rounds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.mailbox.changes import Change, Removed, Unit
from simulator.mailbox.item import Instance, Item, master_of

if TYPE_CHECKING:
    from simulator.mailbox.store import Calendar, Mailbox


@dataclass(frozen=True, slots=True)
class Window:
    """The span of a delta round in UTC seconds, frozen in its tokens."""

    calendar: int
    low: int
    high: int


class Reader:
    """A mailbox as it is, or as it was when its last visible change was `seq`."""

    def __init__(self, mailbox: Mailbox, seq: int) -> None:
        self.seq = seq
        self._mailbox = mailbox
        self.earlier = mailbox.hindsight.hidden(seq) if seq < mailbox.seq else {}

    def item(self, number: int) -> Item | None:
        """The item with this number, if it is there."""
        if number in self.earlier:
            return self.earlier[number]
        return self._mailbox.items.get(number)

    def held(self, calendar: Calendar) -> Iterator[Item]:
        """All items of a calendar, in the order in which they were made."""
        numbers = self._mailbox.items.keys() | self.earlier if self.earlier else None
        for number in sorted(numbers) if numbers else self._mailbox.items:
            item = self.item(number)
            if item is not None and item.calendar == calendar.number:
                yield item

    def view(self, calendar: Calendar, low: int, high: int) -> list[Instance]:
        """Single events and occurrences that touch the span (UTC seconds), by start."""
        found: list[Instance] = []
        for number in self._near(calendar, low, high):
            item = self.item(number)
            if item is not None and item.calendar == calendar.number:
                found += item.instances(low, high)
        return sorted(found, key=lambda one: (one.starts, one.item.number))

    def _near(self, calendar: Calendar, low: int, high: int) -> list[int]:
        """The numbers, in order, of all items that might touch the span."""
        first = bisect_left(calendar.singles, (low - calendar.longest, 0))
        last = bisect_left(calendar.singles, (high, 0))
        numbers = [number for _, number in calendar.singles[first:last]]
        numbers += calendar.series
        if self.earlier:
            numbers = [*{*numbers, *self.earlier}]
        return sorted(numbers)

    def everything(self, window: Window, after: int = 0) -> Iterator[Unit]:
        """All that the window shows of the items after number `after`."""
        calendar = self._mailbox.calendars[window.calendar]
        numbers = self._near(calendar, window.low, window.high)
        for number in numbers[bisect_right(numbers, after) :]:
            item = self.item(number)
            if item is not None and item.calendar == window.calendar:
                instances = item.instances(window.low, window.high)
                if instances:
                    yield Unit(number, _whole(item, instances))

    def changed(self, window: Window, since: int, after: int, resend: str) -> Iterator[Unit]:
        """What became of the items after number `after` that changed later than `since`.

        `resend` says what comes once one occurrence of a series has changed: the `series`,
        `master_and_exception`, or the `exception` alone.
        """
        changed = self._mailbox.log.between(since, self.seq, window.calendar)
        for number in sorted(number for number in changed if number > after):
            changes = changed[number]
            item = self.item(number)
            here = item if item is not None and item.calendar == window.calendar else None
            gone = self._gone(number, changes, here)
            yield Unit(number, gone + (_resent(window, here, changes, resend) if here else []))

    def _gone(self, number: int, changes: list[Change], here: Item | None) -> list[Removed]:
        """The item itself where it left, and the normal ids it had before it came back."""
        moves = dict.fromkeys(each.moves for each in changes)
        if here is not None:
            return [Removed(number, 0, each, 0) for each in moves if each != here.moves]
        deleted = self.item(number) is None
        return [Removed(number, 0, each, 0, deleted) for each in moves]

    def lost_occurrences(self, window: Window, removed: Removed) -> list[Removed]:
        """The occurrences that a deleted series had in the window."""
        item = self._mailbox.deleted.get(removed.number)
        found = item.instances(window.low, window.high) if item and item.recurrence else []
        return [
            Removed(removed.number, each.ordinal, removed.moves, each.item.generation, deleted=True)
            for each in found
        ]

    def from_moment(self, calendar: Calendar, low: int) -> Iterator[Item]:
        """Items of a calendar that end, or have occurrences that start, after a moment."""
        for item in self.held(calendar):
            if item.recurrence is None:
                if item.when.ends > low:
                    yield item
            else:
                expansion = item.expanded()
                expansion.up_to(low + 1)
                if expansion.starts and expansion.starts[-1] >= low:
                    yield item


def _whole(item: Item, instances: list[Instance]) -> list[Instance | Removed]:
    return [master_of(item), *instances] if item.recurrence else list(instances)


def _resent(
    window: Window, item: Item, changes: list[Change], resend: str
) -> list[Instance | Removed]:
    gone = Removed(item.number, 0, item.moves, 0)
    instances = item.instances(window.low, window.high)
    if not item.recurrence:
        return list(instances) or [gone]
    touched = {change.ordinal for change in changes}
    # An exception that left the window is reported as removed, like any event that left it.
    shown = {one.ordinal for one in instances}
    left: list[Instance | Removed] = [
        Removed(item.number, ordinal, item.moves, item.generation)
        for ordinal in sorted(touched & item.exceptions.keys() - shown)
    ]
    if 0 not in touched and resend != "series":
        chosen = [one for one in instances if one.ordinal in touched]
        with_master = resend == "master_and_exception"
        return [*([master_of(item)] if with_master else []), *chosen, *left]
    return [*_whole(item, instances), *left] if instances else [gone, *left]
