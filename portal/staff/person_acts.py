"""What an administrator does for one person: look now, sign out everywhere."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import audit, connections, policy
from portal.signing_in import sessions
from portal.tables import Connection, Person


def can_look(db: Session, person: Person, connection: Connection | None) -> bool:
    """Whether a round could run: everything else would be a promise that nobody keeps."""
    return (
        connection is not None
        and person.disabled_at is None
        and connection.state in connections.ASKED
        and connection.paused_by is None
        and policy.of(db, person.id).enabled
    )


def can_be_reminded(db: Session, person: Person) -> bool:
    """Of connecting: only who could do so, and has not."""
    return (
        person.disabled_at is None
        and connections.live_of(db, person.id) is None
        and policy.may_connect(db, person.id) is None
    )


def look_now(db: Session, person: Person, *, by: int, now: datetime) -> bool:
    """False where no round could run."""
    connection = connections.live_of(db, person.id)
    if connection is None or not can_look(db, person, connection):
        return False
    connections.look_now(db, connection.id, now=now)
    audit.record(db, by=by, act="sync asked for", subject=f"person {person.id}", now=now)
    return True


def end_sessions(db: Session, person: Person, *, by: int, now: datetime) -> int:
    """How many browsers were signed out."""
    live = len(sessions.live_of(db, person.id, now=now))
    sessions.end_others(db, person.id, keep=None, now=now)
    if live:
        subject = f"person {person.id}"
        audit.record(db, by=by, act="sessions ended", subject=subject, after=live, now=now)
    return live


def read_calendars(connection: Connection) -> tuple[int, int]:
    """How many of the mailbox's calendars are read, and how many there are."""
    there = [one for one in connection.calendars if one.missing_since is None]
    return sum(one.ticked for one in there), len(there)
