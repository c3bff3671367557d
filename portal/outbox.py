"""The outbox: intents waiting to be written to Microsoft.

An intent names what is wanted, not what to send: that is worked out from the meeting when it is
sent, so later edits need no second change.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload

from portal import intents, loops, recurrence, retries
from portal.tables import Calendar, Change, Connection, Meeting

CREATE, UPDATE, CANCEL, SPLIT = "create", "update", "cancel", "split"
INSTEAD_OF = "instead_of"  # of a create's intent: the events of this meeting that were deleted
UNSURE = "unsure"  # of a create's intent: an event may be there, and nobody knows what it says
ANEW = "anew"  # of a create's intent: what is found nowhere is made as the meeting is now
REFUSED = "refused"  # of an intent: the occurrences that Microsoft has refused so far
SENT_KEPT = 10  # versions of one change that may have reached Microsoft
DONE, FAILED, GIVEN_UP = retries.DONE, retries.FAILED, retries.GIVEN_UP


def create(
    db: Session,
    meeting: Meeting,
    calendar_id: int,
    *,
    instead_of: Iterable[str] = (),
    made_by: int | None = None,
    transaction_id: str,
    now: datetime,
) -> Change:
    """`made_by`, here and below: the person at the form; None for the engine itself."""
    intent = {INSTEAD_OF: sorted(instead_of)}
    return _add(db, meeting, calendar_id, CREATE, transaction_id, intent, now, made_by)


def update_event(
    db: Session,
    meeting: Meeting,
    *,
    invite: Iterable[str] = (),
    uninvite: Iterable[str] = (),
    note: str = "",
    made_by: int | None = None,
    transaction_id: str,
    now: datetime,
) -> Change | None:
    """The event shall become as the meeting is. Joins an update that still waits.

    `note`: to the invitees of occurrences that are called off.

    None where nothing needs saying: no event is linked, or its create has yet to be sent.
    """
    intent: dict[str, Any] = {"invite": sorted(invite), "uninvite": sorted(uninvite)}
    intent |= {"note": note} if note else {}
    waiting = _waiting(db, meeting.id)
    creating = next((change for change in waiting if change.kind == CREATE), None)
    if creating is None and meeting.link is None:
        creating = retries.take_up_create(db, meeting, now=now)
    if creating is not None and creating.sent_at is None:
        creating.due_at = now if made_by is not None else creating.due_at
        rouse(db, creating.calendar_id, now)
        return None
    calendar_id = _calendar_of(meeting, creating)
    if calendar_id is None:
        return None
    for refused in retries.take_up_updates(db, meeting, now=now):
        intent = intents.joined(refused, intent)
    for change in waiting:
        if change.kind == UPDATE and change.sent_at is None:
            _join(change, intent, made_by, now)
            rouse(db, calendar_id, now)
            return change
    return _add(db, meeting, calendar_id, UPDATE, transaction_id, intent, now, made_by)


def _join(change: Change, intent: dict[str, Any], made_by: int | None, now: datetime) -> None:
    change.intent = intents.joined(change.intent, intent)
    change.due_at = now
    if made_by is not None:
        change.made_by = made_by
        loops.person_acted(change.meeting.link)


def cancel(
    db: Session,
    meeting: Meeting,
    *,
    note: str,
    made_by: int | None = None,
    transaction_id: str,
    now: datetime,
) -> Change | None:
    """The event shall go, with a note to invitees. An unsent create is withdrawn instead."""
    creating = retries.create_in_doubt(meeting)  # the event must be found before it can go
    for change in (*_waiting(db, meeting.id), *retries.refused(db, meeting.id)):
        if change is not creating:
            settle(change, GIVEN_UP, now=now, code="cancelled")
    if creating is not None and creating.done_at is not None:
        retries.reopen(creating, now=now)
    calendar_id = _calendar_of(meeting, creating)
    if calendar_id is None:
        return None
    intent = {"note": note}
    return _add(db, meeting, calendar_id, CANCEL, transaction_id, intent, now, made_by)


def split(
    db: Session,
    head: Meeting,
    tail: Meeting,
    *,
    create_change: Change,
    former: dict[str, Any],
    exceptions: Iterable[dict[str, Any]] = (),
    made_by: int | None = None,
    transaction_id: str,
    now: datetime,
) -> Change | None:
    """The head's event ends where the tail begins, once `create_change` has made the tail's.

    `former`: the head's recurrence before it was cut; `exceptions`: the columns of those that
    moved to the tail, JSON; both for taking it back. What waits unsent for the head joins, so that
    it is not cut before the tail is there. None where the head has no event to cut.
    """
    waiting = _waiting(db, head.id)
    creating = next((change for change in waiting if change.kind == CREATE), None)
    calendar_id = _calendar_of(head, creating)
    if calendar_id is None or (creating is not None and creating.sent_at is None):
        return None
    joined = [change for change in waiting if change.kind == UPDATE]
    sent = [version for change in joined for version in sent_versions(change)][-SENT_KEPT:]
    sent_at = min((one.sent_at for one in joined if one.sent_at), default=None)
    intent: dict[str, Any] = {"invite": [], "uninvite": []}
    for change in joined:
        intent = intents.joined(intent, change.intent)
        settle(change, GIVEN_UP, now=now, code="joined")
    intent |= {"tail": tail.id, "former": former, "exceptions": list(exceptions), "sent": sent}
    intent["ends"] = _last_day(head)
    change = _add(db, head, calendar_id, SPLIT, transaction_id, intent, now, made_by)
    change.after_id, change.sent_at = create_change.id, sent_at
    db.flush()
    return change


def _last_day(head: Meeting) -> str:
    """Where a series that was cut ends."""
    last = None if head.recurrence is None else recurrence.last_day(head.recurrence)
    if last is None:
        raise ValueError("the head of a split has to be cut first")
    return last.isoformat()


def waiting_of(db: Session, connection_id: int) -> list[Change]:
    return list(
        db.scalars(
            select(Change)
            .join(Calendar, Calendar.id == Change.calendar_id)
            .where(Calendar.connection_id == connection_id, Change.done_at.is_(None))
            .options(selectinload(Change.meeting).selectinload(Meeting.invitees))
        )
    )


def sent_versions(change: Change) -> list[dict[str, Any]]:
    """What was sent for it so far, oldest first; any of it may have been done."""
    found: list[dict[str, Any]] = change.intent.get("sent", [])
    return found


def note_sending(change: Change, version: dict[str, Any], *, now: datetime) -> None:
    """Before it is sent: a lost answer is then told from a change that never left."""
    change.sent_at = change.sent_at or now
    if version not in sent_versions(change):
        change.intent = change.intent | {"sent": [*sent_versions(change), version][-SENT_KEPT:]}


def may_be_sent(change: Change, *, now: datetime) -> None:
    """Nobody knows whether it was, nor what it said."""
    change.sent_at, change.intent = now, change.intent | {"sent": [], UNSURE: True}


def not_taken(change: Change) -> None:
    """Microsoft has said that nothing was done: it is as if it had never been sent."""
    change.sent_at = None
    known(change)


def known(change: Change, *, still: Iterable[dict[str, Any]] = ()) -> None:
    """Whether what was sent was done is known now, but for these versions."""
    left = list(still)
    rest = intents.without(change.intent, "sent", ANEW, UNSURE)
    change.intent = rest | ({"sent": left} if left else {})


def said(change: Change) -> None:
    """The list of invitees has been written, which is not to be done twice."""
    change.intent = change.intent | {"invite": [], "uninvite": []}


def settle(change: Change, outcome: str, *, now: datetime, code: str | None = None) -> None:
    change.done_at, change.outcome, change.code = now, outcome, code
    in_doubt = change.kind == CREATE and outcome != DONE
    change.intent = intents.without(change.intent, REFUSED, *(() if in_doubt else ("sent",)))


def postpone(change: Change, *, until: datetime, code: str) -> None:
    change.attempts += 1
    change.due_at, change.code = until, code


def withdraw(db: Session, meeting: Meeting, *, code: str, now: datetime) -> None:
    """Nothing more is to be written for this meeting."""
    for change in _waiting(db, meeting.id):
        settle(change, GIVEN_UP, now=now, code=code)


def give_up(db: Session, calendar_ids: Iterable[int], *, code: str, now: datetime) -> None:
    db.execute(
        update(Change)
        .where(Change.calendar_id.in_(calendar_ids), Change.done_at.is_(None))
        .values(done_at=now, outcome=GIVEN_UP, code=code)
    )


def forget(db: Session, calendar_ids: Iterable[int]) -> None:
    going = select(Change.id).where(Change.calendar_id.in_(list(calendar_ids)))
    db.execute(update(Change).where(Change.after_id.in_(going)).values(after_id=None))
    db.execute(delete(Change).where(Change.id.in_(going)))


def head_to_be_cut(db: Session, create_id: int) -> Meeting | None:
    """Whose event ends once this create has made that of its tail."""
    follows = (Change.after_id == create_id, Change.kind == SPLIT, Change.done_at.is_(None))
    cut = db.scalar(select(Change).where(*follows))
    return None if cut is None else cut.meeting


def _waiting(db: Session, meeting_id: int) -> list[Change]:
    mine = select(Change).where(Change.meeting_id == meeting_id, Change.done_at.is_(None))
    return list(db.scalars(mine.order_by(Change.id)))


def _calendar_of(meeting: Meeting, creating: Change | None) -> int | None:
    if meeting.link is not None:
        return meeting.link.calendar_id
    return None if creating is None else creating.calendar_id


def _add(
    db: Session,
    meeting: Meeting,
    calendar_id: int,
    kind: str,
    transaction_id: str,
    intent: dict[str, Any],
    now: datetime,
    made_by: int | None,
) -> Change:
    if made_by is not None:
        loops.person_acted(meeting.link)
    change = Change(
        meeting=meeting,
        calendar_id=calendar_id,
        kind=kind,
        made_by=made_by,
        transaction_id=transaction_id,
        intent=intent,
        created_at=now,
        due_at=now,
        sent_at=None,
        done_at=None,
        outcome=None,
        attempts=0,
        code=None,
    )
    db.add(change)
    db.flush()
    rouse(db, calendar_id, now)
    return change


def rouse(db: Session, calendar_id: int, now: datetime) -> None:
    """Its mailbox is due now."""
    owner = select(Calendar.connection_id).where(Calendar.id == calendar_id).scalar_subquery()
    db.execute(
        update(Connection)
        .where(Connection.id == owner, func.coalesce(Connection.due_at, now) >= now)
        .values(due_at=now)
    )
