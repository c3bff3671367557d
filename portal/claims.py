"""Who works on a mailbox: one worker at a time, and a late one can no longer write."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal import (
    adoption,
    cache,
    calendars,
    comparison,
    coverage,
    eligibility,
    grants,
    held_events,
    next_change,
    notices,
    policy,
    quarters,
    subscriptions,
    waits,
)
from portal.connections import ASKED
from portal.policy import Policy
from portal.tables import Account, Calendar, Connection, Person, Window

LEASE = timedelta(seconds=60)
REFRESH_CLAIM = timedelta(seconds=60)
SWITCHED_OFF_EVERY = timedelta(minutes=1)  # how often it is seen that the integration is on again


class LeaseLost(Exception):
    """Another worker holds the mailbox now, or the connection was ended."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one connection until the lease ends."""

    connection_id: int
    number: int


def is_any_due(db: Session, *, now: datetime) -> bool:
    """Asked every two seconds, so without a write."""
    return db.scalar(_due(now)) is not None


def claim_due(db: Session, *, now: datetime) -> Claim | None:
    """Takes the connection that has been due longest; None when none is."""
    return _take(db, _due(now).scalar_subquery(), now)


def take_over(db: Session, connection_id: int, *, now: datetime) -> Claim:
    """The mailbox for whoever acts on it from a page: a round under way can no longer write, and
    none begins before the lease ends. Raises LeaseLost where the connection is gone.
    """
    claim = _take(db, connection_id, now)
    if claim is None:
        raise LeaseLost
    return claim


def _take(db: Session, which: int | ScalarSelect[int], now: datetime) -> Claim | None:
    taken = db.execute(
        update(Connection)
        .where(Connection.id == which)
        .values(leased_until=now + LEASE, lease_number=Connection.lease_number + 1)
        .returning(Connection.id, Connection.lease_number)
    ).one_or_none()
    return None if taken is None else Claim(*taken)


def _due(now: datetime) -> Select[int]:
    return (
        select(Connection.id)
        .join(Person, Person.id == Connection.person_id)
        .where(
            Person.disabled_at.is_(None),
            Connection.paused_by.is_(None),
            _may_go_on(),
            Connection.state.in_(ASKED),
            Connection.due_at <= now,
            or_(Connection.leased_until.is_(None), Connection.leased_until <= now),
            or_(Connection.pause_until.is_(None), Connection.pause_until <= now),
        )
        .order_by(Connection.due_at)
        .limit(1)
    )


def _may_go_on() -> ColumnElement[bool]:
    """While everything is paused, only those that were let go on singly since."""
    paused_at = select(Account.paused_at).scalar_subquery()
    return or_(paused_at.is_(None), Connection.resumed_at >= paused_at)


def next_due_at(db: Session, *, after: datetime) -> datetime | None:
    """When the next connection falls due that is not so yet."""
    ahead = select(func.min(Connection.due_at)).where(
        Connection.state.in_(ASKED), Connection.paused_by.is_(None), Connection.due_at > after
    )
    return db.scalar(ahead)


def free_all(db: Session) -> None:
    """Ends every lease. Whoever still works under one can no longer write."""
    db.execute(
        update(Connection)
        .where(Connection.leased_until.is_not(None))
        .values(leased_until=None, lease_number=Connection.lease_number + 1)
    )


# Built once: every write of a round begins with it.
_HOLD = (
    update(Connection)
    .where(Connection.id == bindparam("held"), Connection.lease_number == bindparam("number"))
    .values(leased_until=bindparam("until"))
    .returning(Connection)
)


def hold(db: Session, claim: Claim, *, now: datetime) -> Connection:
    """Renews the lease inside the transaction that is about to write. Raises LeaseLost."""
    asked = {"held": claim.connection_id, "number": claim.number, "until": now + LEASE}
    held = db.scalar(_HOLD, asked)
    if held is None:
        raise LeaseLost
    return held


