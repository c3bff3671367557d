"""What stands still, over everybody: mailboxes and events that are not written to, and what is not
read. For administrators: ids of meetings, no titles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, defer

from portal import connections, waits
from portal.operations import holding
from portal.tables import Calendar, Connection, HeldEvent, Link, Meeting, Person, Window

SHOWN = 25  # of each kind on one page
CALENDAR, PART, EVENTS = "calendar", "part", "events"


@dataclass(frozen=True, slots=True)
class Unread:
    """A calendar, a part of one, or single events. `since`: of parts the last look, None where
    there was none; `first`, `end` (exclusive): of a part; `count`: of events.
    """

    person: str
    calendar: str
    what: str
    code: str | None
    since: datetime | None
    next_at: datetime | None
    first: datetime | None = None
    end: datetime | None = None
    count: int = 0
    by_list: bool = False  # it is read in another way meanwhile


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A mailbox that nothing is written to. `why` as portal.waits says."""

    person_id: int
    person: str
    why: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """An event that the loop breaker stopped."""

    person: str
    meeting_id: int
    since: datetime


def unread(db: Session) -> list[Unread]:
    return [*_calendars(db), *_parts(db), *_events(db)]


def unwritten(db: Session, *, now: datetime) -> list[Unwritten]:
    """By the person's name; all of them while an administrator holds back everybody's changes."""
    mine = select(Connection, Person.name).join(Person, Person.id == Connection.person_id)
    mine = mine.where(Connection.state != connections.DISCONNECTED)
    if not holding.is_dry_for_everybody(db):
        ended = Connection.state == connections.BLOCKED
        held = (Connection.held_at.is_not(None), Connection.dry_run, Connection.only_reads, ended)
        mine = mine.where(or_(*held))
    mine = mine.options(defer(Connection.access_token), defer(Connection.refresh_token))
    found = db.execute(mine.order_by(Person.name, Person.id).limit(SHOWN)).all()
    whys = waits.of_many(db, [connection for connection, _ in found], now=now)
    return [
        Unwritten(connection.person_id, name, why, _since(connection, why))
        for connection, name in found
        if (why := whys[connection.id]) is not None
    ]


def _since(connection: Connection, why: str) -> datetime | None:
    if why == waits.HELD:
        return connection.held_at
    if why == waits.BLOCKED:
        return connection.cut_off_at
    return connection.only_reads_since if why in (waits.LOOKS, waits.A_WORD) else None


def frozen(db: Session) -> list[Frozen]:
    rows = db.execute(
        select(Person.name, Meeting.id, Link.frozen_at)
        .join(Meeting, Meeting.person_id == Person.id)
        .join(Link, Link.meeting_id == Meeting.id)
        .where(Link.frozen_at.is_not(None), Meeting.cancelled_at.is_(None))
        .order_by(Link.frozen_at)
        .limit(SHOWN)
    )
    return [Frozen(name, meeting_id, at) for name, meeting_id, at in rows if at is not None]


def _is_read() -> ColumnElement[bool]:
    live = Connection.state.not_in((connections.DISCONNECTED, connections.BLOCKED))
    return and_(live, Calendar.ticked, Calendar.missing_since.is_(None))


def _calendars(db: Session) -> Sequence[Unread]:
    looked = select(func.max(Window.looked_at)).where(Window.calendar_id == Calendar.id)
    rows = db.execute(
        select(Person.name, Calendar, looked.scalar_subquery())
        .join(Connection, Connection.person_id == Person.id)
        .join(Calendar, Calendar.connection_id == Connection.id)
        .where(_is_read(), Calendar.held_code.is_not(None))
        .order_by(Person.name, Calendar.id)
        .limit(SHOWN)
    )
    return [
        Unread(name, one.name, CALENDAR, one.held_code, looked_at, one.held_until)
        for name, one, looked_at in rows
    ]


def _parts(db: Session) -> Sequence[Unread]:
    rows = db.execute(
        select(Person.name, Calendar.name, Window)
        .join(Connection, Connection.person_id == Person.id)
        .join(Calendar, Calendar.connection_id == Connection.id)
        .join(Window, Window.calendar_id == Calendar.id)
        .where(_is_read(), Calendar.held_code.is_(None), Window.held_code.is_not(None))
        .order_by(Person.name, Calendar.id, Window.starts_at)
        .limit(SHOWN)
    )
    return [
        Unread(
            name,
            calendar,
            PART,
            one.held_code,
            one.looked_at,
            one.due_at,
            first=one.starts_at,
            end=one.ends_at,
            by_list=one.by_list,
        )
        for name, calendar, one in rows
    ]


def _events(db: Session) -> Sequence[Unread]:
    rows = db.execute(
        select(
            Person.name,
            Calendar.name,
            HeldEvent.code,
            func.min(HeldEvent.since),
            func.min(HeldEvent.ask_at),
            func.count(HeldEvent.id),
        )
        .join(Connection, Connection.person_id == Person.id)
        .join(Calendar, Calendar.connection_id == Connection.id)
        .join(HeldEvent, HeldEvent.calendar_id == Calendar.id)
        .where(_is_read())
        .group_by(Person.id, Calendar.id, HeldEvent.code)
        .order_by(Person.name, Calendar.id, HeldEvent.code)
        .limit(SHOWN)
    )
    return [
        Unread(name, calendar, EVENTS, code, since, ask_at, count=count)
        for name, calendar, code, since, ask_at, count in rows
    ]
