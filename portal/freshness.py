"""Whether what is said of a meeting is fresh: when its calendar was last looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import occurrences, windows
from portal.tables import Meeting, Window

GRACE = timedelta(minutes=10)  # a look may be late by this much before anybody needs to know


def not_seen_lately(
    db: Session, meetings: Sequence[Meeting], *, poll: timedelta, now: datetime
) -> set[int]:
    """Ids of linked meetings whose event was last seen longer ago than its window's interval.

    Of a series the next occurrence counts. A meeting outside every window is not among them:
    nobody promises to look there.
    """
    linked = [(meeting, meeting.link) for meeting in meetings if meeting.link is not None]
    held = list(
        db.scalars(
            select(Window).where(Window.calendar_id.in_({link.calendar_id for _, link in linked}))
        )
    )
    late = set()
    for meeting, link in linked:
        around = [window for window in held if window.calendar_id == link.calendar_id]
        span = occurrences.next_of(meeting, now) or meeting
        home = windows.home_of(around, start=span.starts_at, end=span.ends_at)
        if home is None:
            continue
        seen_at = max(link.agreed_at, home.looked_at or link.agreed_at)
        if now - seen_at > windows.interval(home, poll=poll, now=now) + GRACE:
            late.add(meeting.id)
    return late
