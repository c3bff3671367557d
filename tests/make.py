"""Factories: rows as a test needs them, with a plausible value for everything it does not name."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import accounts, people
from portal.tables import Person, Registration, SignInIdentity, SignInProvider
from simulator import registration as simulated
from tests.cast import CAST, ORGANISATION, PORTAL, ZONE, Role


def organisation(db: Session, *, now: datetime) -> None:
    """The account, set up."""
    accounts.prepare(db)
    accounts.set_up(
        db,
        name=ORGANISATION,
        public_address=PORTAL,
        zone=ZONE,
        link_template=accounts.LINK_TEMPLATE,
        now=now,
    )


def person(db: Session, role: Role, *, password_hash: str, now: datetime) -> Person:
    return people.add(
        db,
        address=role.address,
        name=role.name,
        role=role.role,
        zone=ZONE,
        password_hash=password_hash,
        must_change_password=False,
        now=now,
    )


def person_id(db: Session, who: str) -> int:
    """Of one of the cast."""
    found = people.by_address(db, CAST[who].address)
    assert found is not None
    return found.id


def whole_cast(db: Session, *, password_hash: str, now: datetime) -> None:
    for role in CAST.values():
        person(db, role, password_hash=password_hash, now=now)


def registration(db: Session, *, now: datetime) -> Registration:
    """The app registration that the simulator knows from its start."""
    row = Registration(
        tenant=simulated.CONTOSO,
        client_id=simulated.CLIENT_ID,
        client_secret=simulated.CLIENT_SECRET,
        certificate_pem=None,
        private_key_pem=None,
        expires_on=None,
        changed_at=now,
        tested_at=None,
        findings=[],
    )
    db.add(row)
    db.flush()
    return row


def identity(db: Session, who: str, *, now: datetime) -> SignInIdentity:
    """One of the cast as another provider knows them."""
    provider = SignInProvider(
        kind="oidc",
        name="Elsewhere",
        issuer="https://elsewhere.example",
        client_id="portal",
        client_secret=None,
        enabled=True,
        creates_people=False,
        allowed_domains=[],
        allowed_tenants=[],
        role_claim="",
        roles={},
        group_claim="",
        groups={},
        changed_at=now,
        worked_at=None,
    )
    db.add(provider)
    db.flush()
    row = SignInIdentity(
        person_id=person_id(db, who),
        provider_id=provider.id,
        issuer=provider.issuer,
        subject=who,
        address=CAST[who].address,
        created_at=now,
        used_at=None,
    )
    db.add(row)
    db.flush()
    return row
