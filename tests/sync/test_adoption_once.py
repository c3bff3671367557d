"""Adoption makes no second meeting: of a copy, of a room in use, of an event made for a meeting."""

from datetime import timedelta

import pytest

from portal.tables import Change, Event, Link
from tests.kept import Kept
from tests.sync.adopting import event, looked, meetings, stamp, why_left
from tests.sync.desk import Desk


def test_a_link_that_a_meeting_here_has_already_is_never_adopted(connected: Desk) -> None:
    meeting_id = connected.settled(has_link=True)
    url = connected.meeting(meeting_id).join_url
    event(connected, "Copy by hand", location={"displayName": url}, body=None)
    event(connected, "First")
    event(connected, "Second")

    looked(connected)

    assert sorted(one.title for one in meetings(connected)) == ["First", "Planning"]
    assert why_left(connected, "Copy by hand") == ["link taken"]
    assert why_left(connected, "Second") == ["link taken"]


def test_a_copy_of_a_linked_event_stays_an_ordinary_event(connected: Desk) -> None:
    meeting_id = connected.settled(has_link=True)
    stamp(connected, event(connected, "Copied"), connected.meeting(meeting_id).key)

    looked(connected)

    assert len(meetings(connected)) == 1
    assert why_left(connected, "Copied") == ["copy"]


@pytest.mark.parametrize("owner", ["a portal nobody knows", "bob"])
def test_an_event_of_another_portal_or_person_is_left_alone(connected: Desk, owner: str) -> None:
    key = "11111111-2222-4333-8444-555555555555"
    if owner == "bob":
        key = connected.meeting(Kept.schedule(connected, "bob", "Theirs")).key
    stamp(connected, event(connected), key)

    looked(connected)

    assert [one.title for one in meetings(connected) if one.title == "Review"] == []
    assert why_left(connected) == ["elsewhere"]


def test_while_a_create_is_in_doubt_nothing_is_adopted_there(connected: Desk) -> None:
    connected.schedule(has_link=True)
    connected.world.drop_next(after_effect=True, path_contains="/events")
    connected.world.fail_next(503, "busy", times=4, path_contains="lockstepMeeting")
    event(connected)

    connected.advance(minutes=6)
    connected.turn()
    doubtful = [one.title for one in meetings(connected)]
    connected.look()

    assert doubtful == ["Planning"]
    assert sorted(one.title for one in meetings(connected)) == ["Planning", "Review"]
    assert len(connected.titled("Planning")) == 1


def test_an_event_that_was_made_before_a_disconnect_is_found_again(connected: Desk) -> None:
    meeting_id = connected.settled(has_link=True)
    with connected.database.writing() as db:
        db.query(Link).delete()
        db.query(Event).update({"considered_key": None})

    connected.world.rename_event("alice", connected.titled("Planning")[0]["id"], "Renamed")
    looked(connected)

    assert connected.meeting(meeting_id).title == "Renamed"
    assert connected.outlook_id(meeting_id) == connected.titled("Renamed")[0]["id"]
    assert len(meetings(connected)) == 1


def test_a_create_that_was_not_known_to_be_done_is_settled_by_its_event(connected: Desk) -> None:
    """The database is older than the event: as it was before the create was sent."""
    meeting_id = connected.settled(has_link=True)
    with connected.database.writing() as db:
        db.query(Link).delete()
        far = connected.now + timedelta(days=9)
        db.query(Change).update({"done_at": None, "sent_at": None, "outcome": None, "due_at": far})
        db.query(Event).update({"considered_key": None})

    looked(connected)
    connected.look()

    assert connected.outcomes() == ["done"]
    assert connected.outlook_id(meeting_id)
    assert len(connected.titled("Planning")) == 1
