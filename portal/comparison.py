"""When each window is held against the list of its calendar: once a day, spread over the day."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.tables import Calendar, Window

DAY = timedelta(days=1)


def slot(connection_id: int, now: datetime) -> datetime:
    """When the comparison of today, or else yesterday's, fell due."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # The golden ratio leaves no gap and no crowd, however many mailboxes there are.
    at = midnight + DAY * (connection_id * 0.618034 % 1)
    return at if at <= now else at - DAY


def next_window(db: Session, calendar_id: int, *, since: datetime) -> Window | None:
    """A window that was full before `since` and has not been compared after it."""
    mine = _waiting(since).where(Window.calendar_id == calendar_id)
    return db.scalar(mine.order_by(Window.starts_at).limit(1))


def is_due(db: Session, connection_id: int, *, now: datetime) -> bool:
    """Whether a window of a calendar that is read waits for its comparison."""
    mine = _waiting(slot(connection_id, now)).join(Calendar)
    mine = mine.where(
        Calendar.connection_id == connection_id,
        Calendar.ticked,
        Calendar.missing_since.is_(None),
        or_(Calendar.held_until.is_(None), Calendar.held_until <= now),
    )
    return db.scalar(mine.limit(1)) is not None


def done(db: Session, window: Window, *, now: datetime) -> None:
    window.compared_at = now
    db.get_one(Calendar, window.calendar_id).compared_at = now


def _waiting(since: datetime) -> Select[Window]:
    compared = func.coalesce(Window.compared_at, Window.filled_at)
    return select(Window).where(Window.in_round.is_(False), compared < since)
