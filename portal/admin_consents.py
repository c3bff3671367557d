"""Administrators on their way to Microsoft and back, to authorise the portal itself."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.signing_in import oauth_states
from portal.signing_in.sessions import fingerprint
from portal.tables import AdminConsentRequest

WAITS = timedelta(minutes=15)  # a consent counts everywhere after seconds to minutes
PAUSES = (2, 4, 8, 15, 30)  # seconds between attempts
ONE_ATTEMPT = timedelta(seconds=70)  # longer than the calls of one may last


def ask(
    db: Session,
    *,
    state: str,
    session_id: int,
    person_id: int,
    group_id: int | None,
    tenant_id: str,
    now: datetime,
) -> None:
    db.add(
        AdminConsentRequest(
            state_hash=fingerprint(state),
            session_id=session_id,
            person_id=person_id,
            group_id=group_id,
            tenant_id=tenant_id,
            created_at=now,
            used_at=None,
            waits_until=None,
            try_at=None,
            code=None,
        )
    )
    db.flush()


def use(db: Session, *, state: str, session_id: int, now: datetime) -> AdminConsentRequest:
    """Raises oauth_states.StateUnknown, StateUsed, StateExpired."""
    table = AdminConsentRequest
    return oauth_states.spend(db, table, state, table.session_id == session_id, now=now)


def begin_waiting(db: Session, request_id: int, *, now: datetime) -> None:
    """Microsoft said yes; whether it counts has yet to be seen."""
    request = db.get_one(AdminConsentRequest, request_id)
    request.waits_until, request.try_at = now + WAITS, now


def waiting(db: Session, session_id: int, *, now: datetime) -> AdminConsentRequest | None:
    """The session's latest one that may still come into effect."""
    return db.scalar(
        select(AdminConsentRequest)
        .where(
            AdminConsentRequest.session_id == session_id,
            AdminConsentRequest.waits_until > now,
        )
        .order_by(AdminConsentRequest.id.desc())
        .limit(1)
    )


def take_turn(db: Session, request_id: int, *, now: datetime) -> bool:
    """Whether this attempt is to be made now; not before its time, and by one alone."""
    taken = db.scalar(
        update(AdminConsentRequest)
        .where(AdminConsentRequest.id == request_id, AdminConsentRequest.try_at <= now)
        .values(attempts=AdminConsentRequest.attempts + 1, try_at=now + ONE_ATTEMPT)
        .returning(AdminConsentRequest.id)
    )
    return taken is not None


def try_later(
    db: Session, request_id: int, code: str, *, at_least: float | None, now: datetime
) -> None:
    """The attempt found that it does not count yet: longer and longer pauses."""
    request = db.get_one(AdminConsentRequest, request_id)
    pause = PAUSES[min(request.attempts, len(PAUSES)) - 1]
    request.code, request.try_at = code[:64], now + timedelta(seconds=max(pause, at_least or 0))


def end(db: Session, request_id: int) -> None:
    """It came into effect, or never will."""
    db.get_one(AdminConsentRequest, request_id).waits_until = None
