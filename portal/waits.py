"""Why nothing is written to a mailbox just now, though changes may wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal import grants, policy, windows
from portal.policy import Policy
from portal.tables import Calendar, Connection

HELD, DRY_RUN, LOOKS, A_WORD = "held", "dry_run", "looks", "a_word"
BLOCKED, ONE_WAY = "blocked", "one_way"


class Tie(Protocol):
    """What of a connection decides, but for what it has read; lists bring it without the rest."""

    @property
    def state(self) -> str: ...
    @property
    def held_at(self) -> datetime | None: ...
    @property
    def dry_run(self) -> bool: ...
    @property
    def calendar_access(self) -> str: ...


def why(
    db: Session, connection: Connection, chosen: Policy | None = None, *, now: datetime
) -> str | None:
    """blocked: a setting ended it; held: the brake; one_way: neither the grant nor the policy lets
    meetings be written; dry_run: an administrator; looks: a look that only reads is under way;
    a_word: that look is over, and the person is asked. None: writing is not held back.

    `chosen`: what is in force for the person, where the caller knows.
    """
    stopped = by_decision(connection, chosen or policy.of(db, connection.person_id))
    if stopped is not None or not connection.only_reads:
        return stopped
    return A_WORD if windows.hot_are_read(connection, now=now) else LOOKS


def of_many(db: Session, rows: Sequence[Connection], *, now: datetime) -> dict[int, str | None]:
    """The same of each of these, for lists."""
    chosen = policy.of_people(db, [one.person_id for one in rows])
    whole = selectinload(Connection.calendars).selectinload(Calendar.windows)
    read = [one.id for one in rows if one.only_reads]
    db.scalars(select(Connection).where(Connection.id.in_(read)).options(whole)).all()
    return {one.id: why(db, one, chosen[one.person_id], now=now) for one in rows}


def by_decision(connection: Tie, chosen: Policy) -> str | None:
    """The part of it that somebody decided, or the brake."""
    if connection.state == policy.BLOCKED:
        return BLOCKED
    if connection.held_at is not None:
        return HELD
    if not grants.sends(connection, chosen):
        return ONE_WAY
    return DRY_RUN if is_dry(connection, chosen) else None


def is_dry(connection: Tie, chosen: Policy) -> bool:
    """Whether an administrator wants nothing but the plan, of this person or of everybody."""
    return connection.dry_run or chosen.dry_run
