"""The log of changes of one mailbox, and what a delta round makes of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from simulator.mailbox.item import Instance

# The real service forgets by size, not by age: a cursor older than the log is dead.
KEPT = 20_000


class Change(NamedTuple):
    """Something happened to an item in a calendar; `ordinal` names one occurrence, 0 the item."""

    seq: int
    calendar: int
    number: int
    ordinal: int
    moves: int
    generation: int


class Removed(NamedTuple):
    """What a view has lost, or never had."""

    number: int
    ordinal: int
    moves: int
    generation: int


@dataclass(slots=True)
class ChangeLog:
    """Changes in order; a change is known by its sequence number."""

    entries: list[Change] = field(default_factory=list)
    forgotten: int = 0

    def add(self, change: Change) -> None:
        """Append, forgetting the older half when the log has grown too long."""
        self.entries.append(change)
        if len(self.entries) > KEPT:
            self.forgotten = self.entries[KEPT // 2].seq
            del self.entries[: KEPT // 2 + 1]

    def since(self, seq: int, calendar: int) -> dict[int, list[Change]]:
        """Later changes of a calendar, by item."""
        first = bisect_right(self.entries, seq, key=lambda change: change.seq)
        found: dict[int, list[Change]] = {}
        for change in self.entries[first:]:
            if change.calendar == calendar:
                found.setdefault(change.number, []).append(change)
        return found


class Unit(NamedTuple):
    """What a page never splits: one single event, or a master with its instances."""

    number: int
    entries: list[Instance | Removed]


def page_of(units: list[Unit], after: int, size: int) -> tuple[list[Instance | Removed], int]:
    """The entries that follow item `after`, about `size` of them, and the last item sent.

    The last item is 0 when nothing is left. A long series makes a page longer than asked for,
    as the real service does.
    """
    entries: list[Instance | Removed] = []
    first = bisect_right(units, after, key=lambda unit: unit.number)
    for position in range(first, len(units)):
        entries += units[position].entries
        if len(entries) >= size and position + 1 < len(units):
            return entries, units[position].number
    return entries, 0
