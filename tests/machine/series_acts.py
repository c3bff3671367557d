"""What people do to meetings that repeat, on both sides."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal import occurrences, outbox, recurrence, series
from portal.occurrences import Occurrence
from portal.plan import Plan
from portal.series import PassesNeighbour, Version
from portal.tables import Change, Meeting
from simulator.refused import Refused
from tests.calendar_make import plan
from tests.machine import faults
from tests.machine.duo import PEOPLE, Duo
from tests.machine.ledger import OUTLOOK, PORTAL, Ledger
from tests.machine.outlook_acts import Act, span_of
from tests.machine.portal_acts import GUESTS, a_meeting, note_edit, plan_of, scheduled

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC")
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
Event = dict[str, Any]


def schedule(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    who = pick.choice(PEOPLE)
    at = duo.now.replace(minute=0, second=0, microsecond=0) + timedelta(
        days=pick.randint(1, 40), hours=pick.randint(0, 9)
    )
    guest = pick.choice(GUESTS)
    invitees = {guest: ""} if pick.random() < 0.4 and not guest.startswith(who) else {}
    zone = pick.choice(ZONES)
    wanted = plan(ledger.fresh("Series"), at, invitees=invitees, zone=zone)
    wanted = replace(wanted, recurrence=_rhythm(local_day(at, zone), pick))
    return scheduled(duo, ledger, who, wanted)


def local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _rhythm(first: date, pick: random.Random) -> dict[str, Any]:
    weekday = DAYS[(first.weekday() + 1) % 7]
    pattern = pick.choice(
        (
            {"type": "daily", "interval": pick.choice((1, 3))},
            {
                "type": "weekly",
                "interval": pick.choice((1, 2)),
                "daysOfWeek": [weekday],
                "firstDayOfWeek": "monday",
            },
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": first.day},
        )
    )
    ends = pick.choice(
        (
            {"type": "numbered", "numberOfOccurrences": pick.randint(3, 9)},
            {"type": "endDate", "endDate": (first + timedelta(days=50)).isoformat()},
            {"type": "noEnd"},
        )
    )
    if pattern["type"] == "daily" and ends["type"] == "noEnd":
        ends = {"type": "numbered", "numberOfOccurrences": 12}  # views of years cost time
    return {"pattern": pattern, "range": {**ends, "startDate": first.isoformat()}}


def _one(duo: Duo, pick: random.Random) -> tuple[Meeting, Occurrence] | None:
    """One occurrence of a series of somebody's, not cancelled."""
    meeting = a_meeting(duo, pick, series=True)
    if meeting is None:
        return None
    whole = duo.whole(meeting.id)
    held = occurrences.between(whole, duo.now, duo.now + timedelta(days=120))
    left = [one for one in held if not one.is_cancelled]
    return (whole, pick.choice(left)) if left else None


