"""Adoption: which events of Outlook may become meetings here, and which have been looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from conferencing.recognise import join_link_in
from portal import coverage, grants, policy, views
from portal.cache import MASTER, SINGLE
from portal.coverage import MEETINGS_ONLY
from portal.meetings import begun
from portal.outbox import CREATE
from portal.policy import Policy
from portal.tables import Calendar, Change, Connection, Event, Link, Meeting
from portal.tables.events import UNCONSIDERED

AT_A_TIME = 50  # events whose texts are searched for a join link in one go
_Occurrence = aliased(Event, name="occurrences")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event of the person's own that nobody has looked at in this version."""

    event_id: int
    graph_id: str
    change_key: str | None
    join_url: str | None  # as recognised; None: it is no conference


def candidates(
    db: Session, connection_id: int, calendar_id: int, *, now: datetime
) -> list[Candidate]:
    """None while the rule is off, or while a create or a split in this calendar is under way:
    what that makes must not be taken for something new.
    """
    connection, calendar = (
        db.get_one(Connection, connection_id),
        db.get_one(Calendar, calendar_id),
    )
    chosen = policy.of(db, connection.person_id)
    if not (_adopts(connection, chosen) and is_own(connection, calendar)):
        return []
    if _is_in_doubt(db, calendar_id):
        return []
    hosts = views.own_hosts(db)
    rows = db.execute(
        _unconsidered(connection, calendar_id, chosen, now)
        .add_columns(Event.join_url, Event.location, Event.body_html)
        .limit(AT_A_TIME)
    )
    found = []
    for row in rows:
        link = join_link_in(row.join_url, row.location, row.body_html, own_hosts=hosts)
        url = None if link is None else link.url
        found.append(Candidate(row.id, row.graph_id, row.change_key, url))
    return found


def is_waiting(db: Session, connection: Connection, chosen: Policy, *, now: datetime) -> bool:
    """Whether a turn ended before everything was looked at."""
    if not _adopts(connection, chosen):
        return False
    for calendar in connection.calendars:
        is_read = calendar.ticked and calendar.missing_since is None
        held = calendar.held_until is not None and calendar.held_until > now
        if not is_read or held or not is_own(connection, calendar):
            continue
        if _is_in_doubt(db, calendar.id):
            continue
        query = _unconsidered(connection, calendar.id, chosen, now)
        if db.execute(query.limit(1)).first() is not None:
            return True
    return False


def _adopts(connection: Connection, chosen: Policy) -> bool:
    """Without a way back to Outlook an adopted meeting could be edited only in vain."""
    return connection.adopts and grants.sends(connection, chosen)


def own_addresses(connection: Connection) -> set[str]:
    """In lower case."""
    known = (connection.mailbox_address, connection.username)
    return {address.lower() for address in known if address}


def is_own(connection: Connection, calendar: Calendar) -> bool:
    """A calendar of the person's, where their meetings are theirs to change."""
    owner = (calendar.owner_address or "").lower()
    return calendar.can_edit and (calendar.is_default or owner in own_addresses(connection))


def _is_in_doubt(db: Session, calendar_id: int) -> bool:
    follower = aliased(Change)
    sent_create = and_(Change.kind == CREATE, Change.sent_at.is_not(None))
    split = or_(
        Change.after_id.is_not(None),
        exists().where(follower.after_id == Change.id, follower.done_at.is_(None)),
    )
    doubtful = select(Change.id).where(
        Change.calendar_id == calendar_id, Change.done_at.is_(None), or_(sent_create, split)
    )
    return db.scalar(doubtful.limit(1)) is not None


def _unconsidered(
    connection: Connection, calendar_id: int, chosen: Policy, now: datetime
) -> Select[int, str, str | None]:
    _since, until = coverage.of(chosen).span(now)
    linked = exists().where(Link.calendar_id == Event.calendar_id, Link.graph_id == Event.graph_id)
    goes_on = exists().where(
        _Occurrence.calendar_id == Event.calendar_id,
        _Occurrence.series_id == Event.graph_id,
        _Occurrence.ends_at > now,
        _Occurrence.starts_at < until,
    )
    # Said in a way that has no index: the one over doubts would be taken, for all that are not.
    in_doubt = func.coalesce(Event.doubted_at.is_not(None), False)
    is_ahead = and_(Event.kind == SINGLE, Event.ends_at > now, Event.starts_at < until)
    query = (
        select(Event.id, Event.graph_id, Event.change_key)
        .where(
            Event.calendar_id == calendar_id,
            text(UNCONSIDERED),
            or_(is_ahead, and_(Event.kind == MASTER, goes_on)),
            Event.is_cancelled.is_(False),
            ~in_doubt,
            func.lower(Event.organizer_address).in_(own_addresses(connection)),
            ~linked,
        )
        .order_by(Event.id)
    )
    if chosen.sync_version == MEETINGS_ONLY:  # what it does not show it does not adopt either
        query = query.where(Event.modified_at > connection.first_answer_at)
    return query


def considered(db: Session, looked_at: Iterable[Candidate]) -> None:
    """Nothing to adopt in them, and nothing to say about it."""
    for one in looked_at:
        left(db, one, why=None)


def left(db: Session, candidate: Candidate, *, why: str | None) -> bool:
    """Not asked about again before it changes. Whether `why` is news."""
    event = db.get(Event, candidate.event_id)
    if event is None:
        return False
    news = why is not None and event.left_why != why
    db.execute(
        update(Event)
        .where(Event.id == candidate.event_id)
        .values(considered_key=candidate.change_key, left_why=why)
    )
    return news


def named(db: Session, key: str) -> Meeting | None:
    """The meeting that an event carries the key of, whosever it is."""
    return db.scalar(select(Meeting).where(Meeting.key == key))


def link_is_taken(db: Session, join_url: str) -> bool:
    """Whether a meeting here, of anybody, leads to the same room: two would be one too many."""
    return db.scalar(select(Meeting.id).where(_leads_to(join_url)).limit(1)) is not None


def without_event(
    db: Session, person_id: int, join_url: str, *, now: datetime
) -> Sequence[Meeting]:
    """The person's adopted meetings to come that lead there and have lost their event: another
    Microsoft account was connected meanwhile.
    """
    lost = ~exists().where(Link.meeting_id == Meeting.id)
    mine = select(Meeting).where(
        Meeting.person_id == person_id,
        Meeting.adopted_at.is_not(None),
        Meeting.cancelled_at.is_(None),
        or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now),
        _leads_to(join_url),
        lost,
    )
    return db.scalars(mine.order_by(Meeting.id)).all()


def _leads_to(join_url: str) -> ColumnElement[bool]:
    return Meeting.join_url.in_((join_url, join_url.rstrip("/"), f"{join_url}/"))


def begin(db: Session, person_id: int, *, key: str, join_url: str, now: datetime) -> Meeting:
    """A meeting that has yet to take its words from the event. Its description stays empty: the
    text of the event is Outlook's.
    """
    meeting = begun(person_id, key=key, now=now)
    meeting.title = meeting.location = meeting.description = ""
    meeting.zone, meeting.starts_at, meeting.ends_at = "UTC", now, now
    meeting.join_url, meeting.adopted_at = join_url, now
    db.add(meeting)
    return meeting
