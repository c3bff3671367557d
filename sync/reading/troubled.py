"""A calendar that alone gives trouble is left alone for a while; the others are read as ever."""

import logging

from m365.errors import MicrosoftError
from portal import calendars
from portal.tables import Calendar
from sync.outcome import BELIEVE_A_REFUSAL, DOUBT_A_REFUSAL
from sync.reading.describe import describe
from sync.turn import Turn

log = logging.getLogger(__name__)


def hold(turn: Turn, calendar: Calendar, error: MicrosoftError) -> None:
    """The first trouble is asked about again soon; from the second on it is believed and named."""
    believed = calendar.held_until is not None
    until = turn.now() + (BELIEVE_A_REFUSAL if believed else DOUBT_A_REFUSAL)
    with turn.writing() as db:
        calendars.hold(db, calendar.id, until=until, code=error.code if believed else None)
    log.warning(
        "calendar in trouble calendar=%d code=%s status=%d believed=%s request=%s",
        calendar.id,
        error.code,
        error.status,
        believed,
        error.request_id,
    )


def free(turn: Turn, calendar: Calendar) -> None:
    """It was looked at, so whatever was the matter is over."""
    if calendar.held_until is not None and not turn.is_over():
        with turn.writing() as db:
            calendars.hold(db, calendar.id, until=None, code=None)


def is_elsewhere(turn: Turn, calendar: Calendar) -> bool:
    """Microsoft does not know the calendar: whether its list says that it is gone, or has another
    id now.
    """
    describe(turn)
    with turn.database.reading() as db:
        held = db.get_one(Calendar, calendar.id)
        return held.missing_since is not None or held.graph_id != calendar.graph_id
