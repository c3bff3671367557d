"""Occurrences that Microsoft refuses: a turn may be too short to try them all."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from portal import outbox
from portal.tables import Conflict
from tests.sync import serial
from tests.sync.desk import Desk
from tests.sync.serial import HOUR, differ, here, is_settled, monday, move, nine, starts, there

SLOW = timedelta(seconds=1)  # a request: five occurrences are tried in a turn
DAYS = range(1, 9)  # of ten: there is one before and one after them
TOO_LONG = "x" * 256


def past_the_next(desk: Desk, numbers: Iterable[int] = DAYS) -> int:
    """A series some of whose occurrences are moved here to where Outlook has no room for them."""
    meeting_id = serial.settled(desk)
    for number in numbers:
        move(desk, meeting_id, monday(number), nine(monday(number)) + 8 * 24 * HOUR)
    desk.tap.takes = SLOW
    return meeting_id


def conflicts(desk: Desk) -> set[int]:
    """The numbers of the Mondays whose time was given up for Outlook's."""
    found = {one.original_day for one in desk.rows(Conflict) if one.fields == ["time"]}
    return {number for number in DAYS if monday(number) in found}


@pytest.mark.invariant(3)
def test_more_refused_days_than_a_turn_can_try_come_to_rest(connected: Desk) -> None:
    meeting_id = past_the_next(connected)

    connected.rest()

    assert conflicts(connected) == set(DAYS)
    assert here(connected, meeting_id) == {}
    assert connected.changes()[-1].outcome == outbox.DONE
    connected.tap.takes = timedelta(0)
    assert is_settled(connected, meeting_id)


@pytest.mark.invariant(3)
def test_the_last_of_a_series_makes_room_for_all_that_were_refused_before(connected: Desk) -> None:
    meeting_id = past_the_next(connected)
    last = nine(monday(9)) + 8 * 24 * HOUR
    move(connected, meeting_id, monday(9), last)

    connected.rest()

    assert conflicts(connected) == set()
    shown = there(connected, meeting_id)
    for number in DAYS:
        assert starts(shown[monday(number)]) == nine(monday(number)) + 8 * 24 * HOUR


def test_days_refused_for_their_words_end_the_change_after_one_try_each(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    for number in DAYS:
        differ(connected, meeting_id, monday(number), title=TOO_LONG)
    connected.tap.takes = SLOW

    connected.rest()

    assert len(connected.tap.writes) == len(DAYS)
    assert connected.changes()[-1].outcome == outbox.FAILED
    assert set(connected.changes()[-1].intent) == {"invite", "uninvite"}


@pytest.mark.parametrize("quiet", [False, True])
def test_a_refused_day_that_is_edited_between_turns_is_tried_again(
    connected: Desk, quiet: bool
) -> None:
    meeting_id = past_the_next(connected)
    if quiet:  # what waits then is as if it had never been sent: the edit joins it
        connected.world.fail_next(
            429, "TooManyRequests", path_contains=f"={monday(4) - timedelta(days=2)}"
        )
    connected.turn()

    move(connected, meeting_id, monday(1), nine(monday(1)) + HOUR)
    connected.look()

    assert 1 not in conflicts(connected)
    assert here(connected, meeting_id)[monday(1)].starts_at == nine(monday(1)) + HOUR
    assert starts(there(connected, meeting_id)[monday(1)]) == nine(monday(1)) + HOUR


def test_days_refused_before_the_series_changed_are_tried_again(connected: Desk) -> None:
    meeting_id = past_the_next(connected, range(1, 6))  # as many as a turn can try
    connected.turn()

    every_second = serial.weekly()
    every_second["pattern"]["interval"] = 2
    serial.change(connected, meeting_id, recurrence=every_second)
    connected.look()

    assert conflicts(connected) == set()
    shown = there(connected, meeting_id)
    for number in (2, 4):
        assert starts(shown[monday(number)]) == nine(monday(number)) + 8 * 24 * HOUR
