"""What every sender notes in the database once Microsoft has answered."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from m365.errors import BadAnswer
from m365.remote import RemoteEvent
from portal import cache, outbox, windows
from portal.tables import Change, Meeting
from sync.judging import content, inbound
from sync.turn import Turn
from sync.writing.outgoing import Job

log = logging.getLogger(__name__)


def answered(event: RemoteEvent) -> content.Content:
    """What Microsoft says that it wrote. Raises BadAnswer where that cannot be the event."""
    theirs = content.of_remote(event)
    if theirs is None:
        raise BadAnswer("event_without_times")
    return theirs


def follow_up(db: Session, turn: Turn, job: Job, meeting: Meeting) -> None:
    """Edited while this was on its way: what was sent is the base, the rest follows."""
    if meeting.cancelled_at is None and content.moved(content.of_meeting(meeting), job.meeting):
        outbox.update_event(db, meeting, transaction_id=turn.outside.ids(), now=turn.now())


def found_gone(turn: Turn, job: Job) -> None:
    with turn.writing() as db:
        link = db.get_one(Change, job.change_id).meeting.link
        if link is not None:
            inbound.gone(db, turn, link)
            cache.remove(db, job.calendar_id, [job.graph_id or ""])


def look_again(db: Session, job: Job, event: RemoteEvent, now: datetime) -> None:
    """The pull of the same round brings our own write home."""
    moments = [moment for moment in content.span_of(event) if moment is not None]
    windows.mark_due(db, job.calendar_id, around=moments, now=now)


def end(turn: Turn, job: Job, outcome: str, code: str | None) -> None:
    with turn.writing() as db:
        outbox.settle(db.get_one(Change, job.change_id), outcome, now=turn.now(), code=code)
