"""Pausing: of a connection, by the person or an administrator; of all at once; of the backfill
alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import accounts, audit, connections, people
from portal.tables import Audit, Connection

PERSON, ADMIN, EVERYBODY = "person", "admin", "everybody"
READS_FIRST_AFTER = timedelta(hours=24)  # so long a pause that what waits is looked at first


@dataclass(frozen=True, slots=True)
class Rest:
    """Who paused, as above; the name of an administrator who paused everything, and since when."""

    whose: str
    by: str | None
    since: datetime | None


class NotYours(Exception):
    """An administrator paused it, and only an administrator resumes it."""


def pause(db: Session, connection: Connection, *, by: str, who: int, now: datetime) -> None:
    """Nothing is read or written any more; what changes meanwhile waits. An administrator's pause
    takes the place of the person's, never the other way round.
    """
    if connection.paused_by in (ADMIN, by):
        return
    connection.paused_by = by
    connection.paused_at = connection.paused_at or now
    connection.leased_until = None
    connection.lease_number += 1  # a round under way can no longer write
    _note(db, connection, "connection paused", who, now)


def resume(db: Session, connection: Connection, *, by: str, who: int, now: datetime) -> None:
    """Everything is looked at again; after a long pause before anything is written.

    Raises NotYours.
    """
    if connection.paused_by is None:
        return
    if connection.paused_by != PERSON and by != ADMIN:
        raise NotYours
    _go_on(db, connection, now)
    _note(db, connection, "connection resumed", who, now)


def pause_everything(db: Session, *, by: int, now: datetime) -> int:
    """Every mailbox, also those that come later; single ones can be resumed meanwhile, to try one.
    Whoever was paused before stays so afterwards. Gives how many were paused now.
    """
    account = accounts.the_account(db)
    if account.paused_at is not None:
        return 0
    account.paused_at = now
    running = Connection.paused_by.is_(None), Connection.state != connections.DISCONNECTED
    paused = db.scalars(
        update(Connection)
        .where(*running)
        .values(
            paused_by=EVERYBODY,
            paused_at=now,
            leased_until=None,
            lease_number=Connection.lease_number + 1,  # a round under way can no longer write
        )
        .returning(Connection.id)
    ).all()
    told = {"connections": len(paused)}
    audit.record(db, by=by, act="everything paused", subject="account", after=told, now=now)
    return len(paused)


def resume_everything(db: Session, *, by: int, now: datetime) -> int:
    """Gives how many go on."""
    account = accounts.the_account(db)
    if account.paused_at is None:
        return 0
    account.paused_at = None
    resting = db.scalars(select(Connection).where(Connection.paused_by == EVERYBODY)).all()
    for connection in resting:
        _go_on(db, connection, now)
    told = {"connections": len(resting)}
    audit.record(db, by=by, act="everything resumed", subject="account", after=told, now=now)
    return len(resting)


def _go_on(db: Session, connection: Connection, now: datetime) -> None:
    if connection.paused_at is None or now - connection.paused_at > READS_FIRST_AFTER:
        connections.read_first(connection, connections.PAUSE, now=now)
    connection.paused_by = connection.paused_at = None
    connection.resumed_at = now
    connections.look_now(db, connection.id, now=now)


def in_the_way(db: Session, connection: Connection) -> Rest | None:
    """What keeps anything from being sent for this mailbox now; None: nothing."""
    account = accounts.the_account(db)
    resumed = connection.resumed_at
    runs = account.paused_at is None or (resumed is not None and resumed >= account.paused_at)
    if connection.paused_by is None and runs:
        return None
    if connection.paused_by in (PERSON, ADMIN):
        return Rest(connection.paused_by, None, connection.paused_at)
    latest = select(Audit).where(Audit.act == "everything paused").order_by(Audit.id.desc())
    row = db.scalars(latest.limit(1)).one_or_none()
    by = None if row is None or row.person_id is None else people.find(db, row.person_id)
    return Rest(EVERYBODY, by.name if by else None, account.paused_at)


def pause_backfill(db: Session, connection: Connection, *, paused: bool, now: datetime) -> None:
    """The past windows that were never filled wait; the present and the future go on."""
    connection.backfill_paused = paused
    connections.mark_due(db, connection.id, now=now)


def _note(db: Session, connection: Connection, act: str, who: int, now: datetime) -> None:
    db.flush()
    audit.record(db, by=who, act=act, subject=f"person {connection.person_id}", now=now)
