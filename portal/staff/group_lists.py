"""Groups, their members and people who could join, a page at a time; and what removing one does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.configuration import settings
from portal.configuration.resolution import Facts
from portal.staff import groups, moves
from portal.tables import ApplicationAccess, Group, Invitation, Membership, Person, Setting

PER_PAGE = 50
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One group. `chosen`: settings it has a choice of its own for; `locked`: of these."""

    group: Group
    size: int
    chosen: int
    locked: int


@dataclass(frozen=True, slots=True)
class Page:
    """`number` is a page there is, whichever was asked for."""

    rows: Sequence[Any]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Removal:
    """What becomes of a group's people and settings once it is removed."""

    people: int
    to_others: int  # whose primary group it is, and who have another one
    to_account: int
    weight: moves.Weight
    settings: int
    locks: int
    invitations: int
    authorised: bool  # it has application permissions of its own
    in_rollout: bool


def lines(db: Session, words: str, page: int) -> Page:
    """The groups whose name holds these words, by name."""
    found = select(Group).order_by(Group.name_key)
    if words:
        found = found.where(Group.name_key.contains(words.casefold(), autoescape=True))
    held = _page(db, found, page)
    ids = [group.id for (group,) in held.rows]
    sizes = _counted(db, Membership.group_id, ids)
    chosen = _counted(db, Setting.group_id, ids)
    locked = _counted(db, Setting.group_id, ids, Setting.locked_at.is_not(None))
    rows = [
        Line(group, sizes.get(group.id, 0), chosen.get(group.id, 0), locked.get(group.id, 0))
        for (group,) in held.rows
    ]
    return replace(held, rows=rows)


def line(db: Session, group: Group) -> Line:
    counts = [
        _counted(db, Membership.group_id, [group.id]),
        _counted(db, Setting.group_id, [group.id]),
        _counted(db, Setting.group_id, [group.id], Setting.locked_at.is_not(None)),
    ]
    return Line(group, *(one.get(group.id, 0) for one in counts))


def members(db: Session, group_id: int, words: str, page: int) -> Page:
    """The people in it whose name or address holds these words, by name."""
    mine = select(Person).join(Membership).where(Membership.group_id == group_id)
    found = _page(db, mine.where(_named(words)).order_by(Person.name, Person.id), page)
    return replace(found, rows=[row[0] for row in found.rows])


def others(db: Session, group_id: int, words: str) -> list[Person]:
    """People who are not in it and whose name or address holds these words; the first ones."""
    inside = select(Membership.person_id).where(Membership.group_id == group_id)
    fits = select(Person).where(_named(words), Person.id.not_in(inside))
    return list(db.scalars(fits.order_by(Person.name, Person.id).limit(MOST_FOUND)))


def primary_names(db: Session, people: Sequence[Person]) -> dict[int, str]:
    """Of each person the name of the primary group, where there is one."""
    ids = {person.primary_group_id for person in people if person.primary_group_id}
    named = db.execute(select(Group.id, Group.name).where(Group.id.in_(ids)))
    names = {row.id: row.name for row in named}
    return {one.id: names[one.primary_group_id] for one in people if one.primary_group_id in names}


def removal(db: Session, group: Group) -> Removal:
    told, next_group = line(db, group), groups.others_of_members(db, group.id)

    def left(facts: Facts) -> Facts:
        mine = facts.group_id == group.id
        primary = next_group[facts.person_id] if mine else facts.group_id
        return replace(facts, group_id=primary, group_ids=facts.group_ids - {group.id})

    weight = moves.weigh(db, list(next_group), left)
    mine = db.scalars(select(Person.id).where(Person.primary_group_id == group.id))
    falls = [next_group[person_id] for person_id in mine if person_id in next_group]
    rollout = settings.of_account(db).get("rollout_groups")
    invited = _counted(db, Invitation.group_id, [group.id], Invitation.used_at.is_(None))
    access = select(ApplicationAccess.id).where(ApplicationAccess.group_id == group.id)
    return Removal(
        people=told.size,
        to_others=sum(one is not None for one in falls),
        to_account=sum(one is None for one in falls),
        weight=weight,
        settings=told.chosen,
        locks=told.locked,
        invitations=invited.get(group.id, 0),
        authorised=db.scalar(access) is not None,
        in_rollout=rollout is not None and group.id in rollout.value,
    )


def _named(words: str) -> ColumnElement[bool]:
    fits = (column.icontains(words, autoescape=True) for column in (Person.name, Person.address))
    return or_(*fits)


def _counted(
    db: Session, column: Any, ids: Sequence[int], *where: ColumnElement[bool]
) -> dict[int, int]:
    counted = select(column, func.count()).where(column.in_(ids), *where).group_by(column)
    return {row[0]: row[1] for row in db.execute(counted)}


def _page(db: Session, found: Select[Any], page: int) -> Page:
    total = db.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(page, 1), pages)
    rows = db.execute(found.limit(PER_PAGE).offset(PER_PAGE * (number - 1))).all()
    return Page(rows, total, number, pages)
