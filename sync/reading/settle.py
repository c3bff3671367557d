"""Settling: a candidate is only gone when Microsoft, asked for it by name, says so."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from m365.errors import BadAnswer, Gone, NoMailbox, Refused
from m365.remote import RemoteEvent
from portal import cache, held_events, links, windows
from portal.tables import Event
from sync.reading import verdict
from sync.reading.pull import MARGIN
from sync.reading.single import about_one
from sync.reading.verdict import Place
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


def settle(turn: Turn, place: Place) -> None:
    """Decides every candidate of a calendar, as far as the turn goes; the rest stay in doubt."""
    by_series: dict[tuple[str, int], list[_Candidate]] = defaultdict(list)
    singles = []
    for candidate in _candidates(turn, place):
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
        _settle_single(turn, place, candidate.graph_id)
        if turn.is_over():  # after one at least: the lists alone may have taken the whole turn
            return


def _candidates(turn: Turn, place: Place) -> list[_Candidate]:
    """An exception of a series that nobody knows is asked for by its own id."""
    with turn.database.reading() as db:
        found = cache.doubted(db, place.calendar_id)
        named = {row.series_id for row, _window in found if row.series_id}
        known = {row.graph_id for row in cache.masters(db, place.calendar_id, named)}
        return [
            _Candidate(
                graph_id=row.graph_id,
                series_id=None if _is_orphan(row, known) else row.series_id,
                home_id=window.id,
                starts_at=window.starts_at,
                ends_at=window.ends_at,
            )
            for row, window in found
        ]


def _is_orphan(row: Event, known: set[str]) -> bool:
    return row.kind == cache.EXCEPTION and row.series_id not in known


def _settle_series(turn: Turn, place: Place, series_id: str, members: list[_Candidate]) -> None:
    """One list of the series' instances over the window decides about all of its candidates."""
    ids = [member.graph_id for member in members]
    try:
        where = verdict.calendar_of(turn, series_id)
        if where == place.calendar_id:
            found, unreadable = about_one(turn, lambda: _instances(turn, series_id, members[0]))
    except (BadAnswer, Refused) as error:
        if error.code == verdict.UNKNOWN and verdict.is_no_news(turn, place, series_id):
            verdict.series_gone(turn, place, series_id)
        else:
            # The series itself as well: it is what a meeting hangs on.
            verdict.hold(turn, place, [series_id, *ids], error)
            _leave(turn, place, ids, error)
        return
    if where is None:
        verdict.series_gone(turn, place, series_id)
        return
    if where != place.calendar_id:
        verdict.series_moved(turn, place, series_id, where)
        return
    there = {event.graph_id for event in found} | unreadable
    gone = [graph_id for graph_id in ids if graph_id not in there]
    if None in unreadable:  # it could be any of them
        gone = []
    verdict.record(turn, place, found, gone)
    with turn.writing() as db:
        cache.trust(db, place.calendar_id, set(ids) - set(gone))
        if gone:
            links.look_at_series(db, place.calendar_id, series_id)
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
            unreadable.update(item.graph_id for item in page.broken)
    except Gone:
        return [], set()
    except Refused:
        event = turn.graph.event(series_id)
        if event.kind != cache.SINGLE:
            raise
        return [event], set()  # it repeats no more
    return found, unreadable


def _sort_out(turn: Turn, place: Place, singles: list[_Candidate]) -> list[_Candidate]:
    """What a list of the windows still shows is there; the others are asked for one by one."""
    there: set[str] = set()
    for start, end in sorted({(one.starts_at, one.ends_at) for one in singles}):
        try:
            found = about_one(turn, partial(_view, turn, place, start, end))
        except BadAnswer as error:
            log.warning("list unreadable calendar=%d code=%s", place.calendar_id, error.code)
            continue
        singly = [event for event in found if event.kind == cache.SINGLE]
        verdict.record(turn, place, singly, [])
        there |= {event.graph_id for event in found}
    with turn.writing() as db:
        cache.trust(db, place.calendar_id, there)
    return [one for one in singles if one.graph_id not in there]


def _view(turn: Turn, place: Place, start: datetime, end: datetime) -> list[RemoteEvent]:
    found: list[RemoteEvent] = []
    for page in turn.graph.view(place.graph_id, start - MARGIN, end + MARGIN):
        found += [item for item in page.items if isinstance(item, RemoteEvent)]
    return found


def _settle_single(turn: Turn, place: Place, graph_id: str) -> None:
    """An answer that is no newer than what is known may be from before it went: once more, then."""
    before = _known(turn, place, graph_id)
    error = verdict.ask(turn, place, graph_id)
    if error is not None:
        _leave(turn, place, [graph_id], error)
    elif before is not None and _known(turn, place, graph_id) == before:
        with turn.writing() as db:
            differ = {graph_id: held_events.DIFFER}
            held_events.note(db, place.calendar_id, differ, now=turn.now())


def _known(turn: Turn, place: Place, graph_id: str) -> str | None:
    with turn.database.reading() as db:
        return cache.change_keys(db, place.calendar_id, [graph_id]).get(graph_id)


def _leave(turn: Turn, place: Place, graph_ids: list[str], error: BadAnswer | Refused) -> None:
    """Microsoft does not say that they are gone: they stay."""
    if isinstance(error, NoMailbox):
        raise error
    with turn.writing() as db:
        cache.trust(db, place.calendar_id, graph_ids)
    log.warning("events unsettled calendar=%d code=%s", place.calendar_id, error.code)
