"""Consent requests: a person on their way to Microsoft and back."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.signing_in import oauth_states
from portal.signing_in.sessions import fingerprint
from portal.tables import ConsentRequest

CODE_LIVES = timedelta(minutes=9)  # at Microsoft ten
PAUSES = (2, 4, 8, 15, 30)  # seconds between attempts
ONE_ATTEMPT = timedelta(seconds=40)  # longer than a call may last


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
    """Raises oauth_states.StateUnknown, StateUsed, StateExpired."""
    return oauth_states.spend(
        db, ConsentRequest, state, ConsentRequest.session_id == session_id, now=now
    )


def keep_code(
    db: Session, request_id: int, code: str, *, at_least: float | None, now: datetime
) -> bool:
    """Microsoft is not ready to redeem it: it is tried again, with longer and longer pauses, and
    not before `at_least` seconds. False when the code will not live so long.
    """
    request = db.get_one(ConsentRequest, request_id)
    pause = PAUSES[min(request.attempts, len(PAUSES) - 1)]
    request.try_at = now + timedelta(seconds=max(pause, at_least or 0))
    lives = request.used_at is not None and request.try_at < request.used_at + CODE_LIVES
    request.code = code if lives else None
    return lives


def waiting(db: Session, session_id: int, *, now: datetime) -> ConsentRequest | None:
    """The session's latest one whose code is kept and still lives."""
    return db.scalar(
        select(ConsentRequest)
        .where(
            ConsentRequest.session_id == session_id,
            ConsentRequest.code.is_not(None),
            ConsentRequest.used_at > now - CODE_LIVES,
        )
        .order_by(ConsentRequest.id.desc())
        .limit(1)
    )


def take_turn(db: Session, request_id: int, *, now: datetime) -> str | None:
    """The code, for one attempt to redeem it; None before its time, or when another is at it."""
    return db.scalar(
        update(ConsentRequest)
        .where(ConsentRequest.id == request_id, ConsentRequest.try_at <= now)
        .values(attempts=ConsentRequest.attempts + 1, try_at=now + ONE_ATTEMPT)
        .returning(ConsentRequest.code)
    )


def drop_code(db: Session, request_id: int) -> None:
    db.get_one(ConsentRequest, request_id).code = None


def note_refusal(db: Session, person_id: int, why: str, *, now: datetime) -> None:
    """Somebody came back without a connection: the answer was forged, late, used before, for
    somebody else, or not allowed.
    """
    subject = f"person {person_id}"
    audit.record(db, by=person_id, act="connecting refused", subject=subject, after=why, now=now)
