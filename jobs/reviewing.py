"""Connections held against the settings: notices end on time, though nothing else is due."""

from outside import Outside
from portal import eligibility
from portal.database import Database


def review(database: Database, outside: Outside) -> int:
    """Looks first, and writes only where something is to change. Gives how many that concerned."""
    now = outside.clock()
    with database.reading() as db:
        count = eligibility.news(db, now=now)
    if count:
        with database.writing() as db:
            eligibility.review_all(db, now=now)
        outside.wake()
    return count
