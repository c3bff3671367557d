"""Reading what a connection holds: whose mailbox it is, its zone, its calendars."""

from datetime import datetime, timedelta

from m365.errors import Forbidden, Gone, Later
from portal import calendars, connections, windows
from portal.calendars import CalendarFacts
from sync.judging.returned import queue_what_differs
from sync.turn import Turn

EVERY = timedelta(hours=24)


def is_due(described_at: datetime | None, now: datetime) -> bool:
    return described_at is None or now - described_at > EVERY


def describe(turn: Turn) -> None:
    """Raises NoMailbox where Microsoft has none for this person, and what a call may raise.

    Never Gone: whoever asks about an event would take it for the event's.
    """
    try:
        _describe(turn)
    except Gone as error:
        raise Later(error.code, status=error.status, request_id=error.request_id) from None


def _describe(turn: Turn) -> None:
    user = turn.graph.me()
    zone = _zone(turn)
    listed = [
        CalendarFacts(
            graph_id=one.graph_id,
            name=one.name,
            color=one.color or "auto",
            is_default=one.is_default,
            can_edit=one.can_edit,
            owner_address=one.owner_address,
        )
        for one in turn.graph.calendars()
    ]
    with turn.writing() as db:
        connection = connections.by_id(db, turn.claim.connection_id)
        connection.mailbox_address = user.mail or user.username
        connection.mailbox_zone = zone or connection.mailbox_zone
        connection.described_at = turn.now()
        connection.first_answer_at = connection.first_answer_at or user.answered_at
        calendars.keep(db, connection, listed, now=turn.now())
        if connection.only_reads:  # the first look after a reconnect looks at everything
            if connection.calendar_access == connections.READ_WRITE:
                queue_what_differs(db, turn)
            for calendar in connection.calendars:
                windows.all_due(db, calendar.id, now=turn.now())


def _zone(turn: Turn) -> str | None:
    """The zone is a comfort: a tenant that hides it does not stop the sync."""
    try:
        return turn.graph.mailbox_zone()
    except (Forbidden, Gone, Later):
        return None
