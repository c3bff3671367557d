"""Series changed in Outlook: what of it changes the meeting here, and that nothing is sent back."""

from datetime import datetime, timedelta

import pytest

from portal.tables import Calendar
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import HOUR, WEEK, differ, here, is_settled, monday, move, nine, there

RESENDS = ["series", "master_and_exception", "exception"]


@pytest.mark.parametrize("resend", RESENDS)
@pytest.mark.parametrize("exceptions", ["whole", "slim"])
def test_one_occurrence_is_moved_renamed_and_deleted_in_outlook(
    connected: Desk, resend: str, exceptions: str
) -> None:
    connected.world.turn("delta.resend", resend, WHO)
    connected.world.turn("delta.exceptions", exceptions, WHO)
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)

    connected.world.move_event(WHO, shown[monday(1)]["id"], nine(monday(1)) + 5 * HOUR)
    connected.world.rename_event(WHO, shown[monday(2)]["id"], "With guests")
    connected.world.delete_event(WHO, shown[monday(3)]["id"])
    connected.look()

    held = here(connected, meeting_id)
    assert set(held) == {monday(1), monday(2), monday(3)}
    assert held[monday(1)].starts_at == nine(monday(1)) + 5 * HOUR
    assert held[monday(1)].ends_at == nine(monday(1)) + 6 * HOUR
    assert (held[monday(2)].title, held[monday(2)].starts_at) == ("With guests", None)
    assert held[monday(3)].cancelled
    meeting = connected.meeting(meeting_id)
    assert (meeting.title, meeting.cancelled_at) == ("Choir", None)
    assert is_settled(connected, meeting_id)


@pytest.mark.parametrize("place", [0, 9])
def test_the_first_or_last_occurrence_is_deleted_in_outlook(connected: Desk, place: int) -> None:
    meeting_id = serial.settled(connected)

    connected.world.delete_event(WHO, there(connected, meeting_id)[monday(place)]["id"])
    connected.look()

    assert [row.cancelled for row in here(connected, meeting_id).values()] == [True]
    assert connected.meeting(meeting_id).cancelled_at is None
    assert is_settled(connected, meeting_id)


def test_an_occurrence_of_a_yearly_series_moved_by_months_is_not_gone(connected: Desk) -> None:
    pattern = {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 30, "month": 11}
    span = {"type": "noEnd", "startDate": serial.MONDAY.isoformat()}
    meeting_id = serial.settled(connected, recurrence={"pattern": pattern, "range": span})
    second = min(day for day in there(connected, meeting_id) if day > serial.MONDAY)

    connected.world.move_event(
        WHO, there(connected, meeting_id)[second]["id"], nine(second) + 20 * WEEK
    )
    connected.look_everywhere()

    held = here(connected, meeting_id)
    assert {day: row.cancelled for day, row in held.items()} == {second: False}
    assert is_settled(connected, meeting_id)


def test_a_series_renamed_in_outlook_takes_along_what_has_no_name_of_its_own(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(1), title="With guests")
    move(connected, meeting_id, monday(2), nine(monday(2)) + HOUR)
    connected.rest()

    connected.world.rename_event(WHO, connected.outlook_id(meeting_id), "Great choir")
    connected.look()

    held = here(connected, meeting_id)
    assert connected.meeting(meeting_id).title == "Great choir"
    assert {day: row.title for day, row in held.items()} == {
        monday(1): "With guests",
        monday(2): None,
    }
    assert is_settled(connected, meeting_id)


@pytest.mark.parametrize("exceptions", ["dropped", "kept"])
def test_a_series_moved_in_outlook_moves_here_with_what_became_of_its_exceptions(
    connected: Desk, exceptions: str
) -> None:
    connected.world.turn("writes.move_of_series", exceptions, WHO)
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(1), title="With guests")
    differ(connected, meeting_id, monday(2), cancelled=True)
    connected.rest()
    connected.advance(seconds=1)

    master = connected.outlook_id(meeting_id)
    connected.world.move_event(WHO, master, nine(monday(0)) + HOUR)
    connected.look()

    held = here(connected, meeting_id)
    assert connected.meeting(meeting_id).starts_at == nine(monday(0)) + HOUR
    assert set(held) == ({monday(1), monday(2)} if exceptions == "kept" else set())
    assert is_settled(connected, meeting_id)


