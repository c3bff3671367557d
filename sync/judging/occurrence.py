"""One occurrence of a series, as far as it is not as the series says. Pure.

Both sides' versions are compared as differences from the series: a renamed series takes along
every occurrence that has no name of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from m365.remote import RemoteEvent
from portal import links, recurrence
from portal.tables import Meeting, MeetingException
from sync.judging.content import LOCATION, TIME, TITLE, Content, midnight, span_of, trimmed
from sync.judging.judge import Units, Verdict, judge

CANCELLED = "cancelled"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    CANCELLED: ("cancelled",),
    TITLE: ("title",),
    TIME: ("starts", "ends"),
    LOCATION: ("location",),
}
UNITS = frozenset(_FIELDS)
SENT_KEPT = 5  # versions that may have reached Microsoft


@dataclass(frozen=True, slots=True)
class Difference:
    """One side's version of one occurrence; None: as the series has it."""

    cancelled: bool = False
    title: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    location: str | None = None

    def unit(self, name: str) -> tuple[object, ...]:
        return tuple(getattr(self, field) for field in _FIELDS[name])

    def differs(self) -> bool:
        return self not in (AS_THE_SERIES, CALLED_OFF)

    def stored(self) -> dict[str, Any]:
        """Only what differs, as JSON."""
        said = {field: getattr(self, field) for field in Difference.__slots__}
        moments = {field: said[field].isoformat() for field in ("starts", "ends") if said[field]}
        return {field: value for field, value in said.items() if value not in (None, False)} | (
            moments
        )


