"""Why nothing is written to a mailbox just now, though changes may wait."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import policy, windows
from portal.tables import Connection

HELD, DRY_RUN, LOOKS, A_WORD = "held", "dry_run", "looks", "a_word"


def why(db: Session, connection: Connection, *, now: datetime) -> str | None:
    """held: the brake; dry_run: an administrator; looks: a look that only reads is under way;
    a_word: that look is over, and the person is asked. None: writing is not held back.
    """
    if connection.held_at is not None:
        return HELD
    if is_dry(db, connection):
        return DRY_RUN
    if not connection.only_reads:
        return None
    return A_WORD if windows.hot_are_read(connection, now=now) else LOOKS


def is_dry(db: Session, connection: Connection) -> bool:
    """Whether an administrator wants nothing but the plan, of this person or of everybody."""
    return connection.dry_run or policy.of(db, connection.person_id).dry_run
