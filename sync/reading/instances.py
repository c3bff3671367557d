"""The list of a series' instances, and whether it can be one of the series as its id tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from m365.remote import RemoteEvent
from portal import links
from portal.cache import OCCURRENCE
from portal.recurrence import has_day
from sync.judging.content import Content
from sync.judging.occurrence import Seen, day_of, of_instance
from sync.turn import Turn


@dataclass(frozen=True, slots=True)
class Series:
    """One linked series as it was when its turn came."""

    link_id: int
    graph_id: str
    change_key: str
    former_keys: tuple[str, ...]
    called_off: frozenset[date]  # the days that Outlook no longer had at the last look
    since: datetime
    until: datetime
    zone: str  # of the meeting; used where Microsoft's name for theirs says nothing
    mailbox_zone: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of instances, by original day; None: there, but not to be understood.

    `is_whole`: every instance says its day, so what is not listed is not there. `is_old`: it is
    from before our last write.
    """

    by_day: Mapping[date, Seen | None]
    is_whole: bool
    is_old: bool

    @property
    def plain(self) -> list[Seen]:
        return [one for one in self.by_day.values() if one is not None and one.is_plain]


def listed(turn: Turn, series: Series, theirs: Content, since: datetime, until: datetime) -> Listed:
    by_day: dict[date, Seen | None] = {}
    whole, old = True, False
    zone = zone_of_days(series, theirs)
    for page in turn.graph.instances(series.graph_id, since, until):
        whole = whole and not page.broken
        for event in page.items:
            if not isinstance(event, RemoteEvent):
                continue
            old = old or (event.kind == OCCURRENCE and event.change_key in series.former_keys)
            day = day_of(event, zone)
            if day is None:
                whole = False
            else:
                by_day[day] = as_seen(event, theirs, day)
    return Listed(by_day, whole, old)


def zone_of_days(series: Series, theirs: Content) -> str:
    return (series.mailbox_zone if theirs.all_day else None) or theirs.zone or "UTC"


def as_seen(event: RemoteEvent, theirs: Content, day: date) -> Seen | None:
    found = of_instance(event, theirs, day)
    if found is None:
        return None
    is_plain = event.kind == OCCURRENCE
    return Seen(found, event.change_key, is_plain=is_plain, modified=event.modified)


def is_changed_lately(near: Listed, master: RemoteEvent, turn: Turn) -> bool:
    """Whether the series was changed so lately, whoever did it, that a list may be older, or an
    answer by id older than the list.
    """
    moments = [one.modified for one in near.plain] + [master.modified]
    return any(one is not None and abs(turn.now() - one) < links.LAG for one in moments)


def fits(
    near: Listed, series: Series, master: RemoteEvent, theirs: Content, days: Iterable[date]
) -> bool:
    """Whether the list can be one of the series as it is by id: it shows no day that this has not,
    and what is no exception has its version. An exception's key tells nothing of that, so where
    there are only such, no day may be missing.
    """
    rhythm, left = theirs.recurrence, set(days)
    if master.change_key == series.change_key:
        left -= series.called_off
    if rhythm is None or not all(has_day(rhythm, day) for day in near.by_day.keys() - left):
        return False
    if not near.plain:
        return left <= near.by_day.keys()
    return all(
        one.key == master.change_key or one.modified in (None, master.modified)
        for one in near.plain
    )
