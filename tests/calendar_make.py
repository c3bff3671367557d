"""Factories for the calendar: connections, events and meetings, as a sync leaves them."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import meetings, recurrence
from portal.configuration import settings
from portal.plan import Plan
from portal.tables import Calendar, Change, Conflict, Connection, Event, Link, Meeting, Window
from sync.judging import content
from tests.cast import CAST
from tests.make import person_id

HOUR = timedelta(hours=1)
WORDLESS = {
    "title": None, "location": None, "body_html": None, "preview": None, "organizer_name": None,
    "organizer_address": None, "is_organizer": None, "attendees": None, "show_as": None,
    "sensitivity": None, "response": None, "join_url": None, "web_link": None, "ical_uid": None,
    "change_key": None, "recurrence": None, "modified_at": None, "zone": None,
    "series_id": None, "original_start": None, "first_day": None, "end_day": None,
    "doubted_at": None, "response_requested": None,
}  # fmt: skip


def enabled(db: Session, *, now: datetime) -> None:
    """The administrator has switched the integration on."""
    settings.choose(db, "enabled", True, by=person_id(db, "carol"), now=now)


def connected(db: Session, name: str, *, now: datetime, **differs: Any) -> Calendar:
    """A person's connection with its default calendar, whose first sync is done."""
    enabled(db, now=now)
    row = {
        "tenant_id": str(uuid.uuid4()), "object_id": str(uuid.uuid4()),
        "username": CAST[name].address, "mailbox_address": CAST[name].address,
        "mailbox_zone": "Europe/Berlin", "state": "connected", "cause": None,
        "calendar_access": "read_write", "scopes": ["Calendars.ReadWrite"],
        "access_token": "sealed-access", "refresh_token": "sealed-refresh",
        "token_expires_at": now + HOUR, "refresh_until": None, "connected_at": now,
        "good_at": now, "due_at": None, "leased_until": None, "lease_number": 0,
        "pause_until": None, "failures": 0, "described_at": now, "only_reads": False,
    }  # fmt: skip
    connection = Connection(person_id=person_id(db, name), **(row | differs))
    db.add(connection)
    db.flush()
    first = calendar(db, connection, "Calendar", is_default=True, is_target=True)
    window(db, first, now=now)
    return first


def calendar(db: Session, connection: Connection, name: str, **differs: Any) -> Calendar:
    row = {
        "graph_id": str(uuid.uuid4()), "color": "auto", "is_default": False, "can_edit": True,
        "owner_address": None, "ticked": True, "is_target": False, "missing_since": None,
    }  # fmt: skip
    made = Calendar(connection_id=connection.id, name=name, **(row | differs))
    db.add(made)
    db.flush()
    return made


def window(db: Session, calendar: Calendar, *, now: datetime, filled: bool = True) -> Window:
    made = Window(
        calendar_id=calendar.id,
        starts_at=datetime(2026, 10, 1, tzinfo=UTC),
        ends_at=datetime(2027, 1, 1, tzinfo=UTC),
        cursor="delta",
        in_round=False,
        filling=not filled,
        round_number=1,
        filled_at=now if filled else None,
        looked_at=now,
        due_at=now,
        pages=1,
        touched=[],
    )
    db.add(made)
    db.flush()
    return made


def event(
    db: Session, calendar: Calendar, title: str | None, starts_at: datetime, **differs: Any
) -> Event:
    """A single event of one hour, unless `differs` says otherwise."""
    row = WORDLESS | {
        "home_id": None, "graph_id": str(uuid.uuid4()), "kind": "single", "seen_in": 1,
        "starts_at": starts_at, "ends_at": starts_at + HOUR, "all_day": False,
        "is_cancelled": False,
    }  # fmt: skip
    made = Event(calendar_id=calendar.id, **(row | {"title": title} | differs))
    db.add(made)
    db.flush()
    return made


