"""One cached event, whole: what differs from its series on top of the words of the series."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from conferencing.recognise import OWN, JoinLink, join_link_in
from portal import shared, sight, timeline
from portal.cache import MASTER
from portal.tables import Calendar, Connection, Event, HeldEvent, Link, Meeting
from portal.views import IS_MASTER_OF_EVENT, Master, colors_of, days_of, own_hosts


@dataclass(frozen=True, slots=True)
class Attendee:
    """kind: required, optional, resource. response: as in the cache."""

    name: str
    address: str
    kind: str
    response: str


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An event for its page. Times are UTC; all-day has dates instead; zone is IANA or unknown."""

    id: int
    calendar_name: str
    color: int
    title: str | None
    starts_at: datetime
    ends_at: datetime
    first_day: date | None
    end_day: date | None
    zone: str | None
    location: str
    organizer_name: str
    organizer_address: str
    attendees: tuple[Attendee, ...]
    body_html: str
    join: JoinLink | None
    web_link: str | None
    sensitivity: str
    show_as: str | None
    response: str | None
    is_cancelled: bool
    recurrence: dict[str, Any] | None
    meeting_id: int | None
    subject: timeline.Subject
    special: "Special"


@dataclass(frozen=True, slots=True)
class Special:
    """What an event's page has to explain. `left_why`: a code, why it is no meeting."""

    held: HeldEvent | None  # it could not be read lately
    unknown_zone: str | None
    left_why: str | None
    room: str | None  # the join link of that meeting
    host: str | None  # the colleague whose meeting it is a copy of
    is_own: bool
    adopts: bool  # the rule of whoever looks


def of_person(
    db: Session, person_id: int, event_id: int, *, zone: ZoneInfo, now: datetime
) -> EventDetail | None:
    """None also for what the version of this person's sync does not show; `zone` is theirs."""
    seen = sight.of(db, person_id, now=now)
    linked_as = func.coalesce(Event.series_id, Event.graph_id)
    found = db.execute(
        select(Event, Master, Calendar, Meeting.id)
        .join(Calendar, Calendar.id == Event.calendar_id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .outerjoin(Master, IS_MASTER_OF_EVENT)
        .outerjoin(Link, and_(Link.calendar_id == Event.calendar_id, Link.graph_id == linked_as))
        .outerjoin(Meeting, and_(Meeting.id == Link.meeting_id, Meeting.person_id == person_id))
        .where(
            Event.id == event_id,
            Event.kind != MASTER,
            Connection.person_id == person_id,
            or_(
                Meeting.id.is_not(None),
                seen.of_events(func.coalesce(Event.modified_at, Master.modified_at)),
            ),
        )
    ).one_or_none()
    if found is None:
        return None
    event, master, calendar, meeting_id = found
    color = colors_of(db, person_id).get(calendar.id, 0)
    meeting = _shared(db, person_id, event, master)
    special = _special(db, event, master, calendar, meeting)
    detail = _detail(event, master, calendar, color, meeting_id, own_hosts(db), special)
    is_shown = seen.shows(detail, zone, has_link=detail.join is not None)
    return detail if is_shown or meeting_id is not None else None


def _words(event: Event, master: Event | None) -> Callable[[str], Any]:
    def words(name: str) -> Any:
        own = getattr(event, name)
        return own if own is not None or master is None else getattr(master, name)

    return words


def _shared(
    db: Session, person_id: int, event: Event, master: Event | None
) -> shared.Shared | None:
    uid = shared.series_uid((master.ical_uid if master else None) or event.ical_uid or "")
    meeting = shared.of_colleagues(db, person_id, [uid]).get(uid)
    organizer = _words(event, master)("organizer_address")
    return meeting if shared.is_of(meeting, organizer) else None


def _special(
    db: Session,
    event: Event,
    master: Event | None,
    calendar: Calendar,
    meeting: shared.Shared | None,
) -> Special:
    words = _words(event, master)
    return Special(
        held=_held(db, event),
        unknown_zone=words("unknown_zone"),
        left_why=words("left_why"),
        host=meeting.host_name if meeting else None,
        room=meeting.join_url if meeting else None,
        is_own=bool(words("is_organizer")),
        adopts=calendar.connection.adopts,
    )


def _held(db: Session, event: Event) -> HeldEvent | None:
    ids = [one for one in (event.graph_id, event.series_id) if one]
    mine = select(HeldEvent).where(HeldEvent.calendar_id == event.calendar_id)
    return db.scalar(mine.where(HeldEvent.graph_id.in_(ids)).limit(1))


def _detail(
    event: Event,
    master: Event | None,
    calendar: Calendar,
    color: int,
    meeting_id: int | None,
    hosts: tuple[str, ...],
    special: Special,
) -> EventDetail:
    words = _words(event, master)
    first_day, end_day = days_of(event, series_all_day=master is not None and master.all_day)
    return EventDetail(
        id=event.id,
        calendar_name=calendar.name,
        color=color,
        title=words("title"),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        first_day=first_day,
        end_day=end_day,
        zone=words("zone"),
        location=words("location") or "",
        organizer_name=words("organizer_name") or "",
        organizer_address=words("organizer_address") or "",
        attendees=tuple(Attendee(*each) for each in words("attendees") or ()),
        body_html=words("body_html") or "",
        join=_join(words, special, hosts),
        web_link=words("web_link"),
        sensitivity=words("sensitivity") or "normal",
        show_as=words("show_as"),
        response=words("response"),
        is_cancelled=event.is_cancelled,
        recurrence=None if master is None else master.recurrence,
        meeting_id=meeting_id,
        subject=timeline.Subject(meeting_id, event.calendar_id, event.series_id or event.graph_id),
        special=special,
    )


def _join(words: Callable[[str], Any], special: Special, hosts: tuple[str, ...]) -> JoinLink | None:
    if special.room:
        return JoinLink(OWN, special.room)
    texts = (words("join_url"), words("location"), words("body_html"))
    return join_link_in(*texts, own_hosts=hosts)


def web_link_of(db: Session, meeting: Meeting) -> str | None:
    """Where Outlook shows the event of a meeting; None when it is not cached."""
    return db.scalar(
        select(Event.web_link)
        .join(Link, and_(Link.calendar_id == Event.calendar_id, Link.graph_id == Event.graph_id))
        .where(Link.meeting_id == meeting.id)
    )
