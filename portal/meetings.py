"""Meetings that people schedule here: made, edited, cancelled, found through their owner."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import (
    conflicts,
    connections,
    freshness,
    occurrences,
    outbox,
    plan,
    policy,
    remaking,
    retries,
    returning,
    timeline,
)
from portal.meeting_state import MeetingState, state_of
from portal.occurrences import Occurrence
from portal.operations import stuck
from portal.plan import Plan
from portal.tables import Meeting

PER_PAGE = 50
HERE = "portal"


class Cancelled(Exception):
    """The meeting was cancelled and can no longer be changed."""


def days_of(meeting: Meeting, one: Occurrence | None = None) -> tuple[date | None, date | None]:
    """The dates of a meeting that was made all-day in Outlook, or of one occurrence of it; the
    last exclusive.
    """
    if not meeting.all_day:
        return None, None
    zone, span = ZoneInfo(meeting.zone), one or meeting
    return span.starts_at.astimezone(zone).date(), span.ends_at.astimezone(zone).date()


def of_person(db: Session, person_id: int, meeting_id: int) -> Meeting | None:
    return db.scalar(_whole().where(Meeting.id == meeting_id, Meeting.person_id == person_id))


def by_key(db: Session, person_id: int, key: str) -> Meeting | None:
    return db.scalar(_whole().where(Meeting.key == key, Meeting.person_id == person_id))


def key_is_taken(db: Session, key: str) -> bool:
    return db.scalar(select(Meeting.id).where(Meeting.key == key)) is not None


def ahead(db: Session, person_id: int, *, now: datetime, page: int = 1) -> list[Meeting]:
    """Not over and not cancelled, the next one first; a series has the time of its next one."""
    mine = select(Meeting).where(Meeting.person_id == person_id, _is_ahead(now))
    order = (Meeting.starts_at, Meeting.id)
    single = mine.where(Meeting.recurrence.is_(None)).order_by(*order).limit(PER_PAGE * page)
    series = mine.where(Meeting.recurrence.is_not(None)).options(selectinload(Meeting.exceptions))
    found = [*db.scalars(single), *db.scalars(series)]
    listed = sorted((begins(one, now), one.id) for one in found)
    of_page = listed[PER_PAGE * (page - 1) : PER_PAGE * page]
    return _in_order(db, [meeting_id for _, meeting_id in of_page])


def begins(meeting: Meeting, now: datetime) -> datetime:
    """When it begins, of a series the next one."""
    if meeting.recurrence is None:
        return meeting.starts_at
    upcoming = occurrences.next_of(meeting, now)
    return meeting.ends_at if upcoming is None else upcoming.starts_at


def behind(db: Session, person_id: int, *, now: datetime, page: int = 1) -> list[Meeting]:
    """Over or cancelled, the latest first."""
    mine = _whole().where(Meeting.person_id == person_id, ~_is_ahead(now))
    # An endless series is only here when it was cancelled.
    ended = func.coalesce(Meeting.last_ends_at, Meeting.cancelled_at)
    of_page = mine.order_by(ended.desc(), Meeting.id).limit(PER_PAGE)
    return list(db.scalars(of_page.offset(PER_PAGE * (page - 1))))


def _in_order(db: Session, ids: Sequence[int]) -> list[Meeting]:
    found = {one.id: one for one in db.scalars(_whole().where(Meeting.id.in_(ids)))}
    return [found[meeting_id] for meeting_id in ids]


def count(db: Session, person_id: int, *, now: datetime) -> tuple[int, int]:
    """How many are ahead and how many behind."""
    ahead_, all_ = db.execute(
        select(func.count(Meeting.id).filter(_is_ahead(now)), func.count(Meeting.id)).where(
            Meeting.person_id == person_id
        )
    ).one()
    return ahead_, all_ - ahead_


def schedule(
    db: Session,
    person_id: int,
    wanted: Plan,
    *,
    key: str,
    secret: str,
    transaction_id: str,
    now: datetime,
) -> Meeting:
    """A new meeting, on its way to Outlook where a calendar to write to is connected.

    `key` names it for good; `secret` becomes the part of its join link that nobody can guess.
    """
    meeting = begun(person_id, key=key, now=now)
    plan.take(db, meeting, wanted, secret=secret)
    db.add(meeting)
    db.flush()
    timeline.note(db, timeline.of_meeting(meeting), timeline.PORTAL, "scheduled", now=now)
    send(db, meeting, is_new=True, transaction_id=transaction_id, now=now)
    return meeting


def begun(person_id: int, *, key: str, now: datetime) -> Meeting:
    """A meeting that nothing is said of yet."""
    return Meeting(
        key=key,
        person_id=person_id,
        all_day=False,
        join_url=None,
        created_at=now,
        changed_at=now,
        cancelled_at=None,
        cancelled_in=None,
        link=None,
        changes=[],
        invitees=[],
        exceptions=[],
        recurrence=None,
    )


def send(
    db: Session, meeting: Meeting, *, is_new: bool = False, transaction_id: str, now: datetime
) -> bool:
    """Sets a meeting that is only here, or a change that was refused, on its way to Outlook.

    `is_new`: it was nowhere before, so no event of it is looked for. False when there is no
    calendar to write to or nothing to send.
    """
    if waits(meeting) or not connections.reaches(db, meeting):
        return False
    if meeting.changes and meeting.changes[-1].outcome == outbox.FAILED:
        # The same once more: whether it may have been done after all is known of it.
        stuck.retry(db, meeting.changes[-1], by=meeting.person_id, now=now)
        return True
    how: Any = {"made_by": meeting.person_id, "transaction_id": transaction_id, "now": now}
    if meeting.cancelled_at is not None:
        again = outbox.cancel(db, meeting, note=returning.last_note(meeting), **how)
    elif meeting.link is not None:
        again = outbox.update_event(db, meeting, **how)
    elif (target := connections.target_of(db, meeting.person_id)) is None:
        return False
    elif lost := retries.create_in_doubt(meeting):
        again = remaking.look_for(db, lost, target.id, **how)
    else:
        again = outbox.create(db, meeting, target.id, **how)
        if not is_new:
            remaking.may_be_there(again, now=now)
    return again is not None


def is_out(meeting: Meeting) -> bool:
    """Whether Outlook may have it already, and with it those invited."""
    sending = any(change.sent_at and change.done_at is None for change in meeting.changes)
    return meeting.link is not None or sending


def waits(meeting: Meeting) -> bool:
    """Whether something about it has yet to reach Outlook."""
    return any(change.done_at is None for change in meeting.changes)


def edit(
    db: Session,
    meeting: Meeting,
    wanted: Plan,
    *,
    secret: str,
    transaction_id: str,
    now: datetime,
) -> bool:
    """Makes the meeting, of a series all of it, as planned; False when it is so already.

    Raises Cancelled.
    """
    if meeting.cancelled_at is not None:
        raise Cancelled
    taken = plan.take(db, meeting, wanted, secret=secret)
    if not taken.fields:
        return False
    changed(db, meeting, fields=taken.fields, now=now)
    reaches = connections.reaches(db, meeting)
    if reaches or taken.invited or taken.uninvited:
        on_the_way = waits(meeting)
        change = outbox.update_event(
            db,
            meeting,
            invite=taken.invited,
            uninvite=taken.uninvited,
            made_by=meeting.person_id,
            transaction_id=transaction_id,
            now=now,
        )
        # Who was invited is in no base: this alone tells of it when a calendar is connected again.
        if change is not None and not (reaches or on_the_way):
            outbox.settle(change, outbox.GIVEN_UP, now=now, code="not_connected")
    return True


def changed(
    db: Session,
    meeting: Meeting,
    *,
    fields: Iterable[str],
    original_day: date | None = None,
    now: datetime,
) -> None:
    """A person changed it here; what is to be sent is another matter."""
    meeting.changed_at = now
    returning.note_change(meeting)
    db.flush()
    subject = timeline.of_meeting(meeting, original_day=original_day)
    timeline.note(db, subject, timeline.PORTAL, "edited", fields=fields, now=now)


def cancel(db: Session, meeting: Meeting, *, note: str, transaction_id: str, now: datetime) -> None:
    """Ends a meeting, of a series all of it, with a note to invitees. Raises Cancelled."""
    if meeting.cancelled_at is not None:
        raise Cancelled
    meeting.cancelled_at, meeting.cancelled_in, meeting.changed_at = now, HERE, now
    returning.note_change(meeting)
    timeline.note(db, timeline.of_meeting(meeting), timeline.PORTAL, "cancelled", now=now)
    if connections.reaches(db, meeting):
        by = meeting.person_id
        outbox.cancel(db, meeting, note=note, made_by=by, transaction_id=transaction_id, now=now)


def states(
    db: Session, person_id: int, meetings: Sequence[Meeting], *, now: datetime
) -> dict[int, MeetingState]:
    """Where each of this person's meetings stands, by id; loaded by this module's queries."""
    has_target = connections.target_of(db, person_id) is not None
    connection, chosen = connections.of_person(db, person_id), policy.of(db, person_id)
    stopped = None if connection is None else connections.stopped_by(connection, chosen)
    is_reached = connection is not None and connections.sends(connection, chosen)
    counted = conflicts.counts(db, [meeting.id for meeting in meetings], now=now)
    poll = timedelta(minutes=chosen.poll_minutes)
    late = freshness.not_seen_lately(db, meetings, poll=poll, now=now)
    return {
        meeting.id: state_of(
            meeting,
            meeting.link,
            meeting.changes,
            conflicts=counted.get(meeting.id, 0),
            has_target=has_target or (is_reached and meeting.link is not None),
            stopped=stopped,
            seen_lately=meeting.id not in late,
        )
        for meeting in meetings
    }


def _whole() -> Select[Meeting]:
    return select(Meeting).options(
        selectinload(Meeting.invitees),
        selectinload(Meeting.exceptions),
        selectinload(Meeting.changes),
        selectinload(Meeting.link),
    )


def _is_ahead(now: datetime) -> ColumnElement[bool]:
    is_left = or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now)
    return and_(is_left, Meeting.cancelled_at.is_(None))
