"""Conflicts: both versions of what both sides had changed, kept 30 days, taken back at a click."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal import connections, exceptions, outbox, recurrence, returning, timeline
from portal.tables import Conflict, Meeting, Person

KEPT = timedelta(days=30)
OUTLOOK = "outlook"


class CannotTakeBack(Exception):
    """Why not, as a code: cancelled, taken back, no such day, called off there."""


def of_meeting(db: Session, meeting: Meeting, *, now: datetime) -> list[Conflict]:
    """Those still kept, the latest first."""
    mine = select(Conflict).where(Conflict.meeting_id == meeting.id)
    recent = mine.where(Conflict.found_at > now - KEPT)
    return list(db.scalars(recent.order_by(Conflict.found_at.desc(), Conflict.id.desc())))


def counts(db: Session, meeting_ids: list[int], *, now: datetime) -> dict[int, int]:
    """How many of each meeting are kept and were not taken back."""
    counted = (
        select(Conflict.meeting_id, func.count(Conflict.id))
        .where(
            Conflict.meeting_id.in_(meeting_ids),
            Conflict.found_at > now - KEPT,
            Conflict.taken_back_at.is_(None),
        )
        .group_by(Conflict.meeting_id)
    )
    return dict(db.execute(counted).all())


def everywhere(db: Session, *, most: int, now: datetime) -> list[tuple[Conflict, str]]:
    """The latest still kept, over everybody, each with whose meeting it is about."""
    rows = db.execute(
        select(Conflict, Person.name)
        .join(Meeting, Meeting.id == Conflict.meeting_id)
        .join(Person, Person.id == Meeting.person_id)
        .where(_is_kept(now))
        .order_by(Conflict.found_at.desc(), Conflict.id.desc())
        .limit(most)
    )
    return [(conflict, name) for conflict, name in rows]


def count(db: Session, *, now: datetime) -> int:
    """Those still kept, over everybody."""
    return db.scalar(select(func.count(Conflict.id)).where(_is_kept(now))) or 0


def _is_kept(now: datetime) -> ColumnElement[bool]:
    return Conflict.found_at > now - KEPT


def of_person(
    db: Session, person_id: int, meeting_id: int, conflict_id: int, *, now: datetime
) -> Conflict | None:
    return db.scalar(
        select(Conflict)
        .join(Meeting, Meeting.id == Conflict.meeting_id)
        .where(
            Conflict.id == conflict_id,
            Conflict.meeting_id == meeting_id,
            Conflict.found_at > now - KEPT,
            Meeting.person_id == person_id,
        )
    )


def take_back(
    db: Session, meeting: Meeting, conflict: Conflict, *, transaction_id: str, now: datetime
) -> None:
    """The version that did not stand becomes the meeting's, in what the conflict was about.

    Raises CannotTakeBack.
    """
    if meeting.cancelled_at is not None:
        raise CannotTakeBack("cancelled")
    if conflict.taken_back_at is not None:
        raise CannotTakeBack("taken back")
    version = conflict.ours if conflict.winner == OUTLOOK else conflict.theirs
    if conflict.original_day is None:
        _take(meeting, version, conflict.fields)
    else:
        _take_occurrence(meeting, conflict.original_day, version, conflict.fields)
    meeting.changed_at = conflict.taken_back_at = now
    db.flush()
    subject = timeline.of_meeting(meeting, original_day=conflict.original_day)
    timeline.note(db, subject, timeline.PORTAL, "taken back", fields=conflict.fields, now=now)
    returning.note_change(meeting)
    if connections.reaches(db, meeting):
        outbox.update_event(
            db, meeting, made_by=meeting.person_id, transaction_id=transaction_id, now=now
        )


def forget_old(db: Session, *, now: datetime) -> None:
    db.execute(delete(Conflict).where(Conflict.found_at < now - KEPT))


def _take(meeting: Meeting, version: Mapping[str, Any], fields: list[str]) -> None:
    if "title" in fields:
        meeting.title = version["title"]
    if "location" in fields:
        said = version["location"]
        # Where there is no room, Outlook shows the way in as the place.
        meeting.location = "" if said == meeting.join_url else said
    if "time" in fields:
        meeting.zone = version["zone"] or meeting.zone
        meeting.all_day = version["all_day"]
        meeting.starts_at = _moment(meeting, version["starts"])
        meeting.ends_at = _moment(meeting, version["ends"])
        meeting.recurrence = version.get("recurrence")
        for row in list(meeting.exceptions):
            if not _has_day(meeting, row.original_day):
                meeting.exceptions.remove(row)


def _take_occurrence(
    meeting: Meeting, day: date, version: Mapping[str, Any], fields: list[str]
) -> None:
    """What the version does not say is as the series has it."""
    if not _has_day(meeting, day):
        raise CannotTakeBack("no such day")
    if not version.get("cancelled") and _is_called_off_there(meeting, day):
        raise CannotTakeBack("called off there")
    row = exceptions.of_day(meeting, day)
    if version.get("cancelled"):
        exceptions.call_off(row)
        return
    row.cancelled = row.cancelled and "cancelled" not in fields
    if "title" in fields:
        row.title = version.get("title")
    if "location" in fields:
        said = version.get("location")
        row.location = "" if said is not None and said == meeting.join_url else said
    if "time" in fields:
        row.starts_at, row.ends_at = (
            _moment(meeting, version[name]) if name in version else None
            for name in ("starts", "ends")
        )
    exceptions.drop_if_plain(meeting, row)


def _has_day(meeting: Meeting, day: date) -> bool:
    return meeting.recurrence is not None and recurrence.has_day(meeting.recurrence, day)


def _is_called_off_there(meeting: Meeting, day: date) -> bool:
    """Outlook has no way to bring such an occurrence back."""
    if meeting.link is None:
        return False
    known: dict[str, Any] = meeting.link.exceptions.get(day.isoformat(), {})
    return any(one.get("cancelled") for one in (known.get("theirs", {}), *known.get("sent", ())))


def _moment(meeting: Meeting, text: str) -> datetime:
    """Of an all-day meeting the days are midnights in its zone."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=ZoneInfo(meeting.zone)) if meeting.all_day else at
