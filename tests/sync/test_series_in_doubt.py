"""Series while an answer is missing, or where Outlook wins: nothing is written for nothing."""

from urllib.parse import quote

import pytest

from portal.tables import Conflict
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import HOUR, MONDAY, differ, here, is_settled, monday, nine, there
from tests.sync.test_series_faults import BOB, spoil


@pytest.mark.parametrize("delay", [0, 60])
@pytest.mark.parametrize("after_effect", [True, False])
def test_a_date_put_back_as_it_was_while_its_edit_is_in_doubt_is_so_there_too(
    connected: Desk, after_effect: bool, delay: int
) -> None:
    """Also where lists do not show yet what was done."""
    meeting_id = serial.settled(connected)
    connected.advance(minutes=20)
    connected.world.turn("reads.delay", delay)
    differ(connected, meeting_id, monday(2), title="First")
    spoil(connected, after_effect=after_effect)
    connected.turn()
    differ(connected, meeting_id, monday(2), title=None)
    for _ in range(6):
        connected.look(seconds=25)

    assert connected.rows(Conflict) == []
    assert there(connected, meeting_id)[monday(2)]["subject"] == "Choir"
    assert monday(2) not in here(connected, meeting_id) or (
        here(connected, meeting_id)[monday(2)].title is None
    )
    assert is_settled(connected, meeting_id)


def test_a_series_edited_again_while_a_date_waits_is_not_written_again_and_again(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    connected.world.turn("reads.delay", 300)
    connected.edit(meeting_id, later=HOUR)
    differ(connected, meeting_id, monday(2), location="Room 7")
    connected.rest()
    connected.edit(meeting_id, title="Renamed")
    connected.tap.clear()

    for _ in range(30):
        connected.look(seconds=40)

    master = quote(connected.outlook_id(meeting_id), safe="")
    assert len([one for one in connected.tap.writes if master in one.path]) == 1
    assert there(connected, meeting_id)[monday(2)]["location"]["displayName"] == "Room 7"
    assert is_settled(connected, meeting_id)


def check_that_theirs_stands(desk: Desk, meeting_id: int) -> None:
    """One write, over the version that was there before: it is refused, and no other follows."""
    desk.tap.clear()
    desk.rest()
    for _ in range(3):
        desk.look()
    assert len(desk.tap.writes) == 1
    assert there(desk, meeting_id)[monday(2)]["subject"] == "Theirs"
    assert is_settled(desk, meeting_id)


def test_a_series_whose_other_time_won_in_outlook_is_not_moved_from_here(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    master = connected.outlook_id(meeting_id)
    connected.edit(meeting_id, later=HOUR)
    connected.world.move_event(WHO, master, nine(MONDAY) + 2 * HOUR, nine(MONDAY) + 3 * HOUR)
    shown = there(connected, meeting_id)
    connected.world.rename_event(WHO, shown[monday(2)]["id"], "Theirs")

    check_that_theirs_stands(connected, meeting_id)


def test_a_date_whose_other_title_won_in_outlook_is_not_written_from_here(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    occurrence = there(connected, meeting_id)[monday(2)]["id"]
    rename = connected.world.rename_event
    connected.tap.before("PATCH", "/events/", lambda: rename(WHO, occurrence, "Theirs"))
    differ(connected, meeting_id, monday(2), title="Ours")

    check_that_theirs_stands(connected, meeting_id)


def test_a_date_put_back_after_a_refusal_is_not_written(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    fail = connected.world.fail_next
    connected.tap.before("PATCH", "/events/", lambda: fail(429, "slow", path_contains="/events/"))
    differ(connected, meeting_id, monday(2), title="First")
    connected.turn()
    differ(connected, meeting_id, monday(2), title=None)
    connected.tap.clear()

    for _ in range(3):
        connected.look()

    assert connected.tap.writes == []
    assert is_settled(connected, meeting_id)


def test_a_series_deleted_after_a_date_was_put_back_in_doubt_stays_deleted(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, invitees=[BOB])
    master = connected.outlook_id(meeting_id)
    differ(connected, meeting_id, monday(2), title="First")
    spoil(connected, after_effect=False)
    connected.turn()
    differ(connected, meeting_id, monday(2), title=None)
    connected.world.delete_event(WHO, master)

    for _ in range(3):
        connected.look()

    assert connected.meeting(meeting_id).cancelled_at is not None
    assert connected.titled("Choir") == []
