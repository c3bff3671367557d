"""A conflict is taken back: the version that did not stand becomes the meeting's, on both sides."""

from datetime import timedelta

import pytest

from jobs.housekeeping import tidy
from portal import conflicts
from portal.tables import Conflict, Meeting
from tests.sync import serial
from tests.sync.desk import Desk


def in_conflict(desk: Desk, *, rule: str = "outlook") -> int:
    """Both sides gave the meeting another title, time and place."""
    desk.choose("conflict_rule", rule)
    meeting_id = desk.settled()
    desk.edit(meeting_id, title="Ours", location="Room 1", later=timedelta(hours=1))
    event_id = desk.outlook_id(meeting_id)
    desk.world.rename_event("alice", event_id, "Theirs")
    desk.world.change_event("alice", event_id, {"location": {"displayName": "Room 2"}})
    desk.world.move_event("alice", event_id, desk.now.replace(minute=0) + timedelta(days=3))
    desk.look()
    desk.look()
    return meeting_id


def take_back(desk: Desk, meeting_id: int) -> None:
    with desk.database.writing() as db:
        conflict = db.query(Conflict).order_by(Conflict.id).first()
        assert conflict is not None
        meeting, ids = db.get_one(Meeting, meeting_id), desk.outside.ids
        conflicts.take_back(db, meeting, conflict, transaction_id=ids(), now=desk.now)


@pytest.mark.parametrize(("rule", "back"), [("outlook", "Ours"), ("portal", "Theirs")])
def test_the_other_version_comes_back_on_both_sides(connected: Desk, rule: str, back: str) -> None:
    meeting_id = in_conflict(connected, rule=rule)
    before = connected.meeting(meeting_id).starts_at

    take_back(connected, meeting_id)
    connected.rest()
    connected.look()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
    assert outlook is not None
    assert (outlook["subject"], meeting.title) == (back, back)
    assert outlook["location"]["displayName"] == meeting.location
    assert outlook["start"]["dateTime"][:19] == meeting.starts_at.isoformat()[:19]
    assert meeting.starts_at != before
    assert len(connected.rows(Conflict)) == 1


def test_only_what_the_conflict_was_about_comes_back(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")
    event_id = connected.outlook_id(meeting_id)
    connected.world.rename_event("alice", event_id, "Theirs")
    connected.look()
    connected.world.change_event("alice", event_id, {"location": {"displayName": "Room 2"}})
    connected.look()

    take_back(connected, meeting_id)
    connected.rest()

    meeting, outlook = connected.meeting(meeting_id), connected.outlook(meeting_id)
    assert outlook is not None
    assert (meeting.title, meeting.location) == ("Ours", "Room 2")
    assert outlook["subject"] == "Ours"


def test_a_conflict_is_taken_back_once(connected: Desk) -> None:
    meeting_id = in_conflict(connected)
    take_back(connected, meeting_id)

    with pytest.raises(conflicts.CannotTakeBack, match="taken back"):
        take_back(connected, meeting_id)


def test_the_conflict_of_a_cancelled_meeting_stays_as_it_is(connected: Desk) -> None:
    meeting_id = in_conflict(connected)
    connected.cancel(meeting_id)

    with pytest.raises(conflicts.CannotTakeBack, match="cancelled"):
        take_back(connected, meeting_id)


def test_conflicts_are_forgotten_after_thirty_days(connected: Desk) -> None:
    in_conflict(connected)
    connected.advance(days=29)
    tidy(connected.database, connected.outside)
    kept = len(connected.rows(Conflict))

    connected.advance(days=2)
    tidy(connected.database, connected.outside)

    assert (kept, connected.rows(Conflict)) == (1, [])


def test_the_other_version_of_one_occurrence_comes_back_and_touches_no_other(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    shown = serial.there(connected, meeting_id)
    connected.world.rename_event("alice", shown[serial.monday(1)]["id"], "Theirs")
    serial.differ(connected, meeting_id, serial.monday(1), title="Ours")
    connected.rest()

    take_back(connected, meeting_id)
    connected.rest()
    connected.look()

    after = serial.there(connected, meeting_id)
    assert serial.here(connected, meeting_id)[serial.monday(1)].title == "Ours"
    assert after[serial.monday(1)]["subject"] == "Ours"
    assert after[serial.monday(2)]["subject"] == shown[serial.monday(2)]["subject"]
    assert serial.is_settled(connected, meeting_id)
