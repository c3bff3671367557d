"""A change of settings, done: with what has to be looked at again because of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import connections, eligibility
from portal.configuration import proposals, settings, what_if
from portal.configuration.proposals import INHERIT, LOCK, UNLOCK, Proposal, Step
from portal.configuration.settings import Level
from portal.tables import Connection


def choose(db: Session, key: str, value: settings.Value, *, by: int, now: datetime) -> bool:
    """Sets it for the account; False where it was so already. Raises settings.NotAllowed."""
    step = Step(key, value=settings.check(key, value))
    return _done(db, Proposal(settings.ACCOUNT, (step,)), by=by, now=now)


def apply(
    db: Session, proposal: Proposal, *more: Proposal, by: int, now: datetime
) -> list[Connection]:
    """Does all of it, and gives the connections that were given notice because of it.

    Raises settings.NotAllowed and settings.Locked.
    """
    _done(db, proposal, *more, by=by, now=now)
    return eligibility.review_all(db, now=now)


def _done(db: Session, *steps: Proposal, by: int, now: datetime) -> bool:
    found = what_if.compare(db, *steps, now=now)
    news = [proposals.do(db, one, by=by, now=now) for one in steps]
    is_news = any(news)
    if is_news:
        connections.write_again(db, found.written_again(), now=now)
    return is_news


def revert(db: Session, level: Level, step: Step, *, by: int, now: datetime) -> None:
    """Sets a former value again, or inherits again, and notes it as what it is.

    Raises settings.NotAllowed and settings.Locked.
    """
    if step.act in (LOCK, UNLOCK):
        apply(db, Proposal(level, (step,)), by=by, now=now)
        return
    found = what_if.compare(db, Proposal(level, (step,)), now=now)
    noted: dict[str, Any] = {"level": level, "act": "setting reverted", "by": by, "now": now}
    if step.act == INHERIT or step.value is None:
        settings.inherit(db, step.key, **noted)
    else:
        settings.choose(db, step.key, step.value, **noted)
    connections.write_again(db, found.written_again(), now=now)
    eligibility.review_all(db, now=now)
