"""People who come under other settings because their groups change: their connections follow."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import connections, eligibility, policy
from portal.configuration import settings
from portal.configuration.resolution import Facts, Levels
from portal.tables import Connection


@dataclass(frozen=True, slots=True)
class Weight:
    """For how many people something else would hold, and for how many of them the integration
    would be off.
    """

    otherwise: int
    cut_off: int


def weigh(db: Session, ids: Sequence[int], moved: Callable[[Facts], Facts]) -> Weight:
    """What moving these people would do; `moved` gives what would then decide about one."""
    levels = Levels.of(settings.everywhere(db))
    held = [
        (policy.resolved(levels, one), policy.resolved(levels, moved(one)))
        for one in policy.facts_of(db, list(ids))
    ]
    return Weight(
        otherwise=sum(old != new for old, new in held),
        cut_off=sum(old.enabled and not new.enabled for old, new in held),
    )


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
