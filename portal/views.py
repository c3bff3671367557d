"""What the calendar pages show: cached events and the person's meetings, as one list of entries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, null, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from conferencing import template
from conferencing.recognise import join_link_in
from portal import accounts, meetings, occurrences, shared, sight
from portal.cache import MASTER, OCCURRENCE
from portal.meeting_state import MeetingState
from portal.occurrences import Occurrence
from portal.tables import Calendar, Connection, Event, Link, Meeting, MeetingException

COLORS = 10
DAY = timedelta(days=1)
Master = aliased(Event, name="masters")
IS_MASTER_OF_EVENT = and_(
    Master.calendar_id == Event.calendar_id,
    Master.graph_id == Event.series_id,
    Master.kind == MASTER,
)
# To itself or, an occurrence, with its series.
IS_LINKED = exists().where(
    Link.calendar_id == Event.calendar_id,
    or_(Link.graph_id == Event.graph_id, Link.graph_id == Event.series_id),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar page. A meeting shows as itself, not as the event it is linked to.

    starts_at, ends_at: UTC; an all-day entry has dates instead, end_day exclusive.
    title None: the words of its series have not arrived yet. color: 0-9.
    """

    event_id: int | None
    meeting_id: int | None
    title: str | None
    starts_at: datetime
    ends_at: datetime
    first_day: date | None
    end_day: date | None
    color: int
    location: str
    join_url: str | None
    is_cancelled: bool
    is_private: bool
    is_free: bool
    response: str | None
    state: MeetingState | None
    host: str | None = None  # the colleague whose meeting it is a copy of
    original_day: date | None = None  # of one occurrence of a meeting that repeats

    @property
    def all_day(self) -> bool:
        return self.first_day is not None

    def days(
        self, zone: ZoneInfo, *, since: date = date.min, before: date = date.max
    ) -> Iterator[date]:
        """The days it covers from `since` to before `before`, as read in `zone`.

        Ending at midnight is not the day after. Outlook takes an event of a thousand years.
        """
        first, end = self.span(zone)
        day, end = max(first, since), min(end, before)
        while day < end:
            yield day
            day += DAY

    def span(self, zone: ZoneInfo) -> tuple[date, date]:
        """Its first day and the day after its last, as read in `zone`."""
        if self.first_day is not None and self.end_day is not None:
            return self.first_day, max(self.end_day, self.first_day + DAY)
        first = self.starts_at.astimezone(zone).date()
        ends = self.ends_at.astimezone(zone)
        last = ends.date() if ends.time() > time.min else ends.date() - DAY
        return first, max(first, last) + DAY


def colors_of(db: Session, person_id: int) -> dict[int, int]:
    """The colour of each of this person's ticked calendars, by its id."""
    mine = (
        select(Calendar.id, Calendar.ticked)
        .join(Connection)
        .where(Connection.person_id == person_id)
        .order_by(Calendar.id)
    )
    numbered = enumerate(db.execute(mine).all())
    return {row.id: place % COLORS for place, row in numbered if row.ticked}


def own_hosts(db: Session) -> tuple[str, ...]:
    """Where the account's link template points: the links of colleagues' meetings."""
    host = template.host_of(accounts.the_account(db).join_link_template)
    return (host,) if host else ()


def entries(
    db: Session, person_id: int, *, first: date, end: date, zone: ZoneInfo, now: datetime
) -> list[Entry]:
    """All that touches the days from `first` to before `end`, read in `zone`: all-day first."""
    colors = colors_of(db, person_id)
    since, until = (
        datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC) for day in (first, end)
    )
    seen = sight.of(db, person_id, now=now)
    shown = [
        *_events(db, person_id, colors, seen, since - DAY, until + DAY, zone),
        *_meetings(db, person_id, colors, since, until, now),
    ]
    touching = [entry for entry in shown if _touches(entry, first, end, zone)]
    return sorted(
        touching, key=lambda entry: (not entry.all_day, entry.starts_at, entry.title or "")
    )


def _touches(entry: Entry, first: date, end: date, zone: ZoneInfo) -> bool:
    began, ended = entry.span(zone)
    return began < end and ended > first


