"""The timeline of a meeting and of an event: what changed, on which side, what the engine decided.

Rows hold ids, codes and names of fields. What people wrote is never in them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, and_, case, delete, func, select, union
from sqlalchemy.orm import Session

from portal.tables import Event, Link, Meeting, TimelineRow

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


def of_event(event: Event) -> Subject:
    """Of an event that is no meeting's; a linked one is its meeting's as well."""
    return Subject(calendar_id=event.calendar_id, graph_id=event.graph_id)


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
    found = of(db, subject, most=1)
    return found[0] if found else None


def of(db: Session, subject: Subject, *, most: int = MOST) -> list[TimelineRow]:
    """Its rows, the latest first, 200 at most.

    Each half has an index of its own; an OR over both would walk the whole table backwards.
    """
    halves = [_latest(about, most) for about in _about(subject)]
    if not halves:
        return []
    ids = union(*(select(half.c.id) for half in halves)).subquery()
    found = select(TimelineRow).where(TimelineRow.id.in_(select(ids.c.id)))
    return list(db.scalars(found.order_by(TimelineRow.id.desc()).limit(most)))


def _latest(about: ColumnElement[bool], most: int) -> Subquery:
    mine = select(TimelineRow.id).where(about).order_by(TimelineRow.id.desc())
    return mine.limit(most).subquery()


def _about(subject: Subject) -> Iterator[ColumnElement[bool]]:
    if subject.meeting_id is not None:
        yield TimelineRow.meeting_id == subject.meeting_id
    if subject.calendar_id is not None and subject.graph_id is not None:
        yield and_(
            TimelineRow.calendar_id == subject.calendar_id,
            TimelineRow.graph_id == subject.graph_id,
        )


def forget_old(db: Session, *, now: datetime) -> None:
    """Thirty days, and the latest 200 of each meeting and event."""
    db.execute(delete(TimelineRow).where(TimelineRow.at < now - KEPT))
    of_events = TimelineRow.meeting_id.is_(None)
    whose = (
        TimelineRow.meeting_id,
        case((of_events, TimelineRow.calendar_id)),
        case((of_events, TimelineRow.graph_id)),
    )
    place = func.row_number().over(partition_by=whose, order_by=TimelineRow.id.desc())
    placed = select(TimelineRow.id, place.label("place")).subquery()
    db.execute(
        delete(TimelineRow).where(
            TimelineRow.id.in_(select(placed.c.id).where(placed.c.place > MOST))
        )
    )
