"""Attempts to make the sync lose an edit, mail somebody, or touch who is invited."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.tables import Conflict, Meeting
from tests.sync.desk import Desk

BOB, ERIN, CAROL = "bob@contoso.example", "erin@contoso.example", "carol@contoso.example"
# What is in doubt about reading, in the position that is not the usual one.
DOUBTS = (
    ("delta.repeats", True), ("delta.replays", True), ("delta.empty_pages", 2),
    ("delta.page_size", 1), ("delta.unchanged", 3), ("delta.masters", "missing_later"),
    ("delta.resend", "exception"), ("delta.exceptions", "slim"), ("delta.reason", "changed"),
    ("writes.rewrite", True), ("writes.meeting_block", "alternates"),
    ("reads.lost_stamps", True), ("writes.series_uid", "equal"),
)  # fmt: skip


class Edits:
    """Edits on either side, and what became of each since both sides last agreed.

    An edit made over one that had arrived already has replaced it, as people do.
    """

    def __init__(self, desk: Desk, meeting_id: int, seed: int) -> None:
        self.desk, self.meeting_id = desk, meeting_id
        self.chance = random.Random(seed)  # noqa: S311 - repeatable
        self.last: dict[tuple[str, str], str] = {}
        self.number = 0

    def here(self) -> None:
        field = self._next()
        self._replaced("there", field, self._held_here()[field])
        if field == "time":
            self.desk.edit(self.meeting_id, later=timedelta(minutes=self.number))
        else:
            self.desk.edit(self.meeting_id, **{field: f"Here {self.number}"})
        self.last["here", field] = self._held_here()[field]

    def there(self) -> None:
        field = self._next()
        event_id, world = self.desk.outlook_id(self.meeting_id), self.desk.world
        self._replaced("here", field, self._held_there()[field])
        said = f"There {self.number}"
        if field == "time":
            at = self.desk.now.replace(second=0) + timedelta(days=2, minutes=self.number)
            world.move_event("alice", event_id, at)
        elif field == "title":
            world.rename_event("alice", event_id, said)
        else:
            world.change_event("alice", event_id, {"location": {"displayName": said}})
        self.last["there", field] = self._held_there()[field]

    def lost(self) -> list[str]:
        """Edits that are neither what stands nor kept as a conflict; then it begins anew."""
        kept = [self._held_here()]
        for conflict in self.desk.rows(Conflict):
            for side in (conflict.ours, conflict.theirs):
                kept.append(side | {"time": side["starts"]})
        edited = self.last.items()
        found = [s for (_, field), s in edited if s not in {one[field] for one in kept}]
        self.last.clear()
        return found

    def agree(self) -> bool:
        return self._held_here() == self._held_there()

    def _next(self) -> str:
        self.number += 1
        return self.chance.choice(("title", "location", "time"))

    def _replaced(self, side: str, field: str, held: str) -> None:
        if self.last.get((side, field)) == held:
            del self.last[side, field]

    def _held_here(self) -> dict[str, str]:
        meeting = self.desk.meeting(self.meeting_id)
        at = meeting.starts_at.isoformat()
        return {"title": meeting.title, "location": meeting.location, "time": at}

    def _held_there(self) -> dict[str, str]:
        outlook = self.desk.outlook(self.meeting_id)
        assert outlook is not None
        at = datetime.fromisoformat(outlook["start"]["dateTime"][:19]).replace(tzinfo=UTC)
        place = outlook["location"]["displayName"]
        return {"title": outlook["subject"], "location": place, "time": at.isoformat()}


@pytest.mark.invariant(3)
@pytest.mark.parametrize("rule", ["outlook", "portal"])
@pytest.mark.parametrize("seed", range(3))
def test_no_edit_is_lost_whatever_both_sides_do_in_whichever_order(
    connected: Desk, seed: int, rule: str
) -> None:
    connected.choose("conflict_rule", rule)
    meeting_id = connected.settled(location="Room 4", invitees=[BOB])
    edits = Edits(connected, meeting_id, seed)

    for _ in range(6):
        for _ in range(edits.chance.randint(1, 6)):
            edits.chance.choice((edits.here, edits.there, edits.there, connected.turn))()
        connected.look()
        connected.look()

        assert edits.lost() == []
        assert edits.agree()


@pytest.mark.parametrize(("switch", "position"), DOUBTS, ids=lambda value: str(value))
def test_many_edits_in_outlook_write_nothing_back_and_mail_nobody(
    connected: Desk, switch: str, position: Any
) -> None:
    ids = [connected.settled(f"Meeting {n}", invitees=[BOB], has_link=True) for n in range(4)]
    connected.world.turn(switch, position, "alice")
    edits = [Edits(connected, meeting_id, seed) for seed, meeting_id in enumerate(ids)]

    mailed = 0
    for _ in range(3):
        for one in edits:
            for _ in range(5):
                one.there()
        connected.world.mails.clear()
        connected.look()
        mailed += len(connected.world.mails)

    assert connected.tap.writes == []
    assert mailed == 0
    assert [one for each in edits for one in each.lost()] == []
    assert connected.rows(Conflict) == []


def listed(desk: Desk, meeting_id: int) -> list[dict[str, Any]]:
    outlook = desk.outlook(meeting_id)
    assert outlook is not None
    return list(outlook["attendees"])


def set_there(desk: Desk, meeting_id: int, attendees: list[dict[str, Any]]) -> None:
    desk.world.change_event("alice", desk.outlook_id(meeting_id), {"attendees": attendees})


def guest(address: str, name: str = "", kind: str = "required") -> dict[str, Any]:
    return {"emailAddress": {"address": address, "name": name or address}, "type": kind}


def steps(desk: Desk, meeting_id: int) -> Iterator[None]:
    """Outlook's list changes at every moment an addition made here can wait at."""
    set_there(desk, meeting_id, [guest(BOB, "Bob B.", "optional"), guest(CAROL)])
    yield
    desk.edit(meeting_id, invitees=[BOB, ERIN])
    yield
    set_there(
        desk,
        meeting_id,
        [*listed(desk, meeting_id), guest("room@contoso.example", "R", "resource")],
    )
    yield


