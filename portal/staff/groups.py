"""Groups of people, each with settings of its own. A person's primary group is the one that counts
for settings; the others count where a setting names groups.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from portal import audit
from portal.configuration import settings
from portal.staff import moves
from portal.tables import (
    AdminConsentRequest,
    ApplicationAccess,
    Group,
    Invitation,
    Membership,
    Person,
    Setting,
    SignInProvider,
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
    _note(db, "group added", group, after=group.name, by=by, now=now)
    return group


def rename(db: Session, group: Group, name: str, *, by: int, now: datetime) -> None:
    """Raises NameTaken."""
    held = by_name(db, name)
    if held is not None and held.id != group.id:
        raise NameTaken
    if group.name == name.strip():
        return
    before, group.name, group.name_key = group.name, name.strip(), name.strip().casefold()
    _note(db, "group renamed", group, before=before, after=group.name, by=by, now=now)


def remove(db: Session, group: Group, *, by: int, now: datetime) -> None:
    """Its people stay, and fall back to another group of theirs or to the account's settings."""
    others = others_of_members(db, group.id)
    with moves.followed(db, others, now=now):
        for person in db.scalars(select(Person).where(Person.primary_group_id == group.id)):
            person.primary_group_id = others.get(person.id)
        db.flush()
        for table in (Setting, Membership, ApplicationAccess, AdminConsentRequest):
            db.execute(delete(table).where(table.group_id == group.id))
        for invitation in db.scalars(select(Invitation).where(Invitation.group_id == group.id)):
            invitation.group_id = None
        _leave_unnamed(db, group.id, by=by, now=now)
        _note(db, "group removed", group, before=group.name, by=by, now=now)
        db.delete(group)


def others_of_members(db: Session, group_id: int) -> dict[int, int | None]:
    """Of each person in it the group they have been in longest beside this one, if any."""
    mine = select(Membership.person_id).where(Membership.group_id == group_id)
    found: dict[int, int | None] = dict.fromkeys(db.scalars(mine))
    others = select(Membership.person_id, Membership.group_id).where(
        Membership.group_id != group_id, Membership.person_id.in_(mine)
    )
    for person_id, other in db.execute(others.order_by(Membership.joined_at, Membership.id)):
        found[person_id] = found[person_id] or other
    return found


def _leave_unnamed(db: Session, group_id: int, *, by: int, now: datetime) -> None:
    """Nothing that names groups goes on naming this one."""
    row = settings.of_account(db).get("rollout_groups")
    if row is not None and group_id in row.value:
        rest = [one for one in row.value if one != group_id]
        settings.choose(db, "rollout_groups", rest, by=by, now=now)
    for provider in db.scalars(select(SignInProvider)):
        if group_id in provider.groups.values():
            rest_of_claims = {at: one for at, one in provider.groups.items() if one != group_id}
            provider.groups = rest_of_claims


def members(db: Session, group_id: int) -> list[Person]:
    mine = select(Person).join(Membership).where(Membership.group_id == group_id)
    return list(db.scalars(mine.order_by(Person.name, Person.id)))


def of_person(db: Session, person_id: int) -> list[Group]:
    mine = select(Group).join(Membership).where(Membership.person_id == person_id)
    return list(db.scalars(mine.order_by(Group.name_key)))


def join(db: Session, group: Group, person: Person, *, by: int | None, now: datetime) -> bool:
    """False where the person is in it already. A first group is the primary one."""
    return bool(join_all(db, group, [person], by=by, now=now))


def join_all(
    db: Session,
    group: Group,
    joining: Iterable[Person],
    *,
    primary: frozenset[int] = frozenset(),
    by: int | None,
    now: datetime,
) -> list[Person]:
    """Gives those for whom something changed. `primary`: ids of people, new in the group or in it
    already, whose primary group it becomes whatever else they are in.
    """
    mine = select(Membership.person_id).where(Membership.group_id == group.id)
    people, held, notes = list(joining), set(db.scalars(mine)), []
    new = {person.id: person for person in people if person.id not in held}
    with moves.followed(db, [person.id for person in people], now=now):
        for person in people:
            elsewhere = person.primary_group_id not in (None, group.id)
            if person.id in new:
                notes.append(("member added", person))
            if elsewhere and person.id in primary:
                notes.append(("primary group chosen", person))
            if person.id in primary or person.primary_group_id is None:
                person.primary_group_id = group.id
        rows = [{"group_id": group.id, "person_id": one, "joined_at": now} for one in new]
        if rows:
            db.execute(insert(Membership), rows)
        told = [(act, f"person {one.id}", group.name) for act, one in notes]
        audit.record_all(db, told, by=by, group_id=group.id, now=now)
    return list({one.id: one for _act, one in notes}.values())


def leave(db: Session, group: Group, person: Person, *, by: int | None, now: datetime) -> bool:
    """False where the person is not in it."""
    if not is_member(db, group.id, person.id):
        return False
    with moves.followed(db, [person.id], now=now):
        db.execute(
            delete(Membership).where(
                Membership.group_id == group.id, Membership.person_id == person.id
            )
        )
        if person.primary_group_id == group.id:
            person.primary_group_id = _another(db, person.id, group.id)
        _note_member(db, "member removed", group, person, by=by, now=now)
    return True


def make_primary(db: Session, group: Group, person: Person, *, by: int, now: datetime) -> bool:
    """Of a member; others are left as they are, and False tells so."""
    if person.primary_group_id == group.id or not is_member(db, group.id, person.id):
        return False
    with moves.followed(db, [person.id], now=now):
        person.primary_group_id = group.id
        _note_member(db, "primary group chosen", group, person, by=by, now=now)
    return True


def is_member(db: Session, group_id: int, person_id: int) -> bool:
    mine = (Membership.group_id == group_id, Membership.person_id == person_id)
    return db.scalar(select(Membership.id).where(*mine)) is not None


def _another(db: Session, person_id: int, group_id: int) -> int | None:
    """The group the person has been in longest, beside this one."""
    others = select(Membership.group_id).where(
        Membership.person_id == person_id, Membership.group_id != group_id
    )
    return db.scalar(others.order_by(Membership.joined_at, Membership.id).limit(1))


def _note(
    db: Session,
    act: str,
    group: Group,
    *,
    before: str | None = None,
    after: str | None = None,
    by: int,
    now: datetime,
) -> None:
    audit.record(
        db,
        by=by,
        act=act,
        subject=f"group {group.id}",
        before=before,
        after=after,
        group_id=group.id,
        now=now,
    )


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
