"""What application permissions reach, asked while an administrator waits. Writes nothing anywhere.

A token cannot tell: what Exchange itself grants or refuses is seen only by trying.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from m365.errors import (
    BadAnswer,
    ChangedMeanwhile,
    Forbidden,
    Gone,
    MicrosoftError,
    NoMailbox,
    Refused,
    Unreachable,
)
from m365.graph import Graph
from sync.access import Gate, registration_of

log = logging.getLogger(__name__)

LIMIT = 5.0  # seconds for one question
ALL_OF_IT = 15.0
# No event of anybody has this id: who may write is told so, who may not is refused before.
NO_EVENT = "lockstep-probe-of-an-event-that-is-not-there"


@dataclass(frozen=True, slots=True)
class Probed:
    """One question. ok None: it could not be told. `code`: Microsoft's or ours, else empty."""

    name: str
    ok: bool | None
    code: str = ""


class Probe:
    """Asks with a token of its own each time: one held from before knows no new permission."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def authorized(self, tenant: str) -> None:
        """Whether the portal is known there and may look people up. Raises MicrosoftError."""
        self._graph(tenant, self._token(tenant), "me").directory.is_open()

    def mailbox(self, tenant: str, address: str) -> list[Probed]:
        """Each permission on a mailbox that has to be reached. Raises MicrosoftError where the
        portal gets no token at all.
        """
        token = self._token(tenant)
        graph = self._graph(tenant, token, address)
        until = time.monotonic() + ALL_OF_IT
        found: list[Probed] = [_asked("User.Read.All", graph.me, until)]
        questions: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Calendars.Read", graph.calendars),
            ("Calendars.ReadWrite", lambda: _would_write(graph)),
            ("MailboxSettings.Read", graph.mailbox_zone),
        )
        return found + [_asked(name, question, until) for name, question in questions]

    def outsider(self, tenant: str, address: str) -> Probed:
        """A mailbox that must be refused. ok: it was."""
        graph = self._graph(tenant, self._token(tenant), address)
        found = _asked("outsider", graph.calendars, time.monotonic() + ALL_OF_IT)
        if found.ok:
            return Probed("outsider", False)
        return Probed("outsider", True if found.ok is False else None, found.code)

    def _token(self, tenant: str) -> str:
        with self._gate.database.reading() as db:
            registration = registration_of(db)
        return self._gate.identity.app_token(registration, tenant).access_token

    def _graph(self, tenant: str, token: str, mailbox: str) -> Graph:
        gate = self._gate
        return Graph(
            gate.http,
            gate.graph_base,
            token,
            request_id=gate.outside.ids,
            mailbox=mailbox,
            deadline=LIMIT,
        )


def _would_write(graph: Graph) -> None:
    """Asks to change an event that is not there."""
    try:
        graph.patch(NO_EVENT, {"showAs": "busy"}, if_match="none")
    except (Gone, ChangedMeanwhile):
        return
    except Refused as error:
        if isinstance(error, (Forbidden, NoMailbox)) or error.status != 400:
            raise
        return  # the id cannot be read: the question came as far as the mailbox


def _asked(name: str, question: Callable[[], object], until: float) -> Probed:
    """403 alone is a no; whatever else comes in the way leaves it open."""
    try:
        if time.monotonic() > until:
            raise Unreachable("timeout")
        question()
    except Forbidden as error:
        return Probed(name, False, error.code)
    except BadAnswer as error:
        log.warning("probe unreadable question=%s code=%s", name, error.code)
        return Probed(name, None, error.code)
    except MicrosoftError as error:
        return Probed(name, None, error.code)
    return Probed(name, True)
