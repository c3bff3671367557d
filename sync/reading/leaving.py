"""A calendar that Microsoft no longer lists: its meetings are settled one by one, then its events
leave the cache. One list alone empties nothing.
"""

import logging
from datetime import timedelta

from portal import calendars, connections, links
from portal.tables import Calendar
from sync.reading import verdict
from sync.reading.describe import describe
from sync.reading.verdict import Place
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_GETS = 20  # in a turn
A_WHILE = timedelta(minutes=1)


def let_go(turn: Turn) -> None:
    with turn.database.reading() as db:
        left = calendars.missing_with_events(db, turn.claim.connection_id)
    for calendar in left:
        if turn.is_over():
            return
        if _is_confirmed(turn, calendar) and _is_settled(turn, calendar):
            with turn.writing() as db:
                calendars.empty(db, calendar.id)
            log.info("calendar emptied calendar=%d", calendar.id)


def _is_confirmed(turn: Turn, calendar: Calendar) -> bool:
    """Whether a second list says so too, a while later: a short one comes back whole."""
    with turn.database.reading() as db:
        described_at = connections.by_id(db, turn.claim.connection_id).described_at
    if described_at is None or calendar.missing_since is None:
        return False
    if described_at > calendar.missing_since:
        return True
    if turn.now() - described_at < A_WHILE:
        return False
    describe(turn)
    with turn.database.reading() as db:
        return db.get_one(Calendar, calendar.id).missing_since is not None


def _is_settled(turn: Turn, calendar: Calendar) -> bool:
    """Whether each meeting to come is known to be gone, or has followed its event."""
    place = Place(calendar.id, calendar.graph_id)
    with turn.database.reading() as db:
        ahead = links.ahead(db, calendar.id, now=turn.now())
        asked = [link.graph_id for link in ahead if link.gone_at is None]
    unsettled = False
    for graph_id in asked[:MOST_GETS]:
        if turn.is_over():
            return False
        unsettled |= verdict.ask(turn, place, graph_id) is not None
    return not unsettled and len(asked) <= MOST_GETS
