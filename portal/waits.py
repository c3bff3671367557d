"""Why nothing is written to a mailbox just now, though changes may wait."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import grants, policy, windows
from portal.tables import Connection

HELD, DRY_RUN, LOOKS, A_WORD = "held", "dry_run", "looks", "a_word"
BLOCKED, ONE_WAY = "blocked", "one_way"


def why(db: Session, connection: Connection, *, now: datetime) -> str | None:
    """blocked: a setting ended it; held: the brake; one_way: neither the grant nor the policy lets
    meetings be written; dry_run: an administrator; looks: a look that only reads is under way;
    a_word: that look is over, and the person is asked. None: writing is not held back.
    """
    if connection.state == policy.BLOCKED:
        return BLOCKED
    if connection.held_at is not None:
        return HELD
    if not grants.sends(connection, policy.of(db, connection.person_id)):
        return ONE_WAY
    if is_dry(db, connection):
        return DRY_RUN
    if not connection.only_reads:
        return None
    return A_WORD if windows.hot_are_read(connection, now=now) else LOOKS


def is_dry(db: Session, connection: Connection) -> bool:
    """Whether an administrator wants nothing but the plan, of this person or of everybody."""
    return connection.dry_run or policy.of(db, connection.person_id).dry_run
