"""How the whole portal fares, in counts: connections by state, rounds, changes, mails."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import connections, outbox
from portal.operations import standing, stuck
from portal.tables import Change, Connection, Person

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rounds:
    """Mailboxes with a good round lately. `last`: of any; None: there was none yet."""

    last: datetime | None
    in_minute: int
    in_hour: int
    under_way: int
    late: int  # due and not yet begun for more than a minute


@dataclass(frozen=True, slots=True)
class Changes:
    waiting: int
    refused: int
    oldest: datetime | None  # of those that wait


def by_state(db: Session, *, now: datetime) -> Counter[str]:
    """Of everybody who is not disabled."""
    states = standing.states_of(db, None, now=now)
    people = db.scalars(select(Person.id).where(Person.disabled_at.is_(None)))
    return Counter(states[one] for one in people)


def rounds(db: Session, *, now: datetime) -> Rounds:
    at_work = Connection.state.in_(connections.ASKED), Connection.paused_by.is_(None)
    row = db.execute(
        select(
            func.max(Connection.good_at),
            func.count(Connection.id).filter(Connection.good_at > now - MINUTE),
            func.count(Connection.id).filter(Connection.good_at > now - HOUR),
            func.count(Connection.id).filter(Connection.leased_until > now),
            func.count(Connection.id).filter(*at_work, Connection.due_at < now - MINUTE),
        )
    ).one()
    return Rounds(*row)


def changes(db: Session, *, now: datetime) -> Changes:
    waits = Change.done_at.is_(None)
    waiting, oldest = db.execute(
        select(func.count(Change.id), func.min(Change.created_at)).where(waits)
    ).one()
    recent = Change.outcome == outbox.FAILED, Change.done_at > now - stuck.FAILED_KEPT
    refused = db.scalar(select(func.count(Change.id)).where(*recent)) or 0
    return Changes(waiting, refused, oldest)
