"""What administrators see and decide about writing to Outlook: counts and numbers, no titles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit, connections, removals, settings, waiting_plan, waits
from portal.tables import Connection, Person


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One person's connection with what waits there."""

    person: Person
    connection: Connection
    plan: waiting_plan.Plan
    why: str | None  # as portal.waits says
    held: int  # removals that wait for a word


def everywhere(db: Session, *, now: datetime) -> list[Mailbox]:
    """Every live connection, by the person's name."""
    live = (
        select(Person, Connection)
        .join(Connection, Connection.person_id == Person.id)
        .where(Connection.state != connections.DISCONNECTED)
        .order_by(Person.name, Person.id)
    )
    return [_mailbox(db, person, one, now) for person, one in db.execute(live)]


def held(db: Session, *, most: int) -> list[tuple[Person, Connection]]:
    """Mailboxes that the brake stopped, the longest held first."""
    mine = (
        select(Person, Connection)
        .join(Connection, Connection.person_id == Person.id)
        .where(Connection.held_at.is_not(None), Connection.state != connections.DISCONNECTED)
        .order_by(Connection.held_at, Connection.id)
        .limit(most)
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
    for mailbox in everywhere(db, now=now):
        connections.mark_due(db, mailbox.connection.id, now=now)


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


def would_go(mailboxes: Sequence[Mailbox]) -> tuple[int, int, int]:
    """Writes, removals and mails, were the plan let go: those that wait for another word stay."""
    return waiting_plan.totals(one.plan for one in mailboxes if one.why == waits.DRY_RUN)
