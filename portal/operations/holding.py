"""What administrators see and decide about writing to Outlook: counts and numbers, no titles."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, defer

from portal import audit, connections, policy, removals, waiting_plan, waits
from portal.configuration import settings
from portal.operations import waiting_counts
from portal.operations.waiting_counts import Counts
from portal.tables import Connection, Person

PER_PAGE = 50
SEALED = (defer(Connection.access_token), defer(Connection.refresh_token))  # nobody asks for them


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One person's connection with what waits there."""

    person: Person
    connection: Connection
    plan: waiting_plan.Plan
    why: str | None  # as portal.waits says
    held: int  # removals that wait for a word


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of all mailboxes."""

    person: Person
    connection: Connection
    counts: Counts
    why: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """`number` is a page there is, whichever was asked for."""

    rows: list[Listed]
    number: int
    pages: int


def everywhere(db: Session, number: int, *, now: datetime) -> Page:
    """Every live connection, by the person's name, a page at a time."""
    is_live = Connection.state != connections.DISCONNECTED
    total = db.scalar(select(func.count(Connection.id)).where(is_live)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    part = (
        select(Person, Connection)
        .join(Connection, Connection.person_id == Person.id)
        .where(is_live)
        .order_by(Person.name, Person.id)
        .limit(PER_PAGE)
        .offset(PER_PAGE * (number - 1))
        .options(*SEALED)
    )
    rows = [(row[0], row[1]) for row in db.execute(part)]
    tied = [one for _, one in rows]
    counts = waiting_counts.of_connections(db, [one.id for one in tied])
    whys = waits.of_many(db, tied, now=now)
    lines = [Listed(person, one, counts[one.id], whys[one.id]) for person, one in rows]
    return Page(lines, number, pages)


def held(db: Session, *, most: int) -> list[tuple[Person, Connection]]:
    """Mailboxes that the brake stopped, the longest held first."""
    mine = (
        select(Person, Connection)
        .join(Connection, Connection.person_id == Person.id)
        .where(Connection.held_at.is_not(None), Connection.state != connections.DISCONNECTED)
        .order_by(Connection.held_at, Connection.id)
        .limit(most)
        .options(*SEALED)
    )
    return [(person, connection) for person, connection in db.execute(mine)]


def of_person(db: Session, person_id: int, *, now: datetime) -> Mailbox | None:
    person, connection = db.get(Person, person_id), connections.live_of(db, person_id)
    if person is None or connection is None:
        return None
    return _mailbox(db, person, connection, now)


def _mailbox(db: Session, person: Person, connection: Connection, now: datetime) -> Mailbox:
    return Mailbox(
        person,
        connection,
        waiting_plan.of_connection(db, connection.id),
        waits.why(db, connection, now=now),
        len(removals.pending(db, connection.id)) if connection.held_at is not None else 0,
    )


def is_dry_for_everybody(db: Session) -> bool:
    row = settings.of_account(db).get("dry_run")
    return row is not None and bool(row.value)


def only_show_everybody(db: Session, on: bool, *, by: int, now: datetime) -> None:
    """For everybody, beside what is set for single people."""
    settings.choose(db, "dry_run", on, by=by, now=now)
    db.execute(
        update(Connection)
        .where(
            Connection.state != connections.DISCONNECTED,
            or_(Connection.due_at.is_(None), Connection.due_at > now),
        )
        .values(due_at=now)
    )


def only_show(db: Session, connection: Connection, on: bool, *, by: int, now: datetime) -> None:
    """For one person. Switched off, what waits goes at the next turn."""
    if connection.dry_run == on:
        return
    connection.dry_run = on
    audit.record(
        db,
        by=by,
        act="changes held back" if on else "changes let go",
        subject=f"person {connection.person_id}",
        now=now,
    )
    connections.mark_due(db, connection.id, now=now)


def would_go(db: Session) -> Counts:
    """Writes, removals and mails, were the plan let go: those that wait for another word stay."""
    ties = db.execute(
        select(
            Connection.id,
            Connection.person_id,
            Connection.state,
            Connection.held_at,
            Connection.dry_run,
            Connection.calendar_access,
        ).where(Connection.state != connections.DISCONNECTED)
    ).all()
    chosen = policy.of_people(db, [one.person_id for one in ties])
    dry = [one.id for one in ties if waits.by_decision(one, chosen[one.person_id]) == waits.DRY_RUN]
    return waiting_counts.together(waiting_counts.of_connections(db, dry).values())
