"""Series and adopted events of which an answer says what was there before."""

from datetime import timedelta

import pytest

from portal.tables import Meeting
from tests.sync import adopting, serial
from tests.sync.desk import Desk
from tests.sync.serial import HOUR, nine


@pytest.mark.invariant(3)
def test_a_series_read_as_it_was_keeps_what_its_list_has_shown(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    connected.world.turn("reads.stale", 30)
    connected.look(minutes=20)
    connected.advance(seconds=290)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")

    connected.look(seconds=20)
    connected.look_everywhere()

    assert connected.meeting(meeting_id).title == "Renamed there"


@pytest.mark.invariant(3)
def test_a_series_read_as_it_was_before_it_is_moved_here_keeps_its_name(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    connected.look(minutes=20)
    connected.world.turn("reads.stale", 1)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")
    connected.look()
    connected.world.turn("reads.stale", 370)
    connected.advance(seconds=5)

    first = nine(serial.MONDAY) + 2 * HOUR
    serial.change(connected, meeting_id, starts_at=first, ends_at=first + HOUR)
    connected.rest()
    connected.look_everywhere()

    outlook = connected.outlook(meeting_id)
    assert (connected.meeting(meeting_id).title, outlook["subject"]) == ("Renamed there",) * 2
    assert serial.starts(outlook) == first


@pytest.mark.invariant(3)
def test_a_meeting_moved_back_by_a_quarter_and_read_as_it_was_is_moved_here(
    connected: Desk,
) -> None:
    meeting_id = connected.settled("Planning", starts=timedelta(days=60))
    connected.rest()
    connected.world.turn("reads.stale", 350)
    connected.advance(seconds=100)
    to = connected.meeting(meeting_id).starts_at - timedelta(days=58)
    connected.world.move_event("alice", connected.outlook_id(meeting_id), to, to + HOUR)

    connected.look(minutes=5)
    connected.look_everywhere()

    assert connected.meeting(meeting_id).starts_at == to


@pytest.mark.invariant(3)
def test_an_event_adopted_as_it_was_gets_the_edit_that_its_list_has_shown(connected: Desk) -> None:
    connected.world.turn("reads.stale", 30)
    event_id = adopting.event(connected)
    connected.advance(seconds=280)
    connected.world.rename_event("alice", event_id, "Renamed there")

    connected.look(seconds=25)
    connected.look_everywhere()

    assert [one.title for one in connected.rows(Meeting)] == ["Renamed there"]
