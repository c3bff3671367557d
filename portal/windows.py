"""Windows: whole UTC quarters that touch the coverage, each with its own cursor."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from portal import cache
from portal.coverage import Coverage
from portal.quarters import is_awaited, quarter_of, quarters, waits
from portal.tables import Calendar, Connection, Event, Window

COLD_EVERY = timedelta(hours=1)
HOT_BACK, HOT_AHEAD = relativedelta(months=1), relativedelta(months=3)


class Closed(Exception):
    """The window is no longer held, as when its calendar was unticked meanwhile."""


def is_hot(window: Window, now: datetime) -> bool:
    """Whether the quarter touches the previous month to three months ahead."""
    return window.starts_at <= now + HOT_AHEAD and window.ends_at > now - HOT_BACK


def interval(window: Window, *, poll: timedelta, now: datetime) -> timedelta:
    """How long after a look the next one is due."""
    return poll if is_hot(window, now) and not window.by_list else COLD_EVERY


def roll(db: Session, calendar: Calendar, coverage: Coverage, *, now: datetime) -> bool:
    """Opens the quarters the coverage has reached, closes those it has left; a quarter may be
    held in pieces. True when there were others before.
    """
    wanted = quarters(now, coverage)
    held = list(calendar.windows)
    opened = {quarter_of(window.starts_at) for window in held}
    for start, end in wanted:
        if start not in opened:
            calendar.windows.append(new(start, end, now))
    db.flush()
    starts = {start for start, _end in wanted}
    left = [window for window in held if quarter_of(window.starts_at) not in starts]
    if left:
        db.refresh(calendar, ["windows"])
        first = min(
            (window for window in calendar.windows if window not in left),
            key=lambda window: window.starts_at,
        )
        _close(db, calendar.id, [window.id for window in left], first=first)
        db.expire(calendar, ["windows"])
    return bool(held)


def new(start: datetime, end: datetime, now: datetime) -> Window:
    return Window(
        starts_at=start,
        ends_at=end,
        cursor=None,
        in_round=False,
        filling=True,
        round_number=0,
        filled_at=None,
        looked_at=None,
        due_at=now,
        pages=0,
        touched=[],
        failures=0,
        by_list=False,
    )


def _close(db: Session, calendar_id: int, window_ids: list[int], *, first: Window) -> None:
    """The cached events go; links and meetings stay. What reaches into the first window that is
    left lives there from now on: its delta has shown it already and will not do so again.
    """
    db.execute(
        update(Event)
        .where(
            Event.home_id.in_(window_ids),
            Event.starts_at < first.starts_at,
            Event.ends_at > first.starts_at,
        )
        .values(home_id=first.id, seen_in=first.round_number)
    )
    db.execute(delete(Event).where(Event.home_id.in_(window_ids)))
    db.execute(delete(Window).where(Window.id.in_(window_ids)))
    cache.drop_bare_masters(db, calendar_id)


def of_calendar(db: Session, calendar_id: int) -> list[Window]:
    mine = select(Window).where(Window.calendar_id == calendar_id)
    return list(db.scalars(mine.order_by(Window.starts_at)))


def by_id(db: Session, window_id: int) -> Window:
    """Raises Closed."""
    window = db.get(Window, window_id)
    if window is None:
        raise Closed
    return window


def with_calendar(db: Session, window_id: int) -> Window:
    """The same with its calendar, asked for at once. Raises Closed."""
    window = db.get(Window, window_id, options=[joinedload(Window.calendar)])
    if window is None:
        raise Closed
    return window


def _next_due() -> Select[Window]:
    present = bindparam("present", type_=Window.starts_at.type)
    past = Window.starts_at < present
    return (
        select(Window)
        .where(
            Window.calendar_id == bindparam("calendar"),
            Window.due_at <= bindparam("now"),
            is_awaited(present),
        )
        .order_by(
            Window.filling,
            past,
            case((past, None), else_=Window.starts_at),
            Window.starts_at.desc(),
        )
        .limit(1)
    )


_NEXT_DUE = _next_due()  # built once: it is asked before every step of a round


def next_due(db: Session, calendar_id: int, *, now: datetime) -> Window | None:
    """The window to look at next: what was filled before keeps step first, then the present
    quarter is filled, the ones after it, then the past, newest first.
    """
    asked = {"calendar": calendar_id, "now": now, "present": quarter_of(now)}
    return db.scalar(_NEXT_DUE, asked)


def home_of(windows: Iterable[Window], *, start: datetime, end: datetime) -> Window | None:
    """The window an event belongs to: that of its start; the first one for what began before it.

    None for what lies outside the coverage.
    """
    first: Window | None = None
    for window in windows:
        if window.starts_at <= start < window.ends_at:
            return window
        if first is None or window.starts_at < first.starts_at:
            first = window
    if first is not None and start < first.starts_at < end:
        return first
    return None


def is_any_due(db: Session, connection_id: int, *, now: datetime) -> bool:
    """Whether a window of a calendar that is read is to be looked at."""
    due = select(Window.id).where(_is_read(connection_id, now), Window.due_at <= now)
    return db.scalar(due.limit(1)) is not None


def look_again_since(
    db: Session, connection_id: int, moment: datetime | None, *, now: datetime
) -> bool:
    """Makes those due that were not looked at since; False where all were. What a window in
    trouble would show is not waited for.
    """
    if moment is None:
        return False
    found = db.execute(
        update(Window)
        .where(
            _is_read(connection_id, now),
            Window.held_code.is_(None),
            or_(Window.looked_at.is_(None), Window.looked_at < moment),
        )
        .values(due_at=now)
        .returning(Window.id)
    )
    return found.first() is not None


def _is_read(connection_id: int, now: datetime) -> ColumnElement[bool]:
    read = select(Calendar.id).where(
        Calendar.connection_id == connection_id,
        Calendar.ticked,
        Calendar.missing_since.is_(None),
        or_(Calendar.held_until.is_(None), Calendar.held_until <= now),
    )
    return and_(Window.calendar_id.in_(read), is_awaited(quarter_of(now)))


def mark_due(db: Session, calendar_id: int, *, around: Iterable[datetime], now: datetime) -> None:
    """The windows these moments lie in are looked at in the next round."""
    for moment in around:
        db.execute(
            update(Window)
            .where(Window.calendar_id == calendar_id, _holds(moment), Window.due_at > now)
            .values(due_at=now)
        )


def span_due(
    db: Session, calendar_id: int, *, start: datetime, end: datetime | None, now: datetime
) -> None:
    """Every window that touches the span, which may have no end."""
    touched = [Window.calendar_id == calendar_id, Window.due_at > now, Window.ends_at > start]
    if end is not None:
        touched.append(Window.starts_at <= end)
    db.execute(update(Window).where(*touched).values(due_at=now))


def last_day_of(recurrence: Mapping[str, Any] | None) -> datetime | None:
    """The latest moment at which a series of this shape may end, by its end date alone; None when
    it names none.
    """
    span = (recurrence or {}).get("range")
    if not isinstance(span, dict) or span.get("type") != "endDate":
        return None
    try:
        day = date.fromisoformat(str(span.get("endDate")))
    except ValueError:
        return None
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=2)


def all_due(db: Session, calendar_id: int, *, now: datetime) -> None:
    db.execute(
        update(Window)
        .where(Window.calendar_id == calendar_id, Window.due_at > now)
        .values(due_at=now)
    )


def _holds(moment: datetime) -> ColumnElement[bool]:
    return (Window.starts_at <= moment) & (Window.ends_at > moment)


def begin_round(window: Window) -> None:
    """A crash in mid-round goes on at the stored link; this is only for a new round."""
    window.in_round = True
    window.filling = window.cursor is None
    window.round_number += 1
    window.pages, window.last_page = 0, None
    window.touched = []


def end_round(window: Window, cursor: str | None, *, poll: timedelta, now: datetime) -> None:
    window.cursor = cursor
    window.in_round = window.filling = False
    window.failures = 0
    if not window.by_list:
        window.held_code = None
    window.filled_at = window.filled_at or now
    window.looked_at = now
    window.due_at = now + interval(window, poll=poll, now=now)


def refill(window: Window, *, now: datetime) -> None:
    """The cursor is dead: begin again from nothing. Rows stay until a GET says they are gone."""
    window.cursor = window.last_page = None
    window.in_round = False
    window.filling = True
    window.due_at = now


def _was_looked_at(window: Window, since: datetime) -> bool:
    return window.looked_at is not None and window.looked_at >= since


def hot_are_read(connection: Connection, *, now: datetime) -> bool:
    """Whether every hot window of the calendars that are read was read since connecting, or since
    what else made the first round only read; or cannot be read, as was found out.
    """
    since = connection.only_reads_since or connection.connected_at
    return all(
        any(is_hot(window, now) for window in calendar.windows)
        and all(
            _was_looked_at(window, since) or (window.held_code is not None and window.due_at > now)
            for window in calendar.windows
            if is_hot(window, now) and not waits(window, paused=connection.backfill_paused, now=now)
        )
        for calendar in connection.calendars
        if calendar.ticked and calendar.missing_since is None and calendar.held_code is None
    )
