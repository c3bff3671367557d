"""A series of Alice's, five Tuesdays, for stories about the pages of series."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal.tables import Change, Meeting
from tests import calendar_make as make
from tests.conftest import Portal

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
FIRST, SECOND, THIRD = (date(2026, 11, 24) + n * timedelta(weeks=1) for n in range(3))
INVITED = {"bob@contoso.example": "Bob"}
FILLED = {"title": "Choir", "day": "2026-11-24", "start": "10:00", "end": "11:00"}


def in_outlook(portal: Portal) -> str:
    """In step with Outlook; the address of its page."""
    now = portal.clock()
    with portal.writing() as db:
        own = make.connected(db, "alice", now=now)
        repeats = make.repeating(FIRST, ends=5)
        meeting = make.meeting(
            db, "alice", "Choir", TEN, now=now, has_link=True, invitees=INVITED,
            recurrence=repeats,
        )  # fmt: skip
        make.in_step(db, meeting, own, now=now)
        return f"/meetings/{meeting.id}"


def only(portal: Portal, name: str = "alice") -> Meeting:
    with portal.reading() as db:
        meeting = make.only_meeting(db, name)
        assert meeting.exceptions is not None  # loaded while the session is open
        return meeting


def kinds(portal: Portal) -> list[str]:
    """Of the changes that wait."""
    with portal.reading() as db:
        waiting = select(Change.kind).where(Change.done_at.is_(None))
        return list(db.scalars(waiting.order_by(Change.id)))
