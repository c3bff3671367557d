"""How a connection stands: the one state people are shown, and whether both sides are in step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, defer

from portal import connections, pieces, policy, quarters, windows
from portal.freshness import GRACE
from portal.outbox import FAILED
from portal.policy import Policy
from portal.tables import Calendar, Change, Connection, HeldEvent, Link, Meeting, Window

# States that no round sets: they follow from other facts of the row, and from the clock.
NOT_SET_UP, PAUSED, HELD, BLOCKED = "not_set_up", "paused", "held", "blocked_by_policy"
DELAYED, STALLED, RETRYING = "delayed", "stalled", "retrying"
LATE_AFTER, STALLED_AFTER = timedelta(minutes=30), timedelta(hours=2)


class Tie(Protocol):
    """What of a connection its state follows from; lists bring it without the rest."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def paused_by(self) -> str | None: ...
    @property
    def held_at(self) -> datetime | None: ...
    @property
    def good_at(self) -> datetime | None: ...
    @property
    def connected_at(self) -> datetime: ...
    @property
    def resumed_at(self) -> datetime | None: ...
    @property
    def pause_until(self) -> datetime | None: ...
    @property
    def failures(self) -> int: ...


# Of thousands: whole connections, with sealed tokens that nobody asks for, take far longer.
_TIES = select(
    Connection.id,
    Connection.person_id,
    Connection.state,
    Connection.paused_by,
    Connection.held_at,
    Connection.good_at,
    Connection.connected_at,
    Connection.resumed_at,
    Connection.pause_until,
    Connection.failures,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What keeps both sides from being in step, counted.

    read_at: when a calendar was last looked at. late: windows whose look is older than it should
    be. unread: windows still to be filled. troubled: calendars, windows and events that cannot be
    read. refused: meetings whose last change was refused. frozen: links stopped by the breaker.
    """

    read_at: datetime | None
    late: int
    unread: int
    troubled: int
    waiting: int
    refused: int
    frozen: int

    @property
    def in_step(self) -> bool:
        return not any(
            (self.late, self.unread, self.troubled, self.waiting, self.refused, self.frozen)
        )


def state_of(
    connection: Tie | None, chosen: Policy, *, read_at: datetime | None, now: datetime
) -> str:
    """What holds it up most, by what has to end first."""
    if connection is None:
        return NOT_SET_UP
    if connection.state == connections.DISCONNECTED:
        return connections.DISCONNECTED
    if connection.state == connections.BLOCKED or not chosen.enabled:
        return BLOCKED
    if connection.paused_by is not None:
        return PAUSED
    if connection.state not in connections.AT_WORK:
        return connection.state
    if connection.held_at is not None:
        return HELD
    return _by_time(connection, chosen, read_at, now)


def _by_time(connection: Tie, chosen: Policy, read_at: datetime | None, now: datetime) -> str:
    poll = timedelta(minutes=chosen.poll_minutes)
    since = now - _good_since(connection, read_at)
    if since > max(STALLED_AFTER, 6 * poll):
        return STALLED
    if since > max(LATE_AFTER, 3 * poll):
        return DELAYED
    if connection.state == connections.CONNECTING:
        return connections.CONNECTING
    quiet = connection.pause_until is not None and connection.pause_until > now
    return RETRYING if connection.failures or quiet else connections.CONNECTED


def _good_since(connection: Tie, read_at: datetime | None) -> datetime:
    """A round that could read no calendar was not a good one, whatever it thought itself."""
    good_at = connection.good_at or connection.connected_at
    if read_at is not None:
        good_at = min(good_at, read_at)
    return max(good_at, connection.connected_at, connection.resumed_at or good_at)


def facts_of(db: Session, connection: Connection, chosen: Policy, *, now: datetime) -> Facts:
    poll = timedelta(minutes=chosen.poll_minutes)
    read = [one for one in connection.calendars if one.ticked and one.missing_since is None]
    paused = connection.backfill_paused
    held = [
        window
        for calendar in read
        for window in calendar.windows
        if not quarters.waits(window, paused=paused, now=now)
    ]
    filled = [window for window in held if window.filled_at is not None]
    calendar_ids = [one.id for one in connection.calendars]
    return Facts(
        read_at=max((one.looked_at for one in filled if one.looked_at), default=None),
        late=sum(_is_late(window, poll, now) for window in filled),
        unread=len(held) - len(filled) if held else 1,
        troubled=_troubled(db, read),
        waiting=_count(db, select(Change).where(_here(calendar_ids), Change.done_at.is_(None))),
        refused=_count(db, _refused(calendar_ids)),
        frozen=_count(
            db,
            select(Link)
            .join(Meeting)
            .where(
                Link.calendar_id.in_(calendar_ids),
                Link.frozen_at.is_not(None),
                Meeting.cancelled_at.is_(None),
            ),
        ),
    )


def read_at_of(
    db: Session, connection_ids: list[int] | None, *, now: datetime
) -> dict[int, datetime]:
    """When each connection's calendars were last looked at, for a list of many, or of all; without
    those looked at so lately that it decides nothing.
    """
    asked = (
        select(Calendar.connection_id, func.max(Window.looked_at))
        .join(Window, Window.calendar_id == Calendar.id)
        .where(Calendar.ticked, Calendar.missing_since.is_(None), Window.looked_at.is_not(None))
        .group_by(Calendar.connection_id)
        .having(func.max(Window.looked_at) < now - LATE_AFTER)
    )
    if connection_ids is not None:
        asked = asked.where(Calendar.connection_id.in_(connection_ids))
    return {connection_id: at for connection_id, at in db.execute(asked) if at is not None}


def of_person(db: Session, person_id: int, *, now: datetime) -> str:
    return states_of(db, [person_id], now=now)[person_id]


def of_people(
    db: Session, person_ids: list[int], chosen: Mapping[int, Policy], *, now: datetime
) -> dict[int, tuple[str, Connection | None]]:
    """The state of each, and the connection it is about."""
    mine = select(Connection).where(Connection.person_id.in_(person_ids))
    sealed = (defer(Connection.access_token), defer(Connection.refresh_token))
    rows = {row.person_id: row for row in db.scalars(mine.options(*sealed))}
    read_at = read_at_of(db, [row.id for row in rows.values()], now=now)
    states = _states(person_ids, rows, chosen, read_at, now=now)
    return {one: (states[one], rows.get(one)) for one in person_ids}


def states_of(
    db: Session,
    person_ids: list[int] | None,
    chosen: Mapping[int, Policy] | None = None,
    *,
    now: datetime,
) -> dict[int, str]:
    """The states alone, of these or of everybody. `chosen`: what holds for them, where it is known
    already.
    """
    chosen = chosen or policy.of_people(db, person_ids)
    ties = ties_of(db, person_ids)
    asked = None if person_ids is None else [tie.id for tie in ties.values()]
    return _states(chosen, ties, chosen, read_at_of(db, asked, now=now), now=now)


def ties_of(db: Session, person_ids: list[int] | None) -> dict[int, Tie]:
    """Of those who have one."""
    asked = _TIES if person_ids is None else _TIES.where(Connection.person_id.in_(person_ids))
    rows: Iterable[Tie] = db.execute(asked)
    return {row.person_id: row for row in rows}


def _states(
    person_ids: Iterable[int],
    ties: Mapping[int, Tie],
    chosen: Mapping[int, Policy],
    read_at: Mapping[int, datetime],
    *,
    now: datetime,
) -> dict[int, str]:
    found = {}
    for person_id in person_ids:
        tie = ties.get(person_id)
        at = None if tie is None else read_at.get(tie.id)
        found[person_id] = state_of(tie, chosen[person_id], read_at=at, now=now)
    return found


def _is_late(window: Window, poll: timedelta, now: datetime) -> bool:
    looked_at = window.looked_at
    allowed = windows.interval(window, poll=poll, now=now) + GRACE
    return looked_at is None or now - looked_at > allowed


def _troubled(db: Session, read: list[Calendar]) -> int:
    ids = [one.id for one in read]
    events = _count(db, select(HeldEvent).where(HeldEvent.calendar_id.in_(ids)))
    parts = sum(
        one.held_code is not None and not pieces.was_by_list(one)
        for calendar in read
        for one in calendar.windows
    )
    return events + parts + sum(one.held_until is not None for one in read)


def _here(calendar_ids: list[int]) -> ColumnElement[bool]:
    return Change.calendar_id.in_(calendar_ids)


def _refused(calendar_ids: list[int]) -> Select[Any]:
    """Last changes of meetings that still take place, or were to be cancelled."""
    last = select(func.max(Change.id)).group_by(Change.meeting_id)
    return select(Change).where(_here(calendar_ids), Change.id.in_(last), Change.outcome == FAILED)


def _count(db: Session, what: Select[Any]) -> int:
    return db.scalar(select(func.count()).select_from(what.subquery())) or 0
