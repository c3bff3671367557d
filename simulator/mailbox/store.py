"""A mailbox: its calendars, their items, and every change in order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from simulator.faults.switches import Switchboard
from simulator.mailbox.changes import Change, ChangeLog, Removed, Unit
from simulator.mailbox.ids import CALENDAR, IMMUTABLE, NORMAL, IdMint, ItemId
from simulator.mailbox.item import Instance, Item, master_of
from simulator.notices.news import ChangeType, News
from simulator.refused import Refused, item_not_found
from simulator.zones import zone_named

ROUNDS_REMEMBERED = 8
DELETED_KEPT = 500


@dataclass(slots=True)
class Calendar:
    """One calendar of a mailbox, with its items sorted by start."""

    number: int
    name: str
    color: str = "auto"
    can_edit: bool = True
    singles: list[tuple[int, int]] = field(default_factory=list)
    series: set[int] = field(default_factory=set)
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """The span of a delta round in UTC seconds, frozen in its tokens."""

    calendar: int
    low: int
    high: int


class Mailbox:
    """What one person keeps at Exchange. Callers hold the world's lock."""

    def __init__(
        self, key: str, zone: str, now: Callable[[], datetime], switches: Switchboard
    ) -> None:
        self.key = key  # its owner's object id
        self.zone = zone
        self.now = now
        self.switches = switches
        self.mint = IdMint(key)
        self.calendars: dict[int, Calendar] = {}
        self.items: dict[int, Item] = {}
        self.deleted: dict[int, Item] = {}  # the latest ones, as in Deleted Items
        self.log = ChangeLog()
        self.seq = 1
        self.token_epoch = 1
        self.by_transaction: dict[str, int] = {}
        self.by_uid: dict[str, int] = {}
        self.news: deque[News] | None = None  # kept only while somebody is subscribed
        self._numbers = 0
        self._rounds: dict[tuple[Window, int, int], list[Unit]] = {}

    @property
    def home(self) -> ZoneInfo:
        """The mailbox's own zone."""
        return zone_named(self.zone)

    @property
    def default_calendar(self) -> Calendar:
        """The calendar that /me/calendar means."""
        return next(iter(self.calendars.values()))

    def add_calendar(self, name: str, *, color: str = "auto", can_edit: bool = True) -> Calendar:
        """A further calendar; the first one is the default."""
        calendar = Calendar(len(self.calendars) + 1, name, color, can_edit)
        self.calendars[calendar.number] = calendar
        return calendar

    def calendar_id(self, calendar: Calendar) -> str:
        """Calendars have one constant id each."""
        return self.mint.write(ItemId(CALENDAR, calendar.number))

    def calendar_of(self, text: str) -> Calendar:
        """The calendar with this id."""
        item_id = self._read(text)
        if item_id.kind != CALENDAR or item_id.number not in self.calendars:
            raise item_not_found()
        return self.calendars[item_id.number]

    def next_number(self) -> int:
        """A number never used before in this mailbox."""
        self._numbers += 1
        return self._numbers

    def id_of(self, instance: Instance | Removed, *, immutable: bool) -> str:
        """The id of an item or of one occurrence."""
        if isinstance(instance, Removed):
            number, moves, generation = instance.number, instance.moves, instance.generation
        else:
            item = instance.item
            number, moves, generation = item.number, item.moves, item.generation
        kind, moves = (IMMUTABLE, 0) if immutable else (NORMAL, moves)
        generation = generation if instance.ordinal else 0
        return self.mint.write(ItemId(kind, number, moves, generation, instance.ordinal))

    def find(self, text: str) -> Instance:
        """The event, master or occurrence with this id, in either form; refused when gone."""
        return self._among(self.items, text)

    def find_deleted(self, text: str) -> Instance:
        """Like `find`, among what was deleted lately."""
        return self._among(self.deleted, text)

    def _among(self, items: dict[int, Item], text: str) -> Instance:
        item_id = self._read(text)
        item = items.get(item_id.number) if item_id.kind != CALENDAR else None
        if item is None or (item_id.kind == NORMAL and item_id.moves != item.moves):
            raise item_not_found()
        if not item_id.ordinal:
            return master_of(item)
        if item_id.generation != item.generation or not item.has(item_id.ordinal):
            raise item_not_found()
        return item.occurrence(item_id.ordinal)

    def _read(self, text: str) -> ItemId:
        item_id = self.mint.read(text)
        if item_id is None:
            raise Refused(400, "ErrorInvalidIdMalformed", "Id is malformed.")
        return item_id

    def put(self, item: Item) -> None:
        """Store a new item and log it."""
        self.items[item.number] = item
        self.by_uid[item.uid_here] = item.number
        self._index(item)
        if item.transaction_id:
            self.by_transaction[item.transaction_id] = item.number
        self.touch(item, change="created")

    def touch(self, item: Item, ordinal: int = 0, change: ChangeType = "updated") -> int:
        """Log a change of an item or one occurrence; answers the new version."""
        self.seq += 1
        self.log.add(
            Change(self.seq, item.calendar, item.number, ordinal, item.moves, item.generation)
        )
        if ordinal in item.exceptions:
            item.exceptions[ordinal].version = self.seq
            item.exceptions[ordinal].modified = self.now()
        else:
            item.version = self.seq
            item.modified = self.now()
        if self.news is not None:
            self.news.append(self._news(item, ordinal, change))
        return self.seq

    def _news(self, item: Item, ordinal: int, change: ChangeType) -> News:
        named = Removed(item.number, ordinal, item.moves, item.generation)
        normal, immutable = (self.id_of(named, immutable=form) for form in (False, True))
        place, number, now = item.calendar, item.number, self.now()
        return News(change, "event", place, number, self.seq, normal, immutable, now)

    def rewrite(self, item: Item, change: Callable[[], None]) -> None:
        """Change an item so that the order of the calendar stays right; logged as one change."""
        self._unindex(item)
        try:
            change()
        finally:
            self._index(item)
        self.touch(item)

    def remove(self, item: Item, *, keep: bool = True) -> None:
        """Delete a whole item; it is kept in Deleted Items for a while unless `keep` is off."""
        self._unindex(item)
        del self.items[item.number]
        if self.by_uid.get(item.uid_here) == item.number:
            del self.by_uid[item.uid_here]
        if keep:
            self.deleted[item.number] = item
            if len(self.deleted) > DELETED_KEPT:
                del self.deleted[next(iter(self.deleted))]
        self.by_transaction.pop(item.transaction_id or "", None)
        self.touch(item, change="deleted")

    def move(self, item: Item, calendar: Calendar) -> None:
        """Put an item in another calendar: its normal id changes, its immutable id does not."""
        self.touch(item, change="deleted")
        self._unindex(item)
        item.calendar = calendar.number
        item.moves += 1
        self._index(item)
        self.touch(item, change="created")

    def _index(self, item: Item) -> None:
        calendar = self.calendars[item.calendar]
        if item.recurrence:
            calendar.series.add(item.number)
        else:
            insort(calendar.singles, (item.when.starts, item.number))
            calendar.longest = max(calendar.longest, item.when.length)

    def _unindex(self, item: Item) -> None:
        calendar = self.calendars[item.calendar]
        if item.recurrence:
            calendar.series.discard(item.number)
        else:
            place = bisect_left(calendar.singles, (item.when.starts, item.number))
            del calendar.singles[place]

    def _touching(self, calendar: Calendar, low: int, high: int) -> Iterator[list[Instance]]:
        first = bisect_left(calendar.singles, (low - calendar.longest, 0))
        last = bisect_left(calendar.singles, (high, 0))
        for _, number in calendar.singles[first:last]:
            yield self.items[number].instances(low, high)
        for number in calendar.series:
            yield self.items[number].instances(low, high)

    def view(self, calendar: Calendar, low: int, high: int) -> list[Instance]:
        """Single events and occurrences that touch the span (UTC seconds), by start."""
        found = [one for some in self._touching(calendar, low, high) for one in some]
        return sorted(found, key=lambda one: (one.starts, one.item.number))

    def round(self, window: Window, since: int) -> list[Unit]:
        """What a delta round sends: everything when `since` is 0, else what changed later."""
        key = (window, since, self.seq)
        if key not in self._rounds:
            while len(self._rounds) >= ROUNDS_REMEMBERED:
                self._rounds.pop(next(iter(self._rounds)))
            self._rounds[key] = self._changed(window, since) if since else self._full(window)
        return self._rounds[key]

    def _full(self, window: Window) -> list[Unit]:
        calendar = self.calendars[window.calendar]
        found = self._touching(calendar, window.low, window.high)
        units = (_unit(instances) for instances in found if instances)
        return sorted(units, key=lambda unit: unit.number)

    def _changed(self, window: Window, since: int) -> list[Unit]:
        changed = self.log.since(since, window.calendar)
        return [
            Unit(number, self._resent(window, number, changes))
            for number, changes in sorted(changed.items())
        ]

    def _resent(
        self, window: Window, number: int, changes: list[Change]
    ) -> list[Instance | Removed]:
        item, last = self.items.get(number), changes[-1]
        gone: list[Instance | Removed] = [Removed(number, 0, last.moves, 0)]
        if item is None or item.calendar != window.calendar:
            return gone
        instances = item.instances(window.low, window.high)
        if not item.recurrence:
            return list(instances) or gone
        touched = {change.ordinal for change in changes}
        # An exception that left the window is reported as removed, like any event that left it.
        left: list[Instance | Removed] = [
            Removed(number, ordinal, item.moves, item.generation)
            for ordinal in touched & set(item.exceptions)
            if all(one.ordinal != ordinal for one in instances)
        ]
        resend = self.switches.position("delta.resend", self.key)
        if 0 not in touched and resend != "series":
            chosen = [one for one in instances if one.ordinal in touched]
            with_master = resend == "master_and_exception"
            return [*([master_of(item)] if with_master else []), *chosen, *left]
        return [*_unit(instances).entries, *left] if instances else gone + left


def _unit(instances: list[Instance]) -> Unit:
    item = instances[0].item
    if item.recurrence:
        return Unit(item.number, [master_of(item), *instances])
    return Unit(item.number, list(instances))
