"""The round of one calendar: push, settle what is in doubt, pull a window that is due; again
until nothing is due or time is up.
"""

import logging

from m365.errors import (
    Forbidden,
    Gone,
    Later,
    MicrosoftError,
    NeedsConsent,
    NoMailbox,
    TokenRefused,
)
from portal import claims, connections, coverage, next_change, pieces, quarters, windows, work
from portal.tables import Calendar
from sync.adoption import adopt
from sync.notices.follow import follow
from sync.reading import series
from sync.reading.compare import compare
from sync.reading.held import ask_again
from sync.reading.pull import pull
from sync.reading.settle import settle
from sync.reading.verdict import Place
from sync.turn import Turn
from sync.writing.push import push
from sync.writing.split import take_back

log = logging.getLogger(__name__)

# These say nothing about one window: they end the round of the calendar, or the turn.
OF_MORE_THAN_A_WINDOW = (Forbidden, Gone, Later, NeedsConsent, NoMailbox, TokenRefused)


def look(turn: Turn, calendar: Calendar) -> MicrosoftError | None:
    """Gives the trouble of a single window, if there was any: the others were looked at.

    Raises what concerns the whole calendar or the whole mailbox.
    """
    if not _roll(turn, calendar.id):
        return None
    place = Place(calendar.id, calendar.graph_id)
    trouble: MicrosoftError | None = None
    looked: set[int] = set()
    goes_on = True
    while goes_on and not turn.is_over():
        _do_what_waits(turn, place)
        window_id = _next_window(turn, calendar.id)
        if window_id is None:
            if compare(turn, place, looked):
                continue
            break
        try:
            # What makes a backfill wait may be in another calendar.
            goes_on = pull(turn, window_id)
        except windows.Closed:
            return trouble
        except OF_MORE_THAN_A_WINDOW:
            raise
        except MicrosoftError as error:
            _hold_window(turn, window_id, error)
            trouble = error
    take_back(turn, calendar.id)  # a split may also have been ended by a person
    adopt(turn, calendar.id)
    series.look(turn, calendar.id)
    return trouble


def _do_what_waits(turn: Turn, place: Place) -> None:
    """In this order, for what one step brings up is for the next."""
    waiting = _waiting(turn, place)
    if waiting.changes:
        send(turn, place.calendar_id)
        waiting = _waiting(turn, place)
    if waiting.notices:
        follow(turn)
        waiting = _waiting(turn, place)
    if waiting.doubts:
        settle(turn, place)
        waiting = _waiting(turn, place)
    if waiting.unread:
        ask_again(turn, place)


def _waiting(turn: Turn, place: Place) -> work.Work:
    with turn.database.reading() as db:
        return work.waiting(db, turn.claim.connection_id, place.calendar_id, now=turn.now())


def _roll(turn: Turn, calendar_id: int) -> bool:
    """False when the person has unticked the calendar since the turn began."""
    covered = coverage.of(turn.policy)
    wanted = quarters.quarters(turn.now(), covered)
    with turn.database.reading() as db:
        if not db.get_one(Calendar, calendar_id).ticked:
            return False
        held = {quarters.quarter_of(one.starts_at) for one in windows.of_calendar(db, calendar_id)}
    if held != {start for start, _end in wanted}:
        with turn.writing() as db:
            calendar = db.get_one(Calendar, calendar_id)
            if windows.roll(db, calendar, covered, now=turn.now()):
                pieces.join(db, calendar, now=turn.now())
    return True


def _next_window(turn: Turn, calendar_id: int) -> int | None:
    with turn.database.reading() as db:
        window = windows.next_due(db, calendar_id, now=turn.now())
        return None if window is None else window.id


def _hold_window(turn: Turn, window_id: int, error: MicrosoftError) -> None:
    """An answer nobody can use: the window waits an hour, the others go on."""
    until = turn.now() + windows.COLD_EVERY
    with turn.writing() as db:
        window = windows.by_id(db, window_id)
        windows.refill(window, now=until)  # the cursor may be what leads there
        window.held_code = error.code
    log.warning("window held window=%d code=%s request=%s", window_id, error.code, error.request_id)


def send(turn: Turn, calendar_id: int) -> None:
    """What waits to be written to this calendar goes, where anything may."""
    with turn.database.reading() as db:
        allowed = next_change.is_any_due(db, calendar_id, now=turn.now()) and claims.may_write(
            db, connections.by_id(db, turn.claim.connection_id)
        )
    if allowed:
        push(turn, calendar_id)
        take_back(turn, calendar_id)
