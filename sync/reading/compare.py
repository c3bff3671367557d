"""Once a day each window is held against the list of its calendar: Microsoft tells some deletions
in no round at all, and an answer from before a change may have been the last word about an event.

What is in doubt after it is settled like every other candidate. Meetings whose event no window
shows are asked for by id.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from m365.errors import BadAnswer
from m365.remote import Listed
from portal import cache, comparison, held_events, links, pieces, windows
from portal.tables import Window
from sync.reading import verdict
from sync.reading.pull import MARGIN
from sync.reading.single import about_one
from sync.reading.verdict import Place
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_GETS = 20  # of linked events, in one step


@dataclass(frozen=True, slots=True)
class _Plan:
    window_id: int
    starts_at: datetime
    ends_at: datetime
    by_list: bool


def compare(turn: Turn, place: Place, looked: set[int]) -> bool:
    """One step, if its time has come; True when there may be another one. `looked`: windows that
    were found wanting in this turn and have been looked at since.
    """
    since = comparison.slot(turn.claim.connection_id, turn.now())
    with turn.database.reading() as db:
        window = comparison.next_window(db, place.calendar_id, since=since)
        plan = None if window is None else _plan(window)
    if plan is None:
        return _ask_for_unseen(turn, place, since)
    if plan.by_list:
        _try_changes(turn, plan)
        return True
    try:
        span = plan.starts_at - MARGIN, plan.ends_at + MARGIN
        listed = about_one(turn, lambda: turn.graph.listed(place.graph_id, *span))
    except BadAnswer as error:
        _give_up(turn, plan, error)
    else:
        _hold_against(turn, place, plan, listed, looked)
    return True


def _plan(window: Window) -> _Plan:
    return _Plan(window.id, window.starts_at, window.ends_at, window.by_list)


def _try_changes(turn: Turn, plan: _Plan) -> None:
    """A window that is kept by list is compared every hour; but are its changes told again?"""
    with turn.writing() as db:
        window = windows.by_id(db, plan.window_id)
        pieces.try_changes(window, now=turn.now())
        comparison.done(db, window, now=turn.now())


def _give_up(turn: Turn, plan: _Plan, error: BadAnswer) -> None:
    """A list that nobody can read says nothing. Tomorrow is another day."""
    with turn.writing() as db:
        comparison.done(db, windows.by_id(db, plan.window_id), now=turn.now())
    log.warning("list unreadable window=%d code=%s", plan.window_id, error.code)


def _hold_against(
    turn: Turn, place: Place, plan: _Plan, listed: list[Listed], looked: set[int]
) -> None:
    now = turn.now()
    with turn.writing() as db:
        window = windows.by_id(db, plan.window_id)
        lost = cache.doubt_unlisted(db, window, [one.graph_id for one in listed], now=now)
        spans = {one.graph_id: (one.starts, one.ends) for one in listed if one.starts and one.ends}
        moved = cache.doubt_moved(db, window, spans, now=now)
        unknown = _unknown(db, place, window, listed)
        if unknown and window.id not in looked:
            window.due_at = now  # perhaps its next round brings them; then it is compared again
            looked.add(window.id)
            return
        if unknown:
            pieces.keep_by_list(window, code="delta_loses", now=now)
        comparison.done(db, window, now=now)
    if lost or unknown or moved:
        log.warning(
            "window differs from list window=%d unlisted=%d unknown=%d moved=%d",
            plan.window_id,
            lost,
            unknown,
            moved,
        )


def _unknown(db: Session, place: Place, window: Window, listed: Iterable[Listed]) -> int:
    """How many are listed that belong into this window and are not known."""
    ids = cache.graph_ids(db, place.calendar_id)
    ids |= {row.graph_id for row in held_events.of_calendar(db, place.calendar_id)}
    held = windows.of_calendar(db, place.calendar_id)
    strange = [one for one in listed if one.graph_id not in ids]
    return sum(_is_at_home(one, window, held) for one in strange)


def _is_at_home(one: Listed, window: Window, held: list[Window]) -> bool:
    if one.starts is None or one.ends is None:
        return False  # nobody could read it, here or in a round
    home = windows.home_of(held, start=one.starts, end=one.ends)
    return home is not None and home.id == window.id


def _ask_for_unseen(turn: Turn, place: Place, since: datetime) -> bool:
    """Linked events that no window shows, each once a day."""
    with turn.database.reading() as db:
        due = links.unchecked(db, place.calendar_id, since=since, now=turn.now())[:MOST_GETS]
        asked = {link.id: link.graph_id for link in due}
    for link_id, graph_id in asked.items():
        if turn.is_over():
            return False
        verdict.ask(turn, place, graph_id)
        with turn.writing() as db:
            links.checked(db, link_id, now=turn.now())
    return bool(asked)
