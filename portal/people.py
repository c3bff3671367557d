"""People who sign in."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.addresses import is_mail_address
from portal.configuration import settings
from portal.signing_in import passwords, sessions
from portal.tables import Person

OWNER, ADMIN, MEMBER = "owner", "admin", "member"


class AddressTaken(Exception):
    """Somebody already signs in with this address."""


class LastOwner(Exception):
    """Without this person nobody could administer the portal whole."""


def normal_address(address: str) -> str:
    return address.strip().lower()


def unfit(*, address: str, name: str) -> str | None:
    """Why nobody could sign in with this address or be called by this name, or None."""
    if not is_mail_address(normal_address(address)):
        return "This is not an e-mail address."
    return None if name.strip() and name.isprintable() else "Give a name, in one line of text."


def by_id(db: Session, person_id: int) -> Person:
    return db.get_one(Person, person_id)


def find(db: Session, person_id: int) -> Person | None:
    return db.get(Person, person_id)


def by_address(db: Session, address: str) -> Person | None:
    return db.scalar(select(Person).where(Person.address == normal_address(address)))


def names(db: Session, person_ids: set[int]) -> dict[int, str]:
    """What each is called. Somebody who was deleted has left their number."""
    rows = db.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {one: f"person {one}, deleted since" for one in person_ids} | {
        row.id: row.name for row in rows
    }


def everybody(db: Session) -> list[Person]:
    return list(db.scalars(select(Person).order_by(Person.name, Person.id)))


def administrators(db: Session, *, most: int) -> list[str]:
    """What those are called who run the portal, owners last: there may be one for emergencies."""
    running = select(Person.name).where(Person.role.in_((OWNER, ADMIN)))
    running = running.where(Person.disabled_at.is_(None))
    return list(db.scalars(running.order_by(Person.role, Person.name, Person.id).limit(most)))


def add(
    db: Session,
    *,
    address: str,
    name: str,
    role: str,
    zone: str,
    password_hash: str,
    must_change_password: bool,
    now: datetime,
) -> Person:
    """A new person; `zone` is IANA. Raises AddressTaken."""
    if by_address(db, address) is not None:
        raise AddressTaken
    person = Person(
        address=normal_address(address),
        name=name.strip(),
        role=role,
        zone=zone,
        password_hash=password_hash,
        must_change_password=must_change_password,
        created_at=now,
        disabled_at=None,
    )
    db.add(person)
    db.flush()
    return person


def change_password(
    db: Session, person_id: int, password_hash: str, *, temporary: bool = False
) -> None:
    person = by_id(db, person_id)
    person.password_hash = password_hash
    person.must_change_password = temporary


def disable(db: Session, person: Person, *, by: int, now: datetime) -> None:
    """Ends every session; nothing of the person is deleted. Raises LastOwner."""
    if person.disabled_at is not None:
        return
    keep_an_owner(db, person)
    person.disabled_at = now
    sessions.end_others(db, person.id, keep=None, now=now)
    audit.record(db, by=by, act="person disabled", subject=f"person {person.id}", now=now)


def enable(db: Session, person: Person, *, by: int, now: datetime) -> None:
    if person.disabled_at is not None:
        person.disabled_at = None
        audit.record(db, by=by, act="person enabled", subject=f"person {person.id}", now=now)


def change_role(db: Session, person: Person, role: str, *, by: int | None, now: datetime) -> bool:
    """False where it is so already. `by` None: a rule of signing in. Raises LastOwner."""
    if person.role == role:
        return False
    if person.role == OWNER:
        keep_an_owner(db, person)
    before, person.role = person.role, role
    subject = f"person {person.id}"
    audit.record(db, by=by, act="role changed", subject=subject, before=before, after=role, now=now)
    return True


def keep_an_owner(db: Session, person: Person) -> None:
    """Asked in the transaction that takes this person away, which holds the only write lock: two
    owners cannot remove each other at the same moment. Raises LastOwner.
    """
    if is_last_owner(db, person):
        raise LastOwner


def is_last_owner(db: Session, person: Person) -> bool:
    """Disabled owners do not count: they cannot sign in."""
    others = select(func.count(Person.id)).where(
        Person.role == OWNER, Person.disabled_at.is_(None), Person.id != person.id
    )
    return person.role == OWNER and person.disabled_at is None and not db.scalar(others)


def note_refusal(db: Session, person: Person, asked: str, *, by: int, now: datetime) -> None:
    """Somebody tried to take the last owner away."""
    subject = f"person {person.id}"
    audit.record(db, by=by, act="last owner kept", subject=subject, after=asked, now=now)


def change_details(db: Session, person_id: int, *, name: str, zone: str) -> None:
    person = by_id(db, person_id)
    person.name = name.strip()
    person.zone = zone


def make_owner(db: Session, *, address: str, name: str, password: str, now: datetime) -> Person:
    """For whoever is locked out: an owner with this address and password, new or made from old.

    Every session of the person ends, and passwords are taken again.
    """
    person = by_address(db, address)
    if person is None:
        person = add(
            db,
            address=address,
            name=name,
            role=OWNER,
            zone="UTC",
            password_hash=passwords.hashed(password),
            must_change_password=False,
            now=now,
        )
    else:
        person.role, person.disabled_at = OWNER, None
        change_password(db, person.id, passwords.hashed(password))
        sessions.end_others(db, person.id, keep=None, now=now)
    settings.choose(db, "passwords_off", False, by=None, now=now)
    audit.record(
        db, by=None, act="owner made by the operator", subject=f"person {person.id}", now=now
    )
    return person
