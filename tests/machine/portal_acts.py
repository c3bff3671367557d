"""What people do in the portal: the functions its forms call."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal import meetings, recurrence
from portal.plan import Plan
from portal.tables import Change, Meeting
from tests.calendar_make import plan
from tests.machine.duo import PEOPLE, Duo
from tests.machine.ledger import PORTAL, Ledger

GUESTS = ("alice@contoso.example", "bob@contoso.example", "carol@contoso.example", "x@far.example")
AGAIN = 0.4  # how often somebody goes on with the same meeting, on either side
Act = Callable[[Duo, Ledger, random.Random], bool]


def schedule(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    who = pick.choice(PEOPLE)
    guests = pick.sample(GUESTS, pick.choice((0, 0, 1, 2)))
    invitees = {one: "" for one in guests if not one.startswith(who)}
    at = duo.now.replace(minute=0, second=0, microsecond=0)
    at += timedelta(days=pick.randint(1, 120), hours=pick.randint(0, 9))
    wanted = plan(ledger.fresh("Meeting"), at, invitees=invitees, has_link=pick.random() < 0.5)
    return scheduled(duo, ledger, who, wanted)


def scheduled(duo: Duo, ledger: Ledger, who: str, wanted: Plan) -> bool:
    ids = duo.outside.ids
    with duo.database.writing() as db:
        made = meetings.schedule(
            db,
            duo.person_id(who),
            wanted,
            key=ids(),
            secret=duo.outside.secrets(),
            transaction_id=ids(),
            now=duo.now,
        )
        meeting_id = made.id
    duo.at_hand = meeting_id
    ledger.acted(meeting_id)
    ledger.invites(meeting_id, wanted.invitees)
    return True


def edit(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    meeting = a_meeting(duo, pick)
    if meeting is None:
        return False
    change(duo, ledger, meeting.id, _changed(duo.whole(meeting.id), ledger, pick))
    return True


def change(duo: Duo, ledger: Ledger, meeting_id: int, words: Mapping[str, Any]) -> None:
    note_edit(ledger, meeting_id, *_rewritten(duo, ledger, meeting_id, words))


def take_back(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    """Somebody thinks better of their last edit, which may be on its way, or done."""
    waiting = {one.meeting_id for one in duo.rows(Change) if one.done_at is None}
    for place, edit in reversed([*enumerate(ledger.edits)]):
        meeting_id, day, unit = edit.target
        if meeting_id not in waiting or day is not None or unit not in ("title", "location"):
            continue
        held = duo.whole(meeting_id)
        if held.cancelled_at is None and getattr(held, unit) == edit.value and edit.side == PORTAL:
            _rewritten(duo, ledger, meeting_id, {unit: edit.before})
            ledger.taken_back(place)
            return True
    return False


def _rewritten(
    duo: Duo, ledger: Ledger, meeting_id: int, words: Mapping[str, Any]
) -> tuple[Plan, Plan]:
    """The meeting before and after."""
    with duo.database.writing() as db:
        found = db.get_one(Meeting, meeting_id)
        before = plan_of(found)
        wanted = replace(before, **words)
        ids, secret = duo.outside.ids, duo.outside.secrets()
        meetings.edit(db, found, wanted, secret=secret, transaction_id=ids(), now=duo.now)
    # Microsoft mails about a series, and once more about each exception of it.
    ledger.acted(meeting_id, 1 + ledger.edits_of_single_ones(meeting_id))
    if before.recurrence is not None and wanted.starts_at != before.starts_at:
        ledger.rearranged(meeting_id, moved=True)
        ledger.acted(meeting_id, ledger.edits_of_single_ones(meeting_id))  # what is kept goes anew
    return before, wanted


def note_edit(ledger: Ledger, meeting_id: int, before: Plan, after: Plan) -> None:
    for unit, read in UNITS.items():
        ledger.edited(PORTAL, (meeting_id, None, unit), read(before), read(after))
    ledger.invites(meeting_id, after.invitees.keys() - before.invitees.keys())
    ledger.invites(meeting_id, before.invitees.keys() - after.invitees.keys(), "")


UNITS: dict[str, Callable[[Plan], object]] = {
    "title": lambda one: one.title,
    "time": lambda one: (one.starts_at, one.ends_at),
    "location": lambda one: one.location,
}


def _changed(meeting: Meeting, ledger: Ledger, pick: random.Random) -> dict[str, object]:
    kinds = pick.sample(
        ("title", "time", "location", "invitees", "description"), pick.choice((1, 2))
    )
    words: dict[str, object] = {}
    if "title" in kinds:
        words["title"] = ledger.fresh("Portal title")
    if "time" in kinds and not meeting.all_day:
        by = timedelta(minutes=pick.randint(-600, 600))
        words |= {"starts_at": meeting.starts_at + by, "ends_at": meeting.ends_at + by}
        if meeting.recurrence is not None:
            first = (meeting.starts_at + by).astimezone(ZoneInfo(meeting.zone)).date()
            words["recurrence"] = recurrence.moved_to(meeting.recurrence, first)
    if "location" in kinds:
        words["location"] = ledger.fresh("Room")
    if "description" in kinds:
        words["description"] = ledger.fresh("About")
    if "invitees" in kinds:
        held = {one.address: one.name for one in meeting.invitees}
        address = pick.choice(GUESTS[2:])
        words["invitees"] = (
            {each: name for each, name in held.items() if each != address}
            if address in held
            else held | {address: ""}
        )
    return words


def plan_of(meeting: Meeting) -> Plan:
    return Plan(
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        location=meeting.location,
        description=meeting.description,
        invitees={one.address: one.name for one in meeting.invitees},
        has_link=meeting.join_url is not None,
        recurrence=meeting.recurrence,
    )


def cancel(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    meeting = a_meeting(duo, pick)
    if meeting is None:
        return False
    with duo.database.writing() as db:
        found = db.get_one(Meeting, meeting.id)
        transaction_id = duo.outside.ids()
        meetings.cancel(db, found, note="", transaction_id=transaction_id, now=duo.now)
    ledger.cancelled.add(meeting.id)
    ledger.acted(meeting.id)
    return True


def a_meeting(duo: Duo, pick: random.Random, *, series: bool | None = None) -> Meeting | None:
    alive = [
        one
        for who in PEOPLE
        for one in duo.meetings_of(who)
        if one.cancelled_at is None and (series is None or (one.recurrence is not None) == series)
    ]
    if not alive:
        return None
    at_hand = [one for one in alive if one.id == duo.at_hand and pick.random() < AGAIN]
    chosen = pick.choice(at_hand or alive)
    duo.at_hand = chosen.id
    return chosen


ACTS: dict[str, tuple[Act, int]] = {  # with how often each comes up
    "schedule": (schedule, 6),
    "edit here": (edit, 8),
    "take back here": (take_back, 2),
    "cancel here": (cancel, 1),
}
