"""Changes that do not get through: listed with the reason, tried again or dropped by a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import audit, loops, outbox, retries, timeline
from portal.tables import Change, Meeting, Person

SHOWN = 25  # of each kind on one page
DROPPED = "dropped"
FAILED_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Stuck:
    """One change, without a word of what the meeting is about."""

    change: Change
    person: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Listed:
    shown: list[Stuck]
    more: int


def everywhere(db: Session, *, now: datetime) -> tuple[Listed, Listed]:
    """Of everybody: what failed, and what waits after at least one refusal or for long."""
    return (
        _listed(db, _has_failed(now), failed=True),
        _listed(db, _waits_on(now), failed=False),
    )


def of_meeting(meeting: Meeting) -> list[Change]:
    """Of a meeting whose changes are loaded, oldest first."""
    last_done = max((one.id for one in meeting.changes if one.outcome == outbox.DONE), default=0)
    return [
        one
        for one in meeting.changes
        if (one.outcome == outbox.FAILED and one.id > last_done)
        or (one.done_at is None and one.code is not None)
    ]


def by_id(db: Session, change_id: int) -> Change | None:
    """None for one that is done, or was given up."""
    return db.scalar(
        select(Change)
        .where(Change.id == change_id, _can_be_acted_on())
        .options(selectinload(Change.meeting).selectinload(Meeting.link))
    )


def of_person(db: Session, person_id: int, meeting_id: int, change_id: int) -> Change | None:
    found = by_id(db, change_id)
    if found is None or found.meeting_id != meeting_id:
        return None
    return found if found.meeting.person_id == person_id else None


def retry(db: Session, change: Change, *, by: int, now: datetime) -> None:
    """It is tried at once; what was refused for good as if it had just been made."""
    retries.reopen(change, now=now)
    loops.person_acted(change.meeting.link)
    outbox.rouse(db, change.calendar_id, now)
    subject = timeline.of_meeting(change.meeting)
    timeline.note(db, subject, timeline.PORTAL, "retried", now=now)
    audit.record(db, by=by, act="change retried", subject=f"change {change.id}", now=now)


def drop(db: Session, change: Change, *, by: int, now: datetime) -> None:
    """It is not sent any more. The base stays, so the two differ until the next edit."""
    outbox.settle(change, outbox.GIVEN_UP, now=now, code=DROPPED)
    subject = timeline.of_meeting(change.meeting)
    timeline.note(db, subject, timeline.PORTAL, "dropped", now=now)
    audit.record(db, by=by, act="change dropped", subject=f"change {change.id}", now=now)


def _listed(db: Session, which: ColumnElement[bool], *, failed: bool) -> Listed:
    count = db.scalar(select(func.count(Change.id)).where(which)) or 0
    query: Select[Change, str] = (
        select(Change, Person.name)
        .join(Meeting, Meeting.id == Change.meeting_id)
        .join(Person, Person.id == Meeting.person_id)
        .where(which)
        .order_by(Change.id.desc())
        .limit(SHOWN)
    )
    shown = [Stuck(row.Change, row.name, failed) for row in db.execute(query)]
    return Listed(shown, count - len(shown))


def _has_failed(now: datetime) -> ColumnElement[bool]:
    return and_(
        Change.outcome == outbox.FAILED,
        Change.done_at > now - FAILED_KEPT,
        ~_is_overtaken(),
    )


def _is_overtaken() -> ColumnElement[bool]:
    later = Change.__table__.alias("later")
    return (
        select(later.c.id)
        .where(
            later.c.meeting_id == Change.meeting_id,
            later.c.id > Change.id,
            later.c.outcome == outbox.DONE,
        )
        .exists()
    )


def _waits_on(now: datetime) -> ColumnElement[bool]:
    long_ago = now - timedelta(hours=1)
    return and_(
        Change.done_at.is_(None), or_(Change.code.is_not(None), Change.created_at < long_ago)
    )


def _can_be_acted_on() -> ColumnElement[bool]:
    return or_(Change.done_at.is_(None), Change.outcome == outbox.FAILED)
