"""What waits to be done for one calendar, asked all at once: mostly nothing does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from portal.tables import Change, Event, HeldEvent, Notice


@dataclass(frozen=True, slots=True)
class Work:
    """changes: to be written; notices: to be followed; doubts: candidates to be settled; unread:
    events that could not be read and are asked for again.
    """

    changes: bool
    notices: bool
    doubts: bool
    unread: bool


# Built once: it is asked before every step of a round.
_WAITING = select(
    exists().where(
        Change.calendar_id == bindparam("calendar"),
        Change.done_at.is_(None),
        Change.due_at <= bindparam("now"),
    ),
    exists().where(
        Notice.connection_id == bindparam("connection"), Notice.due_at <= bindparam("now")
    ),
    exists().where(Event.calendar_id == bindparam("calendar"), Event.doubted_at.is_not(None)),
    exists().where(
        HeldEvent.calendar_id == bindparam("calendar"), HeldEvent.ask_at <= bindparam("now")
    ),
)


def waiting(db: Session, connection_id: int, calendar_id: int, *, now: datetime) -> Work:
    asked = {"connection": connection_id, "calendar": calendar_id, "now": now}
    return Work(*db.execute(_WAITING, asked).one())
