"""Adoption: an event of one's own that leads into a conference becomes a meeting, and no other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.tables import Connection, TimelineRow
from tests.sync.adopting import BOB, IN_BODY, TEN, ZOOM, event, looked, meetings, only, why_left
from tests.sync.desk import Desk


def test_an_event_of_ones_own_with_a_join_link_becomes_a_meeting(connected: Desk) -> None:
    place = {"location": {"displayName": "Room 7"}}
    event_id = event(connected, attendees=[BOB], zone="Europe/Berlin", **place)

    looked(connected)

    meeting = only(connected)
    assert (meeting.title, meeting.starts_at, meeting.zone) == ("Review", TEN, "Europe/Berlin")
    assert (meeting.location, meeting.join_url, meeting.description) == ("Room 7", ZOOM, "")
    assert [one.address for one in meeting.invitees] == [BOB]
    assert meeting.adopted_at == connected.now
    assert connected.outlook_id(meeting.id) == event_id
    assert [row.what for row in connected.rows(TimelineRow)] == ["adopted"]


@pytest.mark.parametrize(
    "graph",
    [
        {"location": {"displayName": "https://meet.jit.si/weekly-review"}},
        {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"},
        {"body": {"contentType": "text", "content": f"Join: {ZOOM}"}},
    ],
    ids=["location", "online", "text"],
)
def test_the_link_is_recognised_wherever_it_stands(connected: Desk, graph: dict[str, Any]) -> None:
    connected.world.add_event("alice", "Review", TEN, **graph)

    looked(connected)

    assert str(only(connected).join_url).startswith("https://")


def test_a_converged_adopted_meeting_is_quiet_over_twenty_rounds(connected: Desk) -> None:
    event(connected, attendees=[BOB])
    looked(connected)

    connected.tap.clear()
    for _ in range(20):
        connected.look()
    connected.look_everywhere()

    assert connected.tap.writes == []
    assert len(meetings(connected)) == 1
    assert [one for one in connected.tap.graph if "/me/events/" in one.path] == []


def test_editing_and_cancelling_it_here_works_like_any_other(connected: Desk) -> None:
    event_id = event(connected, attendees=[BOB])
    looked(connected)
    before = connected.world.event("alice", event_id)
    meeting_id = only(connected).id

    connected.edit(meeting_id, title="Great review", description="Ours", invitees=[BOB])
    connected.rest()
    after = connected.world.event("alice", event_id)
    connected.cancel(meeting_id)
    connected.rest()

    assert before is not None
    assert after is not None
    assert after["subject"] == "Great review"
    assert after["body"] == before["body"]
    assert [set(one.fields) for one in connected.tap.writes[:1]] == [{"subject"}]
    assert connected.world.event("alice", event_id) is None


def test_what_is_done_to_it_in_outlook_is_taken_over(connected: Desk) -> None:
    event_id = event(connected)
    looked(connected)

    connected.world.move_event("alice", event_id, TEN + timedelta(hours=3))
    connected.world.rename_event("alice", event_id, "Later review")
    looked(connected)

    assert (only(connected).title, only(connected).starts_at) == (
        "Later review",
        TEN + timedelta(hours=3),
    )


NEVER: dict[str, Callable[[Desk], object]] = {
    "a received invitation": lambda desk: event(desk, organizer=BOB),
    "an invitation of a stranger": lambda desk: event(desk, organizer="eve@fabrikam.example"),
    "no join link": lambda desk: event(desk, body={"contentType": "text", "content": "Words"}),
    "over": lambda desk: event(desk, at=desk.now - timedelta(hours=2)),
    "a draft": lambda desk: desk.world.edit_unsent("alice", event(desk), {"subject": "Review"}),
    "in a shared calendar": lambda desk: desk.world.add_event("bob", "Review", TEN, **IN_BODY),
}


@pytest.mark.parametrize("make", NEVER.values(), ids=NEVER)
def test_what_is_not_ones_own_conference_to_come_stays_an_event(
    connected: Desk, make: Callable[[Desk], object]
) -> None:
    make(connected)

    looked(connected)
    looked(connected)

    assert meetings(connected) == []


def test_a_draft_becomes_a_meeting_once_it_is_sent(connected: Desk) -> None:
    event_id = event(connected)
    connected.world.edit_unsent("alice", event_id, {"subject": "Review"})
    looked(connected)
    draft = why_left(connected)

    connected.world.rename_event("alice", event_id, "Final review")
    looked(connected)

    assert draft == ["draft"]
    assert only(connected).title == "Final review"


def test_each_version_of_an_event_is_asked_for_once(connected: Desk) -> None:
    connected.settled(has_link=True)
    event(connected, "One")
    second = event(connected, "Two")
    looked(connected)
    asked = [one for one in connected.tap.graph if "lockstepMeeting" in one.path]

    looked(connected)
    again = [one for one in connected.tap.graph if "lockstepMeeting" in one.path]
    connected.world.rename_event("alice", second, "Two and a half")
    looked(connected)
    changed = [one for one in connected.tap.graph if "lockstepMeeting" in one.path]

    assert (len(asked), len(again), len(changed)) == (2, 0, 1)


def test_switched_off_nothing_is_adopted_and_what_was_stays(connected: Desk) -> None:
    event(connected, "Before")
    looked(connected)
    with connected.database.writing() as db:
        db.get_one(Connection, 1).adopts = False

    event(connected, "After", location={"displayName": "https://meet.jit.si/after"}, body=None)
    looked(connected)
    off = [one.title for one in meetings(connected)]
    with connected.database.writing() as db:
        db.get_one(Connection, 1).adopts = True
    looked(connected)

    assert off == ["Before"]
    assert [one.title for one in meetings(connected)] == ["Before", "After"]


def test_without_a_way_back_to_outlook_nothing_is_adopted(connected: Desk) -> None:
    connected.choose("bidirectional", False)
    event(connected)

    looked(connected)

    assert meetings(connected) == []


def test_many_at_once_are_taken_in_a_few_turns(connected: Desk) -> None:
    for number in range(45):
        where = {"displayName": f"https://meet.jit.si/room-{number}"}
        connected.world.add_event("alice", f"Room {number}", TEN, location=where)

    connected.advance(minutes=6)
    turns = connected.rest()

    assert len(meetings(connected)) == 45
    assert turns <= 5


@pytest.mark.parametrize("place", ["", "Room 7", ZOOM])
def test_another_room_named_in_outlook_is_the_way_in_and_nothing_is_written(
    connected: Desk, place: str
) -> None:
    event_id = event(connected, location={"displayName": place})
    looked(connected)
    other = "https://us02web.zoom.us/j/89999999999"
    place_there = other if place == ZOOM else place
    words = {"body": {"contentType": "text", "content": f"Now in {other}"}}

    connected.world.change_event(
        "alice", event_id, words | {"location": {"displayName": place_there}}
    )
    looked(connected)
    looked(connected)

    assert only(connected).join_url == other
    assert only(connected).location == place_there
    assert connected.changes() == []


def test_a_link_taken_off_here_is_not_brought_back_by_the_text(connected: Desk) -> None:
    event_id = event(connected)
    looked(connected)
    connected.edit(only(connected).id, has_link=False)
    connected.rest()

    other = {"body": {"contentType": "text", "content": "Now in https://meet.jit.si/elsewhere"}}
    connected.world.change_event("alice", event_id, other)
    connected.look()

    assert only(connected).join_url is None
