"""Cancel: with a note where others are invited, quietly where nobody is."""

import logging

from m365.errors import ChangedMeanwhile, Forbidden, Gone, Later
from m365.graph import Graph
from portal import cache, outbox, timeline
from portal.tables import Change
from sync.turn import Turn
from sync.writing.create import already_made
from sync.writing.outgoing import Job

log = logging.getLogger(__name__)

MOST_TRIES = 4  # of one sending, where Microsoft says that somebody else was faster


def cancel(turn: Turn, job: Job) -> None:
    graph_id = job.graph_id
    if graph_id is None:
        made = already_made(turn.graph, job)
        graph_id = None if made is None else made.graph_id
    if graph_id is not None:
        _see_gone(turn.graph, job, graph_id)
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.settle(change, outbox.DONE, now=turn.now())
        timeline.note(
            db, timeline.of_meeting(change.meeting), timeline.PORTAL, "taken away", now=turn.now()
        )
        if graph_id is not None:
            cache.remove(db, job.calendar_id, [graph_id])
    log.info("event cancelled change=%d", job.change_id)


def _see_gone(graph: Graph, job: Job, graph_id: str) -> None:
    """After a lost answer it is looked at first: nobody is to hear of one cancellation twice."""
    if job.in_doubt and _is_gone(graph, graph_id):
        return
    try:
        _take_away(graph, job, graph_id)
    except Gone:
        log.info("event was gone already change=%d", job.change_id)
    except Forbidden:
        # Also said of what is deleted already.
        if not _is_gone(graph, graph_id):
            raise


def _take_away(graph: Graph, job: Job, graph_id: str) -> None:
    for _ in range(MOST_TRIES):
        try:
            if job.invitees:
                graph.cancel(graph_id, str(job.intent.get("note", "")))
            else:
                graph.delete(graph_id)
        except ChangedMeanwhile:  # whatever it says now, it is to go
            continue
        return
    raise Later("keeps_changing")


def _is_gone(graph: Graph, graph_id: str) -> bool:
    """Also one that still answers, cancelled or from no calendar at all."""
    try:
        if graph.event(graph_id).is_cancelled:
            return True
        graph.calendar_id_of(graph_id)
    except Gone:
        return True
    return False
