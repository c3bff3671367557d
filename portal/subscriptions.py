"""Subscriptions: what Microsoft was asked to tell of a mailbox, where, and until when."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.tables import Connection, Notice, Subscription

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """Whose subscription it is, and the digest of the secret that its notices carry."""

    connection_id: int
    digest: bytes

    def is_proved_by(self, secret: str) -> bool:
        """In a time that says nothing about the secret."""
        return hmac.compare_digest(self.digest, _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def of_connection(db: Session, connection_id: int) -> Subscription | None:
    return db.scalar(select(Subscription).where(Subscription.connection_id == connection_id))


def by_graph_id(db: Session, graph_id: str) -> Subscription | None:
    return db.scalar(select(Subscription).where(Subscription.graph_id == graph_id))


def known(db: Session, graph_ids: Iterable[str]) -> dict[str, Known]:
    """Those of these ids that are ours."""
    mine = select(Subscription).where(Subscription.graph_id.in_(set(graph_ids)))
    return {
        row.graph_id: Known(row.connection_id, _digest(row.client_state))
        for row in db.scalars(mine)
        if row.graph_id is not None
    }


def begin(
    db: Session, connection_id: int, *, address: str, secret: str, now: datetime
) -> Subscription:
    """Before Microsoft is asked: its first call may come while we still wait for the answer."""
    row = of_connection(db, connection_id)
    if row is None:
        row = Subscription(connection_id=connection_id, client_state=secret, address=address)
        db.add(row)
    elif row.address != address:
        row.address, row.client_state, row.failures = address, secret, 0
    row.graph_id, row.expires_at, row.renew_at = None, None, now
    db.flush()
    return row


def granted(row: Subscription, *, graph_id: str, expires_at: datetime, renew_at: datetime) -> None:
    row.graph_id, row.expires_at, row.renew_at = graph_id, expires_at, renew_at
    row.failures, row.code = 0, None


def failed(row: Subscription, code: str, *, now: datetime) -> None:
    """Asked again after a while: ten times within the first hour or so, then hourly."""
    row.failures += 1
    row.code = code[:64]
    row.renew_at = now + min(FIRST_WAIT * 2 ** min(row.failures - 1, 10), LONGEST_WAIT)


def ended(db: Session, connection_id: int, *, now: datetime) -> None:
    """Microsoft was asked to tell no more; a connection that goes on asks anew."""
    db.execute(
        update(Subscription)
        .where(Subscription.connection_id == connection_id)
        .values(graph_id=None, expires_at=None, renew_at=now)
    )


def renew_token(db: Session, connection_id: int, *, now: datetime) -> None:
    """The next turn begins with a fresh access token."""
    db.execute(
        update(Connection)
        .where(Connection.id == connection_id, Connection.token_expires_at > now)
        .values(token_expires_at=now)
    )


def next_at(db: Session, connection_id: int) -> datetime | None:
    return db.scalar(
        select(Subscription.renew_at).where(Subscription.connection_id == connection_id)
    )


def forget(db: Session, connection_id: int) -> None:
    """The connection ends: nothing is renewed, and what still comes is nobody's."""
    db.execute(delete(Notice).where(Notice.connection_id == connection_id))
    db.execute(delete(Subscription).where(Subscription.connection_id == connection_id))


def is_on(row: Subscription | None, *, now: datetime) -> bool:
    """Whether Microsoft has promised to tell, as far as we know."""
    return row is not None and row.expires_at is not None and row.expires_at > now