def release(db: Session, claim: Claim, *, not_before: datetime | None, now: datetime) -> None:
    """Ends the turn; the connection is due again when its earliest window or change is.

    `not_before` keeps a failing mailbox from being asked again at once. Raises LeaseLost.
    """
    connection = hold(db, claim, now=now)
    connection.leased_until = None
    eligibility.review(db, [connection], now=now)
    chosen = policy.of(db, connection.person_id)
    if not chosen.enabled:
        not_before = now + SWITCHED_OFF_EVERY
    is_outdated = connection.covered != coverage.name(chosen)  # the turn kept to what it began with
    due = now if is_outdated else _next_work(db, connection, chosen, now)
    if due is not None and not_before is not None:
        due = max(due, not_before)
    connection.due_at = due if connection.state in ASKED else None


def _next_work(
    db: Session, connection: Connection, chosen: Policy, now: datetime
) -> datetime | None:
    if connection.described_at is None or cache.is_any_doubted(db, connection.id, now=now):
        return now
    if comparison.is_due(db, connection.id, now=now):
        return now
    if adoption.is_waiting(db, connection, chosen, now=now):
        return now
    moments = [
        _next_window(db, connection.id, now),
        held_events.next_at(db, connection.id),
        notices.next_at(db, connection.id),
        subscriptions.next_at(db, connection.id),
    ]
    if may_write(db, connection, chosen):
        moments.append(next_change.due_at(db, connection.id))
    return min((moment for moment in moments if moment is not None), default=None)


def is_pressed(db: Session, connection: Connection, *, now: datetime) -> bool:
    """Whether something waits that goes before a backfill: a change, a notice, a window that was
    read before.
    """
    moments = [
        notices.next_at(db, connection.id),
        _next_window(db, connection.id, now, filled=True),
    ]
    if may_write(db, connection):
        moments.append(next_change.due_at(db, connection.id))
    return any(moment is not None and moment <= now for moment in moments)


def may_write(db: Session, connection: Connection, chosen: Policy | None = None) -> bool:
    """Whether what waits in the outbox may go: granted, wanted, not held by the brake, and not the
    first look after a reconnect. `chosen`: what is in force for the person, where the caller knows.
    """
    chosen = chosen or policy.of(db, connection.person_id)
    if connection.only_reads or connection.held_at is not None:
        return False
    return grants.sends(connection, chosen) and not waits.is_dry(connection, chosen)


def may_remove(db: Session, connection: Connection) -> bool:
    """Whether a meeting may be cancelled here because its event is gone: not in a look that only
    reads, nor while an administrator wants nothing but the plan.
    """
    if connection.only_reads:
        return False
    return not waits.is_dry(connection, policy.of(db, connection.person_id))


def _next_window(
    db: Session, connection_id: int, now: datetime, *, filled: bool = False
) -> datetime | None:
    first = (
        select(func.min(calendars.once_free(Window.due_at)))
        .select_from(Window)
        .join(Calendar, Calendar.id == Window.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            Calendar.ticked,
            Calendar.missing_since.is_(None),
            quarters.is_awaited(quarters.quarter_of(now)),
        )
    )
    if filled:
        first = first.where(Window.filling.is_(False))
    found: datetime | None = db.scalar(first)
    return found


def pause(db: Session, connection_id: int, *, until: datetime) -> None:
    """Nobody asks anything of this mailbox until then; a longer pause stays."""
    db.execute(
        update(Connection)
        .where(
            Connection.id == connection_id,
            or_(Connection.pause_until.is_(None), Connection.pause_until < until),
        )
        .values(pause_until=until)
    )


def claim_refresh(db: Session, connection_id: int, *, now: datetime) -> bool:
    """The right to refresh this connection's token; lapses by itself after a crash."""
    taken = db.scalar(
        update(Connection)
        .where(
            Connection.id == connection_id,
            or_(Connection.refresh_until.is_(None), Connection.refresh_until <= now),
        )
        .values(refresh_until=now + REFRESH_CLAIM)
        .returning(Connection.id)
    )
    return taken is not None
