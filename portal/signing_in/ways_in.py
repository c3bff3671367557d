"""Which ways lead into the portal: passwords, unless they are switched off, and providers.

Passwords count again by themselves while no owner has come in through a provider as it is set up
now: what would lock the owner out has no effect.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal import registrations
from portal.configuration import settings
from portal.people import OWNER
from portal.signing_in import identities, providers
from portal.tables import Person, SignInIdentity, SignInProvider

PASSWORDS_OFF = "passwords_off"


class LastWay(Exception):
    """Without it nobody, or no owner, could sign in."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """`off`: none is taken. `wished`: an administrator chose so. `proven`: an owner has come in
    through a provider since it was last changed, so that it may have effect.
    """

    wished: bool
    proven: bool

    @property
    def off(self) -> bool:
        return self.wished and self.proven


def passwords(db: Session) -> Passwords:
    row = settings.of_account(db).get(PASSWORDS_OFF)
    wished = row is not None and row.value is True
    return Passwords(wished, is_proven(db))


def passwords_off(db: Session) -> bool:
    """The same, for whoever signs in."""
    row = settings.of_account(db).get(PASSWORDS_OFF)
    return row is not None and row.value is True and is_proven(db)


def is_proven(db: Session) -> bool:
    """Whether an owner has signed in through a provider as it is set up now."""
    registration = registrations.current(db)
    came = (
        select(SignInProvider, func.max(SignInIdentity.used_at))
        .join(SignInIdentity, SignInIdentity.provider_id == SignInProvider.id)
        .join(Person, Person.id == SignInIdentity.person_id)
        .where(
            *_able_owner(), SignInProvider.enabled.is_(True), SignInIdentity.used_at.is_not(None)
        )
        .group_by(SignInProvider.id)
    )
    for provider, at in db.execute(came):
        changed = provider.changed_at
        if provider.kind == providers.MICROSOFT:
            if registration is None:
                continue
            changed = max(changed, registration.changed_at)
        if at is not None and at >= changed:
            return True
    return False


def providers_of(db: Session, person_id: int) -> list[SignInProvider]:
    """Those this person can sign in with now."""
    tied = {one.provider_id for one in identities.of_person(db, person_id)}
    return [one for one in providers.enabled(db) if one.id in tied]


def of_person(db: Session, person: Person) -> int:
    """How many ways this person has."""
    return len(providers_of(db, person.id)) + (bool(person.password_hash) and not passwords_off(db))


def unlink(db: Session, person: Person, identity: SignInIdentity, *, now: datetime) -> None:
    """Raises LastWay, and then the transaction must not be kept."""
    identities.unlink(db, identity, by=person.id, now=now)
    if of_person(db, person) == 0:
        raise LastWay


def check_owners_get_in(db: Session, *, without: SignInProvider) -> None:
    """Raises LastWay where no owner has a password, or another provider."""
    others = select(Person.id).where(*_able_owner())
    if db.scalar(others.where(Person.password_hash != "").limit(1)) is not None:
        return
    tied = (
        others.join(SignInIdentity, SignInIdentity.person_id == Person.id)
        .join(SignInProvider, SignInProvider.id == SignInIdentity.provider_id)
        .where(SignInProvider.enabled.is_(True), SignInProvider.id != without.id)
    )
    if db.scalar(tied.limit(1)) is None:
        raise LastWay


def _able_owner() -> tuple[ColumnElement[bool], ...]:
    return Person.role == OWNER, Person.disabled_at.is_(None)
