"""Earlier versions of items, for readers who see the world as it was some seconds ago.

Nothing is kept while no switch asks for such readers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from simulator.faults.switches import Switchboard
from simulator.mailbox.item import Item

LAGS = ("reads.delay", "reads.stale")


@dataclass(slots=True)
class Hindsight:
    """What changed lately in one mailbox, and what it was before.

    `versions` holds, for each item, (the change that ended a version, that version) in order;
    None stands for an item that was not there yet.
    """

    person: str
    now: Callable[[], datetime]
    switches: Switchboard
    moments: list[tuple[int, datetime]] = field(default_factory=list)
    versions: dict[int, list[tuple[int, Item | None]]] = field(default_factory=dict)
    before: dict[int, Item | None] = field(default_factory=dict)

    def lag(self, switch: str) -> int:
        """By how many seconds a kind of reading lags behind."""
        if not self.switches.chosen:
            return 0
        return int(self.switches.position(switch, self.person))

    def remember(self, number: int, item: Item | None) -> None:
        """Something is about to change: keep it as it is."""
        if self._needed():
            self.before[number] = None if item is None else _copy(item)

    def note(self, seq: int, number: int) -> None:
        """It has changed."""
        if not self._needed():
            if self.moments or self.before:
                self.moments, self.versions, self.before = [], {}, {}
            return
        self._forget(seq)
        self.moments.append((seq, self.now()))
        if number in self.before:
            self.versions.setdefault(number, []).append((seq, self.before.pop(number)))

    def seen(self, switch: str, newest: int) -> int:
        """The last change that a lagging reader sees."""
        lag = self.lag(switch)
        return self._last_before(self.now() - timedelta(seconds=lag), newest) if lag else newest

    def hidden(self, seq: int) -> dict[int, Item | None]:
        """The items that were different at `seq`, as they were then."""
        found: dict[int, Item | None] = {}
        for number, versions in self.versions.items():
            for ended, item in versions:
                if ended > seq:
                    found[number] = item
                    break
        return found

    def _needed(self) -> bool:
        return bool(self.switches.chosen) and any(self.lag(each) for each in LAGS)

    def _last_before(self, horizon: datetime, newest: int) -> int:
        for seq, moment in self.moments:
            if moment > horizon:
                return seq - 1
        return newest

    def _forget(self, newest: int) -> None:
        """Drop what no reader sees any more."""
        horizon = self.now() - timedelta(seconds=max(self.lag(each) for each in LAGS))
        oldest = self._last_before(horizon, newest)
        self.moments = [each for each in self.moments if each[0] > oldest]
        kept = {
            number: [each for each in versions if each[0] > oldest]
            for number, versions in self.versions.items()
        }
        self.versions = {number: versions for number, versions in kept.items() if versions}


def _copy(item: Item) -> Item:
    return replace(
        item,
        words=dict(item.words),
        exceptions={day: replace(each) for day, each in item.exceptions.items()},
        extended=dict(item.extended),
    )