AS_THE_SERIES = Difference()
CALLED_OFF = Difference(cancelled=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """What Microsoft shows of one occurrence; without a key it shows none. `is_plain`: it is no
    exception of the series. `modified`: when it was changed last, UTC.
    """

    theirs: Difference
    key: str | None
    is_plain: bool = False
    modified: datetime | None = None

    def gives_way_to(self, other: "Seen") -> bool:
        """Whether the other copy is at least as new; one that is called off stays so."""
        if self.theirs.cancelled or self.modified is None or other.modified is None:
            return False
        return self.modified <= other.modified


def restored(stored: Mapping[str, Any] | None) -> Difference:
    held = dict(stored or {})
    for field in ("starts", "ends"):
        if field in held:
            held[field] = datetime.fromisoformat(held[field])
    return Difference(**held)


@dataclass(frozen=True, slots=True)
class Base:
    """What both sides last agreed on about one occurrence.

    `key`: its change key then; `former`: keys of copies that our own writes have replaced, the
    last one at `at`; `sent`: what was sent since and may have been done; `lost`: how often
    Microsoft confirmed a write and did not keep it; `modified`: when the version that is known
    came about, by Microsoft's clock.
    """

    ours: Difference = AS_THE_SERIES
    theirs: Difference = AS_THE_SERIES
    key: str | None = None
    former: tuple[str, ...] = ()
    sent: tuple[Difference, ...] = ()
    at: datetime | None = None
    lost: int = 0
    modified: datetime | None = None

    def stored(self) -> dict[str, Any]:
        return {
            "ours": self.ours.stored(),
            "theirs": self.theirs.stored(),
            "key": self.key,
            "former": list(self.former),
            "sent": [one.stored() for one in self.sent],
            "at": None if self.at is None else self.at.isoformat(),
            "lost": self.lost,
            "modified": None if self.modified is None else self.modified.isoformat(),
        }

    def says_nothing(self) -> bool:
        return replace(self, key=None, at=None, modified=None) == Base()

    def sending(self, version: Difference) -> "Base":
        kept = [one for one in self.sent if one != version]
        return replace(self, sent=(*kept, version)[-SENT_KEPT:])

    def written(
        self,
        ours: Difference,
        theirs: Difference,
        *,
        key: str | None,
        replaced: str | None,
        now: datetime,
        modified: datetime | None = None,
    ) -> "Base":
        """After our own write: what we held before it is old news when it comes again."""
        keys = [one for one in (replaced, self.key, *self.former) if one and one != key]
        former = tuple(dict.fromkeys(keys))[: links.FORMER_KEYS]
        known = modified or self.modified
        return Base(ours, theirs, key, former, at=now, lost=self.lost, modified=known)

    def precedes(self, seen: "Seen") -> bool:
        """Whether this copy is from before our last write."""
        if self.theirs.cancelled and self.at is not None:  # Microsoft said nothing of its version
            older = seen.modified is None or seen.modified <= self.at
            return seen.key in self.former or (older and not seen.theirs.cancelled)
        undone = seen.is_plain and seen.key == self.key and self.theirs.differs()
        return seen.key in self.former or (undone and self.at is not None)

    def is_late(self, seen: "Seen", now: datetime) -> bool:
        """Whether it is from before our last write, or what is known, and may just be late."""
        replaced = self.precedes(seen) and self.at is not None and now - self.at < links.LAG
        is_known = self.key is not None and seen.key == self.key
        if replaced or is_known or self.modified is None or seen.modified is None:
            return replaced
        return seen.modified < self.modified and abs(now - self.modified) < links.LAG

    def was_lost(self, seen: "Seen", now: datetime) -> bool:
        """Whether our last write, though confirmed, is nowhere to be seen."""
        kept = self.theirs.cancelled  # there is nothing to be seen of it
        return self.precedes(seen) and not self.is_late(seen, now) and not kept


def base_from(stored: Mapping[str, Any]) -> Base:
    return Base(
        ours=restored(stored.get("ours")),
        theirs=restored(stored.get("theirs")),
        key=stored.get("key"),
        former=tuple(stored.get("former", ())),
        sent=tuple(restored(one) for one in stored.get("sent", ())),
        at=datetime.fromisoformat(stored["at"]) if stored.get("at") else None,
        lost=stored.get("lost", 0),
        modified=datetime.fromisoformat(stored["modified"]) if stored.get("modified") else None,
    )


def of_exception(meeting: Meeting, row: MeetingException | None) -> Difference:
    """Our version. Of an all-day series the times are midnights in UTC, as in its content."""
    if row is None:
        return AS_THE_SERIES
    if row.cancelled:
        return CALLED_OFF
    starts, ends = row.starts_at, row.ends_at
    if meeting.all_day and starts is not None and ends is not None:
        zone = ZoneInfo(meeting.zone)
        starts = midnight(starts.astimezone(zone).date())
        ends = midnight(ends.astimezone(zone).date())
    location = row.location
    if location is not None:
        location = location or meeting.join_url or ""  # as the series' own
    return Difference(title=row.title, starts=starts, ends=ends, location=location)


def of_instance(event: RemoteEvent, series: Content, day: date) -> Difference | None:
    """Their version; `series` as they have it. None when the event does not say when it is."""
    if event.is_cancelled:
        return CALLED_OFF
    if event.kind != "exception":
        return AS_THE_SERIES
    span = _span(event, series)
    if span is None:
        return None
    expected = midnight(day) if series.all_day else event.original_start or start_of(series, day)
    moved = span != (expected, expected + (series.ends - series.starts))
    title, location = event.title or "", event.location or ""
    return Difference(
        title=None if title == series.title else title,
        starts=span[0] if moved else None,
        ends=span[1] if moved else None,
        location=None if location == series.location else location,
    )


def _span(event: RemoteEvent, series: Content) -> tuple[datetime, datetime] | None:
    starts, ends = span_of(event)
    if starts is None or ends is None:
        return None
    if event.all_day and not series.all_day:  # one whole day of a series that has hours
        zone = ZoneInfo(series.zone or "UTC")
        return starts.replace(tzinfo=zone), ends.replace(tzinfo=zone)
    return starts, ends


def start_of(series: Content, day: date) -> datetime:
    """When the series means its occurrence of this day to begin."""
    if series.all_day:
        return midnight(day)
    zone = ZoneInfo(series.zone or "UTC")
    return recurrence.start_on(day, series.starts.astimezone(zone).time(), zone)


def day_of(event: RemoteEvent, zone: str) -> date | None:
    """The original day of an instance; None when it does not say. `zone`: of the series, or of
    the mailbox where the series is all-day: its days begin there.
    """
    if event.original_day is not None:
        return event.original_day
    if event.original_start is None:
        return None
    return event.original_start.astimezone(ZoneInfo(zone)).date()


def moved(side: Difference, base: Difference) -> Units:
    """The units that are no longer as they were agreed."""
    return frozenset(unit for unit in UNITS if side.unit(unit) != base.unit(unit))


def _agreed(ours: Difference, theirs: Difference) -> Units:
    """The units on which both sides say the same, but for blanks at the edges of a text."""
    return frozenset(
        unit for unit in UNITS if trimmed(ours.unit(unit)) == trimmed(theirs.unit(unit))
    )


def with_units(side: Difference, other: Difference, units: Units) -> Difference:
    """This side, saying in these units what the other one says."""
    fields = {field: getattr(other, field) for unit in units for field in _FIELDS[unit]}
    found = replace(side, **fields)
    return CALLED_OFF if found.cancelled else found


def judge_occurrence(
    base: Base, ours: Difference, theirs: Difference, *, outlook_wins: bool
) -> Verdict:
    """Called off by a person here: it stays so. Gone in Outlook: it is gone, as Microsoft has no
    way to bring one back; what was changed here is then a conflict. Else unit by unit.
    """
    ours_moved, theirs_moved = moved(ours, base.ours), moved(theirs, base.theirs)
    none: Units = frozenset()
    if ours.cancelled and theirs.cancelled:
        return Verdict(take=none, send=none, conflicts=none)
    if ours.cancelled and CANCELLED in ours_moved:
        return Verdict(take=none, send=frozenset({CANCELLED}), conflicts=theirs_moved)
    if theirs.cancelled:
        lost = CANCELLED in theirs_moved or CANCELLED in ours_moved
        take = frozenset({CANCELLED}) if lost else none
        return Verdict(take=take, send=none, conflicts=ours_moved - {CANCELLED})
    agreed = _agreed(ours, theirs)
    return judge(
        ours_moved=ours_moved,
        theirs_moved=theirs_moved,
        agreed=agreed,
        outlook_wins=outlook_wins,
    )


def without_echoes(base: Base, theirs: Difference) -> Base:
    """With our own writes in it whose answers were lost: they are no edit of theirs, whatever was
    changed here since.
    """
    for sent in base.sent:
        said = moved(sent, base.ours) & _agreed(sent, theirs)
        base = replace(
            base,
            ours=with_units(base.ours, sent, said),
            theirs=with_units(base.theirs, theirs, said),
        )
    return base
