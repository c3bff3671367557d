"""The state of an OAuth request that is under way: it comes back once, and within ten minutes.

RFC 6749 section 10.12 asks for it.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from portal.signing_in.sessions import fingerprint
from portal.tables import AdminConsentRequest, ConsentRequest, SignInRequest

LIFETIME = timedelta(minutes=10)
KEPT = timedelta(days=1)  # so long a second callback is told apart from an invented one
REQUESTS = (ConsentRequest, AdminConsentRequest, SignInRequest)

Request = TypeVar("Request", ConsentRequest, AdminConsentRequest, SignInRequest)


class StateUnknown(Exception):
    """No request of whoever asks has this state."""


class StateExpired(Exception):
    """The person took more than ten minutes."""


class StateUsed(Exception):
    """The callback came a second time."""


def spend(
    db: Session, table: type[Request], state: str, *whose: ColumnElement[bool], now: datetime
) -> Request:
    """The request with this state, which works no second time. `whose`: who may bring it.

    Raises StateUnknown, StateUsed, StateExpired.
    """
    request = db.scalar(select(table).where(table.state_hash == fingerprint(state), *whose))
    if request is None:
        raise StateUnknown
    spent = db.scalar(
        update(table)
        .where(table.id == request.id, table.used_at.is_(None))
        .values(used_at=now)
        .returning(table.id)
    )
    if spent is None:
        raise StateUsed
    if now - request.created_at > LIFETIME:
        raise StateExpired
    return request


def forget_old(db: Session, *, now: datetime) -> None:
    for table in REQUESTS:
        db.execute(delete(table).where(table.created_at < now - KEPT))
