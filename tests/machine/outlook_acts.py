"""What people do in Outlook: hands at the simulated calendars."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.tables import Meeting
from simulator.refused import Refused
from tests.machine.duo import PEOPLE, Duo
from tests.machine.ledger import OUTLOOK, Ledger
from tests.machine.portal_acts import a_meeting

Act = Callable[[Duo, Ledger, random.Random], bool]
Event = dict[str, Any]


def edit(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _linked(duo, pick)
    if found is None:
        return False
    who, meeting, event = found
    edit_one(duo, ledger, pick, who, meeting.id, event)
    return True


def edit_one(
    duo: Duo, ledger: Ledger, pick: random.Random, who: str, meeting_id: int, event: Event
) -> None:
    kind = pick.choice(("title", "time", "location"))
    with duo.hand():
        _edit(duo, ledger, pick, (who, meeting_id, event), kind)


def _edit(
    duo: Duo, ledger: Ledger, pick: random.Random, whose: tuple[str, int, Event], kind: str
) -> None:
    who, meeting_id, event = whose
    target = (meeting_id, None, kind)
    if kind == "title":
        title = ledger.fresh("Outlook title")
        duo.world.rename_event(who, event["id"], title)
        ledger.edited(OUTLOOK, target, event["subject"], title)
    elif kind == "location":
        room = ledger.fresh("Hall")
        duo.world.change_event(who, event["id"], {"location": {"displayName": room}})
        ledger.edited(OUTLOOK, target, event["location"]["displayName"], room)
    else:
        starts, ends = span_of(event)
        by = timedelta(minutes=pick.randint(-600, 600))
        try:
            duo.world.move_event(who, event["id"], starts + by, ends + by)
        except Refused:  # a series that begins on another day than its pattern
            return
        if event["recurrence"]:
            ledger.rearranged(meeting_id, moved=True)
        moved = duo.world.event(who, event["id"])  # a series begins on the first of its days
        assert moved is not None
        ledger.edited(OUTLOOK, target, (starts, ends), span_of(moved))


def touch(duo: Duo, who: str, event: Event) -> None:
    """Saved again with another importance, which nobody here looks at."""
    other = "low" if event["importance"] == "normal" else "normal"
    with duo.hand():
        duo.world.change_event(who, event["id"], {"importance": other})


def delete(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _linked(duo, pick)
    if found is None:
        return False
    who, meeting, event = found
    with duo.hand():
        if pick.random() < 0.5:
            duo.world.delete_event(who, event["id"])
        else:
            duo.world.cancel_event(who, event["id"])
    ledger.deleted_in_outlook(
        meeting.id, {"title": event["subject"], "location": event["location"]["displayName"]}
    )
    if meeting.recurrence is not None:  # an edit that waits makes it again, single ones and all
        ledger.acted(meeting.id, 1 + ledger.edits_of_single_ones(meeting.id))
    return True


def invite(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    """Somebody is invited; whoever already is, no more."""
    found = _linked(duo, pick)
    if found is None:
        return False
    who, meeting, event = found
    address = f"guest{pick.randint(1, 3)}@far.example"
    kind = pick.choice(("required", "optional"))
    others = [one for one in event["attendees"] if one["emailAddress"]["address"] != address]
    if len(others) < len(event["attendees"]):
        kind, fresh = "", []
    else:
        fresh = [{"emailAddress": {"address": address, "name": address}, "type": kind}]
    with duo.hand():
        duo.world.change_event(who, event["id"], {"attendees": [*others, *fresh]})
    ledger.invites(meeting.id, [address], kind)
    return True


def answer(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    found = _linked(duo, pick)
    if found is None:
        return False
    host, _meeting, event = found
    guest = next(one for one in PEOPLE if one != host)
    copy = duo.world.copy_of(guest, host, event["id"])
    if copy is None:
        return False
    said = pick.choice(("accepted", "tentativelyAccepted", "declined"))
    with duo.hand():
        duo.world.answer_event(guest, copy, said)
    return True


def move(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    """Dragged into the other calendar, or back."""
    found = _linked(duo, pick)
    if found is None:
        return False
    who, _meeting, event = found
    here = any(one["id"] == event["id"] for one in duo.world.events(who))
    duo.world.move_to_calendar(who, event["id"], "Projects" if here else "Calendar")
    return True


def add(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    """An event that is no meeting of the portal's."""
    starts = duo.now.replace(minute=0, second=0, microsecond=0) + timedelta(
        days=pick.randint(-60, 200), hours=pick.randint(0, 9)
    )
    who = pick.choice(PEOPLE)
    with duo.hand():
        made = duo.world.add_event(who, ledger.fresh("Foreign"), starts)
    duo.foreign.add((who, made))
    return True


def remove(duo: Duo, ledger: Ledger, pick: random.Random) -> bool:
    """An event of their own."""
    return remove_foreign(duo, pick)


def remove_foreign(duo: Duo, pick: random.Random) -> bool:
    if not duo.foreign:
        return False
    who, event_id = pick.choice(sorted(duo.foreign))
    duo.world.delete_event(who, event_id)
    duo.foreign.discard((who, event_id))
    return True


def span_of(event: Event) -> tuple[datetime, datetime]:
    """Start and end of an event read in UTC."""
    starts, ends = (datetime.fromisoformat(event[one]["dateTime"][:19]) for one in ("start", "end"))
    return starts.replace(tzinfo=UTC), ends.replace(tzinfo=UTC)


def _linked(duo: Duo, pick: random.Random) -> tuple[str, Meeting, Event] | None:
    meeting = a_meeting(duo, pick)
    if meeting is None:
        return None
    who = duo.name_of(meeting.person_id)
    event = duo.event_of(who, meeting.id)
    return None if event is None or event["isCancelled"] else (who, meeting, event)


ACTS: dict[str, tuple[Act, int]] = {
    "edit in Outlook": (edit, 8),
    "delete in Outlook": (delete, 1),
    "invite in Outlook": (invite, 2),
    "answer in Outlook": (answer, 2),
    "move in Outlook": (move, 1),
    "add in Outlook": (add, 2),
    "remove in Outlook": (remove, 1),
}
