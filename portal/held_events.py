"""Events that could not be read, or about which answers differ: each is asked for again by its id,
and the others go on.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from portal import timeline
from portal.tables import Calendar, HeldEvent, Link, Meeting

DIFFER = "answers_differ"  # Microsoft's, about one event

# After the first sight: soon, then within the hour, then daily.
STEPS = (timedelta(minutes=10), timedelta(hours=1))
THEN_EVERY = timedelta(days=1)
NEW = STEPS[0] + timedelta(minutes=5)  # until the first of these has surely come


def note(db: Session, calendar_id: int, broken: Mapping[str, str], *, now: datetime) -> None:
    """By id, why each could not be read. One that is held already keeps its turn."""
    if not broken:
        return
    held = {row.graph_id: row for row in of_calendar(db, calendar_id, broken)}
    for graph_id, code in broken.items():
        if graph_id in held:
            held[graph_id].code = code
            continue
        ask_at = now + STEPS[0]
        row = HeldEvent(calendar_id=calendar_id, graph_id=graph_id, code=code, since=now)
        row.ask_at = ask_at
        db.add(row)
        subject = timeline.Subject(calendar_id=calendar_id, graph_id=graph_id)
        timeline.note(db, subject, timeline.ENGINE, "unreadable", now=now, why=code, next_at=ask_at)
    db.flush()


def note_anew(db: Session, calendar_id: int, graph_id: str, code: str, *, now: datetime) -> None:
    """Where it was held for another reason, its time begins again."""
    for row in of_calendar(db, calendar_id, [graph_id]):
        if row.code != code:
            row.since, row.ask_at = now, now + STEPS[0]
    note(db, calendar_id, {graph_id: code}, now=now)


def note_until(
    db: Session, calendar_id: int, graph_id: str, code: str, *, until: datetime, now: datetime
) -> None:
    """Asked for again at that moment, or at once."""
    note(db, calendar_id, {graph_id: code}, now=now)
    for row in of_calendar(db, calendar_id, [graph_id]):
        row.ask_at = max(until, now)


def is_any_tied_new(db: Session, connection_id: int, *, now: datetime) -> bool:
    """Whether the event of a meeting that takes place is held and was not asked for again: it may
    be gone, together with others.
    """
    is_its_event = Link.graph_id == HeldEvent.graph_id
    held = (
        select(HeldEvent.id)
        .join(Link, and_(Link.calendar_id == HeldEvent.calendar_id, is_its_event))
        .join(Meeting, Meeting.id == Link.meeting_id)
        .join(Calendar, Calendar.id == HeldEvent.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            Meeting.cancelled_at.is_(None),
            HeldEvent.since > now - NEW,
        )
    )
    return db.scalar(held.limit(1)) is not None


def still(db: Session, calendar_id: int, graph_id: str, *, code: str | None, now: datetime) -> bool:
    """It was asked for; whether it is held still. `code`: why, where that is new."""
    held = of_calendar(db, calendar_id, [graph_id])
    for row in held:
        row.code = code or row.code
        wait_on(row, now=now)
    return bool(held)


def wait_on(row: HeldEvent, *, now: datetime) -> None:
    left = [row.since + step for step in STEPS if row.since + step > now]
    row.ask_at = min(left, default=now + THEN_EVERY)


def free(db: Session, calendar_id: int, graph_ids: Iterable[str]) -> None:
    """They were read, or are gone."""
    ids = list(graph_ids)
    if ids:
        mine = (HeldEvent.calendar_id == calendar_id, HeldEvent.graph_id.in_(ids))
        db.execute(delete(HeldEvent).where(*mine))


def of_calendar(
    db: Session, calendar_id: int, graph_ids: Iterable[str] | None = None
) -> list[HeldEvent]:
    mine = select(HeldEvent).where(HeldEvent.calendar_id == calendar_id)
    if graph_ids is not None:
        mine = mine.where(HeldEvent.graph_id.in_(list(graph_ids)))
    return list(db.scalars(mine.order_by(HeldEvent.ask_at, HeldEvent.id)))


def due(db: Session, calendar_id: int, *, now: datetime) -> list[str]:
    """Ids to ask for now, those that have waited longest first."""
    mine = select(HeldEvent.graph_id).where(
        HeldEvent.calendar_id == calendar_id, HeldEvent.ask_at <= now
    )
    return list(db.scalars(mine.order_by(HeldEvent.ask_at, HeldEvent.id)))


def next_at(db: Session, connection_id: int) -> datetime | None:
    """When the first one of the calendars that are read is asked for."""
    return db.scalar(
        select(func.min(HeldEvent.ask_at))
        .join(Calendar, Calendar.id == HeldEvent.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            Calendar.ticked,
            Calendar.missing_since.is_(None),
            Calendar.held_until.is_(None),
        )
    )
