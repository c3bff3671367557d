"""A mailbox: its calendars, their items, and every change in order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import ChainMap, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.faults.switches import Switchboard
from simulator.mailbox.changes import Change, ChangeLog, Removed
from simulator.mailbox.contacts import AddressBook, ContactChange
from simulator.mailbox.hindsight import Hindsight
from simulator.mailbox.ids import CALENDAR, IMMUTABLE, NORMAL, IdMint, ItemId
from simulator.mailbox.item import Instance, Item, master_of
from simulator.mailbox.reader import Reader
from simulator.notices.news import ChangeType, News
from simulator.refused import bad_id, item_not_found
from simulator.zones import zone_named

DELETED_KEPT = 500


@dataclass(slots=True)
class Calendar:
    """One calendar of a mailbox, with its items sorted by start."""

    number: int
    name: str
    color: str = "auto"
    can_edit: bool = True
    everyone: str = "none"  # what colleagues may see without a share of their own
    shares: dict[str, str] = field(default_factory=dict)  # address, small letters -> role
    version: int = 0
    singles: list[tuple[int, int]] = field(default_factory=list)
    series: set[int] = field(default_factory=set)
    longest: int = 0
    moves: int = 0  # how often its id has changed


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
        self.contacts = AddressBook(self.mint, now, self._contact_news)
        self.settings: dict[str, Any] = {}
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
        self.rounds_begun = 0
        self._calendar_numbers = 0
        self.mounts: dict[int, tuple[str, int]] = {}  # calendars of others: owner and number there
        self.hindsight = Hindsight(key, now, switches)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.contacts.heard = self._contact_news

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
        everyone = "none" if self.calendars else "freeBusyRead"
        calendar = Calendar(self.next_calendar_number(), name, color, can_edit, everyone)
        self.calendars[calendar.number] = calendar
        return calendar

    def remove_calendar(self, calendar: Calendar) -> None:
        """Forget a calendar whose events are gone, with what Deleted Items kept of it."""
        del self.calendars[calendar.number]
        kept = {key: each for key, each in self.deleted.items() if each.calendar in self.calendars}
        self.deleted = kept

    def next_calendar_number(self) -> int:
        """A number for one more calendar, own or shared."""
        self._calendar_numbers += 1
        return self._calendar_numbers

    def calendar_id(self, calendar: Calendar) -> str:
        """A calendar's id, which hardly ever changes."""
        return self.mint.write(ItemId(CALENDAR, calendar.number, calendar.moves))

    def calendar_named(self, name: str | None) -> Calendar:
        """The calendar of this name; the default one for None."""
        if name is None:
            return self.default_calendar
        return next(each for each in self.calendars.values() if each.name == name)

    def calendar_of(self, text: str | None) -> Calendar:
        """The calendar with this id; the default one for None."""
        if text is None:
            return self.default_calendar
        item_id = self._read(text)
        calendar = self.calendars.get(item_id.number) if item_id.kind == CALENDAR else None
        if calendar is None or item_id.moves != calendar.moves:
            raise item_not_found()
        return calendar

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

    def find_as_read(self, text: str) -> Instance:
        """Like `find`, as a GET sees it: a switch may show an earlier version for a while."""
        earlier = self.reader("reads.stale").earlier
        known = {number: item for number, item in earlier.items() if item is not None}
        return self._among(ChainMap(known, self.items) if known else self.items, text)

    def find_deleted(self, text: str) -> Instance:
        """Like `find`, among what was deleted lately."""
        return self._among(self.deleted, text)

    def _among(self, items: Mapping[int, Item], text: str) -> Instance:
        item_id = self._read(text)
        item = items.get(item_id.number) if item_id.kind in (NORMAL, IMMUTABLE) else None
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
            raise bad_id()
        return item_id

    def put(self, item: Item) -> None:
        """Store a new item and log it."""
        self.hindsight.remember(item.number, None)
        self.items[item.number] = item
        self.by_uid[item.uid_here] = item.number
        self._index(item)
        if item.transaction_id:
            self.by_transaction[item.transaction_id] = item.number
        self.touch(item, change="created")

    def stock(self, item: Item) -> None:
        """Store an item that is there from the beginning: no round tells of it as of a change."""
        self.seq += 1
        item.version = self.seq
        self.items[item.number] = item
        self.by_uid[item.uid_here] = item.number
        self._index(item)
        self.log.forgotten = self.seq

    def touch(self, item: Item, ordinal: int = 0, change: ChangeType = "updated") -> int:
        """Log a change of an item or one occurrence; answers the new version."""
        self.restamp(item, ordinal)
        self.log.add(
            Change(self.seq, item.calendar, item.number, ordinal, item.moves, item.generation)
        )
        if self.news is not None:
            self.news.append(self._news(item, ordinal, change))
        self.hindsight.note(self.seq, item.number)
        return self.seq

    def restamp(self, item: Item, ordinal: int = 0) -> None:
        """Give an item or one occurrence another version, without a word in the log."""
        self.seq += 1
        if ordinal in item.exceptions:
            item.exceptions[ordinal].version = self.seq
            item.exceptions[ordinal].modified = self.now()
        else:
            item.version = self.seq
            item.modified = self.now()

    def _news(self, item: Item, ordinal: int, change: ChangeType) -> News:
        named = Removed(item.number, ordinal, item.moves, item.generation)
        normal, immutable = (self.id_of(named, immutable=form) for form in (False, True))
        place, number, now = item.calendar, item.number, self.now()
        return News(change, "event", place, number, self.seq, normal, immutable, now)

    def _contact_news(self, change: ContactChange) -> None:
        if self.news is None:
            return
        named = (
            self.contacts.contact_id(change.contact, change.moves, immutable=form)
            for form in (False, True)
        )
        normal, immutable = named
        folder, number, now = change.folder, change.contact, self.now()
        self.news.append(
            News(change.kind, "contact", folder, number, change.seq, normal, immutable, now)
        )

    def remember(self, item: Item) -> None:
        """Call this before changing an item that `touch` then logs: slow readers see it so."""
        self.hindsight.remember(item.number, item)

    def rewrite(self, item: Item, change: Callable[[], None]) -> None:
        """Change an item so that the order of the calendar stays right; logged as one change."""
        self.remember(item)
        self._unindex(item)
        try:
            change()
        finally:
            self._index(item)
        self.touch(item)

    def remove(self, item: Item, *, keep: bool = True) -> None:
        """Delete a whole item; it is kept in Deleted Items for a while unless `keep` is off."""
        self.remember(item)
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
        self.remember(item)
        self.touch(item, change="deleted")
        self.remember(item)
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

    def reader(self, lag: str = "reads.delay") -> Reader:
        """The mailbox as callers of Graph see it; a switch may let them lag behind."""
        return Reader(self, self.hindsight.seen(lag, self.seq))

    def view(self, calendar: Calendar, low: int, high: int) -> list[Instance]:
        """Single events and occurrences that touch the span (UTC seconds), by start."""
        return Reader(self, self.seq).view(calendar, low, high)
