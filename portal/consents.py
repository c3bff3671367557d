"""Consent requests: a person on their way to Microsoft and back."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.sessions import fingerprint
from portal.tables import ConsentRequest

LIFETIME = timedelta(minutes=10)
KEPT = timedelta(days=1)


class StateUnknown(Exception):
    """No request of this session has this state."""


class StateExpired(Exception):
    """The person took more than ten minutes."""


class StateUsed(Exception):
    """The callback came a second time."""


def ask(
    db: Session,
    *,
    state: str,
    session_id: int,
    person_id: int,
    nonce: str,
    verifier: str,
    calendar_access: str,
    replace_user: bool,
    now: datetime,
) -> None:
    db.add(
        ConsentRequest(
            state_hash=fingerprint(state),
            session_id=session_id,
            person_id=person_id,
            nonce=nonce,
            verifier=verifier,
            calendar_access=calendar_access,
            replace_user=replace_user,
            created_at=now,
            used_at=None,
        )
    )


def use(db: Session, *, state: str, session_id: int, now: datetime) -> ConsentRequest:
    """Spends the state: a second callback finds it used.

    Raises StateUnknown, StateUsed, StateExpired.
    """
    request = db.scalar(
        select(ConsentRequest).where(
            ConsentRequest.state_hash == fingerprint(state),
            ConsentRequest.session_id == session_id,
        )
    )
    if request is None:
        raise StateUnknown
    spent = db.scalar(
        update(ConsentRequest)
        .where(ConsentRequest.id == request.id, ConsentRequest.used_at.is_(None))
        .values(used_at=now)
        .returning(ConsentRequest.id)
    )
    if spent is None:
        raise StateUsed
    if now - request.created_at > LIFETIME:
        raise StateExpired
    return request


def forget_old(db: Session, *, now: datetime) -> None:
    db.execute(delete(ConsentRequest).where(ConsentRequest.created_at < now - KEPT))
