"""Push: write what waits in the outbox to Microsoft, one change after the other.

Before every sending it is noted that the sending began: a lost answer is then told from a change
that was never sent, and looked up instead of repeated blindly.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from m365.errors import (
    BadAnswer,
    ChangedMeanwhile,
    Gone,
    Later,
    MicrosoftError,
    NeedsConsent,
    Refused,
    Throttled,
    TokenRefused,
)
from m365.graph import Graph
from m365.remote import RemoteEvent
from portal import cache, links, outbox, windows
from portal.tables import Change, Meeting
from sync import content, inbound
from sync.outgoing import Job, fields_to_send, job_of, whole
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_JUDGEMENTS = 5  # of one change, while the event keeps changing under it
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
MOST_ATTEMPTS = 50


def push(turn: Turn, calendar_id: int) -> None:
    """Sends every due change of the calendar.

    What stands in the way of one change alone postpones or ends that change and no other.
    Raises Throttled, NeedsConsent and TokenRefused.
    """
    while not turn.is_over():
        job = _next(turn, calendar_id)
        if job is None:
            return
        try:
            _SENDERS[job.kind](turn, job)
        except (NeedsConsent, TokenRefused):
            raise
        except (Later, BadAnswer) as error:
            _postpone(turn, job, error)
            if isinstance(error, Throttled):
                raise
        except MicrosoftError as error:
            _fail(turn, job, error)


def _next(turn: Turn, calendar_id: int) -> Job | None:
    with turn.writing() as db:
        change = outbox.due(db, calendar_id, now=turn.now())
        if change is None:
            return None
        job = job_of(db, change)
        outbox.note_sending(change, job.meeting.stored(), now=turn.now())
        return job


def _create(turn: Turn, job: Job) -> None:
    event = _already_made(turn.graph, job) if job.in_doubt else None
    if event is None:
        try:
            event = turn.graph.create(
                job.calendar_graph_id,
                whole(job),
                transaction_id=job.transaction_id,
                meeting_key=job.key,
            )
        except ChangedMeanwhile:
            # One of the answers to a repeated transactionId: the event is there.
            event = _already_made(turn.graph, job)
            if event is None:
                raise Later("create_unsettled") from None
    _record_created(turn, job, event)


def _already_made(graph: Graph, job: Job) -> RemoteEvent | None:
    found = graph.find_by_property(job.calendar_graph_id, job.key)
    return found[0] if found else None


def _record_created(turn: Turn, job: Job, event: RemoteEvent) -> None:
    theirs = _answered(event)
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        meeting, now = change.meeting, turn.now()
        if meeting.link is None:
            links.make(
                db,
                meeting,
                job.calendar_id,
                graph_id=event.graph_id,
                ical_uid=event.ical_uid,
                change_key=event.change_key,
                base={"ours": job.meeting.stored(), "theirs": theirs.stored()},
                now=now,
            )
        outbox.settle(change, outbox.DONE, now=now)
        _look_again(db, job, event, now)
        _follow_up(db, turn, job, meeting)
    log.info("event created change=%d", job.change_id)


def _answered(event: RemoteEvent) -> content.Content:
    """What Microsoft says that it wrote. Raises BadAnswer where that cannot be the event."""
    theirs = content.of_remote(event)
    if theirs is None:
        raise BadAnswer("event_without_times")
    return theirs


def _follow_up(db: Session, turn: Turn, job: Job, meeting: Meeting) -> None:
    """Edited while this was on its way: what was sent is the base, the rest follows."""
    if meeting.cancelled_at is None and content.moved(content.of_meeting(meeting), job.meeting):
        outbox.update_event(db, meeting, transaction_id=turn.outside.ids(), now=turn.now())


def _update(turn: Turn, job: Job) -> None:
    for _ in range(MOST_JUDGEMENTS):
        if job.graph_id is None:
            _end(turn, job, outbox.GIVEN_UP, "no_event")
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
            _found_gone(turn, job)
            return
        except ChangedMeanwhile:
            fresh = _judged_anew(turn, job)
            if fresh is None:
                return
            job = fresh
    raise Refused("keeps_changing")


def _record_updated(turn: Turn, job: Job, event: RemoteEvent) -> None:
    theirs = _answered(event)
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        meeting, link, now = change.meeting, change.meeting.link, turn.now()
        outbox.settle(change, outbox.DONE, now=now)
        if link is None:
            return
        links.written(link, event.change_key)
        inbound.set_base(link, job.meeting, theirs, turn)
        inbound.mirror_invitees(meeting, event)
        _look_again(db, job, event, now)
        _follow_up(db, turn, job, meeting)
    log.info("event updated change=%d", job.change_id)


def _record_nothing_to_say(turn: Turn, job: Job) -> None:
    """What cannot or need not be sent is agreed all the same, or it would count as waiting."""
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.settle(change, outbox.DONE, now=turn.now())
        if change.meeting.link is not None:
            _base_ours, base_theirs = inbound.bases(change.meeting.link)
            inbound.set_base(change.meeting.link, job.meeting, base_theirs, turn)


def _judged_anew(turn: Turn, job: Job) -> Job | None:
    """The event changed since we last saw it: judge it, then see what is left to say."""
    try:
        event = turn.graph.event(job.graph_id or "")
    except Gone:
        _found_gone(turn, job)
        return None
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        if change.meeting.link is not None:
            inbound.judge_event(db, turn, change.meeting.link, event, under_way=True)
        if change.done_at is not None:
            return None
        fresh = job_of(db, change)
        outbox.note_sending(change, fresh.meeting.stored(), now=turn.now())
        return fresh


def _cancel(turn: Turn, job: Job) -> None:
    graph_id = job.graph_id
    if graph_id is None:
        made = _already_made(turn.graph, job)
        graph_id = None if made is None else made.graph_id
    if graph_id is not None:
        try:
            if job.invitees:
                turn.graph.cancel(graph_id, str(job.intent.get("note", "")))
            else:
                turn.graph.delete(graph_id)
        except Gone:
            log.info("event was gone already change=%d", job.change_id)
    with turn.writing() as db:
        outbox.settle(db.get_one(Change, job.change_id), outbox.DONE, now=turn.now())
        if graph_id is not None:
            cache.remove(db, job.calendar_id, [graph_id])
    log.info("event cancelled change=%d", job.change_id)


def _found_gone(turn: Turn, job: Job) -> None:
    with turn.writing() as db:
        link = db.get_one(Change, job.change_id).meeting.link
        if link is not None:
            inbound.gone(db, turn, link)
            cache.remove(db, job.calendar_id, [job.graph_id or ""])


def _look_again(db: Session, job: Job, event: RemoteEvent, now: datetime) -> None:
    """The pull of the same round brings our own write home."""
    moments = [moment for moment in content.span_of(event) if moment is not None]
    windows.mark_due(db, job.calendar_id, around=moments, now=now)


def _postpone(turn: Turn, job: Job, error: MicrosoftError) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        _fail(turn, job, error)
        return
    wait = min(FIRST_WAIT * 2 ** min(job.attempts, 10), LONGEST_WAIT)
    asked = getattr(error, "retry_after", None)
    wait = max(wait, timedelta(seconds=asked)) if asked else wait
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.postpone(change, until=turn.now() + wait, code=error.code)
    log.warning("change waits change=%d code=%s request=%s", *_named(job, error))


def _fail(turn: Turn, job: Job, error: MicrosoftError) -> None:
    _end(turn, job, outbox.FAILED, error.code)
    log.error("change failed change=%d code=%s request=%s", *_named(job, error))


def _named(job: Job, error: MicrosoftError) -> tuple[int, str, str]:
    return job.change_id, error.code, error.request_id


def _end(turn: Turn, job: Job, outcome: str, code: str | None) -> None:
    with turn.writing() as db:
        outbox.settle(db.get_one(Change, job.change_id), outcome, now=turn.now(), code=code)


_SENDERS = {outbox.CREATE: _create, outbox.UPDATE: _update, outbox.CANCEL: _cancel}
