"""Housekeeping: what has had its time goes."""

from outside import Outside
from portal import conflicts, consents, sessions, timeline
from portal.database import Database


def tidy(database: Database, outside: Outside) -> None:
    """Old sessions, consent requests, conflicts and rows of the timeline."""
    now = outside.clock()
    with database.writing() as db:
        consents.forget_old(db, now=now)
        sessions.forget_old(db, now=now)
        conflicts.forget_old(db, now=now)
        timeline.forget_old(db, now=now)
