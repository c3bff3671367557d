"""The brake and series: a series is one meeting, and so many of its dates are too many."""

import pytest

from tests.sync import serial
from tests.sync.desk import Desk
from tests.sync.test_brake import cancelled, delete, is_held
from tests.sync.test_brake_both_ways import BOB, decide


def called_off(desk: Desk, meeting_id: int) -> int:
    return sum(one.cancelled for one in serial.here(desk, meeting_id).values())


def delete_dates(desk: Desk, meeting_id: int, count: int) -> None:
    shown = serial.there(desk, meeting_id)
    for day in sorted(shown)[1 : count + 1]:
        desk.world.delete_event("alice", shown[day]["id"])


@pytest.mark.parametrize(("dates", "held"), [(1, False), (20, False), (21, True), (28, True)])
def test_dates_of_a_series(connected: Desk, dates: int, held: bool) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(30))

    delete_dates(connected, meeting_id, dates)
    connected.look_everywhere()

    assert (is_held(connected), called_off(connected, meeting_id)) == (held, 0 if held else dates)
    assert connected.tap.writes == []


def test_dates_that_were_meant_to_go_are_called_off_here_and_nothing_is_written(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(30), invitees=[BOB])
    delete_dates(connected, meeting_id, 25)
    connected.look_everywhere()
    connected.world.mails.clear()

    decide(connected, cancel=True)
    connected.look_everywhere()

    assert (is_held(connected), called_off(connected, meeting_id)) == (False, 25)
    assert (connected.tap.writes, connected.world.mails) == ([], [])
    assert serial.is_settled(connected, meeting_id)


def test_a_series_is_one_meeting(connected: Desk) -> None:
    meetings = [
        serial.settled(connected, f"Series {n}", recurrence=serial.weekly(30)) for n in range(5)
    ]

    delete(connected, meetings)
    connected.look_everywhere()

    assert (cancelled(connected), is_held(connected)) == (5, False)


def test_six_series_are_too_many(connected: Desk) -> None:
    meetings = [
        serial.settled(connected, f"Series {n}", recurrence=serial.weekly(30)) for n in range(6)
    ]

    delete(connected, meetings)
    connected.look_everywhere()

    assert (cancelled(connected), is_held(connected)) == (0, True)
