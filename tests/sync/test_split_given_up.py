"""A split that waited when the connection ended: coming back, both of its halves are there."""

import pytest

from portal import meetings
from portal.tables import Meeting
from tests.sync import serial
from tests.sync.desk import Desk
from tests.sync.test_coming_back import THIRD, come_back
from tests.sync.test_reconnect import BOB, disconnect


@pytest.mark.parametrize("renamed", [False, True])
def test_a_split_that_waited_is_made_after_all(connected: Desk, renamed: bool) -> None:
    head = serial.settled(connected, recurrence=serial.weekly(6), invitees=[BOB])
    tail = serial.split(connected, head, THIRD)
    disconnect(connected)
    if renamed:
        connected.edit(tail, title="Renamed")

    come_back(connected)

    assert sorted(serial.there(connected, head)) == [serial.monday(0), serial.monday(1)]
    assert sorted(serial.there(connected, tail)) == [serial.monday(n) for n in range(2, 6)]
    [series] = connected.titled("Renamed" if renamed else "Tail")
    assert series["type"] == "seriesMaster"


def test_a_split_whose_tail_is_on_its_way_already_waits_for_it(connected: Desk) -> None:
    """It was offered, and accepted before anything was read."""
    head = serial.settled(connected, recurrence=serial.weekly(6))
    tail = serial.split(connected, head, THIRD)
    disconnect(connected)
    connected.connect()
    with connected.database.writing() as db:
        found = db.get_one(Meeting, tail)
        meetings.send(db, found, transaction_id=connected.outside.ids(), now=connected.now)

    connected.rest()

    assert sorted(serial.there(connected, head)) == [serial.monday(0), serial.monday(1)]
    assert len(connected.titled("Tail")) == 1


def test_a_tail_whose_answer_was_lost_is_made_once(connected: Desk) -> None:
    head = serial.settled(connected, recurrence=serial.weekly(6))
    connected.world.drop_next(after_effect=True, path_contains="/events")
    connected.world.fail_next(503, "busy", times=9, path_contains="lockstepMeeting")
    tail = serial.split(connected, head, THIRD)
    connected.turn()
    connected.world.faults.failures.clear()
    disconnect(connected)
    connected.advance(minutes=20)

    come_back(connected)

    assert sorted(serial.there(connected, tail)) == [serial.monday(n) for n in range(2, 6)]
    assert sorted(serial.there(connected, head)) == [serial.monday(0), serial.monday(1)]
    assert len(connected.titled("Tail")) == 1


def test_the_tail_of_a_split_that_was_cancelled_meanwhile_is_not_made(connected: Desk) -> None:
    head = serial.settled(connected, recurrence=serial.weekly(6))
    tail = serial.split(connected, head, THIRD)
    disconnect(connected)
    connected.cancel(tail)

    come_back(connected)

    assert sorted(serial.there(connected, head)) == [serial.monday(0), serial.monday(1)]
    assert connected.titled("Tail") == []
