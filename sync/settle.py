"""Settling: a candidate is only gone when Microsoft, asked for it by name, says so."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from m365.errors import Gone
from m365.remote import RemoteEvent
from portal import cache, links, windows
from sync import inbound
from sync.pull import MARGIN, write_events
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


def settle(turn: Turn, calendar_id: int, graph_id: str) -> None:
    """Decides every candidate of a calendar, as far as the turn goes; the rest stay in doubt."""
    candidates = _candidates(turn, calendar_id)
    by_series: dict[tuple[str, int], list[_Candidate]] = defaultdict(list)
    singles = []
    for candidate in candidates:
        if candidate.series_id is not None:
            by_series[candidate.series_id, candidate.home_id].append(candidate)
        else:
            singles.append(candidate)
    for (series_id, _home), members in by_series.items():
        if turn.is_over():
            return
        _settle_series(turn, calendar_id, series_id, members)
    if len(singles) > MOST_GETS:
        singles = _sort_out(turn, calendar_id, graph_id, singles)
    for candidate in singles:
        if turn.is_over():
            return
        _settle_single(turn, calendar_id, candidate.graph_id)


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


def _settle_series(turn: Turn, calendar_id: int, series_id: str, members: list[_Candidate]) -> None:
    """One list of the series' instances over the window decides about all of its candidates."""
    span = members[0]
    found: list[RemoteEvent] = []
    unreadable: set[str | None] = set()
    try:
        for page in turn.graph.instances(series_id, span.starts_at - MARGIN, span.ends_at + MARGIN):
            found += [item for item in page.items if isinstance(item, RemoteEvent)]
            unreadable.update(page.broken)
    except Gone:
        log.info("series gone calendar=%d", calendar_id)
    there = {event.graph_id for event in found} | unreadable
    gone = [member.graph_id for member in members if member.graph_id not in there]
    if None in unreadable:  # it could be any of them
        gone = []
    _record(turn, calendar_id, found, gone)
    if gone and found:
        # A missing occurrence may have been moved into a quarter that is looked at rarely.
        with turn.writing() as db:
            windows.all_due(db, calendar_id, now=turn.now())


def _sort_out(
    turn: Turn, calendar_id: int, graph_id: str, singles: list[_Candidate]
) -> list[_Candidate]:
    """What a list of the windows still shows is there; the others are asked for one by one."""
    there: set[str] = set()
    for start, end in sorted({(one.starts_at, one.ends_at) for one in singles}):
        found: list[RemoteEvent] = []
        for page in turn.graph.view(graph_id, start - MARGIN, end + MARGIN):
            found += [item for item in page.items if isinstance(item, RemoteEvent)]
        _record(turn, calendar_id, [event for event in found if event.kind == "single"], [])
        there |= {event.graph_id for event in found}
    return [one for one in singles if one.graph_id not in there]


def _settle_single(turn: Turn, calendar_id: int, graph_id: str) -> None:
    try:
        event = turn.graph.event(graph_id)
    except Gone:
        _record(turn, calendar_id, [], [graph_id])
        return
    if event.is_cancelled:
        _record(turn, calendar_id, [], [graph_id])
    else:
        _record(turn, calendar_id, [event], [])


def _record(turn: Turn, calendar_id: int, found: list[RemoteEvent], gone: list[str]) -> None:
    with turn.writing() as db:
        write_events(db, calendar_id, found)
        inbound.judge_events(db, turn, calendar_id, found)
        for link in links.of_events(db, calendar_id, gone):
            inbound.gone(db, turn, link)
        cache.remove(db, calendar_id, gone)
    if gone:
        log.info("events gone calendar=%d count=%d", calendar_id, len(gone))
