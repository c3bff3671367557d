"""Dates of a series right after it was changed, while Microsoft's lists show it as it was."""

from datetime import date

import pytest

from portal.tables import Conflict
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import HOUR, WEEK, differ, here, monday, nine, there

LATE = 90  # seconds


def late(desk: Desk) -> None:
    desk.look(minutes=20)
    desk.world.turn("reads.delay", LATE)


def longer(desk: Desk, meeting_id: int) -> None:
    """Two Mondays more than the ten it has."""
    serial.change(desk, meeting_id, recurrence=serial.weekly(12))
    desk.rest()


def time_passes(desk: Desk) -> None:
    for _ in range(8):
        desk.look(seconds=20)
    desk.look(minutes=12)
    desk.look_everywhere()


@pytest.mark.invariant(6)
def test_a_date_called_off_stays_so_when_its_series_is_made_longer(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), cancelled=True)
    connected.rest()
    late(connected)

    longer(connected, meeting_id)
    time_passes(connected)

    assert set(there(connected, meeting_id)) == {monday(one) for one in range(12) if one != 2}
    assert {day: row.cancelled for day, row in here(connected, meeting_id).items()} == {
        monday(2): True
    }


@pytest.mark.invariant(6)
def test_a_date_called_off_right_after_its_series_was_made_longer_is_gone(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    late(connected)

    longer(connected, meeting_id)
    differ(connected, meeting_id, monday(2), cancelled=True)
    connected.rest()
    time_passes(connected)

    assert set(there(connected, meeting_id)) == {monday(one) for one in range(12) if one != 2}
    assert here(connected, meeting_id)[monday(2)].cancelled


@pytest.mark.invariant(3)
def test_a_new_date_of_a_series_can_be_changed_before_a_list_shows_it(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    late(connected)

    longer(connected, meeting_id)
    differ(connected, meeting_id, monday(11), title="Concert")
    connected.rest()
    time_passes(connected)

    assert there(connected, meeting_id)[monday(11)]["subject"] == "Concert"
    assert connected.rows(Conflict) == []


@pytest.mark.invariant(3)
@pytest.mark.parametrize("rule", ["outlook", "portal"])
def test_the_newer_of_two_versions_of_a_date_outlives_its_series_change(
    connected: Desk, rule: str
) -> None:
    connected.choose("conflict_rule", rule)
    meeting_id = serial.settled(connected)
    event_id = there(connected, meeting_id)[monday(2)]["id"]
    connected.world.rename_event(WHO, event_id, "With guests")
    late(connected)
    connected.world.rename_event(WHO, event_id, "Concert")
    connected.advance(seconds=10)

    longer(connected, meeting_id)
    time_passes(connected)

    assert there(connected, meeting_id)[monday(2)]["subject"] == "Concert"
    assert here(connected, meeting_id)[monday(2)].title == "Concert"
    assert connected.rows(Conflict) == []


@pytest.mark.invariant(3)
def test_a_date_changed_beyond_the_windows_outlives_the_move_of_its_series(
    connected: Desk,
) -> None:
    endless = {"type": "noEnd", "startDate": serial.MONDAY.isoformat()}
    meeting_id = serial.settled(connected, recurrence=serial.weekly() | {"range": endless})
    far = shown_on(connected, meeting_id, monday(100))
    connected.world.rename_event(WHO, far, "In two years")
    first = nine(serial.MONDAY) + HOUR

    serial.change(connected, meeting_id, starts_at=first, ends_at=first + HOUR)
    connected.rest()

    again = shown_on(connected, meeting_id, monday(100))
    assert connected.world.event(WHO, again)["subject"] == "In two years"


def shown_on(desk: Desk, meeting_id: int, day: date) -> str:
    """Id of the series' occurrence on that day."""
    near = desk.world.view(WHO, nine(day) - WEEK / 2, nine(day) + WEEK / 2)
    series = desk.outlook_id(meeting_id)
    (found,) = (one["id"] for one in near if one["seriesMasterId"] == series)
    return str(found)


@pytest.mark.invariant(6)
def test_a_list_of_exceptions_alone_calls_off_no_new_date(connected: Desk) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(2))
    for number in range(2):
        differ(connected, meeting_id, monday(number), title="With guests")
    connected.rest()
    late(connected)

    longer(connected, meeting_id)

    assert set(here(connected, meeting_id)) == {monday(0), monday(1)}
    time_passes(connected)
    assert set(here(connected, meeting_id)) == {monday(0), monday(1)}
    assert len(there(connected, meeting_id)) == 12
