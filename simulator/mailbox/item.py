"""One entry of a calendar: a single event or a whole series with its exceptions."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from simulator.mailbox.extended import Extended
from simulator.mailbox.nothing import NOTHING, nothing
from simulator.mailbox.recurrence import Recurrence
from simulator.zones import instant, zone_named

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
TWO_YEARS = 800


@dataclass(frozen=True, slots=True)
class When:
    """A span of time as it was written: wall-clock times with the names of their zones.

    `starts` and `ends` are UTC seconds. An all-day entry occupies days of the mailbox's own zone.
    """

    start: datetime
    end: datetime
    start_zone: str
    end_zone: str
    all_day: bool
    starts: int
    ends: int

    @classmethod
    def written(
        cls,
        start: datetime,
        end: datetime,
        *,
        zone: str,
        home: ZoneInfo,
        end_zone: str | None = None,
        all_day: bool = False,
    ) -> When:
        """A span from naive wall-clock times; `home` is the mailbox's zone."""
        end_zone = end_zone or zone
        starts = instant(start, home if all_day else zone_named(zone))
        ends = instant(end, home if all_day else zone_named(end_zone))
        return cls(start, end, zone, end_zone, all_day, starts, ends)

    def on(self, day: date, home: ZoneInfo) -> When:
        """The same span on another date of its own zone, with the same length."""
        start = datetime.combine(day, self.start.time())
        if self.all_day:
            end = start + (self.end - self.start)
            return replace(
                self, start=start, end=end, starts=instant(start, home), ends=instant(end, home)
            )
        starts = instant(start, zone_named(self.start_zone))
        end = start + (self.end - self.start)
        return replace(self, start=start, end=end, starts=starts, ends=starts + self.length)

    @property
    def length(self) -> int:
        """Seconds from start to end."""
        return self.ends - self.starts


@dataclass(slots=True)
class Divergence:
    """An occurrence that differs from its series: its own words and its own time."""

    words: dict[str, Any]
    when: When
    version: int
    modified: datetime
    extended: Extended = field(default_factory=nothing)
    extensions: dict[str, dict[str, Any]] = field(default_factory=nothing)


