"""Slows guessing down: failures are counted in the database, so a restart forgets nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal import people
from portal.addresses import network_of
from portal.signing_in.sessions import fingerprint
from portal.tables import SessionRow, SignInFailure

WITHIN = timedelta(minutes=15)
FOR_ONE_ACCOUNT, FROM_ONE_NETWORK = 10, 30
STARTS_FROM_ONE_NETWORK = 300  # whole offices share one address, and all of them come at nine


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures under this key within WITHIN, then a pause."""

    key: str
    failures: int


def at_sign_in(db: Session, address: str, origin: str) -> list[Limit]:
    """Counted for the account and for the network the guesses come from.

    A person who has signed in from this network before has a count of their own, so that a
    stranger's guesses elsewhere do not keep them out.
    """
    account, network = people.normal_address(address), network_of(origin)
    person = people.by_address(db, account)
    known = person is not None and _has_been_here(db, person.id, origin)
    whose = f"account {account} at {network}" if known else f"account {account}"
    return [Limit(whose, FOR_ONE_ACCOUNT), Limit(f"network {network}", FROM_ONE_NETWORK)]


def at_setup(origin: str) -> list[Limit]:
    return [Limit(f"setup {network_of(origin)}", FOR_ONE_ACCOUNT)]


def at_invitation(origin: str) -> list[Limit]:
    """For whoever tries out links; one who has a right one is not kept out by others elsewhere."""
    return [Limit(f"invitation {network_of(origin)}", FOR_ONE_ACCOUNT)]


def at_provider(origin: str) -> list[Limit]:
    """For answers of providers that let nobody in: forged, old, of another browser, declined."""
    return [Limit(f"network {network_of(origin)} at a provider", FROM_ONE_NETWORK)]


def on_the_way(origin: str) -> list[Limit]:
    """For how often anybody sets out for a provider: each time leaves a row."""
    return [Limit(f"network {network_of(origin)} sets out", STARTS_FROM_ONE_NETWORK)]


def at_own_password(person_id: int) -> list[Limit]:
    """For whoever found a browser signed in and guesses the present password."""
    return [Limit(f"password of {person_id}", FOR_ONE_ACCOUNT)]


def is_closed(db: Session, limits: Iterable[Limit], *, now: datetime) -> bool:
    """Whether one of the limits is reached: nothing is tried until failures grow old."""
    return any(_failures(db, limit, now) >= limit.failures for limit in limits)


def note_failure(db: Session, limits: Iterable[Limit], *, now: datetime) -> None:
    db.execute(delete(SignInFailure).where(SignInFailure.at < now - WITHIN))
    db.add_all(SignInFailure(key=fingerprint(limit.key), at=now) for limit in limits)


def note_success(db: Session, limits: Iterable[Limit]) -> None:
    """The account's own count begins anew. The network's does not: it may be an attacker's."""
    own = [fingerprint(limit.key) for limit in limits if not limit.key.startswith("network")]
    db.execute(delete(SignInFailure).where(SignInFailure.key.in_(own)))


def _failures(db: Session, limit: Limit, now: datetime) -> int:
    recent = select(func.count(SignInFailure.id)).where(
        SignInFailure.key == fingerprint(limit.key), SignInFailure.at > now - WITHIN
    )
    return db.scalar(recent) or 0


def _has_been_here(db: Session, person_id: int, origin: str) -> bool:
    session = select(SessionRow.id).where(
        SessionRow.person_id == person_id, SessionRow.origin == origin
    )
    return db.scalar(session.limit(1)) is not None
