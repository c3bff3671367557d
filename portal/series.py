"""What people do to one occurrence of a series, and to one together with all later ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import (
    connections,
    exceptions,
    meetings,
    occurrences,
    outbox,
    plan,
    recurrence,
    returning,
    timeline,
)
from portal.occurrences import Occurrence
from portal.plan import Plan
from portal.tables import Meeting, MeetingException


class PassesNeighbour(Exception):
    """Outlook keeps occurrences in their order: each has a day of its own, between the others'."""

    def __init__(self, neighbour: Occurrence) -> None:
        super().__init__(neighbour.day)
        self.neighbour = neighbour


class CannotComeBack(Exception):
    """Outlook has no way to bring back an occurrence that was cancelled there."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a person wants one occurrence to be."""

    title: str
    starts_at: datetime
    ends_at: datetime
    location: str


def change_one(
    db: Session,
    meeting: Meeting,
    day: date,
    wanted: Version,
    *,
    transaction_id: str,
    now: datetime,
) -> bool:
    """Makes one occurrence as wanted; False when it is so already.

    Raises PassesNeighbour, and CannotComeBack for one that was cancelled in Outlook.
    """
    held = occurrences.of_day(meeting, day)
    before = None if held is None else Version(**{n: getattr(held, n) for n in _FIELDS})
    if held is None or (before == wanted and not held.is_cancelled):
        return False
    if held.is_cancelled and not can_be_put_back(meeting, day):
        raise CannotComeBack
    _check_order(meeting, day, wanted.starts_at)
    _differ(meeting, exceptions.of_day(meeting, day), wanted, occurrences.as_planned(meeting, day))
    fields = {_FIELDS[n] for n in _FIELDS if getattr(before, n) != getattr(wanted, n)}
    _brought(db, meeting, day, fields=fields, transaction_id=transaction_id, now=now)
    return True


_FIELDS = {"title": "title", "starts_at": "time", "ends_at": "time", "location": "location"}


def _differ(
    meeting: Meeting, row: MeetingException, wanted: Version, as_series: Occurrence
) -> None:
    """The row holds what is not as in the series, and goes when that is nothing."""
    moved = (wanted.starts_at, wanted.ends_at) != (as_series.starts_at, as_series.ends_at)
    row.cancelled = False
    row.title = None if wanted.title == meeting.title else wanted.title
    row.location = None if wanted.location == meeting.location else wanted.location
    row.starts_at = wanted.starts_at if moved else None
    row.ends_at = wanted.ends_at if moved else None
    exceptions.drop_if_plain(meeting, row)


def _check_order(meeting: Meeting, day: date, starts_at: datetime) -> None:
    zone = ZoneInfo(meeting.zone)
    before, after = occurrences.neighbours(meeting, day)
    on = starts_at.astimezone(zone).date()
    if before is not None and on <= before.starts_at.astimezone(zone).date():
        raise PassesNeighbour(before)
    if after is not None and on >= after.starts_at.astimezone(zone).date():
        raise PassesNeighbour(after)


def cancel_one(
    db: Session, meeting: Meeting, day: date, *, note: str, transaction_id: str, now: datetime
) -> None:
    """Calls one occurrence off, with a note to invitees; the last one ends the series."""
    if not any(occurrences.neighbours(meeting, day)):
        meetings.cancel(db, meeting, note=note, transaction_id=transaction_id, now=now)
        return
    row = exceptions.of_day(meeting, day)
    exceptions.call_off(row)
    meeting.changed_at = now
    returning.note_change(meeting)
    subject = timeline.of_meeting(meeting, original_day=day)
    timeline.note(db, subject, timeline.PORTAL, "cancelled", now=now)
    _send(db, meeting, note=note, transaction_id=transaction_id, now=now)


def put_back(
    db: Session, meeting: Meeting, day: date, *, transaction_id: str, now: datetime
) -> None:
    """Makes one occurrence as the series has it. Raises CannotComeBack."""
    if not can_be_put_back(meeting, day):
        raise CannotComeBack
    for row in [row for row in meeting.exceptions if row.original_day == day]:
        meeting.exceptions.remove(row)
    _brought(db, meeting, day, fields=(), transaction_id=transaction_id, now=now)


def can_be_put_back(meeting: Meeting, day: date) -> bool:
    """Not when it was cancelled in Outlook, or may have been."""
    if meeting.link is None:
        return True
    known: dict[str, Any] = meeting.link.exceptions.get(day.isoformat(), {})
    versions = [known.get("theirs", {}), *known.get("sent", ())]
    return not any(version.get("cancelled") for version in versions)


def _brought(
    db: Session,
    meeting: Meeting,
    day: date,
    *,
    fields: Iterable[str],
    transaction_id: str,
    now: datetime,
) -> None:
    meetings.changed(db, meeting, fields=fields, original_day=day, now=now)
    _send(db, meeting, note="", transaction_id=transaction_id, now=now)


def _send(db: Session, meeting: Meeting, *, note: str, transaction_id: str, now: datetime) -> None:
    db.flush()
    if not connections.reaches(db, meeting):
        return
    outbox.update_event(
        db,
        meeting,
        note=note,
        made_by=meeting.person_id,
        transaction_id=transaction_id,
        now=now,
    )


