"""Pieces: a quarter whose changes Microsoft cannot tell as a whole is read in parts."""

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal import quarters, windows
from portal.tables import Calendar, Event, Window

SHORTEST = timedelta(days=7)
DAY = timedelta(days=1)


def can_split(window: Window) -> bool:
    return not window.by_list and window.ends_at - window.starts_at >= 2 * SHORTEST


def split(db: Session, window: Window, *, now: datetime) -> None:
    """In two at its middle, at midnight UTC. Rows go with the piece they lie in, and both pieces
    are filled anew: what they do not show is asked for, so nothing is lost.
    """
    middle = window.starts_at + (window.ends_at - window.starts_at) // DAY // 2 * DAY
    second = windows.new(middle, window.ends_at, now)
    second.calendar_id = window.calendar_id
    second.filled_at, second.looked_at = window.filled_at, window.looked_at
    second.failures = window.failures
    window.ends_at = middle
    db.add(second)
    db.flush()
    db.execute(
        update(Event)
        .where(Event.home_id == window.id, Event.starts_at >= middle)
        .values(home_id=second.id, seen_in=0)
    )
    windows.refill(window, now=now)
    db.expire(window.calendar, ["windows"])


def keep_by_list(window: Window, *, code: str, now: datetime) -> None:
    """Its changes cannot be told at all: from now on it is listed and compared."""
    windows.refill(window, now=now)
    window.by_list, window.held_code = True, code


def try_changes(window: Window, *, now: datetime) -> None:
    """Perhaps Microsoft has mended it. `held_code` stays until it has, so that one sign is enough
    to go back to the list.
    """
    windows.refill(window, now=now)
    window.by_list = False


def was_by_list(window: Window) -> bool:
    """Whether its changes are only being tried again."""
    return (window.held_code or "").startswith("delta_")


def join(db: Session, calendar: Calendar, *, now: datetime) -> None:
    """Whole quarters again, which are filled anew."""
    held = windows.of_calendar(db, calendar.id)
    for _quarter, group in groupby(held, key=lambda one: quarters.quarter_of(one.starts_at)):
        first, *others = group
        if not others:
            continue
        ids = [one.id for one in others]
        first.ends_at = others[-1].ends_at
        first.by_list, first.held_code, first.failures = False, None, 0
        windows.refill(first, now=now)
        db.execute(update(Event).where(Event.home_id.in_(ids)).values(home_id=first.id, seen_in=0))
        db.execute(delete(Window).where(Window.id.in_(ids)))
    db.expire(calendar, ["windows"])
