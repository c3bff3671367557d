"""What the sync did for one person: the timeline of all their meetings and calendars.

Rows hold ids and codes; what the meetings are about is their owner's.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Subquery, select, union
from sqlalchemy.orm import Session

from portal.tables import Calendar, Connection, Meeting, TimelineRow

MOST = 50


def of_person(db: Session, person_id: int, *, most: int = MOST) -> list[TimelineRow]:
    """The latest first. Each half is found through an index of its own."""
    halves = [_latest(about, most) for about in _about(person_id)]
    ids = union(*(select(half.c.id) for half in halves)).subquery()
    found = select(TimelineRow).where(TimelineRow.id.in_(select(ids.c.id)))
    return list(db.scalars(found.order_by(TimelineRow.id.desc()).limit(most)))


def _about(person_id: int) -> Iterator[ColumnElement[bool]]:
    yield TimelineRow.meeting_id.in_(select(Meeting.id).where(Meeting.person_id == person_id))
    mine = select(Calendar.id).join(Connection).where(Connection.person_id == person_id)
    yield TimelineRow.calendar_id.in_(mine)


def _latest(about: ColumnElement[bool], most: int) -> Subquery:
    mine = select(TimelineRow.id).where(about).order_by(TimelineRow.id.desc())
    return mine.limit(most).subquery()
