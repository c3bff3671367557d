"""What a change of settings does: told before it is saved, and done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import connections, coverage, policy, quarters, settings
from portal.quarters import Span
from portal.resolution import Facts, Levels
from portal.tables import Connection


@dataclass(frozen=True, slots=True)
class Effect:
    """Of another version or coverage, on everybody who is connected.

    `opens`, `closes`: quarters whose events are then read, or leave the portal.
    """

    people: int
    opens: tuple[Span, ...]
    closes: tuple[Span, ...]
    shows_less: bool
    shows_more: bool


WRITING = frozenset(("enabled", "bidirectional"))  # without one of them nothing is written


def choose(db: Session, key: str, value: settings.Value, *, by: int, now: datetime) -> bool:
    """Sets it for the account; False where it was so already. Raises settings.NotAllowed."""
    is_news = settings.choose(db, key, value, by=by, now=now)
    if is_news and value is True and key in WRITING:
        connections.write_again(db, now=now)
    return is_news


def of_coverage(db: Session, proposed: Mapping[str, Any], *, now: datetime) -> Effect | None:
    """None where nobody's calendar would be read or shown otherwise."""
    before = policy.resolved(Levels(account=settings.of_account(db)), Facts(person_id=0))
    after = replace(before, **proposed)
    if coverage.name(before) == coverage.name(after):
        return None
    held, wanted = (quarters.quarters(now, coverage.of(one)) for one in (before, after))
    narrow = [one.sync_version == coverage.MEETINGS_ONLY for one in (before, after)]
    connected = select(func.count(Connection.id)).where(
        Connection.state != connections.DISCONNECTED
    )
    return Effect(
        people=db.scalar(connected) or 0,
        opens=tuple(span for span in wanted if span not in held),
        closes=tuple(span for span in held if span not in wanted),
        shows_less=narrow == [False, True],
        shows_more=narrow == [True, False],
    )
