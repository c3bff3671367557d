"""Meetings that were made and are only here, offered once a calendar is connected they could be
written to.

Past ones never: nobody wants an invitation to what is over.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import connections, meetings
from portal.tables import Change, Connection, Link, Meeting


def of_connection(db: Session, connection: Connection, *, now: datetime) -> list[Meeting]:
    """None once the person has answered, or while there is nowhere to write them to."""
    if connection.offered_at is not None:
        return []
    if connections.target_of(db, connection.person_id) is None:
        return []
    linked = exists().where(Link.meeting_id == Meeting.id)
    waits = exists().where(Change.meeting_id == Meeting.id, Change.done_at.is_(None))
    found = (
        select(Meeting)
        .where(
            Meeting.person_id == connection.person_id,
            Meeting.cancelled_at.is_(None),
            # Those that began in Outlook have an event, be it in the calendar of another account.
            Meeting.adopted_at.is_(None),
            or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now),
            ~linked,
            ~waits,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .options(
            selectinload(Meeting.invitees),
            selectinload(Meeting.changes),
            selectinload(Meeting.link),
        )
    )
    return list(db.scalars(found))


def answer(
    db: Session,
    connection: Connection,
    *,
    ticked: Collection[int],
    make_id: Callable[[], str],
    now: datetime,
) -> int:
    """Sets the ticked ones on their way, and does not ask again; how many go."""
    offered = of_connection(db, connection, now=now)
    connection.offered_at = now
    chosen = [meeting for meeting in offered if meeting.id in ticked]
    return sum(meetings.send(db, one, transaction_id=make_id(), now=now) for one in chosen)
