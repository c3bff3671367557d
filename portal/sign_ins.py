"""People on their way to a provider and back: a state that works once, in one browser."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.sessions import fingerprint
from portal.tables import SignInRequest

LIFETIME = timedelta(minutes=10)
KEPT = timedelta(days=1)
LONGEST_PATH = 255


class StateUnknown(Exception):
    """No request of this browser has this state."""


class StateExpired(Exception):
    """The person took more than ten minutes."""


class StateUsed(Exception):
    """The callback came a second time."""


def ask(
    db: Session,
    *,
    provider_id: int,
    state: str,
    browser: str,
    nonce: str,
    verifier: str,
    goes_to: str,
    person_id: int | None,
    now: datetime,
) -> None:
    """`browser`: a secret of its cookie. `person_id`: whom the identity is to be tied to."""
    db.add(
        SignInRequest(
            provider_id=provider_id,
            state_hash=fingerprint(state),
            browser_hash=fingerprint(browser),
            nonce=nonce,
            verifier=verifier,
            goes_to=goes_to if len(goes_to) <= LONGEST_PATH else "",
            person_id=person_id,
            created_at=now,
            used_at=None,
        )
    )


def use(
    db: Session, *, state: str, browser: str, providers: set[int], now: datetime
) -> SignInRequest:
    """Spends the state. `providers`: those whose answers come to this address.

    Raises StateUnknown, StateUsed, StateExpired.
    """
    request = db.scalar(
        select(SignInRequest).where(
            SignInRequest.state_hash == fingerprint(state),
            SignInRequest.browser_hash == fingerprint(browser),
            SignInRequest.provider_id.in_(providers),
        )
    )
    if request is None:
        raise StateUnknown
    spent = db.scalar(
        update(SignInRequest)
        .where(SignInRequest.id == request.id, SignInRequest.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInRequest.id)
    )
    if spent is None:
        raise StateUsed
    if now - request.created_at > LIFETIME:
        raise StateExpired
    return request


def forget_old(db: Session, *, now: datetime) -> None:
    db.execute(delete(SignInRequest).where(SignInRequest.created_at < now - KEPT))