def end_before(
    db: Session, meeting: Meeting, day: date, *, note: str, transaction_id: str, now: datetime
) -> None:
    """Calls off one occurrence and all later ones. `note` goes along where that is all of them."""
    if _is_first(meeting, day):
        meetings.cancel(db, meeting, note=note, transaction_id=transaction_id, now=now)
        return
    _cut(meeting, day)
    meetings.changed(db, meeting, fields=["recurrence"], now=now)
    _send(db, meeting, note="", transaction_id=transaction_id, now=now)


def _is_first(meeting: Meeting, day: date) -> bool:
    """Whether nothing that takes place comes before it."""
    return occurrences.neighbours(meeting, day)[0] is None


def _cut(meeting: Meeting, day: date) -> list[MeetingException]:
    """Ends the series before that day; the exceptions from there on are taken out."""
    assert meeting.recurrence is not None  # noqa: S101
    meeting.recurrence = recurrence.cut_before(meeting.recurrence, day)
    taken = [row for row in meeting.exceptions if row.original_day >= day]
    for row in taken:
        meeting.exceptions.remove(row)
    return taken


def change_from(
    db: Session,
    meeting: Meeting,
    day: date,
    wanted: Plan,
    *,
    key: str,
    secret: str,
    transaction_ids: tuple[str, str],
    now: datetime,
) -> Meeting:
    """One occurrence and all later ones become a series of their own, with the same join link.

    The series that it now is: the same where nothing comes before. Raises PassesNeighbour.
    """
    create_id, split_id = transaction_ids
    before = occurrences.neighbours(meeting, day)[0]
    if before is None:
        meetings.edit(db, meeting, wanted, secret=secret, transaction_id=create_id, now=now)
        return meeting
    if wanted.starts_at <= before.starts_at:
        raise PassesNeighbour(before)
    former, same_days = meeting.recurrence, _keeps_days(meeting, day, wanted)
    taken = _cut(meeting, day)
    tail = _tail(db, meeting, wanted, key=key, secret=secret, now=now)
    if same_days:
        tail.exceptions = [_copy(row) for row in taken if _fits(tail, row)]
    db.flush()
    meetings.changed(db, meeting, fields=["recurrence"], now=now)
    timeline.note(db, timeline.of_meeting(tail), timeline.PORTAL, "scheduled", now=now)
    calendar_id = _calendar_of(db, meeting)
    if calendar_id is not None:
        how: Any = {"made_by": meeting.person_id, "now": now}
        create = outbox.create(db, tail, calendar_id, transaction_id=create_id, **how)
        how |= {"former": dict(former or {}), "exceptions": [_stored(row) for row in taken]}
        outbox.split(db, meeting, tail, create_change=create, transaction_id=split_id, **how)
    return tail


def _keeps_days(meeting: Meeting, day: date, wanted: Plan) -> bool:
    """Whether the later occurrences stay where they are, so that exceptions keep their meaning."""
    held = occurrences.as_planned(meeting, day)
    times = (wanted.starts_at, wanted.ends_at, wanted.zone)
    if times != (held.starts_at, held.ends_at, meeting.zone):
        return False
    rhythms = [(one or {}).get("pattern") for one in (meeting.recurrence, wanted.recurrence)]
    return bool(rhythms[0] == rhythms[1])


def _tail(
    db: Session, head: Meeting, wanted: Plan, *, key: str, secret: str, now: datetime
) -> Meeting:
    tail = meetings.begun(head.person_id, key=key, now=now)
    tail.family, tail.join_url = head.family or head.key, head.join_url
    db.add(tail)
    plan.take(db, tail, wanted, secret=secret)
    tail.all_day = head.all_day and _keeps_hours(head, wanted)
    return tail


def _keeps_hours(head: Meeting, wanted: Plan) -> bool:
    zone = ZoneInfo(head.zone)
    walls = [one.starts_at.astimezone(zone).time() for one in (head, wanted)]
    return head.zone == wanted.zone and walls[0] == walls[1]


def _fits(tail: Meeting, row: MeetingException) -> bool:
    return tail.recurrence is not None and recurrence.has_day(tail.recurrence, row.original_day)


def _copy(row: MeetingException) -> MeetingException:
    return MeetingException(**{name: getattr(row, name) for name in _COLUMNS})


_COLUMNS = ("original_day", "cancelled", "title", "starts_at", "ends_at", "location")


def _stored(row: MeetingException) -> dict[str, Any]:
    held = {name: getattr(row, name) for name in _COLUMNS}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in held.items()
    }


def _calendar_of(db: Session, meeting: Meeting) -> int | None:
    """Where its event is or is just being made; None while it is only here."""
    if not connections.reaches(db, meeting):
        return None
    if meeting.link is not None:
        return meeting.link.calendar_id
    creating = (one for one in meeting.changes if one.kind == outbox.CREATE and not one.done_at)
    return next((one.calendar_id for one in creating), None)
