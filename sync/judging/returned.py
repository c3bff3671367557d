"""Coming back: what was changed here while nothing could be written is found by the base.

It is queued like any change, and goes after the round that only reads has shown it.
"""

import logging

from sqlalchemy.orm import Session

from portal import outbox, remaking, retries, returning
from portal.tables import Link, Meeting
from sync.judging import content, exceptions
from sync.judging.inbound import bases
from sync.turn import Turn

log = logging.getLogger(__name__)


def queue_what_differs(db: Session, turn: Turn) -> None:
    """Safe to run twice: what waits already is left as it is."""
    queued = 0
    for link in returning.links_ahead(db, turn.claim.connection_id, now=turn.now()):
        meeting = link.meeting
        waits = any(change.done_at is None for change in meeting.changes)
        if not waits and link.gone_at is None and not returning.was_decided(meeting):
            queued += _queue(db, turn, link)
    mine = turn.claim.connection_id
    for meeting in returning.called_off_in_doubt(db, mine, now=turn.now()):
        queued += call_off(db, turn, meeting)
    if queued:
        log.info("edits of meanwhile connection=%d count=%d", turn.claim.connection_id, queued)


def _queue(db: Session, turn: Turn, link: Link) -> bool:
    meeting, by, now = link.meeting, link.meeting.person_id, turn.now()
    if returning.cancelled_in_vain(meeting):
        return call_off(db, turn, meeting)
    if meeting.cancelled_at is not None:
        return False
    splits = _splits_again(db, turn, link)
    invite, uninvite = returning.invitees_given_up(meeting)
    if not (invite or uninvite or (_differs(link) and not splits)):
        return splits
    change = outbox.update_event(
        db,
        meeting,
        invite=invite,
        uninvite=uninvite,
        made_by=by,
        transaction_id=turn.outside.ids(),
        now=now,
    )
    return change is not None


def _splits_again(db: Session, turn: Turn, link: Link) -> bool:
    """A split that waited when the connection ended is made after all, its tail first; else the
    head would be cut, and nobody would make what goes on.
    """
    found = returning.split_in_vain(db, link.meeting)
    if found is None:
        return False
    split, creating = found
    tail, now = creating.meeting, turn.now()
    waiting = next((one for one in tail.changes if one.done_at is None), None)
    if waiting is not None:
        split.after_id = waiting.id
    elif lost := retries.create_in_doubt(tail):
        by, fresh = tail.person_id, turn.outside.ids()
        remaking.look_for(db, lost, link.calendar_id, made_by=by, transaction_id=fresh, now=now)
    else:
        creating.calendar_id = link.calendar_id
        retries.reopen(creating, now=now)
    split.calendar_id = link.calendar_id
    retries.reopen(split, now=now)
    return True


def call_off(db: Session, turn: Turn, meeting: Meeting) -> bool:
    """What was cancelled here in vain is to go from Outlook."""
    change = outbox.cancel(
        db,
        meeting,
        note=returning.last_note(meeting),
        made_by=meeting.person_id,
        transaction_id=turn.outside.ids(),
        now=turn.now(),
    )
    return change is not None


def _differs(link: Link) -> bool:
    ours, _theirs = bases(link)
    if content.moved(content.of_meeting(link.meeting), ours):
        return True
    return bool(exceptions.unsent(link.meeting, link))
