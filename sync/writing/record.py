"""What every sender notes in the database once Microsoft has answered."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, MicrosoftError
from m365.remote import RemoteEvent
from portal import cache, loops, outbox, timeline, windows
from portal.tables import Change, Link, Meeting
from sync.judging import content, inbound
from sync.turn import Turn
from sync.writing.outgoing import Job

log = logging.getLogger(__name__)

NO_EVENT = "no_event"
GONE_WAITS = timedelta(minutes=15)  # unless the event is made again


def answered(event: RemoteEvent) -> content.Content:
    """What Microsoft says that it wrote. Raises BadAnswer where that cannot be the event."""
    theirs = content.of_remote(event)
    if theirs is None:
        raise BadAnswer("event_without_times")
    return theirs


def follow_up(db: Session, turn: Turn, job: Job, meeting: Meeting) -> None:
    """Edited while this was on its way: what was sent is the base, the rest follows."""
    edited = content.moved(content.of_meeting(meeting), job.meeting)
    if meeting.cancelled_at is None and edited:
        outbox.update_event(db, meeting, transaction_id=turn.outside.ids(), now=turn.now())


def found_gone(turn: Turn, job: Job) -> None:
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        link = change.meeting.link
        if link is not None:
            inbound.gone(db, turn, link)
            cache.remove(db, job.calendar_id, [job.graph_id or ""])
        if change.done_at is None:
            # What becomes of the meeting is decided once the windows were looked at, which takes
            # its turn only while nothing here is due; or by a person, which may take days.
            outbox.postpone(change, until=turn.now() + GONE_WAITS, code=NO_EVENT)


def refused(db: Session, change: Change, error: MicrosoftError, *, now: datetime) -> None:
    """Microsoft says no to what was sent, and would say so again: a person has to look at it."""
    outbox.settle(change, outbox.FAILED, now=now, code=error.code)
    timeline.note(
        db,
        timeline.of_meeting(change.meeting),
        timeline.ENGINE,
        "refused",
        why=error.code,
        request_id=error.request_id,
        now=now,
    )


def waits(
    db: Session, change: Change, error: MicrosoftError, *, until: datetime, now: datetime
) -> None:
    """It is tried again by itself, and until then the reason is shown."""
    outbox.postpone(change, until=until, code=error.code)
    timeline.note(
        db,
        timeline.of_meeting(change.meeting),
        timeline.ENGINE,
        "waits",
        why=error.code,
        request_id=error.request_id,
        next_at=until,
        now=now,
    )


def look_again(db: Session, job: Job, event: RemoteEvent, now: datetime) -> None:
    """The pull of the same round brings our own write home."""
    moments = [moment for moment in content.span_of(event) if moment is not None]
    windows.mark_due(db, job.calendar_id, around=moments, now=now)


def give_up(turn: Turn, job: Job, code: str) -> None:
    """It must not be sent; both sides stay as they are, and the page says why."""
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.not_taken(change)
        outbox.settle(change, outbox.GIVEN_UP, now=turn.now(), code=code)
        subject = timeline.of_meeting(change.meeting)
        timeline.note(db, subject, timeline.ENGINE, "given up", why=code, now=turn.now())
    log.warning("change given up change=%d code=%s", job.change_id, code)


def written(
    db: Session,
    turn: Turn,
    link: Link,
    *,
    fields: Iterable[str] = (),
    original_day: date | None = None,
) -> None:
    """A write of ours was answered: it counts towards the loop breaker, and is told of."""
    loops.note_write(link, original_day=original_day, now=turn.now())
    timeline.note(
        db,
        timeline.of_link(link, original_day=original_day),
        timeline.PORTAL,
        "sent",
        fields=fields,
        request_id=turn.graph.last_request_id,
        now=turn.now(),
    )


def end(turn: Turn, job: Job, outcome: str, code: str | None) -> None:
    with turn.writing() as db:
        outbox.settle(db.get_one(Change, job.change_id), outcome, now=turn.now(), code=code)
