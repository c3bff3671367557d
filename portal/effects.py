"""A change of settings, done: with what has to be looked at again because of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import connections, eligibility, proposals, settings, what_if
from portal.proposals import Proposal, Step
from portal.tables import Connection


def choose(db: Session, key: str, value: settings.Value, *, by: int, now: datetime) -> bool:
    """Sets it for the account; False where it was so already. Raises settings.NotAllowed."""
    step = Step(key, value=settings.check(key, value))
    return _done(db, Proposal(settings.ACCOUNT, (step,)), by=by, now=now)


def apply(db: Session, proposal: Proposal, *, by: int, now: datetime) -> list[Connection]:
    """Does all of it, and gives the connections that were given notice because of it.

    Raises settings.NotAllowed and settings.Locked.
    """
    _done(db, proposal, by=by, now=now)
    return eligibility.review_all(db, now=now)


def _done(db: Session, proposal: Proposal, *, by: int, now: datetime) -> bool:
    found = what_if.compare(db, proposal, now=now)
    is_news = proposals.do(db, proposal, by=by, now=now)
    if is_news:
        connections.write_again(db, found.written_again(), now=now)
    return is_news
