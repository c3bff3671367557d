"""Where the entries of a week stand: bars for whole days, blocks for hours, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

QUARTER = timedelta(minutes=15)
QUARTERS = 96
LEAST = 2  # quarters; what is shorter could not be read or clicked
MOST_LANES = 8
ROOMY_LANES = 3  # with more of them, titles run downwards
SHORT = 2  # quarters
MORNING = 7  # the hour from which a quarter has its full height
DAY = timedelta(days=1)
SAID = {
    "tentative": "tentative", "unanswered": "not answered", "declined": "declined",
    "cancelled": "cancelled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page shows of an event. Times are wall-clock times of the mailbox's zone."""

    id: str
    title: str
    starts: datetime
    ends: datetime
    all_day: bool
    place: str
    color: str
    state: str  # "", tentative, unanswered, declined, cancelled
    free: bool
    marks: tuple[str, ...]  # repeats, online, private
    movable: bool

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last date."""
        last = self.ends - timedelta(microseconds=1) if self.ends > self.starts else self.ends
        return self.starts.date(), last.date()

    @property
    def as_bar(self) -> bool:
        """Does it stand above the hours?"""
        return self.all_day or self.ends - self.starts >= DAY

    @property
    def more(self) -> str:
        """What else is worth a word."""
        said = (self.place, SAID.get(self.state, ""), *self.marks)
        return " · ".join(word for word in said if word)

    @property
    def begin(self) -> str:
        """When it begins, in words."""
        first, last = self.days
        if self.all_day:
            return "All day" if first == last else f"{first:%a %-d %b}"
        return f"{self.starts:%H:%M}" if first == last else f"{self.starts:%a %H:%M}"

    @property
    def till(self) -> str:
        """What follows the beginning: until when."""
        first, last = self.days
        ends = f"{self.ends:%H:%M}" if last == self.ends.date() else "24:00"
        if self.all_day:
            return "" if first == last else f" – {last:%a %-d %b}"
        return f"–{ends}" if first == last else f" – {last:%a} {ends}"


@dataclass(frozen=True, slots=True)
class Bar:
    """An entry above the hours: its first column, 1 to 7, and how many it covers."""

    entry: Entry
    first: int
    columns: int


@dataclass(frozen=True, slots=True)
class Block:
    """An entry in one day's hours: its first quarter, its quarters, and its lane of how many."""

    entry: Entry
    first: int
    quarters: int
    lane: int = 1
    lanes: int = 1

    @property
    def slim(self) -> bool:
        """Is there no room for words side by side?"""
        return self.lanes > ROOMY_LANES

    @property
    def short(self) -> bool:
        """Is there room for one line only?"""
        return self.quarters <= SHORT or (self.entry.starts.hour < MORNING and self.quarters <= 4)


@dataclass(frozen=True, slots=True)
class Day:
    """One column of the week."""

    date: date
    now: int | None  # the quarter of the present moment, today
    blocks: list[Block]

    @property
    def today(self) -> bool:
        """Is it today?"""
        return self.now is not None


def bars(entries: list[Entry], monday: date) -> list[Bar]:
    """What stands above the hours of a week, longest first from the left."""
    found = [_bar(each, monday) for each in entries if each.as_bar]
    return sorted(found, key=lambda bar: (bar.first, -bar.columns, bar.entry.title))


def _bar(entry: Entry, monday: date) -> Bar:
    first, last = ((day - monday).days for day in entry.days)
    first, last = max(first, 0), min(last, 6)
    return Bar(entry, first + 1, last - first + 1)


def day_of(entries: list[Entry], day: date, *, now: datetime) -> Day:
    """One day's hours, overlapping entries side by side; `now` is local."""
    shown = [_block(each, day) for each in entries if not each.as_bar and _touches(each, day)]
    shown.sort(key=lambda block: (block.first, -block.quarters, block.entry.title))
    quarter = (now - datetime.combine(day, time())) // QUARTER if now.date() == day else None
    return Day(day, quarter, [block for group in _groups(shown) for block in _in_lanes(group)])


def _touches(entry: Entry, day: date) -> bool:
    first, last = entry.days
    return first <= day <= last


def _block(entry: Entry, day: date) -> Block:
    midnight = datetime.combine(day, time())
    low = max(entry.starts - midnight, timedelta()) // QUARTER
    high = -(-min(entry.ends - midnight, DAY) // QUARTER)
    first = min(low, QUARTERS - LEAST)
    return Block(entry, first, max(high - first, LEAST))


def _groups(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks that overlap, directly or through others."""
    group: list[Block] = []
    end = 0
    for block in blocks:
        if group and block.first >= end:
            yield group
            group, end = [], 0
        group.append(block)
        end = max(end, block.first + block.quarters)
    if group:
        yield group


def _in_lanes(group: list[Block]) -> list[Block]:
    ends: list[int] = []
    lanes = []
    for block in group:
        lane = next((at for at, end in enumerate(ends) if end <= block.first), len(ends))
        if lane == len(ends):
            ends.append(0)
        ends[lane] = block.first + block.quarters
        lanes.append(lane)
    count = min(len(ends), MOST_LANES)
    return [
        Block(block.entry, block.first, block.quarters, min(lane + 1, count), count)
        for block, lane in zip(group, lanes, strict=True)
    ]
