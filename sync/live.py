"""What a page may ask Microsoft while a person waits: through the gate, five seconds, nothing open.

Everything else a page wants of Microsoft is stored as a change or as "due now".
"""

import time
from collections.abc import Iterable
from contextlib import suppress

from m365.errors import Gone, MicrosoftError
from sync.access import Gate, registration_of

__all__ = ["Live", "registration_of"]

LIMIT = 5.0  # seconds for all of it


class Live:
    """Answers now or says why not."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def delete_events(self, connection_id: int, graph_ids: Iterable[str]) -> tuple[str, ...]:
        """Deletes events the person ticked on leaving; returns those that are still there."""
        left = list(graph_ids)
        until = time.monotonic() + LIMIT
        try:
            with self._gate.mailbox(connection_id, deadline=LIMIT) as (graph, _token):
                while left and time.monotonic() < until:
                    with suppress(Gone):  # what is not there need not be deleted
                        graph.delete(left[0])
                    left.pop(0)
        except MicrosoftError:
            return tuple(left)
        return tuple(left)
