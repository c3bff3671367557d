"""Which change is to be sent next."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from portal import calendars
from portal.tables import Calendar, Change, Link, Meeting


def of_calendar(db: Session, calendar_id: int, *, now: datetime) -> Change | None:
    """The next change to send: those not refused before first, then the oldest; one meeting's
    changes never out of order.
    """
    return db.scalar(
        select(Change)
        .where(Change.calendar_id == calendar_id, _may_go(), Change.due_at <= now)
        .order_by(Change.attempts, Change.id)
        .limit(1)
        .options(
            selectinload(Change.meeting).selectinload(Meeting.link),
            selectinload(Change.meeting).selectinload(Meeting.invitees),
        )
    )


def is_any_due(db: Session, calendar_id: int, *, now: datetime) -> bool:
    """Whether it is worth asking for the next one: mostly nothing waits at all."""
    waiting = select(Change.id).where(
        Change.calendar_id == calendar_id, Change.done_at.is_(None), Change.due_at <= now
    )
    return db.scalar(waiting.limit(1)) is not None


def due_at(db: Session, connection_id: int) -> datetime | None:
    return db.scalar(
        select(func.min(calendars.once_free(Change.due_at)))
        .join(Calendar, Calendar.id == Change.calendar_id)
        .where(Calendar.connection_id == connection_id, _may_go())
    )


def _first_ones() -> Select[int]:
    """The change of each meeting that is to be sent before its others."""
    waiting = select(func.min(Change.id)).where(Change.done_at.is_(None))
    return waiting.group_by(Change.meeting_id)


def _may_go() -> ColumnElement[bool]:
    """First of its meeting, and the change it follows has come to its end, whichever; not of an
    event that the loop breaker has stopped.
    """
    before = aliased(Change)
    ahead = select(before.id).where(before.id == Change.after_id, before.done_at.is_(None))
    frozen = select(Link.meeting_id).where(Link.frozen_at.is_not(None))
    return and_(Change.id.in_(_first_ones()), ~ahead.exists(), Change.meeting_id.not_in(frozen))
