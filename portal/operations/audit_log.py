"""Reading the audit log: what fits a filter, the newest first, with the names it speaks of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, or_, select
from sqlalchemy.orm import Session

from portal import people
from portal.database import Database
from portal.tables import Audit, Connection, Group, Person

PER_PAGE = 50
PER_BATCH = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """`person`: part of a name or address, or a number; who did it, or to whom it was done.
    `since` is in the period, `until` no more.
    """

    person: str = ""
    act: str = ""
    group_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What the people and groups are called of whom some rows speak."""

    people: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    connections: Mapping[int, int] = field(default_factory=dict)  # whose each is


@dataclass(frozen=True, slots=True)
class Page:
    """`older`: the number to go on from, where there is more."""

    rows: Sequence[Audit]
    names: Names
    older: int | None


def page(db: Session, wanted: Filter, *, before: int | None = None) -> Page:
    """The newest rows that fit, or those older than the one with this number."""
    rows = list(db.scalars(_found(wanted, before).limit(PER_PAGE + 1)))
    shown = rows[:PER_PAGE]
    more = shown[-1].id if len(rows) > PER_PAGE else None
    return Page(shown, names_of(db, shown), more)


def everything(database: Database, wanted: Filter) -> Iterator[tuple[Audit, Names]]:
    """All that fit, for a file: read in parts, so that nothing is held open while it is sent."""
    before: int | None = None
    while True:
        with database.reading() as db:
            rows = list(db.scalars(_found(wanted, before).limit(PER_BATCH)))
            names = names_of(db, rows)
        yield from ((row, names) for row in rows)
        if len(rows) < PER_BATCH:
            return
        before = rows[-1].id


def find(db: Session, entry_id: int) -> Audit | None:
    return db.get(Audit, entry_id)


def latest_of_setting(db: Session, key: str, group_id: int | None) -> Audit | None:
    """The last change of it that this level sees: its own, or the account's."""
    mine = or_(Audit.group_id.is_(None), Audit.group_id == group_id)
    about = select(Audit).where(Audit.subject == key, mine, Audit.act.startswith("setting "))
    return db.scalar(about.order_by(Audit.id.desc()).limit(1))


def acts(db: Session) -> list[str]:
    """Those that are in the log."""
    return list(db.scalars(select(Audit.act).distinct().order_by(Audit.act)))


def names_of(db: Session, rows: Iterable[Audit]) -> Names:
    held = list(rows)
    subjects = [_numbered(row.subject) for row in held]
    ties = {number for kind, number in subjects if kind == "connection"}
    owners = select(Connection.id, Connection.person_id).where(Connection.id.in_(ties))
    connections = {row.id: row.person_id for row in db.execute(owners)} if ties else {}
    whom = {row.person_id for row in held if row.person_id}
    whom |= {number for kind, number in subjects if kind == "person"} | set(connections.values())
    return Names(people.names(db, whom), group_names(db, _groups_in(held)), connections)


def group_names(db: Session, group_ids: set[int]) -> dict[int, str]:
    """Also of those that were removed: the log has kept what they were called."""
    held = db.execute(select(Group.id, Group.name).where(Group.id.in_(group_ids)))
    names = {row.id: row.name for row in held}
    if gone := group_ids - names.keys():
        last = select(Audit.group_id, Audit.before).where(
            Audit.group_id.in_(gone), Audit.act == "group removed"
        )
        names |= {row.group_id: f"{row.before} (removed since)" for row in db.execute(last)}
    return names


def subject(row: Audit) -> tuple[str, int]:
    """What a row is about, as in ("person", 12); ("", 0) where that has no number."""
    return _numbered(row.subject)


def _groups_in(rows: Iterable[Audit]) -> set[int]:
    found = {row.group_id for row in rows if row.group_id}
    for row in rows:
        for value in (row.before, row.after):
            if row.subject == "rollout_groups" and isinstance(value, list):
                found |= {one for one in value if isinstance(one, int)}
    return found


def _numbered(text: str) -> tuple[str, int]:
    kind, _, number = text.rpartition(" ")
    return (kind, int(number)) if kind and number.isdecimal() else ("", 0)


def _found(wanted: Filter, before: int | None) -> Select[Audit]:
    found = select(Audit).order_by(Audit.id.desc())
    if before is not None:
        found = found.where(Audit.id < before)
    return found.where(*_conditions(wanted))


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.person:
        yield _concerns(wanted.person)
    if wanted.act:
        yield Audit.act == wanted.act
    if wanted.group_id is not None:
        yield Audit.group_id == wanted.group_id
    if wanted.since is not None:
        yield Audit.at >= wanted.since
    if wanted.until is not None:
        yield Audit.at < wanted.until


def _concerns(words: str) -> ColumnElement[bool]:
    """People who are gone are found by their number."""
    number = int(words) if words.isdecimal() and len(words) < 18 else None
    if number is not None:
        return or_(Audit.person_id == number, Audit.subject == f"person {number}")
    named = or_(
        Person.name.icontains(words, autoescape=True),
        Person.address.icontains(words, autoescape=True),
    )
    whom = select(Person.id).where(named)
    ties = select(_told("connection ", Connection.id)).where(Connection.person_id.in_(whom))
    return or_(
        Audit.person_id.in_(whom),
        Audit.subject.in_(select(_told("person ", Person.id)).where(named)),
        Audit.subject.in_(ties),
    )


def _told(kind: str, number: Any) -> ColumnElement[str]:
    return literal(kind) + cast(number, String)
