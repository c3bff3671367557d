"""How far the reading of a calendar is: windows and events so far, and what is left to wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import connections, quarters
from portal.cache import MASTER
from portal.tables import Calendar, Connection, Event, Window

ONE_RUN = timedelta(minutes=10)  # a longer gap between two windows was a pause, not work
BASIS = 2  # measured windows, before a time is named


@dataclass(frozen=True, slots=True)
class Progress:
    """`filled` of `windows`, and the events held. `running`: windows are being filled now.

    `past`: of those still to be filled, the ones of retroactive sync; `paused`: they wait for the
    person. `left`: measured in this backfill; None while there is nothing to measure by.
    """

    filled: int
    windows: int
    events: int
    running: bool
    past: int = 0
    paused: bool = False
    left: timedelta | None = None


def of_connection(db: Session, connection: Connection, *, now: datetime) -> Progress:
    mine = select(Calendar.id).where(
        Calendar.connection_id == connection.id, Calendar.ticked, Calendar.missing_since.is_(None)
    )
    held = list(db.scalars(select(Window).where(Window.calendar_id.in_(mine))))
    events = db.scalar(
        select(func.count(Event.id)).where(Event.calendar_id.in_(mine), Event.kind != MASTER)
    )
    filled = [window.filled_at for window in held if window.filled_at is not None]
    open_ones = [window for window in held if window.filled_at is None]
    past = sum(quarters.is_past(window, now) for window in open_ones)
    ahead = len(open_ones) - (past if connection.backfill_paused else 0)
    works = connection.state in connections.AT_WORK and connection.paused_by is None
    running = works and (not held or ahead > 0)
    return Progress(
        filled=len(filled),
        windows=len(held),
        events=events or 0,
        running=running,
        past=past,
        paused=connection.backfill_paused and past > 0,
        left=time_left(filled, ahead, now=now) if running else None,
    )


def runs(db: Session, person_id: int, *, now: datetime) -> bool:
    connection = connections.live_of(db, person_id)
    return connection is not None and of_connection(db, connection, now=now).running


def time_left(filled: Sequence[datetime], ahead: int, *, now: datetime) -> timedelta | None:
    """By the usual time between two windows of the run that is under way.

    The median, since one busy quarter says little about the others; the time the present window
    has taken counts only up to that, so that a slow one does not pull the end nearer.
    """
    took: list[timedelta] = []
    latest_first = sorted(filled, reverse=True)
    if not latest_first or now - latest_first[0] > ONE_RUN:
        return None
    for later, earlier in pairwise(latest_first):
        if later - earlier > ONE_RUN:
            break
        took.append(later - earlier)
    if len(took) < BASIS or ahead < 1:
        return None
    usual = timedelta(seconds=median(one.total_seconds() for one in took))
    return usual * ahead - min(now - latest_first[0], usual)
