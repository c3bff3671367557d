"""What a page may ask Microsoft while a person waits: through the gate, five seconds, nothing open.

Everything else a page wants of Microsoft is stored as a change or as "due now".
"""

import logging
import time
from collections.abc import Iterable

from m365.errors import Gone, MicrosoftError, Refused, TokenRefused
from m365.graph import Graph
from portal import subscriptions
from sync.access import Gate, as_registration, registration_of
from sync.notices.inbox import Inbox, Taken

__all__ = ["Inbox", "Live", "Taken", "as_registration", "registration_of"]

log = logging.getLogger(__name__)

LIMIT = 5.0  # seconds for all of it


class Live:
    """Answers now or says why not."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def answer(self, connection_id: int, graph_id: str, answer: str, comment: str) -> None:
        """Answers an invitation of the person's own; the organiser gets the comment by mail.

        Raises MicrosoftError.
        """
        refused = None
        while True:
            try:
                with self._gate.mailbox(connection_id, refused=refused, deadline=LIMIT) as (
                    graph,
                    token,
                ):
                    graph.answer(graph_id, answer, comment)
                return
            except TokenRefused:
                if refused is not None:
                    raise
                refused = token

    def end_notices(self, connection_id: int) -> None:
        """Microsoft is asked to tell no more. Best effort: what is not renewed ends by itself."""
        with self._gate.database.reading() as db:
            row = subscriptions.of_connection(db, connection_id)
            graph_id = None if row is None else row.graph_id
        if graph_id is None:
            return
        try:
            with self._gate.mailbox(connection_id, deadline=LIMIT) as (graph, _token):
                graph.subscriptions.delete(graph_id)
        except Gone:
            pass
        except MicrosoftError as error:
            log.info("subscription left to lapse connection=%d code=%s", connection_id, error.code)
        with self._gate.database.writing() as db:
            subscriptions.ended(db, connection_id, now=self._gate.outside.clock())

    def delete_events(self, connection_id: int, graph_ids: Iterable[str]) -> tuple[str, ...]:
        """Deletes events the person ticked on leaving; returns those that are still there."""
        left = list(graph_ids)
        until = time.monotonic() + LIMIT
        refused = None
        for _ in range(2):  # a token that Microsoft refuses before its time is renewed once
            try:
                with self._gate.mailbox(connection_id, refused=refused, deadline=LIMIT) as (
                    graph,
                    token,
                ):
                    _delete(graph, left, until)
                break
            except TokenRefused:
                refused = token
            except MicrosoftError as error:
                _note(connection_id, error)
                break
        return tuple(left)


def _delete(graph: Graph, left: list[str], until: float) -> None:
    """Takes from `left` what is deleted, or was not there."""
    for graph_id in list(left):
        if time.monotonic() > until:
            return
        try:
            graph.delete(graph_id)
        except Gone:
            pass
        except Refused:  # this one stays, the others may still go
            continue
        left.remove(graph_id)


def _note(connection_id: int, error: MicrosoftError) -> None:
    log.warning(
        "deleting stopped connection=%d code=%s status=%d microsoft=%s",
        connection_id,
        error.code,
        error.status,
        error.request_id or "-",
    )
