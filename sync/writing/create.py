"""Create: once per meeting, whatever gets lost on the way."""

import logging

from m365.errors import ChangedMeanwhile, Later
from m365.graph import Graph
from m365.remote import RemoteEvent
from portal import links, outbox
from portal.tables import Change
from sync.turn import Turn
from sync.writing.outgoing import Job, whole
from sync.writing.record import answered, follow_up, look_again

log = logging.getLogger(__name__)


def create(turn: Turn, job: Job) -> None:
    event = already_made(turn.graph, job) if job.in_doubt else None
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
            event = already_made(turn.graph, job)
            if event is None:
                raise Later("create_unsettled") from None
    _record_created(turn, job, event)


def already_made(graph: Graph, job: Job) -> RemoteEvent | None:
    found = graph.find_by_property(job.calendar_graph_id, job.key)
    return found[0] if found else None


def _record_created(turn: Turn, job: Job, event: RemoteEvent) -> None:
    theirs = answered(event)
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
        look_again(db, job, event, now)
        follow_up(db, turn, job, meeting)
    log.info("event created change=%d", job.change_id)
