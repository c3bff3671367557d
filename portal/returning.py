"""Coming back to a mailbox: the tied meetings to come, and what was given up for them."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from portal import recurrence
from portal.intents import CHANGED_SINCE
from portal.outbox import CANCEL, CREATE, DONE, GIVEN_UP, SPLIT
from portal.retries import create_in_doubt
from portal.tables import Calendar, Change, Link, Meeting

HERE = "portal"
# Ends of changes that say nothing against the change itself.
_OF_THE_CONNECTION = frozenset(("disconnected", "read_only", "not_connected"))


def links_ahead(db: Session, connection_id: int, *, now: datetime) -> list[Link]:
    """Of meetings to come, here or (where a series was made shorter) in Outlook; cancelled ones
    too.
    """
    lies_ahead = or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now)
    found = db.scalars(
        select(Link)
        .join(Meeting)
        .join(Calendar, Calendar.id == Link.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            or_(lies_ahead, Meeting.recurrence.is_not(None)),
        )
        .order_by(Link.id)
        .options(
            selectinload(Link.meeting).selectinload(Meeting.changes),
            selectinload(Link.meeting).selectinload(Meeting.invitees),
            selectinload(Link.meeting).selectinload(Meeting.exceptions),
        )
    )
    return [link for link in found if is_ahead(link.meeting, now) or _goes_on_there(link, now)]


def is_ahead(meeting: Meeting, now: datetime) -> bool:
    return meeting.last_ends_at is None or meeting.last_ends_at > now


def _goes_on_there(link: Link, now: datetime) -> bool:
    repeats = link.base["theirs"].get("recurrence")
    last = None if repeats is None else recurrence.last_day(repeats)
    return repeats is not None and (last is None or last >= now.date())


def called_off_in_doubt(db: Session, connection_id: int, *, now: datetime) -> list[Meeting]:
    """To come, and cancelled here while nobody knew whether an event had been made, with nothing
    on the way.
    """
    mine = (
        select(Change.meeting_id)
        .join(Calendar, Calendar.id == Change.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            Change.kind == CREATE,
            Change.sent_at.is_not(None),
            Change.outcome != DONE,
        )
    )
    ahead = or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now)
    cancelled = select(Meeting).where(Meeting.id.in_(mine), Meeting.cancelled_in == HERE, ahead)
    found = db.scalars(cancelled.order_by(Meeting.id).options(selectinload(Meeting.changes)))
    return [one for one in found if is_unsaid(one) and create_in_doubt(one) is not None]


def is_unsaid(meeting: Meeting) -> bool:
    """Whether it was cancelled here, and nobody has tried to tell Outlook or decided against it."""
    told = [change for change in meeting.changes if change.kind == CANCEL]
    in_vain = told and told[-1].outcome == GIVEN_UP and told[-1].code in _OF_THE_CONNECTION
    here = meeting.cancelled_at is not None and meeting.cancelled_in == HERE
    return here and bool(not told or in_vain)


def given_up(meeting: Meeting) -> list[Change]:
    """What ended with the connection, since something last reached Outlook."""
    found: list[Change] = []
    for change in meeting.changes:
        if change.outcome == DONE:
            found.clear()
        elif change.outcome == GIVEN_UP and change.code in _OF_THE_CONNECTION:
            found.append(change)
    return found


def was_decided(meeting: Meeting) -> bool:
    """Whether its last change ended for a reason of its own: refused, or dropped by a person; and
    nothing was changed here since.
    """
    last = meeting.changes[-1] if meeting.changes else None
    if last is None or last.outcome in (None, DONE) or CHANGED_SINCE in last.intent:
        return False
    return last.outcome != GIVEN_UP or last.code not in _OF_THE_CONNECTION


def note_change(meeting: Meeting) -> None:
    """What was decided about its last change says nothing of what a person does now."""
    if was_decided(meeting):
        last = meeting.changes[-1]
        last.intent = last.intent | {CHANGED_SINCE: True}


def split_in_vain(db: Session, head: Meeting) -> tuple[Change, Change] | None:
    """Its own end and the creation of its tail, where both were given up with the connection."""
    for split in given_up(head):
        creating = None if split.after_id is None else db.get(Change, split.after_id)
        if split.kind != SPLIT or creating is None or creating.meeting.cancelled_at is not None:
            continue
        if creating in given_up(creating.meeting):
            return split, creating
    return None


def cancelled_in_vain(meeting: Meeting) -> bool:
    """Whether it was cancelled here, and Outlook was never told."""
    if meeting.cancelled_at is None or meeting.cancelled_in != HERE:
        return False
    told = (CANCEL, DONE)
    return not any((change.kind, change.outcome) == told for change in meeting.changes)


def invitees_given_up(meeting: Meeting) -> tuple[set[str], set[str]]:
    """Who was to be added and who removed by what was given up, the later word last."""
    invite: set[str] = set()
    uninvite: set[str] = set()
    for change in given_up(meeting):
        added = set(change.intent.get("invite", ()))
        removed = set(change.intent.get("uninvite", ()))
        invite, uninvite = (invite - removed) | added, (uninvite - added) | removed
    return invite, uninvite


def last_note(meeting: Meeting) -> str:
    notes = (one.intent["note"] for one in reversed(meeting.changes) if "note" in one.intent)
    return next(notes, "")