def test_a_series_that_ends_earlier_in_outlook_ends_earlier_here(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(8), title="With guests")
    connected.rest()

    shorter = {"recurrence": serial.weekly(5)}
    connected.world.change_event(WHO, connected.outlook_id(meeting_id), shorter)
    connected.look()

    recurrence = connected.meeting(meeting_id).recurrence
    assert recurrence is not None
    assert recurrence["range"]["numberOfOccurrences"] == 5
    assert here(connected, meeting_id) == {}
    assert is_settled(connected, meeting_id)


def test_a_series_made_a_single_event_in_outlook_and_back(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()
    master = connected.outlook_id(meeting_id)

    connected.world.change_event(WHO, master, {"recurrence": None})
    connected.look_everywhere()
    single, left = connected.meeting(meeting_id).recurrence, here(connected, meeting_id)
    connected.world.change_event(WHO, master, {"recurrence": serial.weekly()})
    connected.look_everywhere()

    assert (single, left) == (None, {})
    assert connected.meeting(meeting_id).recurrence == serial.weekly()
    assert is_settled(connected, meeting_id)


def test_a_series_made_all_day_in_outlook_keeps_its_days(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    master = connected.outlook_id(meeting_id)

    connected.world.move_event(WHO, master, monday(0), monday(0) + timedelta(days=1))
    connected.look()
    second = there(connected, meeting_id)[monday(1)]["id"]
    connected.world.move_event(WHO, second, monday(1) + timedelta(days=2))
    connected.look()

    meeting, held = connected.meeting(meeting_id), here(connected, meeting_id)
    assert meeting.all_day
    assert set(held) == {monday(1)}
    moved = datetime.combine(monday(1) + timedelta(days=2), datetime.min.time(), serial.ZONE)
    assert held[monday(1)].starts_at == moved
    assert is_settled(connected, meeting_id)


@pytest.mark.parametrize("reported", ["master", "with_occurrences"])
def test_a_whole_series_deleted_in_outlook_is_called_off_here(
    connected: Desk, reported: str
) -> None:
    connected.world.turn("delta.lost_series", reported, WHO)
    meeting_id = serial.settled(connected)

    connected.world.delete_event(WHO, connected.outlook_id(meeting_id))
    connected.look()

    assert connected.meeting(meeting_id).cancelled_in == "outlook"
    assert connected.tap.writes == []


def test_a_series_moved_to_another_calendar_in_outlook_is_followed(connected: Desk) -> None:
    with connected.world.lock:
        connected.world.person(WHO).mailbox.add_calendar("Choirs")
    meeting_id = serial.settled(connected)

    connected.world.move_to_calendar(WHO, connected.outlook_id(meeting_id), "Choirs")
    connected.look()
    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()

    link = serial.link_of(connected, meeting_id)
    calendars = {row.id: row.name for row in connected.rows(Calendar)}
    assert connected.meeting(meeting_id).cancelled_at is None
    assert calendars[link.calendar_id] == "Choirs"
    moved = connected.world.view(WHO, nine(monday(2)), nine(monday(2)) + HOUR, "Choirs")
    assert [one["subject"] for one in moved] == ["With guests"]


@pytest.mark.parametrize("uid", ["different", "equal"])
def test_an_occurrence_keeps_the_identifier_of_its_series_out_of_the_link(
    connected: Desk, uid: str
) -> None:
    connected.world.turn("writes.series_uid", uid, WHO)
    meeting_id = serial.settled(connected)
    before = serial.link_of(connected, meeting_id).ical_uid

    connected.world.rename_event(WHO, there(connected, meeting_id)[monday(1)]["id"], "Theirs")
    connected.look()

    assert here(connected, meeting_id)[monday(1)].title == "Theirs"
    assert serial.link_of(connected, meeting_id).ical_uid == before


def test_an_unreadable_instance_calls_nothing_off(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)

    def spoil(found: dict[str, list[dict[str, object]]]) -> None:
        found["value"][3]["start"] = None

    connected.world.rename_event(WHO, shown[monday(1)]["id"], "Theirs")
    connected.tap.rewrite("GET", "/instances", spoil)
    connected.look()

    assert set(here(connected, meeting_id)) == {monday(1)}
    assert is_settled(connected, meeting_id)


def test_many_dates_deleted_at_once_wait_for_a_word(connected: Desk) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(30))
    for day, one in there(connected, meeting_id).items():
        if day > monday(4):
            connected.world.delete_event(WHO, one["id"])

    connected.look_everywhere()

    assert here(connected, meeting_id) == {}
    assert len(serial.link_of(connected, meeting_id).vanished) == 25
    assert connected.connection().held_at is not None
    assert connected.tap.writes == []
