"""People who come under other settings because their groups change: their connections follow."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import connections, eligibility, policy
from portal.tables import Connection


@contextmanager
def followed(db: Session, person_ids: Iterable[int], *, now: datetime) -> Iterator[None]:
    """What is done inside may move these people to other groups. Afterwards the connections of
    those for whom something else holds are looked at, and given notice where they are cut off.
    """
    ids = list(person_ids)
    before = policy.of_people(db, ids)
    yield
    db.flush()
    after = policy.of_people(db, ids)
    moved = [one for one in ids if before[one] != after[one]]
    alive = select(Connection).where(
        Connection.person_id.in_(moved), Connection.state != connections.DISCONNECTED
    )
    held = list(db.scalars(alive)) if moved else []
    eligibility.review(db, held, now=now)
    for connection in held:
        if connection.state != policy.BLOCKED:
            connection.due_at = min(connection.due_at or now, now)
    again = {one for one in moved if _writes(after[one]) and not _writes(before[one])}
    connections.write_again(db, [one.id for one in held if one.person_id in again], now=now)


def _writes(chosen: policy.Policy) -> bool:
    return chosen.enabled and chosen.bidirectional
