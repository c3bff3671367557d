"""People on their way to a provider and back: a state that works once, in one browser."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import audit
from portal.signing_in import oauth_states
from portal.signing_in.sessions import fingerprint
from portal.tables import SignInRequest

LONGEST_PATH = 255


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
    anew: bool,
    now: datetime,
) -> None:
    """`browser`: a secret of its cookie. `person_id`: whom the identity is to be tied to. `anew`:
    somebody who is signed in proves once more who they are.
    """
    db.add(
        SignInRequest(
            provider_id=provider_id,
            state_hash=fingerprint(state),
            browser_hash=fingerprint(browser),
            nonce=nonce,
            verifier=verifier,
            goes_to=goes_to if len(goes_to) <= LONGEST_PATH else "",
            person_id=person_id,
            anew=anew,
            created_at=now,
            used_at=None,
        )
    )


def use(
    db: Session, *, state: str, browser: str, providers: set[int], now: datetime
) -> SignInRequest:
    """`providers`: those whose answers come to this address.

    Raises oauth_states.StateUnknown, StateUsed, StateExpired.
    """
    table = SignInRequest
    whose = (table.browser_hash == fingerprint(browser), table.provider_id.in_(providers))
    return oauth_states.spend(db, table, state, *whose, now=now)


def note_refusal(db: Session, why: str, provider_id: int | None, *, now: datetime) -> None:
    """An answer that let nobody in. Callers slow such answers down: strangers may send them."""
    subject = "sign-in" if provider_id is None else f"provider {provider_id}"
    audit.record(db, by=None, act="sign-in refused", subject=subject, after=why, now=now)
