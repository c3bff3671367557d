"""Notices: hints that an event has changed. They say where to look first, never what is there.

The first one is followed at once, those of the next three seconds together, and each once more
after half a minute: Microsoft tells of changes that its own lists do not show yet.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from portal import calendars, windows
from portal.cache import MASTER
from portal.connections import AT_WORK
from portal.tables import Calendar, Connection, Event, Notice, Subscription, Window

JOIN = timedelta(seconds=3)  # later ones within it share one look
FOLLOW_UP = timedelta(seconds=30)
LOOKS = 2  # at what one notice tells of
MOST = 500  # events of one mailbox; whoever is told of more looks everywhere
EVERYWHERE = ""  # in place of an event's id


@dataclass(frozen=True, slots=True)
class Place:
    """An event that the cache knows: its calendar, and the window it is at home in."""

    graph_id: str
    calendar_id: int
    home_id: int | None  # None: a series


@dataclass(frozen=True, slots=True)
class Summary:
    """Of how many mailboxes at work Microsoft tells and was asked to, and a refusal of those."""

    mailboxes: int
    asked: int
    told: int
    code: str | None


def summary(db: Session, *, now: datetime) -> Summary:
    rows = db.execute(
        select(Subscription.expires_at, Subscription.code, Subscription.id)
        .select_from(Connection)
        .join(Subscription, Subscription.connection_id == Connection.id, isouter=True)
        .where(Connection.state.in_(AT_WORK))
    ).all()
    return Summary(
        mailboxes=len(rows),
        asked=sum(row.id is not None for row in rows),
        told=sum(row.expires_at is not None and row.expires_at > now for row in rows),
        code=next((row.code for row in rows if row.code), None),
    )


def is_at_work(db: Session, connection_id: int) -> bool:
    mine = select(Connection.id).where(
        Connection.id == connection_id,
        Connection.state.in_(AT_WORK),
        Connection.paused_by.is_(None),
    )
    return db.scalar(mine) is not None


def take(db: Session, connection_id: int, event_ids: Collection[str], *, due_at: datetime) -> None:
    """Keeps what was told of a mailbox; the same event twice is one row."""
    kept = select(func.count(Notice.id)).where(Notice.connection_id == connection_id)
    if len(event_ids) + (db.scalar(kept) or 0) > MOST:
        db.execute(delete(Notice).where(Notice.connection_id == connection_id))
        event_ids = [EVERYWHERE]
    statement = insert(Notice)
    later = statement.excluded.due_at
    sooner = case((Notice.looks == 0, func.min(Notice.due_at, later)), else_=later)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[Notice.connection_id, Notice.graph_id],
            set_={"due_at": sooner, "looks": 0},
        ),
        [
            {"connection_id": connection_id, "graph_id": event_id, "due_at": due_at, "looks": 0}
            for event_id in event_ids
        ],
    )
    mark_due(db, connection_id, at=due_at)


def mark_due(db: Session, connection_id: int, *, at: datetime) -> None:
    """A turn at the mailbox no later than this, if it is at work."""
    db.execute(
        update(Connection)
        .where(
            Connection.id == connection_id,
            Connection.state.in_(AT_WORK),
            or_(Connection.due_at.is_(None), Connection.due_at > at),
        )
        .values(due_at=at)
    )


def due(db: Session, connection_id: int, *, now: datetime) -> list[Notice]:
    mine = select(Notice).where(Notice.connection_id == connection_id, Notice.due_at <= now)
    return list(db.scalars(mine.order_by(Notice.id)))


def next_at(db: Session, connection_id: int) -> datetime | None:
    """None while no calendar is read that they could point to."""
    return db.scalar(
        select(func.min(calendars.once_free(Notice.due_at)))
        .join(Calendar, Calendar.connection_id == Notice.connection_id)
        .where(
            Notice.connection_id == connection_id,
            Calendar.ticked,
            Calendar.missing_since.is_(None),
        )
    )


def followed(db: Session, notice_ids: Iterable[int], *, now: datetime) -> None:
    """The windows they point to are due: another look comes later, or that was it."""
    mine = Notice.id.in_(list(notice_ids))
    db.execute(delete(Notice).where(mine, Notice.looks >= LOOKS - 1))
    db.execute(update(Notice).where(mine).values(looks=Notice.looks + 1, due_at=now + FOLLOW_UP))


def places(db: Session, connection_id: int, event_ids: Collection[str]) -> list[Place]:
    """Where the cache has these events. One that is in two calendars is there twice."""
    found = db.execute(
        select(Event.graph_id, Event.calendar_id, Event.home_id, Event.kind)
        .join(Calendar, Calendar.id == Event.calendar_id)
        .where(Calendar.connection_id == connection_id, Event.graph_id.in_(list(event_ids)))
    )
    return [
        Place(graph_id, calendar_id, None if kind == MASTER else home_id)
        for graph_id, calendar_id, home_id, kind in found
    ]


def windows_due(db: Session, window_ids: Collection[int], *, now: datetime) -> None:
    _due_where(db, Window.id.in_(list(window_ids)), now=now)


def calendar_due(
    db: Session,
    calendar_id: int,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    now: datetime,
) -> None:
    """The windows of a calendar that a span touches; without an end, or a start, all beyond it."""
    span = [Window.calendar_id == calendar_id]
    if starts is not None:
        span.append(Window.ends_at > starts)
    if ends is not None:
        span.append(Window.starts_at <= ends)
    _due_where(db, *span, now=now)


def hot_due(db: Session, connection_id: int, *, now: datetime) -> None:
    """Look everywhere: the windows near today in every calendar that is read."""
    hot = (Window.starts_at <= now + windows.HOT_AHEAD, Window.ends_at > now - windows.HOT_BACK)
    _due_where(db, Window.calendar_id.in_(_read(connection_id)), *hot, now=now)


def _due_where(db: Session, *which: ColumnElement[bool], now: datetime) -> None:
    # A window in trouble waits its time: a hint must not wear Microsoft out.
    healthy = (Window.held_code.is_(None), Window.due_at > now)
    db.execute(update(Window).where(*which, *healthy).values(due_at=now))


def _read(connection_id: int) -> Select[int]:
    return select(Calendar.id).where(
        Calendar.connection_id == connection_id,
        Calendar.ticked,
        Calendar.missing_since.is_(None),
    )
