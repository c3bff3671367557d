"""Answering invitations: who may answer what, and what the cache says until the next look."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import connections, grants, policy, timeline, windows
from portal.adoption import is_own
from portal.cache import MASTER
from portal.connections import AT_WORK
from portal.tables import Calendar, Connection, Event
from portal.views import IS_MASTER_OF_EVENT, Master

ACCEPTED, TENTATIVE, DECLINED = "accepted", "tentativelyAccepted", "declined"
ANSWERS = (ACCEPTED, TENTATIVE, DECLINED)
LONGEST_COMMENT = 1000
# An organiser's own event says "organizer", an appointment "none".
_OF_THE_INVITED = (*ANSWERS, "notResponded")


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation that can be answered now."""

    connection_id: int
    calendar_id: int
    graph_id: str
    series_id: str | None  # where the whole series can be answered at once
    title: str
    response: str
    starts_at: datetime


def asked_of(db: Session, person_id: int, event_id: int, *, now: datetime) -> Asked | None:
    """None where there is nothing to answer: somebody else's, the person's own, over, called off,
    no answer wanted, or a mailbox that the portal may not write to.
    """
    found = db.execute(
        select(Event, Master, Calendar, Connection)
        .join(Calendar, Calendar.id == Event.calendar_id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .outerjoin(Master, IS_MASTER_OF_EVENT)
        .where(
            Event.id == event_id,
            Event.kind != MASTER,
            Event.is_cancelled.is_(False),
            Event.ends_at > now,
            Connection.person_id == person_id,
            Connection.state.in_(AT_WORK),
        )
    ).one_or_none()
    if found is None:
        return None
    event, master, calendar, connection = found
    chosen = policy.of(db, person_id)
    if not (chosen.enabled and grants.writes(connection, chosen)):
        return None
    said = master if master is not None and event.response is None else event
    wanted = said.response_requested is not False and said.response in _OF_THE_INVITED
    if said.is_organizer or not wanted or not is_own(connection, calendar):
        return None
    return Asked(
        connection_id=connection.id,
        calendar_id=calendar.id,
        graph_id=event.graph_id,
        series_id=None if master is None else master.graph_id,
        title=event.title or (master.title if master is not None else None) or "",
        response=said.response or "",
        starts_at=event.starts_at,
    )


def note(db: Session, asked: Asked, answer: str, *, whole_series: bool, now: datetime) -> None:
    """Microsoft took it. Shown at once; the next look says the same, or takes it back."""
    answered = asked.series_id if whole_series and asked.series_id else asked.graph_id
    db.execute(
        update(Event)
        .where(Event.calendar_id == asked.calendar_id, Event.graph_id == answered)
        .values(response=answer)
    )
    subject = timeline.Subject(calendar_id=asked.calendar_id, graph_id=answered)
    timeline.note(db, subject, timeline.PORTAL, "answered", now=now)
    windows.mark_due(db, asked.calendar_id, around=[asked.starts_at], now=now)
    connections.mark_due(db, asked.connection_id, now=now)
