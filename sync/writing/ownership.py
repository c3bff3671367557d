"""Whose event it is: only the person's own events, in calendars of their own, are ever written."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from m365.errors import Forbidden, Gone
from portal import cache
from portal.tables import Calendar, Connection
from sync.turn import Turn
from sync.writing.outgoing import Job

NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Owner:
    """The person at Microsoft, and the calendar that is written to."""

    addresses: frozenset[str]  # lower case: every one known to be theirs
    owns_calendar: bool
    can_edit: bool

    def organises(self, address: str | None, is_organizer: bool) -> bool:
        """`is_organizer` is said of the calendar's owner, and so covers aliases in one's own."""
        if not self.owns_calendar:
            return False
        return is_organizer or (address or "").lower() in self.addresses


def owner_of(connection: Connection, calendar: Calendar) -> Owner:
    defaults = [one.owner_address for one in connection.calendars if one.is_default]
    known = {connection.mailbox_address, connection.username, *defaults}
    addresses = frozenset(one.lower() for one in known if one)
    owner = calendar.owner_address
    return Owner(addresses, owner is None or owner.lower() in addresses, calendar.can_edit)


def objection(turn: Turn, job: Job) -> str | None:
    """Why this change must not be sent; None: the event is the person's own.

    Raises Forbidden for a calendar that can only be read just now.
    """
    with turn.database.reading() as db:
        calendar = db.get_one(Calendar, job.calendar_id)
        owner = owner_of(calendar.connection, calendar)
        held = _as_cached(db, job)
    if not owner.owns_calendar:
        return NOT_YOURS
    if not owner.can_edit:
        raise Forbidden("calendar_read_only")
    if job.graph_id is None:
        return None
    if held is not None and owner.organises(*held):
        return None
    return _asked(turn, owner, job.graph_id)


def _as_cached(db: Session, job: Job) -> tuple[str | None, bool] | None:
    event = cache.by_graph_id(db, job.calendar_id, job.graph_id) if job.graph_id else None
    if event is None or event.is_organizer is None:
        return None
    return event.organizer_address, event.is_organizer


def _asked(turn: Turn, owner: Owner, graph_id: str) -> str | None:
    """What is gone is nobody's: the sending itself finds that out."""
    try:
        event = turn.graph.event(graph_id)
    except Gone:
        return None
    is_own = owner.organises(event.organizer_address, event.is_organizer)
    return None if is_own else NOT_YOURS
