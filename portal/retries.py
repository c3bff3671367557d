"""When a change is tried again: together with others, at once, or once more after a refusal."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import intents
from portal.tables import Calendar, Change, Meeting

DONE, FAILED, GIVEN_UP = "done", "failed", "given up"


def let_wait(db: Session, calendar_id: int, *, until: datetime, code: str, now: datetime) -> None:
    """What is due in this calendar waits without a try: it would meet the same as others did."""
    db.execute(
        update(Change)
        .where(Change.calendar_id == calendar_id, Change.done_at.is_(None), Change.due_at <= now)
        .values(due_at=until, code=code)
    )


def try_now(db: Session, connection_id: int, *, now: datetime) -> None:
    """Whatever it waited for may be over: everything of this mailbox is tried at once."""
    mine = select(Calendar.id).where(Calendar.connection_id == connection_id)
    db.execute(
        update(Change)
        .where(Change.calendar_id.in_(mine), Change.done_at.is_(None), Change.due_at > now)
        .values(due_at=now)
    )


def refused(db: Session, meeting_id: int) -> list[Change]:
    """Those of this meeting that Microsoft refused for good and nothing has made up for."""
    done = select(func.max(Change.id)).where(
        Change.meeting_id == meeting_id, Change.outcome == DONE
    )
    mine = select(Change).where(
        Change.meeting_id == meeting_id,
        Change.outcome == FAILED,
        Change.id > func.coalesce(done.scalar_subquery(), 0),
    )
    return list(db.scalars(mine.order_by(Change.id)))


def reopen(change: Change, *, now: datetime) -> None:
    """As if it had just been made; whether it may have been sent is still known."""
    change.done_at = change.outcome = change.code = None
    change.attempts, change.due_at = 0, now
    change.intent = intents.without(change.intent, intents.CHANGED_SINCE)


def take_up_create(db: Session, meeting: Meeting, *, now: datetime) -> Change | None:
    """The create that was refused, to be tried with what the meeting says now."""
    creates = [one for one in refused(db, meeting.id) if one.kind == "create"]
    if not creates:
        return None
    reopen(creates[-1], now=now)
    return creates[-1]


def create_in_doubt(meeting: Meeting) -> Change | None:
    """The create of which nobody knows whether the event was made. It may have been given up or
    refused since; then it has to be known what was sent.
    """
    creates = [one for one in meeting.changes if one.kind == "create"]
    if meeting.link is not None or not creates:
        return None
    last = creates[-1]
    is_known = last.done_at is None or "sent" in last.intent
    return last if last.sent_at is not None and last.outcome != DONE and is_known else None


def take_up_updates(db: Session, meeting: Meeting, *, now: datetime) -> list[dict[str, Any]]:
    """What refused updates had to say beside the meeting itself: who was invited and taken off."""
    updates = [one for one in refused(db, meeting.id) if one.kind == "update"]
    for change in updates:
        change.outcome, change.code, change.done_at = GIVEN_UP, "overtaken", now
    return [change.intent for change in updates]
