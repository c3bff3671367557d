"""Series made and changed here: what of it goes to Outlook, and that nothing else is touched."""

from datetime import timedelta

import pytest

from portal.tables import Conflict
from tests.sync import serial
from tests.sync.desk import Desk
from tests.sync.serial import HOUR, differ, here, is_settled, monday, move, nine, starts, there

BOB = "bob@contoso.example"


def test_a_series_is_made_in_outlook_once_with_its_rhythm(connected: Desk) -> None:
    meeting_id = serial.made(connected, invitees=[BOB])
    connected.rest()

    shown = there(connected, meeting_id)
    assert [starts(shown[day]) for day in sorted(shown)] == [nine(monday(n)) for n in range(10)]
    assert len(connected.titled("Choir")) == 1
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]
    assert is_settled(connected, meeting_id)


@pytest.mark.invariant(11)
def test_one_occurrence_is_moved_renamed_and_called_off_here_and_no_other(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    before = there(connected, meeting_id)

    move(connected, meeting_id, monday(1), nine(monday(1)) + 5 * HOUR)
    differ(connected, meeting_id, monday(2), title="With guests", location="Room 7")
    differ(connected, meeting_id, monday(3), cancelled=True)
    connected.rest()

    after = there(connected, meeting_id)
    assert starts(after[monday(1)]) == nine(monday(1)) + 5 * HOUR
    assert (after[monday(2)]["subject"], after[monday(2)]["location"]["displayName"]) == (
        "With guests", "Room 7",
    )  # fmt: skip
    assert before.keys() - after.keys() == {monday(3)}
    others = [monday(n) for n in (0, *range(4, 10))]
    assert all(after[day]["type"] == "occurrence" for day in others)
    assert [one.method for one in connected.tap.writes] == ["PATCH", "PATCH", "DELETE"]
    assert is_settled(connected, meeting_id)


def test_only_the_units_that_differ_are_written(connected: Desk) -> None:
    meeting_id = serial.settled(connected)

    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()
    move(connected, meeting_id, monday(2), nine(monday(2)) + HOUR)
    connected.rest()

    sent = [set(one.fields) for one in connected.tap.writes]
    assert sent == [{"subject"}, {"start", "end", "isAllDay"}]
    assert all("if-match" in one.headers for one in connected.tap.writes)


def test_an_occurrence_that_is_as_the_series_again_is_so_in_outlook(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), title="With guests", location="Room 7")
    move(connected, meeting_id, monday(2), nine(monday(2)) + HOUR)
    connected.rest()

    differ(
        connected, meeting_id, monday(2), title=None, location=None, starts_at=None, ends_at=None
    )
    connected.rest()

    shown = there(connected, meeting_id)[monday(2)]
    series = connected.outlook(meeting_id)
    assert series is not None
    assert (shown["subject"], starts(shown)) == ("Choir", nine(monday(2)))
    assert shown["location"]["displayName"] == series["location"]["displayName"]
    assert is_settled(connected, meeting_id)


def test_those_invited_hear_why_one_occurrence_is_called_off(connected: Desk) -> None:
    meeting_id = serial.settled(connected, invitees=[BOB])

    differ(connected, meeting_id, monday(3), cancelled=True, note="The hall is closed.")
    connected.rest()

    mails = [(mail.kind, mail.to, mail.comment) for mail in connected.world.mails]
    assert mails == [("cancellation", BOB, "The hall is closed.")]
    assert monday(3) not in there(connected, meeting_id)


def test_exceptions_made_before_the_series_was_sent_follow_it(connected: Desk) -> None:
    meeting_id = serial.made(connected)
    move(connected, meeting_id, monday(1), nine(monday(1)) + 2 * HOUR)
    differ(connected, meeting_id, monday(2), cancelled=True)

    connected.rest()

    shown = there(connected, meeting_id)
    assert starts(shown[monday(1)]) == nine(monday(1)) + 2 * HOUR
    assert monday(2) not in shown
    assert is_settled(connected, meeting_id)


@pytest.mark.parametrize("exceptions", ["dropped", "kept"])
def test_exceptions_outlive_a_move_of_the_whole_series_made_here(
    connected: Desk, exceptions: str
) -> None:
    connected.world.turn("writes.move_of_series", exceptions, "alice")
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), title="With guests")
    differ(connected, meeting_id, monday(3), cancelled=True)
    connected.rest()

    first = nine(monday(0)) + HOUR
    serial.change(connected, meeting_id, starts_at=first, ends_at=first + HOUR)
    connected.rest()

    shown = there(connected, meeting_id)
    assert shown[monday(2)]["subject"] == "With guests"
    assert starts(shown[monday(2)]) == nine(monday(2)) + HOUR
    assert monday(3) not in shown
    assert set(here(connected, meeting_id)) == {monday(2), monday(3)}
    assert is_settled(connected, meeting_id)


