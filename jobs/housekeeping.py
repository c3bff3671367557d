"""Housekeeping: what has had its time goes."""

from outside import Outside
from portal import consents, sessions
from portal.database import Database


def tidy(database: Database, outside: Outside) -> None:
    """Old sessions and consent requests."""
    now = outside.clock()
    with database.writing() as db:
        consents.forget_old(db, now=now)
        sessions.forget_old(db, now=now)
