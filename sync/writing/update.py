"""Update: only what changed, and only over the version that was last seen."""

import logging

from m365.errors import ChangedMeanwhile, Gone
from m365.remote import RemoteEvent
from portal import links, outbox
from portal.tables import Change
from sync.judging import inbound
from sync.turn import Turn
from sync.writing import insist
from sync.writing.outgoing import Job, fields_to_send, job_of
from sync.writing.record import answered, end, follow_up, found_gone, look_again, written

log = logging.getLogger(__name__)


def update(turn: Turn, job: Job) -> None:
    tries = insist.Tries()
    while True:
        if job.graph_id is None:
            end(turn, job, outbox.GIVEN_UP, "no_event")
            return
        try:
            fields = fields_to_send(turn.graph, job)
            if fields:
                event = turn.graph.patch(job.graph_id, fields, if_match=job.change_key)
                _record_updated(turn, job, event)
            else:
                _record_nothing_to_say(turn, job)
            return
        except Gone:
            found_gone(turn, job)
            return
        except ChangedMeanwhile:
            fresh = _judged_anew(turn, job, tries)
            if fresh is None:
                return
            job = fresh


def _record_updated(turn: Turn, job: Job, event: RemoteEvent) -> None:
    theirs = answered(event)
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        meeting, link, now = change.meeting, change.meeting.link, turn.now()
        outbox.settle(change, outbox.DONE, now=now)
        if link is None:
            return
        links.written(link, event.change_key)
        written(db, turn, link, fields=job.changed)
        inbound.set_base(link, job.meeting, theirs, turn)
        inbound.mirror_invitees(meeting, event)
        look_again(db, job, event, now)
        follow_up(db, turn, job, meeting)
    log.info("event updated change=%d", job.change_id)


def _record_nothing_to_say(turn: Turn, job: Job) -> None:
    """What cannot or need not be sent is agreed all the same, or it would count as waiting."""
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.settle(change, outbox.DONE, now=turn.now())
        if change.meeting.link is not None:
            _base_ours, base_theirs = inbound.bases(change.meeting.link)
            inbound.set_base(change.meeting.link, job.meeting, base_theirs, turn)


def _judged_anew(turn: Turn, job: Job, tries: insist.Tries) -> Job | None:
    """The event changed since we last saw it: judge it, then see what is left to say."""
    try:
        event = turn.graph.event(job.graph_id or "")
    except Gone:
        found_gone(turn, job)
        return None
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        goes_on = True
        if change.meeting.link is not None:
            goes_on = tries.met(changed=insist.has_changed(change.meeting.link, event))
            inbound.judge_event(db, turn, change.meeting.link, event, under_way=True)
        if change.done_at is not None:
            return None
        if goes_on:
            fresh = job_of(db, change)
            outbox.note_sending(change, fresh.meeting.stored(), now=turn.now())
            return fresh
    insist.give_way(turn, job.change_id, event)
    return None
