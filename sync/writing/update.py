"""Update: only what changed, and only over the version that was last seen.

Of a series the event itself comes first, then each occurrence that differs: every step a write of
its own with its own record, so that after a crash only what is left is sent.
"""

import logging
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from m365.errors import ChangedMeanwhile, Gone, Later
from m365.remote import RemoteEvent
from portal import links, outbox
from portal.tables import Change, Link
from sync.judging import content, exceptions, inbound
from sync.reading import series
from sync.turn import Turn
from sync.writing import insist, occurrence, refusals
from sync.writing.listing import NotYet
from sync.writing.outgoing import Job, fields_to_send, job_of
from sync.writing.record import (
    NO_EVENT,
    answered,
    end,
    follow_up,
    found_gone,
    look_again,
    written,
)

log = logging.getLogger(__name__)

DESCRIBED = frozenset({content.DESCRIPTION})
MOST_WAITING = 5  # occurrences: what makes these wait, as a late list does, holds for the rest


def update(turn: Turn, job: Job) -> None:
    tries = insist.Tries()
    while True:
        if job.graph_id is None:
            end(turn, job, outbox.GIVEN_UP, NO_EVENT)
            return
        try:
            _see_occurrences_first(turn, job)
            event = _patch(turn, job, job.graph_id)
        except Gone:
            found_gone(turn, job)
            return
        except ChangedMeanwhile:
            fresh = _judged_anew(turn, job, tries)
            if fresh is None:
                return
            job = fresh
        else:
            if not _record(turn, job, event):
                _bring_occurrences(turn, job)
            return


def _see_occurrences_first(turn: Turn, job: Job) -> None:
    """Whatever moves a series takes its exceptions away, also those nobody here has seen yet."""
    if not job.is_series or content.TIME not in job.changed:
        return
    with turn.database.reading() as db:
        link = db.get_one(Change, job.change_id).meeting.link
        link_id = None if link is None else link.id
    if link_id is not None:
        series.look_before_moving(turn, link_id)


def _patch(turn: Turn, job: Job, graph_id: str) -> RemoteEvent | None:
    """Microsoft's answer; None where the event itself needs nothing."""
    fields = fields_to_send(turn.graph, job)
    if not fields:
        return None
    return turn.graph.patch(graph_id, fields, if_match=job.change_key)


def _record(turn: Turn, job: Job, event: RemoteEvent | None) -> bool:
    """True when that was all; False when occurrences are left to be sent.

    What cannot or need not be sent (no `event`) is agreed all the same, or it would wait for ever.
    """
    theirs = None if event is None else answered(event)
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        meeting, link, now = change.meeting, change.meeting.link, turn.now()
        outbox.known(change)
        if link is None:
            outbox.settle(change, outbox.DONE, now=now)
            return True
        if event is None or theirs is None:
            link.base = link.base | {"ours": job.meeting.stored()}  # nothing was heard of theirs
        else:
            _note_written(link, job, event, theirs, now=now)
            inbound.set_base(link, job.meeting, theirs, turn)
            written(db, turn, link, fields=job.changed)
            outbox.said(change)
            refusals.forget(change)
            inbound.mirror_invitees(meeting, event)
            look_again(db, job, event, now)
        if exceptions.unsent(meeting, link):
            return False
        outbox.settle(change, outbox.DONE, now=now)
        follow_up(db, turn, job, meeting)
    log.info("event updated change=%d", job.change_id)
    return True


def _note_written(
    link: Link, job: Job, event: RemoteEvent, theirs: content.Content, *, now: datetime
) -> None:
    links.written(link, event.change_key, event.modified)
    if job.is_series and content.TIME in content.moved(theirs, inbound.bases(link)[1]):
        exceptions.start_anew(link, event.modified, now=now)
    if job.is_series or event.recurrence is not None:
        link.series_due = True


def _bring_occurrences(turn: Turn, job: Job) -> None:
    """Each that differs, in order. One that Microsoft refuses, or that has to wait, does not keep
    back the others, and where it had no room, another one that was moved may have made some.
    """
    waiting: dict[date, NotYet] = {}
    while not turn.is_over():
        day, refused = _next(turn, job, waiting)
        if day is not None and len(waiting) < MOST_WAITING:
            try:
                occurrence.bring(turn, job, day)
            except NotYet as reason:
                waiting[day] = reason
            continue
        if waiting:
            raise next(iter(waiting.values()))
        crossing = [one for one, code in refused.items() if code == refusals.CROSSING]
        if crossing and occurrence.give_way(turn, job, crossing):
            continue
        _finish(turn, job, next(iter(refused.values()), None))
        return


def _next(turn: Turn, job: Job, waiting: Collection[date]) -> tuple[date | None, dict[date, str]]:
    """The first day that is left to be tried, and those that were refused."""
    with turn.database.reading() as db:
        change = db.get_one(Change, job.change_id)
        meeting = change.meeting
        if meeting.link is None or meeting.cancelled_at is not None:
            return None, {}
        left = exceptions.unsent(meeting, meeting.link)
        refused = refusals.held(change, left)
        tried = refused.keys() | set(waiting)
        return next((day for day in left if day not in tried), None), refused


def _finish(turn: Turn, job: Job, code: str | None) -> None:
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        if change.done_at is not None:
            return
        outcome = outbox.DONE if code is None else outbox.FAILED
        outbox.settle(change, outcome, now=turn.now(), code=code)
        follow_up(db, turn, job, change.meeting)
    log.info("series updated change=%d code=%s", job.change_id, code)


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
        link = change.meeting.link
        if link is not None:
            if links.is_late(link, event.change_key, event.modified, now=turn.now()):
                raise Later("event_from_before")
            changed = insist.has_changed(link, event)
            goes_on = tries.met(changed=changed, attempts=job.attempts)
            inbound.judge_event(db, turn, link, event, under_way=True)
        if change.done_at is not None:
            return None
        if goes_on:
            outbox.known(change, still=_still_in_doubt(job, change, event))
            fresh = job_of(db, change)
            outbox.note_sending(change, fresh.meeting.stored(), now=turn.now())
            return fresh
    insist.give_way(turn, job.change_id, event)
    return None


def _still_in_doubt(job: Job, change: Change, event: RemoteEvent) -> list[dict[str, Any]]:
    """Of what was sent before the version that was refused now. An answer that is no newer than
    what we knew says nothing; any other says all but the description.
    """
    earlier: list[dict[str, Any]] = job.intent.get("sent", [])
    if event.change_key == job.change_key or content.of_remote(event) is None:
        return earlier
    ours = content.of_meeting(change.meeting)
    left = [content.with_units(ours, content.restored(one), DESCRIBED) for one in earlier]
    return [one.stored() for one in left if content.moved(ours, one)]