class Expansion:
    """The original dates and starts (UTC seconds) of a series, worked out as far as asked for."""

    __slots__ = ("_done", "_of", "ordinals", "starts")

    def __init__(self, recurrence: Recurrence, when: When, home: ZoneInfo) -> None:
        self._of = (recurrence, when, home)
        self._done = False
        self.ordinals = array("I")
        self.starts = array("q")

    def __reduce__(self) -> tuple[type[Expansion], tuple[Recurrence, When, ZoneInfo]]:
        # What can be worked out again need not be kept.
        return Expansion, self._of

    def up_to(self, seconds: int) -> None:
        """Work out everything that starts before `seconds`."""
        if self._done or (self.starts and self.starts[-1] >= seconds):
            return
        recurrence, when, home = self._of
        zone, at = home if when.all_day else zone_named(when.start_zone), when.start.time()
        for day in islice(recurrence.dates(), len(self.ordinals), None):
            self.ordinals.append(day.toordinal())
            self.starts.append(instant(datetime.combine(day, at), zone))
            if self.starts[-1] >= seconds:
                return
        self._done = True

    def between(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """(ordinal, start) of what starts from `low` to before `high`."""
        self.up_to(high)
        first, last = bisect_left(self.starts, low), bisect_left(self.starts, high)
        return zip(self.ordinals[first:last], self.starts[first:last], strict=True)

    def around(self, ordinal: int) -> tuple[int | None, int | None] | None:
        """The neighbours of one original date, or None when the series has no such date."""
        self.up_to((ordinal + TWO_YEARS - EPOCH_ORDINAL) * 86400)
        at = bisect_left(self.ordinals, ordinal)
        if at == len(self.ordinals) or self.ordinals[at] != ordinal:
            return None
        following = self.ordinals[at + 1] if at + 1 < len(self.ordinals) else None
        return (self.ordinals[at - 1] if at else None), following


@dataclass(slots=True)
class Item:
    """An event as Exchange keeps it. `words` holds Graph properties that differ from defaults."""

    number: int
    calendar: int
    uid: str
    created: datetime
    modified: datetime
    words: dict[str, Any]
    when: When
    home: ZoneInfo
    version: int = 1
    generation: int = 0
    moves: int = 0
    recurrence: Recurrence | None = None
    exceptions: dict[int, Divergence] = field(default_factory=nothing)
    cancelled: frozenset[int] = frozenset()
    transaction_id: str | None = None
    extended: Extended = field(default_factory=nothing)
    extensions: dict[str, dict[str, Any]] = field(default_factory=nothing)
    expansion: Expansion | None = None
    lone: int = 0  # the original date, for a copy of one occurrence of a series received without it

    @property
    def uid_here(self) -> str:
        """What it is known by in its mailbox: its iCalUId, with the date of a lone occurrence."""
        return f"{self.uid}/{self.lone}" if self.lone else self.uid

    def instances(self, low: int, high: int) -> list[Instance]:
        """What a calendar view from `low` to `high` (UTC seconds) shows of this item."""
        if self.recurrence is None:
            one = Instance(self, 0, self.when.starts, self.when.ends)
            return [one] if one.overlaps(low, high) else []
        found = [self.occurrence(ordinal) for ordinal in self.exceptions]
        if self.when.all_day:
            found += self._days(low, high)
        else:
            length = self.when.length
            found += [
                Instance(self, ordinal, start, start + length)
                for ordinal, start in self.expanded().between(low - length, high)
                if ordinal not in self.exceptions and ordinal not in self.cancelled
            ]
        return sorted((one for one in found if one.overlaps(low, high)), key=_start)

    def _days(self, low: int, high: int) -> list[Instance]:
        # The length of a day in seconds varies where clocks change, so each is worked out.
        slack = self.when.length + 7200
        return [
            self.occurrence(ordinal)
            for ordinal, _ in self.expanded().between(low - slack, high)
            if ordinal not in self.exceptions and ordinal not in self.cancelled
        ]

    def occurrence(self, ordinal: int) -> Instance:
        """The occurrence of one original date, wherever an exception moved it."""
        when = self.when_of(ordinal)
        return Instance(self, ordinal, when.starts, when.ends)

    def when_of(self, ordinal: int) -> When:
        """The time of one occurrence; the item's own time for ordinal 0."""
        if not ordinal:
            return self.when
        if ordinal in self.exceptions:
            return self.exceptions[ordinal].when
        return self.original(ordinal)

    def original(self, ordinal: int) -> When:
        """The time of one occurrence as the series has it, whatever an exception did to it."""
        return self.when.on(date.fromordinal(ordinal), self.home)

    def has(self, ordinal: int) -> bool:
        """Is there (still) an occurrence with this original date?"""
        if self.recurrence is None or ordinal in self.cancelled:
            return False
        return self.expanded().around(ordinal) is not None

    def expanded(self) -> Expansion:
        """The series, worked out once for all who ask."""
        if self.expansion is None:
            if self.recurrence is None:
                raise ValueError("a single event has no occurrences")
            self.expansion = Expansion(self.recurrence, self.when, self.home)
        return self.expansion

    def repattern(self, recurrence: Recurrence | None) -> None:
        """Take a new pattern: exceptions go, and every occurrence gets a new id."""
        self.recurrence = recurrence
        self.generation += 1
        self.exceptions = {} if recurrence else NOTHING
        self.cancelled = frozenset()
        self.expansion = None

    def cancel(self, ordinal: int) -> None:
        """Take one occurrence out of the series."""
        self.exceptions.pop(ordinal, None)
        self.cancelled |= {ordinal}


@dataclass(frozen=True, slots=True)
class Instance:
    """One thing an answer shows: a single event, a master (ordinal 0) or an occurrence."""

    item: Item
    ordinal: int
    starts: int
    ends: int

    def overlaps(self, low: int, high: int) -> bool:
        """Does it touch the span? What takes no time counts at its start."""
        return self.starts < high and (self.ends > low or self.starts >= low)

    @property
    def kind(self) -> str:
        """Graph's event type."""
        if not self.ordinal:
            if self.item.lone:
                return "exception"
            return "seriesMaster" if self.item.recurrence else "singleInstance"
        return "exception" if self.ordinal in self.item.exceptions else "occurrence"

    @property
    def divergence(self) -> Divergence | None:
        """The exception behind it, if it is one."""
        return self.item.exceptions.get(self.ordinal) if self.ordinal else None

    @property
    def version(self) -> int:
        """The number behind change key and etag."""
        return self.divergence.version if self.divergence else self.item.version

    @property
    def words(self) -> dict[str, Any]:
        """Its properties, the exception's own where it has some."""
        return self.divergence.words if self.divergence else self.item.words

    @property
    def extended(self) -> Extended:
        """Its extended properties; an exception has those of its series and its own."""
        divergence = self.divergence
        return {**self.item.extended, **divergence.extended} if divergence else self.item.extended

    @property
    def extensions(self) -> dict[str, dict[str, Any]]:
        """Its open extensions, by name."""
        divergence = self.divergence
        if divergence is None:
            return self.item.extensions
        return {**self.item.extensions, **divergence.extensions}

    @property
    def when(self) -> When:
        """Its time as written."""
        return self.item.when_of(self.ordinal)


def master_of(item: Item) -> Instance:
    """The item itself: the single event or the master of the series."""
    return Instance(item, 0, item.when.starts, item.when.ends)


def _start(instance: Instance) -> int:
    return instance.starts


@lru_cache(maxsize=4096)
def day_text(ordinal: int) -> str:
    """An original date as yyyy-MM-dd."""
    return (date.min + timedelta(days=ordinal - 1)).isoformat()
