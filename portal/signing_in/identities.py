"""Who somebody from a provider is here: found by what never changes, made or tied by the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import accounts, audit, people
from portal.configuration import domains
from portal.signing_in import claim_rules
from portal.signing_in.providers import MICROSOFT
from portal.staff import invitation_links
from portal.tables import Invitation, Person, SignInIdentity, SignInProvider

# Why somebody is not let in. In words on the page, as a code in the log.
DISABLED, NO_ADDRESS, NOT_VERIFIED = "disabled", "address_missing", "address_not_verified"
DOMAIN, OWNER_FIRST, NOBODY = "domain_not_allowed", "owner_links_first", "nobody_created"
TAKEN, ANOTHER = "identity_taken", "has_another_identity"
OWNER_INVITED = "owners_join_by_link"


class NotLetIn(Exception):
    """`why` is one of the reasons above."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whose proof stood every check. `verified`: the provider answers for the address."""

    issuer: str
    subject: str
    name: str
    address: str
    verified: bool
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


def arrive(db: Session, provider: SignInProvider, came: Arrival, *, now: datetime) -> Person:
    """The person who came: known, tied to now, or made now. Raises NotLetIn."""
    held = _held(db, provider, came)
    person = _by_address(db, provider, came, now) if held is None else _of(db, held)
    if person.disabled_at is not None:
        raise NotLetIn(DISABLED)
    if held is None:
        held = _tie(db, provider, came, person, now)
    held.used_at, held.address = now, came.address[:254]
    provider.worked_at = now
    claim_rules.apply(db, provider, person, came.claims, now)
    return person


def link(
    db: Session, provider: SignInProvider, came: Arrival, person_id: int, *, now: datetime
) -> None:
    """Ties it to a person who is signed in and asked for it. Raises NotLetIn."""
    held = _held(db, provider, came)
    if held is not None and held.person_id != person_id:
        raise NotLetIn(TAKEN)
    person = people.by_id(db, person_id)
    if held is None:
        if any(one.provider_id == provider.id for one in of_person(db, person_id)):
            raise NotLetIn(ANOTHER)
        held = _tie(db, provider, came, person, now)
    held.address = came.address[:254]


def of_person(db: Session, person_id: int) -> list[SignInIdentity]:
    mine = select(SignInIdentity).where(SignInIdentity.person_id == person_id)
    return list(db.scalars(mine.order_by(SignInIdentity.id)))


def find(db: Session, person_id: int, identity_id: int) -> SignInIdentity | None:
    """One of this person's."""
    found = db.get(SignInIdentity, identity_id)
    return found if found is not None and found.person_id == person_id else None


def unlink(db: Session, identity: SignInIdentity, *, by: int, now: datetime) -> None:
    audit.record(
        db,
        by=by,
        act="sign-in unlinked",
        subject=f"person {identity.person_id}",
        before={"provider": identity.provider_id},
        now=now,
    )
    db.delete(identity)
    db.flush()


def _held(db: Session, provider: SignInProvider, came: Arrival) -> SignInIdentity | None:
    return db.scalar(
        select(SignInIdentity).where(
            SignInIdentity.provider_id == provider.id,
            SignInIdentity.issuer == came.issuer,
            SignInIdentity.subject == came.subject,
        )
    )


def _of(db: Session, held: SignInIdentity) -> Person:
    return people.by_id(db, held.person_id)


def _by_address(db: Session, provider: SignInProvider, came: Arrival, now: datetime) -> Person:
    """The first time: the address decides, and only where the provider answers for it."""
    address = _sure_address(came)
    listed = domains.of(address) in provider.allowed_domains
    person = people.by_address(db, address)
    if person is not None:
        if not listed:
            raise NotLetIn(DOMAIN)
        if person.role == people.OWNER:
            # Whoever may set a provider up may not become an owner by it.
            raise NotLetIn(OWNER_FIRST)
        return person
    invitation = invitation_links.open_for(db, address, now=now)
    if invitation is not None:
        return _joined(db, came, invitation, listed=listed, now=now)
    if not provider.creates_people:
        raise NotLetIn(NOBODY)
    by_tenant = provider.kind == MICROSOFT and provider.allowed_tenants
    if not listed and (provider.allowed_domains or not by_tenant):
        raise NotLetIn(DOMAIN)
    return _make(db, provider, came, address, now)


def _sure_address(came: Arrival) -> str:
    address = people.normal_address(came.address)
    if people.unfit(address=address, name="Somebody") is not None:
        raise NotLetIn(NO_ADDRESS)
    if not came.verified:
        raise NotLetIn(NOT_VERIFIED)
    return address


def _joined(
    db: Session, came: Arrival, invitation: Invitation, *, listed: bool, now: datetime
) -> Person:
    """Whoever holds the address that was invited, as the link would have let them in."""
    if not listed:
        raise NotLetIn(DOMAIN)
    if invitation.role == people.OWNER:
        # As with owners who are here: no provider makes one.
        raise NotLetIn(OWNER_INVITED)
    return invitation_links.accept(
        db,
        invitation,
        name=_name(came, invitation.address, otherwise=invitation.name),
        zone=accounts.the_account(db).zone,
        password_hash="",
        now=now,
    )


def _name(came: Arrival, address: str, *, otherwise: str) -> str:
    name = came.name.strip()[:120]
    return name if people.unfit(address=address, name=name) is None else otherwise


def _make(
    db: Session, provider: SignInProvider, came: Arrival, address: str, now: datetime
) -> Person:
    person = people.add(
        db,
        address=address,
        name=_name(came, address, otherwise=address.partition("@")[0][:120]),
        role=people.MEMBER,
        zone=accounts.the_account(db).zone,
        password_hash="",
        must_change_password=False,
        now=now,
    )
    audit.record(
        db,
        by=person.id,
        act="person added at sign-in",
        subject=f"person {person.id}",
        after={"role": person.role, "provider": provider.id},
        now=now,
    )
    return person


def _tie(
    db: Session, provider: SignInProvider, came: Arrival, person: Person, now: datetime
) -> SignInIdentity:
    identity = SignInIdentity(
        person_id=person.id,
        provider_id=provider.id,
        issuer=came.issuer,
        subject=came.subject,
        address=came.address[:254],
        created_at=now,
        used_at=None,
    )
    db.add(identity)
    audit.record(
        db,
        by=person.id,
        act="sign-in linked",
        subject=f"person {person.id}",
        after={"provider": provider.id},
        now=now,
    )
    db.flush()
    return identity
