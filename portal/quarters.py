"""Whole UTC quarters, and which of them the person has let wait. The windows are cut by them."""

from datetime import UTC, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import BindParameter, ColumnElement, or_, select

from portal.coverage import Coverage
from portal.tables import Calendar, Connection, Window

Span = tuple[datetime, datetime]


def quarter_of(moment: datetime) -> datetime:
    """The UTC instant at which the quarter of `moment` begins."""
    day = moment.astimezone(UTC)
    return datetime(day.year, 3 * ((day.month - 1) // 3) + 1, 1, tzinfo=UTC)


def quarters(now: datetime, coverage: Coverage) -> list[Span]:
    """The quarters that touch the coverage, oldest first."""
    first, end = coverage.span(now)
    start = quarter_of(first)
    spans = []
    while start < end:
        following = start + relativedelta(months=3)
        spans.append((start, following))
        start = following
    return spans


def is_past(window: Window, now: datetime) -> bool:
    """Whether it lies before the present quarter: its filling is retroactive sync."""
    return window.starts_at < quarter_of(now)


def waits(window: Window, *, paused: bool, now: datetime) -> bool:
    """Whether the person has paused the filling of this one."""
    return paused and window.filled_at is None and is_past(window, now)


def is_awaited(present: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The same as a condition: all but what waits for the person."""
    paused = select(Calendar.id).join(Connection).where(Connection.backfill_paused)
    return or_(
        Window.filled_at.is_not(None),
        Window.starts_at >= present,
        Window.calendar_id.not_in(paused),
    )