def all_day(
    db: Session, calendar: Calendar, title: str | None, first: date, end: date, **differs: Any
) -> Event:
    starts, ends = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, end))
    dates = {"all_day": True, "first_day": first, "end_day": end, "ends_at": ends}
    return event(db, calendar, title, starts, **(dates | differs))


def series(
    db: Session, calendar: Calendar, title: str, starts: list[datetime], **words: Any
) -> list[Event]:
    """A series: its master, which no page shows, and bare occurrences at `starts`."""
    master = event(db, calendar, title, starts[0], kind="master", **words)
    bare = {"kind": "occurrence", "series_id": master.graph_id}
    return [event(db, calendar, None, at, **bare) for at in starts]


def plan(title: str, starts_at: datetime, **differs: Any) -> Plan:
    row = {
        "ends_at": starts_at + HOUR, "zone": "Europe/Berlin", "location": "", "description": "",
        "invitees": {}, "has_link": False,
    }  # fmt: skip
    return Plan(title=title, starts_at=starts_at, **(row | differs))


def meeting(
    db: Session, owner: str, title: str, starts_at: datetime, *, now: datetime, **differs: Any
) -> Meeting:
    return meetings.schedule(
        db,
        person_id(db, owner),
        plan(title, starts_at, **differs),
        key=str(uuid.uuid4()),
        secret="a-secret-nobody-can-guess-at-all",
        transaction_id=str(uuid.uuid4()),
        now=now,
    )


def repeating(first: date, *, ends: int | date | None = None, **pattern: Any) -> dict[str, Any]:
    """Every week on the weekday of its first day, unless `pattern` says otherwise."""
    weekday = recurrence.WEEKDAYS[first.weekday()]
    usual = {"type": "weekly", "interval": 1, "daysOfWeek": [weekday]}
    span: dict[str, Any] = {"type": "noEnd", "startDate": first.isoformat()}
    if isinstance(ends, int):
        span |= {"type": "numbered", "numberOfOccurrences": ends}
    elif ends:
        span |= {"type": "endDate", "endDate": ends.isoformat()}
    return recurrence.normalised({"pattern": usual | pattern, "range": span})


def in_step(db: Session, meeting: Meeting, calendar: Calendar, *, now: datetime) -> Event:
    """The meeting was written to Outlook and came back: its event, linked."""
    for change in meeting.changes:
        change.done_at, change.outcome = now, "done"
    made = event(db, calendar, meeting.title, meeting.starts_at, ends_at=meeting.ends_at)
    made.web_link = "https://outlook.office365.example/owa/?itemid=1"
    meeting.link = Link(
        calendar_id=calendar.id,
        graph_id=made.graph_id,
        ical_uid="outlook-uid",
        base={"ours": content.of_meeting(meeting).stored()},
        change_key="1",
        former_keys=[],
        agreed_at=now,
    )
    db.flush()
    return made


def only_meeting(db: Session, owner: str) -> Meeting:
    return db.scalars(select(Meeting).where(Meeting.person_id == person_id(db, owner))).one()


def conflict(db: Session, meeting: Meeting, *, now: datetime, **differs: Any) -> Conflict:
    """Both sides had given it another title, and Outlook's stands."""
    side = {"title": "Theirs", "location": "", "zone": meeting.zone, "all_day": False}
    values = {"found_at": now, "fields": ["title"], "winner": "outlook", "taken_back_at": None}
    values |= {"ours": {**side, "title": "Ours"}, "theirs": side}
    made = Conflict(meeting_id=meeting.id, **(values | differs))
    db.add(made)
    db.flush()
    return made


def change(
    db: Session, meeting: Meeting, calendar: Calendar, kind: str, *, now: datetime, **differs: Any
) -> Change:
    """One that waits in the outbox, due now."""
    values: dict[str, Any] = {"transaction_id": "t", "created_at": now, "due_at": now}
    values |= {"attempts": 0, "intent": {"invite": [], "uninvite": []}}
    made = Change(meeting=meeting, calendar_id=calendar.id, kind=kind, **(values | differs))
    db.add(made)
    db.flush()
    return made
