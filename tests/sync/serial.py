"""Series as stories make and change them, on either side."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal import outbox, recurrence, series
from portal.plan import Plan
from portal.tables import Link, Meeting, MeetingException
from tests.sync.desk import WHO, Desk

MONDAY = date(2026, 11, 30)  # the first of the series; the clock stands at the Tuesday before
ZONE = ZoneInfo("Europe/Berlin")
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
Occurrence = dict[str, Any]


def weekly(count: int = 10) -> dict[str, Any]:
    """Mondays, from the first one on."""
    pattern = {
        "type": "weekly",
        "interval": 1,
        "daysOfWeek": ["monday"],
        "firstDayOfWeek": "sunday",
    }
    span = {"type": "numbered", "startDate": MONDAY.isoformat(), "numberOfOccurrences": count}
    return {"pattern": pattern, "range": span}


def nine(day: date, zone: ZoneInfo = ZONE) -> datetime:
    """Nine o'clock there, in UTC."""
    return datetime.combine(day, time(9), tzinfo=zone).astimezone(UTC)


def monday(number: int) -> date:
    return MONDAY + WEEK * number


def made(desk: Desk, title: str = "Choir", *, recurrence: Any = None, **others: Any) -> int:
    """A series of Alice's that waits to be sent; returns its id."""
    meeting_id = desk.schedule(title, starts=nine(MONDAY) - desk.now, **others)
    with desk.database.writing() as db:
        meeting = db.get_one(Meeting, meeting_id)
        meeting.starts_at, meeting.ends_at = nine(MONDAY), nine(MONDAY) + HOUR
        meeting.recurrence = recurrence or weekly()
    return meeting_id


def settled(desk: Desk, title: str = "Choir", **others: Any) -> int:
    """A series that is in Outlook already, with nothing on the way."""
    meeting_id = made(desk, title, **others)
    desk.rest()
    desk.tap.clear()
    desk.world.mails.clear()
    return meeting_id


def differ(desk: Desk, meeting_id: int, day: date, *, note: str = "", **fields: Any) -> None:
    """One occurrence is changed here, as the form changes it."""
    with desk.database.writing() as db:
        meeting = db.get_one(Meeting, meeting_id)
        row = next((one for one in meeting.exceptions if one.original_day == day), None)
        if row is None:
            row = MeetingException(original_day=day, cancelled=False)
            meeting.exceptions.append(row)
        for name, value in fields.items():
            setattr(row, name, value)
        ids = desk.outside.ids
        outbox.update_event(db, meeting, note=note, transaction_id=ids(), now=desk.now)


def move(desk: Desk, meeting_id: int, day: date, to: datetime) -> None:
    differ(desk, meeting_id, day, starts_at=to, ends_at=to + HOUR)


def change(desk: Desk, meeting_id: int, **fields: Any) -> None:
    """The whole series is changed here."""
    with desk.database.writing() as db:
        meeting = db.get_one(Meeting, meeting_id)
        for name, value in fields.items():
            setattr(meeting, name, value)
        outbox.update_event(db, meeting, transaction_id=desk.outside.ids(), now=desk.now)


def split(desk: Desk, head_id: int, day: date, title: str = "Tail") -> int:
    """One occurrence and all later ones become a series of their own; returns its id."""
    ids = desk.outside.ids
    with desk.database.writing() as db:
        head = db.get_one(Meeting, head_id)
        assert head.recurrence is not None
        plan = Plan(
            title=title,
            starts_at=nine(day),
            ends_at=nine(day) + HOUR,
            zone=head.zone,
            location=head.location,
            description=head.description,
            invitees={one.address: one.name for one in head.invitees},
            has_link=head.join_url is not None,
            recurrence=recurrence.remaining_from(head.recurrence, day),
        )
        return series.change_from(
            db,
            head,
            day,
            plan,
            key=ids(),
            secret=desk.outside.secrets(),
            transaction_ids=(ids(), ids()),
            now=desk.now,
        ).id


def here(desk: Desk, meeting_id: int) -> dict[date, MeetingException]:
    """What differs, as it is held here."""
    with desk.database.reading() as db:
        rows = db.get_one(Meeting, meeting_id).exceptions
        return {row.original_day: row for row in rows}


def there(desk: Desk, meeting_id: int) -> dict[date, Occurrence]:
    """Every occurrence as Outlook shows it, by original day."""
    series = desk.outlook_id(meeting_id)
    shown = desk.world.view(WHO, nine(MONDAY) - 60 * WEEK, nine(MONDAY) + 60 * WEEK)
    return {
        date.fromisoformat(one["occurrenceId"][-10:]): one
        for one in shown
        if one.get("seriesMasterId") == series
    }


def starts(occurrence: Occurrence) -> datetime:
    return datetime.fromisoformat(occurrence["start"]["dateTime"][:19]).replace(tzinfo=UTC)


def link_of(desk: Desk, meeting_id: int) -> Link:
    found: Link = next(one for one in desk.rows(Link) if one.meeting_id == meeting_id)
    return found


def is_settled(desk: Desk, meeting_id: int) -> bool:
    """Nothing waits, and nothing that happens now leads to a write."""
    desk.tap.clear()
    for _ in range(2):
        desk.look_everywhere()
    waiting = [one for one in desk.changes() if one.done_at is None]
    return desk.tap.writes == [] and waiting == [] and not link_of(desk, meeting_id).series_due