@pytest.mark.invariant(9)
@pytest.mark.parametrize(
    "looks_after", [{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}, set()], ids=str
)
def test_an_addition_that_waits_takes_nobody_off_who_was_added_in_outlook(
    connected: Desk, looks_after: set[int]
) -> None:
    meeting_id = connected.settled(invitees=[BOB])

    for number, _ in enumerate(steps(connected, meeting_id)):
        if number in looks_after:
            connected.look()
    connected.look()
    connected.look()

    found = {one["emailAddress"]["address"]: one for one in listed(connected, meeting_id)}
    seen_before = 0 in looks_after  # then Carol was on the list that was edited here
    assert found.keys() == {BOB, ERIN, "room@contoso.example"} | (set() if seen_before else {CAROL})
    assert found[BOB]["type"] == "optional"
    assert found["room@contoso.example"]["type"] == "resource"
    assert {one.address for one in connected.meeting(meeting_id).invitees} == found.keys()


@pytest.mark.invariant(9)
def test_edits_of_words_send_no_list_and_keep_every_answer(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB, ERIN])
    copy = connected.world.copy_of("bob", "alice", connected.outlook_id(meeting_id))
    assert copy is not None
    connected.world.answer_event("bob", copy, "accepted")
    before = listed(connected, meeting_id)

    for number in range(5):
        connected.edit(meeting_id, title=f"Title {number}", location=f"Room {number}")
        connected.look()

    assert listed(connected, meeting_id) == before
    assert not [one for one in connected.tap.writes if "attendees" in one.fields]
    assert {
        one.response for one in connected.rows(Meeting) and connected.meeting(meeting_id).invitees
    } == {"accepted", "none"}