def _events(
    db: Session,
    person_id: int,
    colors: dict[int, int],
    seen: sight.Sight,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> list[Entry]:
    """Events without a meeting. An occurrence has its words from the master of its series."""
    hosts = own_hosts(db)
    rows = db.execute(
        select(*_columns(with_body=seen.meetings_only))
        .join(Calendar, Calendar.id == Event.calendar_id)
        .outerjoin(Master, IS_MASTER_OF_EVENT)
        .where(
            Event.calendar_id.in_(colors),
            Event.kind != MASTER,
            Event.starts_at < until,
            Event.ends_at >= since,
            ~IS_LINKED,
            seen.of_events(func.coalesce(Event.modified_at, Master.modified_at)),
        )
        .order_by(Calendar.is_default.desc(), Calendar.id, Event.id)
    ).all()
    found = [
        _event_entry(row, colors[row.calendar_id], hosts, meeting)
        for row, meeting in _shared(db, person_id, rows)
    ]
    return [
        entry for entry in found if seen.shows(entry, zone, has_link=entry.join_url is not None)
    ]


def _columns(*, with_body: bool) -> list[Any]:
    """Texts of up to 64 kB are wanted only where they decide whether an event is shown."""
    body = _own_or_masters("body_html") if with_body else null().label("body_html")
    return [
        Event.id,
        Event.calendar_id,
        Event.starts_at,
        Event.ends_at,
        Event.kind,
        Event.all_day,
        Event.first_day,
        Event.end_day,
        Event.is_cancelled,
        Master.all_day.label("series_all_day"),
        func.coalesce(Master.ical_uid, Event.ical_uid, "").label("ical_uid"),
        *(_own_or_masters(name) for name in WORDS),
        body,
    ]


def _shared(
    db: Session, person_id: int, rows: Sequence[Any]
) -> Iterator[tuple[Any, shared.Shared | None]]:
    """Each event once, with the colleague's meeting that it is a copy of."""
    uids = {row.id: shared.series_uid(row.ical_uid) for row in rows}
    hosted = shared.of_own(db, person_id, uids.values())
    theirs = shared.of_colleagues(db, person_id, uids.values())
    for row in shared.once(
        rows, uid=lambda row: uids[row.id], starts=lambda row: row.starts_at, hosted=hosted
    ):
        meeting = theirs.get(uids[row.id])
        yield row, meeting if shared.is_of(meeting, row.organizer_address) else None


WORDS = (
    "title", "location", "join_url", "show_as", "sensitivity", "response", "organizer_address",
)  # fmt: skip


def _own_or_masters(name: str) -> Any:
    return func.coalesce(getattr(Event, name), getattr(Master, name)).label(name)


def _event_entry(
    row: Any, color: int, hosts: tuple[str, ...], meeting: shared.Shared | None
) -> Entry:
    first_day, end_day = days_of(row, series_all_day=bool(row.series_all_day))
    link = join_link_in(row.join_url, row.location, row.body_html, own_hosts=hosts)
    own_url = link.url if link else None
    return Entry(
        event_id=row.id,
        meeting_id=None,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        first_day=first_day,
        end_day=end_day,
        color=color,
        location=row.location or "",
        join_url=(meeting and meeting.join_url) or own_url,
        is_cancelled=row.is_cancelled,
        is_private=row.sensitivity in ("private", "confidential"),
        is_free=row.show_as == "free",
        response=row.response,
        state=None,
        host=meeting.host_name if meeting else None,
    )


def days_of(event: Any, *, series_all_day: bool) -> tuple[date | None, date | None]:
    """The dates of an all-day event; none for a timed one. A bare occurrence is as its series."""
    if event.all_day or (event.kind == OCCURRENCE and series_all_day):
        return event.first_day or event.starts_at.date(), event.end_day or event.ends_at.date()
    return None, None


def _meetings(
    db: Session,
    person_id: int,
    colors: dict[int, int],
    since: datetime,
    until: datetime,
    now: datetime,
) -> list[Entry]:
    """Meetings, and cancelled ones for as long as Outlook still shows them."""
    moved_ahead = Meeting.exceptions.any(MeetingException.starts_at < until)
    found = db.scalars(
        select(Meeting)
        .outerjoin(Link, Link.meeting_id == Meeting.id)
        .outerjoin(
            Event,
            and_(Event.calendar_id == Link.calendar_id, Event.graph_id == Link.graph_id),
        )
        .where(
            Meeting.person_id == person_id,
            or_(Meeting.starts_at < until + DAY, moved_ahead),
            or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > since - DAY),
            or_(Meeting.cancelled_at.is_(None), Event.id.is_not(None)),
        )
        .options(
            selectinload(Meeting.changes),
            selectinload(Meeting.link),
            selectinload(Meeting.exceptions),
        )
    ).all()
    states = meetings.states(db, person_id, found, now=now)
    return [
        _meeting_entry(meeting, one, colors, states[meeting.id])
        for meeting in found
        for one in occurrences.between(meeting, since - DAY, until + DAY)
        if not one.is_cancelled
    ]


def _meeting_entry(
    meeting: Meeting, one: Occurrence, colors: dict[int, int], state: MeetingState
) -> Entry:
    first_day, end_day = meetings.days_of(meeting, one)
    return Entry(
        event_id=None,
        meeting_id=meeting.id,
        title=one.title,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        first_day=first_day,
        end_day=end_day,
        color=colors.get(meeting.link.calendar_id, 0) if meeting.link else 0,
        location=one.location,
        join_url=meeting.join_url,
        is_cancelled=meeting.cancelled_at is not None,
        is_private=False,
        is_free=False,
        response=None,
        state=state,
        original_day=one.day if meeting.recurrence else None,
    )
