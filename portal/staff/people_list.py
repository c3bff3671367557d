"""The list of people with their connections: filtered, sorted, a page at a time.

However many people there are, a list asks the database the same number of questions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal import connections, policy
from portal.operations import standing
from portal.tables import Connection, Group, Membership, Person

PER_PAGE = 50
MOST_NAMED = 500  # a question that names more people takes longer than one about everybody
ACTIVE, DISABLED = "active", "disabled"
ROLES = ("owner", "admin", "member")
NAME, ADDRESS, ROLE, STATE, GOOD, NEWEST = "name", "address", "role", "state", "good", "newest"
SORTS = (NAME, ADDRESS, ROLE, STATE, GOOD, NEWEST)
# What needs somebody to act comes first.
STATES = (
    connections.NEEDS_CONSENT,
    connections.NEEDS_APPROVAL,
    connections.NO_MAILBOX,
    standing.HELD,
    standing.STALLED,
    standing.BLOCKED,
    standing.DELAYED,
    standing.RETRYING,
    standing.PAUSED,
    connections.CONNECTING,
    connections.CONNECTED,
    connections.DISCONNECTED,
    standing.NOT_SET_UP,
)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty: everything. `group_id` 0: people in no group."""

    words: str = ""
    state: str = ""
    role: str = ""
    group_id: int | None = None
    mode: str = ""
    version: str = ""
    signs_in: str = ""  # active, disabled
    sort: str = NAME

    @property
    def is_all(self) -> bool:
        return replace(self, sort=NAME) == Wanted()

    @property
    def needs_states(self) -> bool:
        """Whether it can only be told by how each connection stands."""
        return bool(self.state or self.version or self.sort == STATE)


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list. `state` is the one that is shown; `groups`: the primary one first."""

    person: Person
    groups: tuple[str, ...]
    state: str
    connection: Connection | None
    version: str  # in force


@dataclass(frozen=True, slots=True)
class Sketch:
    """The little of a person that is needed to choose and to sort."""

    id: int
    name: str
    address: str
    role: str
    approval_asked_at: datetime | None
    good_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    lines: list[Line]
    total: int
    number: int  # of the page, from 1
    pages: int


def page(db: Session, wanted: Wanted, number: int, *, now: datetime) -> Found:
    """A number past the end gives the last page."""
    ids = _ids(db, wanted, now=now)
    pages = max(1, -(-len(ids) // PER_PAGE))
    number = min(max(1, number), pages)
    shown = ids[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Found(lines_of(db, shown, now=now), len(ids), number, pages)


def ids_of(db: Session, wanted: Wanted, *, now: datetime) -> list[int]:
    """Everybody that fits, in order."""
    return _ids(db, wanted, now=now)


def lines_of(db: Session, person_ids: list[int], *, now: datetime) -> list[Line]:
    """In the order of the ids; who is gone meanwhile is left out."""
    rows = db.scalars(select(Person).where(Person.id.in_(person_ids)))
    people = {person.id: person for person in rows}
    chosen = policy.of_people(db, people)
    held = standing.of_people(db, list(people), chosen, now=now)
    groups = _groups(db, people)
    return [
        Line(
            person=people[one],
            groups=groups.get(one, ()),
            state=shown_state(held[one][0], people[one].approval_asked_at),
            connection=held[one][1],
            version=chosen[one].sync_version,
        )
        for one in person_ids
        if one in people
    ]


def shown_state(state: str, approval_asked_at: datetime | None) -> str:
    """Somebody who was sent away by Microsoft for an approval has no connection to say so."""
    without = state in (standing.NOT_SET_UP, connections.DISCONNECTED)
    return connections.NEEDS_APPROVAL if without and approval_asked_at else state


def _ids(db: Session, wanted: Wanted, *, now: datetime) -> list[int]:
    rows = [row for row in _sketches(db, wanted) if _has(row, wanted.words)]
    states: dict[int, str] = {}
    if wanted.needs_states:
        rows, states = _by_state(db, rows, wanted, now=now)
    return [row.id for row in sorted(rows, key=_order(wanted.sort, states))]


def _sketches(db: Session, wanted: Wanted) -> Iterator[Sketch]:
    """Names are compared here and not by the database, which knows English letters only."""
    whose = (Person.id, Person.name, Person.address, Person.role, Person.approval_asked_at)
    joined = select(*whose, Connection.good_at).outerjoin(
        Connection, Connection.person_id == Person.id
    )
    return (Sketch(*row) for row in db.execute(joined.where(*_conditions(wanted))))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.role:
        yield Person.role == wanted.role
    if wanted.group_id == 0:
        yield Person.id.not_in(select(Membership.person_id))
    elif wanted.group_id is not None:
        mine = select(Membership.person_id).where(Membership.group_id == wanted.group_id)
        yield Person.id.in_(mine)
    if wanted.mode:
        yield Connection.mode == wanted.mode
        yield Connection.state != connections.DISCONNECTED
    if wanted.signs_in:
        yield (
            Person.disabled_at.is_(None)
            if wanted.signs_in == ACTIVE
            else Person.disabled_at.is_not(None)
        )


def _has(row: Sketch, words: str) -> bool:
    text = f"{row.name} {row.address}".casefold()
    return all(word in text for word in words.casefold().split())


def _by_state(
    db: Session, rows: list[Sketch], wanted: Wanted, *, now: datetime
) -> tuple[list[Sketch], dict[int, str]]:
    ids = [row.id for row in rows] if len(rows) <= MOST_NAMED else None
    chosen = policy.of_people(db, ids)
    held = standing.states_of(db, ids, chosen, now=now)
    states = {row.id: shown_state(held[row.id], row.approval_asked_at) for row in rows}
    fit = [
        row
        for row in rows
        if wanted.state in ("", states[row.id])
        and wanted.version in ("", chosen[row.id].sync_version)
    ]
    return fit, states


def _order(sort: str, states: dict[int, str]) -> Callable[[Sketch], tuple[Any, ...]]:
    first: dict[str, Callable[[Sketch], Any]] = {
        NAME: lambda row: 0,
        ADDRESS: lambda row: row.address,
        ROLE: lambda row: ROLES.index(row.role),
        STATE: lambda row: STATES.index(states[row.id]),
        GOOD: lambda row: row.good_at or NEVER,
        NEWEST: lambda row: -row.id,
    }
    return lambda row: (first[sort](row), row.name.casefold(), row.id)


def _groups(db: Session, people: dict[int, Person]) -> dict[int, tuple[str, ...]]:
    rows = db.execute(
        select(Membership.person_id, Group.id, Group.name)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.person_id.in_(people))
        .order_by(Group.name_key)
    )
    found: dict[int, list[tuple[bool, str]]] = {}
    for person_id, group_id, name in rows:
        is_other = group_id != people[person_id].primary_group_id
        found.setdefault(person_id, []).append((is_other, name))
    # Sorting keeps the order of names within the others.
    return {
        one: tuple(name for _, name in sorted(mine, key=lambda pair: pair[0]))
        for one, mine in found.items()
    }
