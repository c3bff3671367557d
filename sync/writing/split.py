"""Split: a series ends where another one, its tail, goes on.

The tail comes first, so that nothing is missing in between. Where the head cannot be cut for good,
the tail is taken back, and the head is again as it was.
"""

import logging
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal import outbox, recurrence, timeline
from portal.tables import Change, Meeting, MeetingException
from sync.judging import inbound
from sync.turn import Turn
from sync.writing.outgoing import Job
from sync.writing.record import end
from sync.writing.update import update

log = logging.getLogger(__name__)

HERE = "portal"
NO_TAIL, KEEPS_CHANGING = "tail_not_made", "keeps_changing"


def split(turn: Turn, job: Job) -> None:
    """Cuts the head, which is an update like any other, once the tail is there."""
    with turn.database.reading() as db:
        tail = db.get_one(Meeting, job.intent["tail"])
        # Called off by a person before it was sent: then nothing goes on where the head ends.
        goes = tail.link is not None or tail.cancelled_in == HERE
    if goes:
        update(turn, job)
    else:
        end(turn, job, outbox.FAILED, NO_TAIL)


def take_back(turn: Turn, calendar_id: int) -> None:
    """Every split that came to nothing is undone here, whatever ended it."""
    with turn.database.reading() as db:
        ended = [
            change.id for change in db.scalars(_ended(calendar_id)) if _came_to_nothing(change)
        ]
    for change_id in ended:
        with turn.writing() as db:
            _take_back(db, db.get_one(Change, change_id), turn)
        log.warning("split taken back change=%d", change_id)


def _ended(calendar_id: int) -> Select[Change]:
    return select(Change).where(
        Change.calendar_id == calendar_id,
        Change.kind == outbox.SPLIT,
        or_(Change.outcome == outbox.FAILED, Change.code == KEEPS_CHANGING),
        Change.done_at.is_not(None),
    )


def _came_to_nothing(change: Change) -> bool:
    """Not where the head was cut and only something else was refused, nor a second time."""
    link = change.meeting.link
    if "former" not in change.intent or link is None or change.meeting.cancelled_at is not None:
        return False
    return not _ends(inbound.bases(link)[1].recurrence, _last_day(change))


def _last_day(change: Change) -> date:
    return date.fromisoformat(change.intent["ends"])


def _ends(repeats: dict[str, Any] | None, day: date) -> bool:
    """Whether nothing of it lies after that day."""
    last = date.min if repeats is None else recurrence.last_day(repeats)
    return last is not None and last <= day


def _take_back(db: Session, change: Change, turn: Turn) -> None:
    head, now = change.meeting, turn.now()
    tail = db.get_one(Meeting, change.intent["tail"])
    if _ends(head.recurrence, _last_day(change)):
        head.recurrence, head.changed_at = change.intent["former"], now
    _put_back(head, change.intent["exceptions"])
    if tail.cancelled_at is None:
        tail.cancelled_at = tail.changed_at = now
        tail.cancelled_in = HERE
        ids, by = turn.outside.ids(), change.made_by
        outbox.cancel(db, tail, note="", made_by=by, transaction_id=ids, now=now)
    change.intent = {name: value for name, value in change.intent.items() if name != "former"}
    subject = timeline.of_meeting(head)
    timeline.note(db, subject, timeline.ENGINE, "not split", why=change.code, now=now)
    db.flush()
    if head.link is not None and inbound.waits(head, head.link):
        outbox.update_event(db, head, transaction_id=turn.outside.ids(), now=now)


def _put_back(head: Meeting, moved: list[dict[str, Any]]) -> None:
    """The exceptions that went along with the tail."""
    held = {row.original_day for row in head.exceptions}
    for stored in moved:
        fields = {name: _read(name, value) for name, value in stored.items()}
        day = fields["original_day"]
        if day not in held and head.recurrence and recurrence.has_day(head.recurrence, day):
            head.exceptions.append(MeetingException(**fields))


def _read(name: str, value: Any) -> Any:
    if name == "original_day":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in ("starts_at", "ends_at") and value else value