def test_a_refused_occurrence_does_not_keep_back_the_others(connected: Desk) -> None:
    meeting_id = serial.settled(connected)

    differ(connected, meeting_id, monday(1), title="Elsewhere")
    differ(connected, meeting_id, monday(4), title="With guests")
    connected.world.fail_next(
        400, "ErrorInvalidRequest", path_contains=there(connected, meeting_id)[monday(1)]["id"]
    )
    connected.rest()

    assert connected.changes()[-1].outcome == "failed"
    assert there(connected, meeting_id)[monday(4)]["subject"] == "With guests"
    assert is_settled(connected, meeting_id)


def test_a_series_that_repeats_no_more_is_one_event_in_outlook(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()

    with connected.database.writing() as db:
        meeting = db.get_one(serial.Meeting, meeting_id)
        meeting.exceptions.clear()
    serial.change(connected, meeting_id, recurrence=None)
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert (outlook["type"], starts(outlook)) == ("singleInstance", nine(monday(0)))
    assert is_settled(connected, meeting_id)


def test_a_single_meeting_begins_to_repeat(connected: Desk) -> None:
    meeting_id = connected.settled(starts=nine(monday(0)) - connected.now)
    fresh = {"starts_at": nine(monday(0)), "ends_at": nine(monday(0)) + HOUR}

    serial.change(connected, meeting_id, recurrence=serial.weekly(), **fresh)
    connected.rest()

    assert len(there(connected, meeting_id)) == 10
    assert is_settled(connected, meeting_id)


def test_a_whole_series_is_called_off(connected: Desk) -> None:
    meeting_id = serial.settled(connected, invitees=[BOB])

    connected.cancel(meeting_id, note="No more choir.")
    connected.rest()
    connected.look_everywhere()

    assert connected.titled("Choir") == []
    assert [mail.comment for mail in connected.world.mails] == ["No more choir."]
    assert connected.in_step()


def test_an_occurrence_moved_across_the_change_of_the_clocks_keeps_its_hour(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(20))
    spring = monday(17)  # the first after the clocks go forward

    move(connected, meeting_id, spring, nine(spring) + timedelta(days=1))
    connected.rest()

    shown = there(connected, meeting_id)
    assert starts(shown[monday(16)]).hour == 8
    assert starts(shown[monday(18)]).hour == 7
    assert starts(shown[spring]) == nine(spring + timedelta(days=1))
    assert is_settled(connected, meeting_id)


def test_a_change_that_microsoft_confirms_and_does_not_keep_is_sent_again(connected: Desk) -> None:
    connected.world.turn("writes.lost_on_occurrence", True, "alice", times=1)
    meeting_id = serial.settled(connected)

    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()
    lost = there(connected, meeting_id)[monday(2)]["subject"]
    connected.look()
    connected.look()
    connected.look()

    assert lost == "Choir"
    assert there(connected, meeting_id)[monday(2)]["subject"] == "With guests"
    assert here(connected, meeting_id)[monday(2)].title == "With guests"
    assert is_settled(connected, meeting_id)


def test_what_microsoft_never_keeps_ends_as_a_conflict(connected: Desk) -> None:
    connected.world.turn("writes.lost_on_occurrence", True, "alice")
    meeting_id = serial.settled(connected)

    differ(connected, meeting_id, monday(2), title="With guests")
    for _ in range(20):
        connected.look()

    assert len(connected.tap.writes) == 4
    assert here(connected, meeting_id) == {}
    assert [one.ours for one in connected.rows(Conflict)] == [{"title": "With guests"}]


@pytest.mark.parametrize("switch", ["reads.delay", "reads.stale"])
def test_late_answers_take_nothing_back_and_send_nothing_twice(
    connected: Desk, switch: str
) -> None:
    meeting_id = serial.settled(connected)
    connected.world.turn(switch, 60, "alice")

    differ(connected, meeting_id, monday(2), title="With guests")
    differ(connected, meeting_id, monday(3), cancelled=True)
    connected.rest()
    for _ in range(8):
        connected.look(seconds=20)
    connected.look()

    assert [one.method for one in connected.tap.writes] == ["PATCH", "DELETE"]
    assert set(here(connected, meeting_id)) == {monday(2), monday(3)}
    assert is_settled(connected, meeting_id)
