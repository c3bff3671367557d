"""The log of changes of one mailbox."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
    """What a view has lost, or never had. `deleted`: it is in no other view either."""

    number: int
    ordinal: int
    moves: int
    generation: int
    deleted: bool = False


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

    def between(self, since: int, until: int, calendar: int) -> dict[int, list[Change]]:
        """Changes of a calendar after `since`, up to `until`, by item."""
        first = bisect_right(self.entries, since, key=_seq)
        found: dict[int, list[Change]] = {}
        for change in self.entries[first:]:
            if change.seq > until:
                break
            if change.calendar == calendar:
                found.setdefault(change.number, []).append(change)
        return found


def _seq(change: Change) -> int:
    return change.seq


class Unit(NamedTuple):
    """What a page never splits: one single event, or a master with its instances."""

    number: int
    entries: list[Any]


def page_of(units: Iterable[Unit], size: int) -> tuple[list[Unit], bool]:
    """The first units with about `size` entries, and whether more follow.

    A long series makes a page longer than asked for, as the real service does.
    """
    taken: list[Unit] = []
    count = 0
    for unit in units:
        if count >= size:
            return taken, True
        taken.append(unit)
        count += len(unit.entries)
    return taken, False
