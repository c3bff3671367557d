"""An event is deleted in Outlook and put back there: its meeting takes place again."""

from datetime import timedelta

import pytest

from portal import pieces
from portal.tables import Window
from tests.sync import serial
from tests.sync.desk import WHO, Desk


def taken_away(desk: Desk, meeting_id: int) -> object:
    """What it was in Outlook; its meeting is cancelled here now."""
    event_id = desk.outlook_id(meeting_id)
    item = desk.world.person(WHO).mailbox.find(event_id).item
    desk.world.delete_event(WHO, event_id)
    desk.look()
    assert desk.meeting(meeting_id).cancelled_at is not None
    return item


def put_back(desk: Desk, item: object) -> None:
    desk.world.person(WHO).mailbox.put(item)


@pytest.mark.parametrize("minutes", [1, 30, 24 * 60])
def test_it_takes_place_again_and_nothing_is_written(connected: Desk, minutes: int) -> None:
    meeting_id = connected.settled()
    item = taken_away(connected, meeting_id)
    connected.advance(minutes=minutes)

    put_back(connected, item)
    connected.look()
    connected.look(minutes=11)

    assert connected.meeting(meeting_id).cancelled_at is None
    assert (connected.tap.writes, connected.world.mails) == ([], [])


def test_it_does_so_where_the_calendar_is_read_by_list(connected: Desk) -> None:
    meeting_id = connected.settled()
    with connected.database.writing() as db:
        for window in db.query(Window):
            pieces.keep_by_list(window, code="delta_endless", now=connected.now)
    item = taken_away(connected, meeting_id)

    put_back(connected, item)
    connected.look_everywhere()

    assert connected.meeting(meeting_id).cancelled_at is None


def test_what_was_changed_in_it_meanwhile_is_taken_over(connected: Desk) -> None:
    meeting_id = connected.settled()
    item = taken_away(connected, meeting_id)

    put_back(connected, item)
    connected.world.rename_event(WHO, connected.outlook_id(meeting_id), "Renamed")
    connected.look()
    connected.look(minutes=11)
    connected.edit(meeting_id, location="Room 4")
    connected.rest()

    found = connected.outlook(meeting_id)
    assert found is not None
    assert connected.meeting(meeting_id).title == "Renamed"
    assert (found["subject"], found["location"]["displayName"]) == ("Renamed", "Room 4")


def test_a_series_comes_back_with_its_dates(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    item = taken_away(connected, meeting_id)

    put_back(connected, item)
    there = serial.there(connected, meeting_id)
    connected.world.rename_event(WHO, there[serial.monday(1)]["id"], "Another")
    connected.look()
    connected.look(minutes=11)

    assert connected.meeting(meeting_id).cancelled_at is None
    assert serial.here(connected, meeting_id)[serial.monday(1)].title == "Another"


@pytest.mark.parametrize("looks", [1, 3])
def test_a_late_answer_brings_nothing_back(connected: Desk, looks: int) -> None:
    """It shows what was there before the deletion."""
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    shown = connected.outlook(meeting_id)
    taken_away(connected, meeting_id)

    def add(answer: dict[str, list[object]]) -> None:
        answer["value"].append(shown)

    for _ in range(looks):
        connected.tap.rewrite("GET", "calendarView/delta", add)
        connected.look(minutes=3)
    connected.look(minutes=11)
    connected.look(minutes=61)

    assert connected.meeting(meeting_id).cancelled_at is not None
    assert event_id not in connected.graph_ids()


def test_what_was_cancelled_here_stays_so(connected: Desk) -> None:
    meeting_id = connected.settled()
    item = connected.world.person(WHO).mailbox.find(connected.outlook_id(meeting_id)).item
    connected.cancel(meeting_id)
    connected.rest()

    put_back(connected, item)
    connected.look()
    connected.look(minutes=11)

    assert connected.meeting(meeting_id).cancelled_at is not None


def test_deleted_again_it_is_cancelled_again(connected: Desk) -> None:
    meeting_id = connected.settled(starts=timedelta(days=2))
    item = taken_away(connected, meeting_id)
    put_back(connected, item)
    connected.look()
    connected.look(minutes=11)

    connected.world.delete_event(WHO, connected.outlook_id(meeting_id))
    connected.look()

    assert connected.meeting(meeting_id).cancelled_at is not None
