"""A list of people into a group: what each row would do, and doing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.configuration.resolution import Facts
from portal.staff import groups, moves
from portal.staff.roster import Row
from portal.tables import Group, Membership, Person

ADDED, ADDED_PRIMARY, MADE_PRIMARY, ALREADY = "added", "added_primary", "made_primary", "already"
UNKNOWN = "Nobody in this portal signs in with this address."


@dataclass(frozen=True, slots=True)
class Judged:
    """`does`: one of the above; None where the row is wrong, and `problem` says why."""

    row: Row
    person: Person | None = None
    does: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    rows: Sequence[Judged]
    weight: moves.Weight

    @property
    def wrong(self) -> list[Judged]:
        return [one for one in self.rows if one.problem]

    @property
    def changes(self) -> list[Judged]:
        return [one for one in self.rows if one.does not in (None, ALREADY)]

    @property
    def already(self) -> list[Judged]:
        return [one for one in self.rows if one.does == ALREADY]

    def chosen(self) -> dict[int, bool]:
        """Whom it changes something for, and whether the file asks for the primary group."""
        return {one.person.id: one.row.primary for one in self.changes if one.person}


def plan(db: Session, group: Group, rows: Iterable[Row]) -> Plan:
    listed = list(rows)
    addresses = {row.address for row in listed if row.problem is None}
    found = select(Person).where(Person.address.in_(addresses))
    known = {one.address: one for one in db.scalars(found)}
    inside = set(db.scalars(select(Membership.person_id).where(Membership.group_id == group.id)))
    judged = [_judged(row, known.get(row.address), group, inside) for row in listed]
    moving = {one.person.id: one.does for one in judged if one.person and one.does != ALREADY}

    def moved(facts: Facts) -> Facts:
        becomes = moving[facts.person_id] != ADDED
        return replace(
            facts,
            group_id=group.id if becomes else facts.group_id,
            group_ids=facts.group_ids | {group.id},
        )

    return Plan(judged, moves.weigh(db, list(moving), moved))


def carry_out(db: Session, group: Group, chosen: dict[int, bool], *, by: int, now: datetime) -> int:
    """For how many people something changed. People who are gone meanwhile are left out."""
    people = list(db.scalars(select(Person).where(Person.id.in_(chosen))))
    primary = frozenset(person_id for person_id, wanted in chosen.items() if wanted)
    changed = groups.join_all(db, group, people, primary=primary, by=by, now=now)
    audit.record(
        db,
        by=by,
        act="members imported",
        subject=f"group {group.id}",
        after={"people": len(changed)},
        group_id=group.id,
        now=now,
    )
    return len(changed)


def _judged(row: Row, person: Person | None, group: Group, inside: set[int]) -> Judged:
    if row.problem is not None:
        return Judged(row, problem=row.problem)
    if person is None:
        return Judged(row, problem=UNKNOWN)
    is_primary = person.primary_group_id == group.id
    if person.id not in inside:
        becomes = row.primary or person.primary_group_id is None
        return Judged(row, person, ADDED_PRIMARY if becomes else ADDED)
    return Judged(row, person, MADE_PRIMARY if row.primary and not is_primary else ALREADY)


def note_refusal(db: Session, group_id: int, rows: int, *, by: int, now: datetime) -> None:
    """A file of which so many rows cannot be imported."""
    audit.record(
        db,
        by=by,
        act="members import refused",
        subject=f"group {group_id}",
        after={"rows": rows},
        group_id=group_id,
        now=now,
    )
