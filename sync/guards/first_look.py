"""Looks that only read: after a reconnect, a long pause, a restored database, a new version."""

import logging

from portal import cache, connections, held_events, waiting_plan, windows
from sync.turn import Turn

log = logging.getLogger(__name__)


def end(turn: Turn) -> None:
    """Once everything near was looked at. What waits then goes by itself where nobody gets mail
    and nothing is cancelled; else it is shown to the person and waits for a click.
    """
    connection_id, now = turn.claim.connection_id, turn.now()
    with turn.database.reading() as db:
        connection = connections.by_id(db, connection_id)
        if not connection.only_reads or not windows.hot_are_read(connection, now=now):
            return
        if cache.is_any_doubted(db, connection_id, now=now):
            return
        if held_events.is_any_tied_new(db, connection_id, now=now):
            return
        waits = not waiting_plan.of_connection(db, connection_id).goes_by_itself
    if waits:
        return
    with turn.writing() as db:
        connections.by_id(db, connection_id).only_reads = False
    log.info("first look ended connection=%d", connection_id)
