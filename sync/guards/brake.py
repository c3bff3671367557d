"""The brake: a mass deletion stops here, whichever side it comes from.

One meeting deleted in Outlook is cancelled here at once. Many at a time may be a mishap (a calendar
emptied by another program, a mailbox restored), so they wait until a person has seen the list.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import cache, claims, connections, held_events, removals, windows
from portal.tables import Connection
from sync.judging import inbound
from sync.turn import Turn

log = logging.getLogger(__name__)

FEWEST = 5  # always allowed in a round, however few meetings there are
SHARE = 10  # the tenth part of the linked meetings to come
AN_HOUR = 20
OCCURRENCES = 20  # of one series, without the series itself
ROUND, HOUR = timedelta(seconds=10), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """`waiting` removals, those done `of_round` and `of_hour` before them, and `linked`: meetings
    to come that have an event, the waiting ones among them. Unit: a meeting, a series is one.
    """

    waiting: int
    linked: int
    of_round: int = 0
    of_hour: int = 0
    with_dates: bool = False  # a series has lost more dates than may vanish


def holds(counted: Counted) -> bool:
    """Whether they wait for a person's word."""
    in_a_round = counted.of_round + counted.waiting
    allowed = max(FEWEST * SHARE, counted.linked + counted.of_round)
    too_many = in_a_round * SHARE > allowed or counted.of_hour + counted.waiting > AN_HOUR
    return counted.with_dates or (counted.waiting > 0 and too_many)


def may_vanish(occurrences: int) -> bool:
    """Whether so many dates of one series may go at once while the series stays."""
    return occurrences <= OCCURRENCES


def decide(turn: Turn) -> None:
    """At the end of a turn: what is gone in Outlook is cancelled here, or the mailbox is held.

    Only once nothing is in doubt and every window has been looked at: a mass deletion that shows
    little by little is then counted as one.
    """
    connection_id, now = turn.claim.connection_id, turn.now()
    with turn.database.reading() as db:
        connection = connections.by_id(db, connection_id)
        waits = removals.is_any_pending(db, connection_id)
        if not (waits or connection.held_at) or not _is_settled(db, connection, turn):
            return
    with turn.writing() as db:
        connection = connections.by_id(db, connection_id)
        _make_edited_again(db, turn)
        waiting = removals.pending(db, connection_id)
        if not waiting and connection.held_at is not None:
            removals.end_hold(db, connection, now=now)
            log.info("hold ended connection=%d; nothing waits any more", connection_id)
        if not waiting or connection.held_at is not None:
            return
        if len(waiting) > 1 and windows.look_again_since(
            db, connection_id, _first(waiting), now=now
        ):
            return
        if not stops(db, turn, connection) and claims.may_remove(db, connection):
            _run(db, turn, waiting)


def _first(waiting: list[removals.Removal]) -> datetime | None:
    """When the first of them was found gone."""
    linked = [one.meeting.link for one in waiting]
    return min((link.gone_at for link in linked if link and link.gone_at), default=None)


def _run(db: Session, turn: Turn, waiting: list[removals.Removal]) -> None:
    for one in waiting:
        if one.kind == removals.GONE:
            removals.cancel(db, one.meeting, now=turn.now())
            log.info("meeting cancelled by its event's deletion meeting=%d", one.meeting.id)


def stops(db: Session, turn: Turn, connection: Connection) -> bool:
    """Counts all that waits; holds the mailbox where it is too much."""
    now = turn.now()
    waiting = removals.pending(db, connection.id)
    counted = Counted(
        waiting=sum(one.kind != removals.DATES for one in waiting),
        linked=removals.count_linked(db, connection.id, now=now),
        of_round=removals.count_done(db, connection.id, since=now - ROUND),
        of_hour=removals.count_done(db, connection.id, since=now - HOUR),
        with_dates=any(one.kind == removals.DATES for one in waiting),
    )
    if not holds(counted):
        return False
    count = removals.hold(db, connection, now=now)
    log.warning(
        "mailbox held connection=%d removals=%d of=%d hour=%d",
        connection.id,
        count,
        counted.linked,
        counted.of_hour,
    )
    return True


def _is_settled(db: Session, connection: Connection, turn: Turn) -> bool:
    in_doubt = cache.is_any_doubted(db, connection.id, now=turn.now())
    in_doubt = in_doubt or held_events.is_any_tied_new(db, connection.id, now=turn.now())
    return not in_doubt and not windows.is_any_due(db, connection.id, now=turn.now())


def _make_edited_again(db: Session, turn: Turn) -> None:
    """An edit made here beats the deletion, also one made while the list waited."""
    for one in removals.pending(db, turn.claim.connection_id):
        link = one.meeting.link
        if one.kind == removals.GONE and link is not None:
            inbound.gone(db, turn, link)
