"""Housekeeping: what has had its time goes."""

from outside import Outside
from portal import conflicts, restored, timeline
from portal.database import Database
from portal.mailing import mails
from portal.signing_in import oauth_states, sessions


def tidy(database: Database, outside: Outside) -> int:
    """Old rows of many kinds go; the count that tells a copy goes up."""
    now = outside.clock()
    restored.count_up(database, now=now)
    with database.writing() as db:
        oauth_states.forget_old(db, now=now)
        sessions.forget_old(db, now=now)
        conflicts.forget_old(db, now=now)
        timeline.forget_old(db, now=now)
        mails.forget_old(db, now=now)
    return 1
