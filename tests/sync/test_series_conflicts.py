"""One occurrence changed on both sides: what stands, and that nothing is lost without a word."""

from datetime import date

import pytest

from portal.tables import Conflict
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import HOUR, differ, here, is_settled, monday, nine, there


def conflicts(desk: Desk) -> list[tuple[date | None, list[str], str]]:
    return [(one.original_day, one.fields, one.winner) for one in desk.rows(Conflict)]


@pytest.mark.parametrize("rule", ["outlook", "portal"])
def test_both_sides_rename_the_same_occurrence(connected: Desk, rule: str) -> None:
    connected.choose("conflict_rule", rule)
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)

    connected.world.rename_event(WHO, shown[monday(1)]["id"], "Theirs")
    differ(connected, meeting_id, monday(1), title="Ours")
    connected.rest()

    expected = "Theirs" if rule == "outlook" else "Ours"
    assert conflicts(connected) == [(monday(1), ["title"], rule)]
    assert here(connected, meeting_id)[monday(1)].title == expected
    assert there(connected, meeting_id)[monday(1)]["subject"] == expected
    assert is_settled(connected, meeting_id)


def test_different_things_of_one_occurrence_are_changed_on_both_sides(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)

    connected.world.move_event(WHO, shown[monday(1)]["id"], nine(monday(1)) + HOUR)
    differ(connected, meeting_id, monday(1), title="Ours")
    connected.rest()

    assert conflicts(connected) == []
    assert here(connected, meeting_id)[monday(1)].starts_at == nine(monday(1)) + HOUR
    assert there(connected, meeting_id)[monday(1)]["subject"] == "Ours"
    assert is_settled(connected, meeting_id)


def test_called_off_here_stands_against_an_edit_in_outlook(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)

    connected.world.rename_event(WHO, shown[monday(1)]["id"], "Theirs")
    differ(connected, meeting_id, monday(1), cancelled=True)
    connected.rest()

    assert conflicts(connected) == [(monday(1), ["title"], "portal")]
    assert monday(1) not in there(connected, meeting_id)
    assert is_settled(connected, meeting_id)


def test_deleted_in_outlook_stands_and_the_edit_made_here_is_kept_as_a_conflict(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)

    connected.world.delete_event(WHO, shown[monday(1)]["id"])
    differ(connected, meeting_id, monday(1), title="Ours")
    connected.rest()
    connected.look(hours=2)

    assert conflicts(connected) == [(monday(1), ["title"], "outlook")]
    assert here(connected, meeting_id)[monday(1)].cancelled
    assert is_settled(connected, meeting_id)


def test_the_series_is_edited_in_outlook_while_an_exception_waits_here(connected: Desk) -> None:
    meeting_id = serial.settled(connected)

    connected.world.rename_event(WHO, connected.outlook_id(meeting_id), "Great choir")
    differ(connected, meeting_id, monday(1), location="Room 7")
    connected.rest()

    shown = there(connected, meeting_id)[monday(1)]
    assert connected.meeting(meeting_id).title == "Great choir"
    assert (shown["subject"], shown["location"]["displayName"]) == ("Great choir", "Room 7")
    assert conflicts(connected) == []
    assert is_settled(connected, meeting_id)


def test_an_unsent_edit_of_an_occurrence_that_the_series_lost_is_kept_as_a_conflict(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    shorter = {"recurrence": serial.weekly(5)}
    connected.world.change_event(WHO, connected.outlook_id(meeting_id), shorter)

    differ(connected, meeting_id, monday(8), title="With guests")
    connected.rest()
    connected.look_everywhere()

    assert (monday(8), ["title"], "outlook") in conflicts(connected)
    assert here(connected, meeting_id) == {}
    assert is_settled(connected, meeting_id)


def test_an_occurrence_that_outlook_has_no_room_for_any_more_is_a_conflict(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)
    ours, theirs = nine(monday(2)) - 2 * HOUR * 24, nine(monday(2)) - 4 * HOUR * 24

    connected.world.move_event(WHO, shown[monday(2)]["id"], theirs)
    differ(connected, meeting_id, monday(1), starts_at=ours, ends_at=ours + HOUR, title="Ours")
    connected.rest()

    assert conflicts(connected) == [(monday(1), ["time"], "outlook")]
    assert connected.changes()[-1].outcome == "done"
    assert here(connected, meeting_id)[monday(1)].starts_at is None
    assert there(connected, meeting_id)[monday(1)]["subject"] == "Ours"
    assert is_settled(connected, meeting_id)


def test_two_neighbours_moved_here_make_room_for_each_other(connected: Desk) -> None:
    meeting_id = serial.settled(connected)

    serial.move(connected, meeting_id, monday(1), nine(monday(2)) + 24 * HOUR)
    serial.move(connected, meeting_id, monday(2), nine(monday(2)) + 72 * HOUR)
    connected.rest()

    assert conflicts(connected) == []
    assert connected.changes()[-1].outcome == "done"
    moved = there(connected, meeting_id)
    assert serial.starts(moved[monday(1)]) == nine(monday(2)) + 24 * HOUR
    assert serial.starts(moved[monday(2)]) == nine(monday(2)) + 72 * HOUR
    assert is_settled(connected, meeting_id)
