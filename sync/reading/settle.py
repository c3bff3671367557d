"""Settling: a candidate is only gone when Microsoft, asked for it by name, says so."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from m365.errors import BadAnswer, Gone, NoMailbox, Refused
from m365.remote import RemoteEvent
from portal import cache, calendars, links, windows
from portal.tables import Calendar
from sync.judging import inbound
from sync.reading.describe import describe
from sync.reading.pull import MARGIN, write_events
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_GETS = 20  # beyond that a list of the window sorts out what is still there


@dataclass(frozen=True, slots=True)
class _Candidate:
    graph_id: str
    series_id: str | None
    home_id: int
    starts_at: datetime  # of its window
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class _Place:
    """The calendar whose candidates are settled, by our id and Microsoft's."""

    calendar_id: int
    graph_id: str


def settle(turn: Turn, calendar_id: int, graph_id: str) -> None:
    """Decides every candidate of a calendar, as far as the turn goes; the rest stay in doubt."""
    place = _Place(calendar_id, graph_id)
    by_series: dict[tuple[str, int], list[_Candidate]] = defaultdict(list)
    singles = []
    for candidate in _candidates(turn, calendar_id):
        if candidate.series_id is not None:
            by_series[candidate.series_id, candidate.home_id].append(candidate)
        else:
            singles.append(candidate)
    for (series_id, _home), members in by_series.items():
        if turn.is_over():
            return
        _settle_series(turn, place, series_id, members)
    if len(singles) > MOST_GETS:
        singles = _sort_out(turn, place, singles)
    for candidate in singles:
        if turn.is_over():
            return
        _settle_single(turn, place, candidate.graph_id)


def _candidates(turn: Turn, calendar_id: int) -> list[_Candidate]:
    with turn.database.reading() as db:
        return [
            _Candidate(
                graph_id=row.graph_id,
                series_id=row.series_id,
                home_id=window.id,
                starts_at=window.starts_at,
                ends_at=window.ends_at,
            )
            for row, window in cache.doubted(db, calendar_id)
        ]


def _settle_series(turn: Turn, place: _Place, series_id: str, members: list[_Candidate]) -> None:
    """One list of the series' instances over the window decides about all of its candidates."""
    ids = [member.graph_id for member in members]
    if _where(turn, place, series_id) != place.calendar_id:
        _record(turn, place.calendar_id, [], ids)
        return
    try:
        found, unreadable = _instances(turn, series_id, members[0])
    except (BadAnswer, Refused) as error:
        _leave(turn, place, ids, error)
        return
    there = {event.graph_id for event in found} | unreadable
    gone = [graph_id for graph_id in ids if graph_id not in there]
    if None in unreadable:  # it could be any of them
        gone = []
    _record(turn, place.calendar_id, found, gone)
    with turn.writing() as db:
        cache.trust(db, place.calendar_id, set(ids) - set(gone))
        if gone:
            # A missing occurrence may have been moved into a quarter that is looked at rarely.
            windows.all_due(db, place.calendar_id, now=turn.now())


def _instances(
    turn: Turn, series_id: str, span: _Candidate
) -> tuple[list[RemoteEvent], set[str | None]]:
    """What the series has in this window, and ids of what could not be read."""
    found: list[RemoteEvent] = []
    unreadable: set[str | None] = set()
    try:
        for page in turn.graph.instances(series_id, span.starts_at - MARGIN, span.ends_at + MARGIN):
            found += [item for item in page.items if isinstance(item, RemoteEvent)]
            unreadable.update(page.broken)
    except Gone:
        return [], set()
    except Refused:
        event = turn.graph.event(series_id)
        if event.kind != cache.SINGLE:
            raise
        return [event], set()  # it repeats no more
    return found, unreadable


def _sort_out(turn: Turn, place: _Place, singles: list[_Candidate]) -> list[_Candidate]:
    """What a list of the windows still shows is there; the others are asked for one by one."""
    there: set[str] = set()
    for start, end in sorted({(one.starts_at, one.ends_at) for one in singles}):
        found: list[RemoteEvent] = []
        for page in turn.graph.view(place.graph_id, start - MARGIN, end + MARGIN):
            found += [item for item in page.items if isinstance(item, RemoteEvent)]
        _record(
            turn, place.calendar_id, [event for event in found if event.kind == cache.SINGLE], []
        )
        there |= {event.graph_id for event in found}
    return [one for one in singles if one.graph_id not in there]


def _settle_single(turn: Turn, place: _Place, graph_id: str) -> None:
    try:
        event = turn.graph.event(graph_id)
    except Gone:
        _record(turn, place.calendar_id, [], [graph_id])
        return
    except (BadAnswer, Refused) as error:
        _leave(turn, place, [graph_id], error)
        return
    found_in = None if event.is_cancelled else _where(turn, place, graph_id)
    if found_in is None:
        _record(turn, place.calendar_id, [], [graph_id])
    elif found_in == place.calendar_id:
        _record(turn, place.calendar_id, [event], [])
    else:
        _record_moved(turn, place, event, found_in)


def _where(turn: Turn, place: _Place, graph_id: str) -> int | None:
    """Our id of the calendar an event lies in; None when it is in none of the mailbox's."""
    try:
        holder = turn.graph.calendar_id_of(graph_id)
    except Gone:
        return None
    if holder == place.graph_id:
        return place.calendar_id
    calendar = _known(turn, holder)
    if calendar is None:
        describe(turn)  # a new calendar, perhaps
        calendar = _known(turn, holder)
    return None if calendar is None else calendar.id


def _known(turn: Turn, graph_id: str) -> Calendar | None:
    with turn.database.reading() as db:
        return calendars.by_graph_id(db, turn.claim.connection_id, graph_id)


def _record(turn: Turn, calendar_id: int, found: list[RemoteEvent], gone: list[str]) -> None:
    with turn.writing() as db:
        inbound.judge_events(db, turn, calendar_id, write_events(db, calendar_id, found))
        for link in links.of_events(db, calendar_id, gone):
            inbound.gone(db, turn, link)
        cache.remove(db, calendar_id, gone)
    if gone:
        log.info("events gone calendar=%d count=%d", calendar_id, len(gone))


def _record_moved(turn: Turn, place: _Place, event: RemoteEvent, calendar_id: int) -> None:
    """The event is in another calendar now: it leaves this one, and its meeting follows it."""
    with turn.writing() as db:
        for link in links.of_events(db, place.calendar_id, [event.graph_id]):
            links.follow(db, link, calendar_id)
        cache.remove(db, place.calendar_id, [event.graph_id])
        inbound.judge_events(db, turn, calendar_id, [event])
        windows.all_due(db, calendar_id, now=turn.now())
    log.info("event moved calendar=%d to=%d", place.calendar_id, calendar_id)


def _leave(turn: Turn, place: _Place, graph_ids: list[str], error: BadAnswer | Refused) -> None:
    """Microsoft does not say that they are gone: they stay, and nobody is asked again."""
    if isinstance(error, NoMailbox):
        raise error
    with turn.writing() as db:
        cache.trust(db, place.calendar_id, graph_ids)
    log.warning("events unsettled calendar=%d code=%s", place.calendar_id, error.code)
