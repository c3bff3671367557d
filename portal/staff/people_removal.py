"""Deleting a person: what would go, what stays, and the deed itself, in one transaction.

Nothing is deleted at Microsoft, and nobody gets mail. The audit log keeps the person's number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import audit, connections, people
from portal.tables import (
    AdminConsentRequest,
    Calendar,
    Change,
    Conflict,
    Connection,
    ConsentRequest,
    Enrolment,
    Event,
    HeldEvent,
    Invitation,
    Invitee,
    Link,
    Meeting,
    MeetingException,
    Membership,
    Notice,
    OutgoingMail,
    Person,
    SessionRow,
    Setting,
    SignInIdentity,
    SignInRequest,
    Subscription,
    Table,
    TimelineRow,
    Window,
)

Column = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]

# Rows that are the person's own, by the column that says whose they are.
OF_PERSON: tuple[tuple[type[Table], Column], ...] = (
    (AdminConsentRequest, AdminConsentRequest.person_id),
    (ConsentRequest, ConsentRequest.person_id),
    (SessionRow, SessionRow.person_id),
    (Setting, Setting.person_id),
    (Membership, Membership.person_id),
    (SignInIdentity, SignInIdentity.person_id),
    (SignInRequest, SignInRequest.person_id),
    (Enrolment, Enrolment.person_id),
    (OutgoingMail, OutgoingMail.person_id),
    (Invitation, Invitation.made_by),  # nobody joins by the word of somebody who has left
)
OF_CONNECTION: tuple[tuple[type[Table], Column], ...] = (
    (Subscription, Subscription.connection_id),
    (Notice, Notice.connection_id),
)
OF_CALENDAR: tuple[tuple[type[Table], Column], ...] = (
    (TimelineRow, TimelineRow.calendar_id),
    (HeldEvent, HeldEvent.calendar_id),
    (Event, Event.calendar_id),
    (Window, Window.calendar_id),
    (Link, Link.calendar_id),
    (Change, Change.calendar_id),
)
OF_MEETING: tuple[tuple[type[Table], Column], ...] = (
    (TimelineRow, TimelineRow.meeting_id),
    (Conflict, Conflict.meeting_id),
    (Invitee, Invitee.meeting_id),
    (MeetingException, MeetingException.meeting_id),
    (Link, Link.meeting_id),
    (Change, Change.meeting_id),
)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What deleting somebody would do, counted."""

    meetings: int
    ahead: int  # of these, those that have not ended and were not called off
    in_outlook: int  # of these, those with an event in Outlook, which stays
    invited: int  # addresses that keep the invitation to a meeting ahead
    waiting: int  # changes that would no longer be sent
    sessions: int
    invitations: int  # open ones, made by the person
    connected: int  # 1, or 0


def consequences(db: Session, person: Person, *, now: datetime) -> Consequences:
    mine = Meeting.person_id == person.id
    ahead = (
        mine,
        Meeting.cancelled_at.is_(None),
        or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now),
    )
    ids = select(Meeting.id).where(*ahead)
    open_ones = (Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    counted = select(
        _count(select(Meeting.id).where(mine)),
        _count(ids),
        _count(select(Link.id).where(Link.meeting_id.in_(ids))),
        _count(select(Invitee.address).where(Invitee.meeting_id.in_(ids)).distinct()),
        _count(select(Change.id).join(Meeting).where(mine, Change.done_at.is_(None))),
        _count(
            select(SessionRow.id).where(
                SessionRow.person_id == person.id, SessionRow.ended_at.is_(None)
            )
        ),
        _count(
            select(Invitation.id).where(
                Invitation.made_by == person.id, *open_ones, Invitation.expires_at > now
            )
        ),
        _count(
            select(Connection.id).where(
                Connection.person_id == person.id,
                Connection.state != connections.DISCONNECTED,
            )
        ),
    )
    return Consequences(*db.execute(counted).one())


def remove(db: Session, person: Person, *, by: int, now: datetime) -> None:
    """Raises LastOwner. A round under way finds its mailbox gone and writes nothing more."""
    people.keep_an_owner(db, person)
    person_id = person.id
    _pass_on(db, person_id)
    for statement in _deletions(person_id):
        db.execute(statement)
    before = {"role": person.role}
    db.expunge(person)
    db.execute(delete(Person).where(Person.id == person_id))
    audit.record(
        db, by=by, act="person deleted", subject=f"person {person_id}", before=before, now=now
    )


def _pass_on(db: Session, person_id: int) -> None:
    """Changes to other people's meetings stay somebody's: without a name they would be taken for
    the engine's own, which the brake stops.
    """
    going = select(Change.id).join(Meeting).where(Meeting.person_id == person_id)
    db.execute(update(Change).where(Change.after_id.in_(going)).values(after_id=None))
    host = select(Meeting.person_id).where(Meeting.id == Change.meeting_id).scalar_subquery()
    theirs = select(Meeting.id).where(Meeting.person_id == person_id)
    db.execute(
        update(Change)
        .where(Change.made_by == person_id, Change.meeting_id.not_in(theirs))
        .values(made_by=host)
    )


def _deletions(person_id: int) -> Iterator[Delete]:
    """Whatever is referred to goes after what refers to it."""
    mine = select(Connection.id).where(Connection.person_id == person_id)
    calendars = select(Calendar.id).where(Calendar.connection_id.in_(mine))
    meetings = select(Meeting.id).where(Meeting.person_id == person_id)
    sessions = select(SessionRow.id).where(SessionRow.person_id == person_id)
    for table in (AdminConsentRequest, ConsentRequest):
        yield delete(table).where(table.session_id.in_(sessions))
    yield from _of(OF_MEETING, meetings)
    yield from _of(OF_CALENDAR, calendars)
    yield from _of(OF_CONNECTION, mine)
    yield delete(Meeting).where(Meeting.person_id == person_id)
    yield delete(Calendar).where(Calendar.connection_id.in_(mine))
    yield delete(Connection).where(Connection.person_id == person_id)
    yield from (delete(table).where(column == person_id) for table, column in OF_PERSON)


def _of(tables: tuple[tuple[type[Table], Column], ...], ids: Select[Any]) -> Iterator[Delete]:
    return (delete(table).where(column.in_(ids)) for table, column in tables)


def _count(what: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(what.subquery()).scalar_subquery()
