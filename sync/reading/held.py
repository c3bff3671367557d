"""Events that could not be read are asked for again: the cursor has passed them for good."""

import logging

from portal import held_events, windows
from sync.reading import verdict
from sync.reading.verdict import Place
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_GETS = 20  # beyond that the windows are filled anew, which asks for all of them at once


def ask_again(turn: Turn, place: Place) -> None:
    """Each one whose time has come; those that can be read now are taken in."""
    with turn.database.reading() as db:
        due = held_events.due(db, place.calendar_id, now=turn.now())
    if len(due) > MOST_GETS:
        _fill_anew(turn, place, due)
        return
    for graph_id in due:
        if turn.is_over():
            return
        error = verdict.ask(turn, place, graph_id)
        _keep_waiting(turn, place, graph_id, None if error is None else error.code)


def _keep_waiting(turn: Turn, place: Place, graph_id: str, code: str | None) -> None:
    """Where it is held still: it was no answer, or (without a code) one from before our write."""
    with turn.writing() as db:
        held = held_events.still(db, place.calendar_id, graph_id, code=code, now=turn.now())
    if held:
        log.info("event still unreadable calendar=%d code=%s", place.calendar_id, code)


def _fill_anew(turn: Turn, place: Place, graph_ids: list[str]) -> None:
    """Those that are gone are in no window: each time some are asked for by their id afterwards."""
    with turn.writing() as db:
        rows = held_events.of_calendar(db, place.calendar_id, graph_ids)
        for row in rows:
            held_events.wait_on(row, now=turn.now())
        for row in rows[:MOST_GETS]:
            row.ask_at = turn.now() + held_events.STEPS[0]
        for window in windows.of_calendar(db, place.calendar_id):
            windows.refill(window, now=turn.now())
    log.info("many unreadable events calendar=%d count=%d", place.calendar_id, len(graph_ids))