def edit_one(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _one(duo, pick)
    if found is None:
        return False
    held, one = found
    wanted = Version(one.title, one.starts_at, one.ends_at, one.location)
    unit = pick.choice(("title", "time", "location"))
    if unit == "title":
        wanted = replace(wanted, title=ledger.fresh("Portal one"))
    elif unit == "location":
        wanted = replace(wanted, location=ledger.fresh("Nook"))
    else:
        by = timedelta(minutes=pick.randint(-90, 90))
        wanted = replace(wanted, starts_at=one.starts_at + by, ends_at=one.ends_at + by)
    with duo.database.writing() as db:
        meeting = db.get_one(Meeting, held.id)
        transaction_id = duo.outside.ids()
        try:
            series.change_one(
                db, meeting, one.day, wanted, transaction_id=transaction_id, now=duo.now
            )
        except PassesNeighbour:
            return False
    ledger.acted(held.id)
    _noted(ledger, PORTAL, (held.id, one.day), one, wanted)
    return True


def _noted(ledger: Ledger, side: str, whose: tuple[int, date], before: Any, after: Any) -> None:
    meeting_id, day = whose
    ledger.edited(side, (meeting_id, day, "title"), before.title, after.title)
    ledger.edited(side, (meeting_id, day, "location"), before.location, after.location)
    spans = [(one.starts_at, one.ends_at) for one in (before, after)]
    ledger.edited(side, (meeting_id, day, "time"), *spans)


def cancel_one(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _ended(duo, ledger, pick, series.cancel_one)
    if found is not None:
        ledger.acted(found[0])
        ledger.called_off(*found, side=PORTAL)
    return found is not None


def end_before(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _ended(duo, ledger, pick, series.end_before)
    if found is not None:
        ledger.acted(found[0], 1 + ledger.edits_of_single_ones(found[0]))
        ledger.rearranged(found[0])
    return found is not None


def _ended(
    duo: Duo, ledger: Ledger, pick: random.Random, deed: Callable[..., None]
) -> tuple[int, date] | None:
    """One occurrence is called off, or it and all later ones; the last one ends the series."""
    found = _one(duo, pick)
    if found is None:
        return None
    held, one = found
    with duo.database.writing() as db:
        meeting = db.get_one(Meeting, held.id)
        deed(db, meeting, one.day, note="", transaction_id=duo.outside.ids(), now=duo.now)
        if meeting.cancelled_at is not None:
            ledger.cancelled.add(held.id)
    return held.id, one.day


def change_from(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    """This one and all later ones."""
    found = _one(duo, pick)
    if found is None:
        return False
    held, one = found
    ids, by = duo.outside.ids, timedelta(minutes=pick.choice((0, 0, 30)))
    with duo.database.writing() as db:
        meeting = db.get_one(Meeting, held.id)
        before = plan_of(meeting)
        assert before.recurrence is not None
        wanted = replace(
            before,
            title=ledger.fresh("Tail"),
            starts_at=one.starts_at + by,
            ends_at=one.ends_at + by,
            recurrence=_later(before.recurrence, one, by, held.zone),
        )
        try:
            tail = series.change_from(
                db,
                meeting,
                one.day,
                wanted,
                key=ids(),
                secret=duo.outside.secrets(),
                transaction_ids=(ids(), ids()),
                now=duo.now,
            )
        except PassesNeighbour:
            return False
        tail_id = tail.id
    _note_split(ledger, held, tail_id, before, wanted)
    return True


def _note_split(ledger: Ledger, held: Meeting, tail_id: int, before: Plan, wanted: Plan) -> None:
    for meeting_id in (held.id, tail_id):
        ledger.acted(meeting_id, 2 + ledger.edits_of_single_ones(held.id))
    ledger.rearranged(held.id, moved=tail_id == held.id)
    if tail_id == held.id:  # nothing comes before: the whole series was changed
        note_edit(ledger, held.id, before, wanted)
        return
    ledger.tails.setdefault(held.id, []).append(tail_id)
    ledger.taken_over[tail_id] = ledger.edits_of_single_ones(held.id)
    ledger.invites(tail_id, wanted.invitees)


def _later(rhythm: dict[str, Any], one: Occurrence, by: timedelta, zone: str) -> dict[str, Any]:
    rest = recurrence.remaining_from(rhythm, one.day)
    return recurrence.moved_to(rest, local_day(one.starts_at + by, zone))


def _instance(duo: Duo, pick: random.Random) -> tuple[str, int, date, Event] | None:
    """One occurrence as Outlook shows it."""
    meeting = a_meeting(duo, pick, series=True)
    link = None if meeting is None else duo.link_of(meeting.id)
    if meeting is None or link is None:
        return None
    who = duo.name_of(meeting.person_id)
    name = duo.calendar_name(link.calendar_id)
    shown = [
        one
        for one in duo.world.view(who, duo.now, duo.now + timedelta(days=120), name)
        if one["seriesMasterId"] == link.graph_id
    ]
    if not shown:
        return None
    one = pick.choice(shown)
    return who, meeting.id, duo.original_day(who, one["id"]), one


def edit_instance(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _instance(duo, pick)
    if found is None:
        return False
    who, meeting_id, day, event = found
    unit = pick.choice(("title", "time", "location"))
    with duo.hand():
        if unit == "title":
            title = ledger.fresh("Outlook one")
            duo.world.rename_event(who, event["id"], title)
            values: tuple[Any, Any] = event["subject"], title
        elif unit == "location":
            room = ledger.fresh("Booth")
            duo.world.change_event(who, event["id"], {"location": {"displayName": room}})
            values = event["location"]["displayName"], room
        else:
            span, by = span_of(event), timedelta(minutes=pick.randint(-90, 90))
            moved = span[0] + by, span[1] + by
            try:
                duo.world.move_event(who, event["id"], *moved)
            except Refused:  # on or past the day of a neighbour
                return False
            values = span, moved
    with _mailed_about_again(duo, ledger, meeting_id):
        ledger.edited(OUTLOOK, (meeting_id, day, unit), *values)
    _note_late(duo, ledger, who, (meeting_id, day))
    return True


def delete_instance(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _instance(duo, pick)
    if found is None:
        return False
    who, meeting_id, day, event = found
    with duo.hand():
        duo.world.delete_event(who, event["id"])
    with _mailed_about_again(duo, ledger, meeting_id):
        ledger.called_off(meeting_id, day, side=OUTLOOK)
    _note_late(duo, ledger, who, (meeting_id, day))
    return True


def _note_late(duo: Duo, ledger: Ledger, who: str, one: tuple[int, date]) -> None:
    if faults.late(duo, who):
        ledger.late[one] = who


@contextmanager
def _mailed_about_again(duo: Duo, ledger: Ledger, meeting_id: int) -> Iterator[None]:
    """What was done to the series here and waits to be sent counted only the single ones changed
    by then. Of each changed in Outlook since, too, Microsoft mails with the series; and where the
    series is moved, which takes it away there, it is sent again.
    """
    before = ledger.changed_there(meeting_id)
    yield
    waiting = [
        one
        for one in duo.rows(Change)
        if one.meeting_id == meeting_id
        and one.kind in (outbox.UPDATE, outbox.SPLIT)
        and one.done_at is None
    ]
    ledger.acted(meeting_id, len(waiting) * (ledger.changed_there(meeting_id) - before))


ACTS: dict[str, tuple[Act, int]] = {
    "schedule series": (schedule, 4),
    "edit one here": (edit_one, 4),
    "cancel one here": (cancel_one, 2),
    "end series here": (end_before, 1),
    "change this and later": (change_from, 2),
    "edit one in Outlook": (edit_instance, 4),
    "delete one in Outlook": (delete_instance, 2),
}
