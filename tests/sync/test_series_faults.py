"""Series under faults: whatever is lost on the way, each occurrence is written once, as meant."""

import pytest
from sqlalchemy import select

from portal import outbox
from portal.tables import Change, Conflict
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import (
    HOUR,
    differ,
    here,
    is_settled,
    monday,
    move,
    nine,
    starts,
    there,
)
from tests.sync.tap import Killed, kill

BOB = "bob@contoso.example"
INSTANCES = "/instances"


def change_three(desk: Desk) -> int:
    meeting_id = serial.settled(desk, invitees=[BOB])
    serial.change(desk, meeting_id, title="Great choir")
    differ(desk, meeting_id, monday(1), location="Room 7")
    move(desk, meeting_id, monday(2), nine(monday(2)) + HOUR)
    differ(desk, meeting_id, monday(3), cancelled=True)
    return meeting_id


def as_meant(desk: Desk, meeting_id: int) -> bool:
    shown = there(desk, meeting_id)
    return (
        {one["subject"] for one in shown.values()} == {"Great choir"}
        and shown[monday(1)]["location"]["displayName"] == "Room 7"
        and starts(shown[monday(2)]) == nine(monday(2)) + HOUR
        and monday(3) not in shown
        and len(shown) == 9
        and set(here(desk, meeting_id)) == {monday(1), monday(2), monday(3)}
    )


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("method", "part", "skip"),
    [
        ("PATCH", "/events/", 0),
        ("PATCH", "/events/", 1),
        ("PATCH", "/events/", 2),
        ("POST", "/cancel", 0),
        ("GET", INSTANCES, 1),
    ],
)
def test_a_crash_at_any_step_resumes_with_what_is_left(
    connected: Desk, when: str, method: str, part: str, skip: int
) -> None:
    meeting_id = change_three(connected)
    getattr(connected.tap, when)(method, part, kill, skip=skip)

    with pytest.raises(Killed):
        connected.rest()
    again = connected.again()
    again.rest()

    assert as_meant(again, meeting_id)
    mails = [mail.kind for mail in again.world.mails]
    assert mails.count("cancellation") == 1
    assert is_settled(again, meeting_id)
    again.close()


def spoil(desk: Desk, *, after_effect: bool) -> None:
    """The next change of an event is lost, with its effect or without."""
    drop = desk.world.drop_next
    desk.tap.before("PATCH", "/events/", lambda: drop(after_effect=after_effect))


def put_off(desk: Desk) -> None:
    """What waits to be sent waits half an hour."""
    with desk.database.writing() as db:
        for change in db.scalars(select(Change).where(Change.done_at.is_(None))):
            outbox.postpone(change, until=desk.now + HOUR / 2, code="connection_lost")


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_lost_answer_about_one_occurrence_is_looked_up(
    connected: Desk, after_effect: bool
) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), title="With guests")
    spoil(connected, after_effect=after_effect)
    connected.rest()
    waiting = [one.done_at for one in connected.changes()][-1:]
    connected.look()

    assert waiting == [None]
    assert there(connected, meeting_id)[monday(2)]["subject"] == "With guests"
    assert is_settled(connected, meeting_id)


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("seen_first", [False, True])
def test_a_lost_answer_about_the_end_of_a_series_keeps_its_single_ones(
    connected: Desk, after_effect: bool, seen_first: bool
) -> None:
    """Microsoft drops them when the series is cut: that is no edit of theirs."""
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(1), location="Room 7")
    connected.rest()
    occurrence = there(connected, meeting_id)[monday(2)]["id"]
    connected.world.rename_event(WHO, occurrence, "With guests")
    connected.look()
    serial.change(connected, meeting_id, recurrence=serial.weekly(6))
    spoil(connected, after_effect=after_effect)
    connected.turn()
    if seen_first:  # Outlook is read before the change is tried again
        put_off(connected)
        connected.look()
    connected.rest()
    connected.look(hours=1)

    shown = there(connected, meeting_id)
    assert len(shown) == 6
    assert shown[monday(1)]["location"]["displayName"] == "Room 7"
    assert shown[monday(2)]["subject"] == "With guests"
    assert is_settled(connected, meeting_id)


def test_an_edit_after_a_lost_answer_is_not_held_against_our_own_write(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), title="First")
    spoil(connected, after_effect=True)
    connected.turn()
    differ(connected, meeting_id, monday(2), title="Second")
    connected.rest()
    connected.look()

    assert connected.rows(Conflict) == []
    assert there(connected, meeting_id)[monday(2)]["subject"] == "Second"
    assert is_settled(connected, meeting_id)


def test_an_occurrence_that_changes_while_it_is_written_is_judged_again(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    occurrence = there(connected, meeting_id)[monday(2)]["id"]
    room = {"location": {"displayName": "Room 7"}}
    change = connected.world.change_event
    connected.tap.before("PATCH", "/events/", lambda: change(WHO, occurrence, room))

    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()

    shown = there(connected, meeting_id)[monday(2)]
    assert (shown["subject"], shown["location"]["displayName"]) == ("With guests", "Room 7")
    assert here(connected, meeting_id)[monday(2)].location == "Room 7"
    assert is_settled(connected, meeting_id)


def test_a_refused_mailbox_holds_back_the_series_and_loses_nothing(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    connected.world.turn("writes.read_only", True, WHO)
    differ(connected, meeting_id, monday(2), title="With guests")
    connected.rest()
    connected.world.turn("writes.read_only", False, WHO)

    serial.change(connected, meeting_id, title="Great choir")
    connected.look(hours=2)

    shown = there(connected, meeting_id)
    assert shown[monday(2)]["subject"] == "With guests"
    assert shown[monday(1)]["subject"] == "Great choir"


@pytest.mark.invariant(8)
def test_many_edits_in_outlook_cause_no_write(connected: Desk) -> None:
    meeting_id = serial.settled(connected, invitees=[BOB])
    for number in range(30):
        shown = there(connected, meeting_id)
        day = monday(number % 10)
        connected.world.rename_event(WHO, shown[day]["id"], f"Choir {number}")
        connected.world.move_event(WHO, shown[day]["id"], nine(day) + HOUR * (number % 5))
        if number % 5 == 0:
            connected.world.rename_event(WHO, connected.outlook_id(meeting_id), f"All {number}")
        connected.look()

    assert connected.tap.writes == []
    held = {day: row.title for day, row in here(connected, meeting_id).items()}
    assert held == {monday(n): f"Choir {20 + n}" for n in range(10)}
