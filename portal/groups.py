"""Groups of people, each with settings of its own. A person's primary group is the one that counts
for settings; the others count where a setting names groups.
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.tables import (
    AdminConsentRequest,
    ApplicationAccess,
    Group,
    Invitation,
    Membership,
    Person,
    Setting,
)

LONGEST_NAME = 120


class NameTaken(Exception):
    """There is a group of this name, whatever the case of its letters."""


def problem(name: str) -> str | None:
    """Why a group cannot be called so, as a sentence, or None."""
    tidy = name.strip()
    if not tidy or not tidy.isprintable():
        return "Give the group a name, in one line of text."
    return f"Use at most {LONGEST_NAME} characters." if len(tidy) > LONGEST_NAME else None


def all_of_them(db: Session) -> list[Group]:
    return list(db.scalars(select(Group).order_by(Group.name_key)))


def find(db: Session, group_id: int) -> Group | None:
    return db.get(Group, group_id)


def by_name(db: Session, name: str) -> Group | None:
    return db.scalar(select(Group).where(Group.name_key == name.strip().casefold()))


def sizes(db: Session) -> dict[int, int]:
    """How many people are in each group; groups without any are not named."""
    counted = select(Membership.group_id, func.count(Membership.id)).group_by(Membership.group_id)
    return {row[0]: row[1] for row in db.execute(counted)}


def add(db: Session, name: str, *, by: int, now: datetime) -> Group:
    """Raises NameTaken."""
    if by_name(db, name) is not None:
        raise NameTaken
    group = Group(name=name.strip(), name_key=name.strip().casefold(), created_at=now)
    db.add(group)
    db.flush()
    audit.record(
        db,
        by=by,
        act="group added",
        subject=f"group {group.id}",
        after=group.name,
        group_id=group.id,
        now=now,
    )
    return group


def rename(db: Session, group: Group, name: str, *, by: int, now: datetime) -> None:
    """Raises NameTaken."""
    held = by_name(db, name)
    if held is not None and held.id != group.id:
        raise NameTaken
    if group.name == name.strip():
        return
    before, group.name, group.name_key = group.name, name.strip(), name.strip().casefold()
    audit.record(
        db,
        by=by,
        act="group renamed",
        subject=f"group {group.id}",
        before=before,
        after=group.name,
        group_id=group.id,
        now=now,
    )


def remove(db: Session, group: Group, *, by: int, now: datetime) -> None:
    """Its people stay, and fall back to another group of theirs or to the account's settings."""
    for person in db.scalars(select(Person).where(Person.primary_group_id == group.id)):
        person.primary_group_id = _another(db, person.id, group.id)
    for table in (Setting, Membership, ApplicationAccess, AdminConsentRequest):
        db.execute(delete(table).where(table.group_id == group.id))
    for invitation in db.scalars(select(Invitation).where(Invitation.group_id == group.id)):
        invitation.group_id = None
    audit.record(
        db,
        by=by,
        act="group removed",
        subject=f"group {group.id}",
        before=group.name,
        group_id=group.id,
        now=now,
    )
    db.delete(group)
    db.flush()


def members(db: Session, group_id: int) -> list[Person]:
    mine = select(Person).join(Membership).where(Membership.group_id == group_id)
    return list(db.scalars(mine.order_by(Person.name, Person.id)))


def of_person(db: Session, person_id: int) -> list[Group]:
    mine = select(Group).join(Membership).where(Membership.person_id == person_id)
    return list(db.scalars(mine.order_by(Group.name_key)))


def join(db: Session, group: Group, person: Person, *, by: int | None, now: datetime) -> bool:
    """False where the person is in it already. A first group is the primary one."""
    held = select(Membership.id).where(
        Membership.group_id == group.id, Membership.person_id == person.id
    )
    if db.scalar(held) is not None:
        return False
    db.add(Membership(group_id=group.id, person_id=person.id, joined_at=now))
    if person.primary_group_id is None:
        person.primary_group_id = group.id
    _note_member(db, "member added", group, person, by=by, now=now)
    db.flush()
    return True


def leave(db: Session, group: Group, person: Person, *, by: int | None, now: datetime) -> None:
    mine = (Membership.group_id == group.id, Membership.person_id == person.id)
    if db.scalar(select(Membership.id).where(*mine)) is None:
        return
    db.execute(delete(Membership).where(*mine))
    if person.primary_group_id == group.id:
        person.primary_group_id = _another(db, person.id, group.id)
    _note_member(db, "member removed", group, person, by=by, now=now)


def make_primary(db: Session, group: Group, person: Person, *, by: int, now: datetime) -> None:
    """Of a member; others are left as they are."""
    mine = (Membership.group_id == group.id, Membership.person_id == person.id)
    if person.primary_group_id == group.id or db.scalar(select(Membership.id).where(*mine)) is None:
        return
    person.primary_group_id = group.id
    _note_member(db, "primary group chosen", group, person, by=by, now=now)


def _another(db: Session, person_id: int, group_id: int) -> int | None:
    """The group the person has been in longest, beside this one."""
    others = select(Membership.group_id).where(
        Membership.person_id == person_id, Membership.group_id != group_id
    )
    return db.scalar(others.order_by(Membership.joined_at, Membership.id).limit(1))


def _note_member(
    db: Session, act: str, group: Group, person: Person, *, by: int | None, now: datetime
) -> None:
    audit.record(
        db,
        by=by,
        act=act,
        subject=f"person {person.id}",
        after=group.name,
        group_id=group.id,
        now=now,
    )
