"""Cancel: with a note where others are invited, quietly where nobody is."""

import logging

from m365.errors import Gone
from portal import cache, outbox
from portal.tables import Change
from sync.turn import Turn
from sync.writing.create import already_made
from sync.writing.outgoing import Job

log = logging.getLogger(__name__)


def cancel(turn: Turn, job: Job) -> None:
    graph_id = job.graph_id
    if graph_id is None:
        made = already_made(turn.graph, job)
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
