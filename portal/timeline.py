"""The timeline of a meeting and of an event: what changed, on which side, what the engine decided.

Rows hold ids, codes and names of fields. What people wrote is never in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from portal.tables import Link, Meeting, TimelineRow

PORTAL, OUTLOOK, ENGINE = "portal", "outlook", "engine"
KEPT = timedelta(days=30)
MOST = 200  # rows of one event or meeting


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose timeline it is: a meeting, its event, or an event that is no meeting's."""

    meeting_id: int | None = None
    calendar_id: int | None = None
    graph_id: str | None = None
    original_day: date | None = None


def of_meeting(meeting: Meeting, *, original_day: date | None = None) -> Subject:
    link = meeting.link
    return Subject(
        meeting_id=meeting.id,
        calendar_id=None if link is None else link.calendar_id,
        graph_id=None if link is None else link.graph_id,
        original_day=original_day,
    )


def of_link(link: Link, *, original_day: date | None = None) -> Subject:
    return Subject(link.meeting_id, link.calendar_id, link.graph_id, original_day)


def note(
    db: Session,
    subject: Subject,
    side: str,
    what: str,
    *,
    now: datetime,
    fields: Iterable[str] = (),
    why: str | None = None,
    request_id: str | None = None,
    next_at: datetime | None = None,
) -> None:
    """Adds a row. `what` and `why` are codes that the pages have sentences for; the same thing
    again and again (a retry) renews the last row instead of filling the list.
    """
    row = _last(db, subject)
    again = row is not None and (row.side, row.what, row.why) == (side, what, why)
    if row is None or not again or next_at is None:
        row = TimelineRow(
            meeting_id=subject.meeting_id,
            calendar_id=subject.calendar_id,
            graph_id=subject.graph_id,
            original_day=subject.original_day,
            side=side,
            what=what,
            why=why,
        )
        db.add(row)
    row.at, row.fields = now, sorted(fields)
    row.request_id, row.next_at = request_id or None, next_at
    db.flush()


def _last(db: Session, subject: Subject) -> TimelineRow | None:
    mine = select(TimelineRow).where(_is_about(subject)).order_by(TimelineRow.id.desc())
    return db.scalar(mine.limit(1))


def of(db: Session, subject: Subject) -> list[TimelineRow]:
    """Its rows, the latest first, 200 at most."""
    mine = select(TimelineRow).where(_is_about(subject)).order_by(TimelineRow.id.desc())
    return list(db.scalars(mine.limit(MOST)))


def _is_about(subject: Subject) -> ColumnElement[bool]:
    event = and_(
        TimelineRow.calendar_id == subject.calendar_id, TimelineRow.graph_id == subject.graph_id
    )
    if subject.meeting_id is None:
        return event
    return or_(TimelineRow.meeting_id == subject.meeting_id, event)


def forget_old(db: Session, *, now: datetime) -> None:
    """Thirty days, and the latest 200 of each meeting and event."""
    db.execute(delete(TimelineRow).where(TimelineRow.at < now - KEPT))
