"""This and following: the tail is made first, then the head is cut; both or neither stand."""

import pytest

from portal import outbox
from portal.tables import Conflict
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import HOUR, differ, here, is_settled, monday, nine, starts, there
from tests.sync.tap import Killed, kill

CUT = monday(6)
READINGS = 3  # of the head, before the tail is made and before the cut, as long as it is refused


def days(desk: Desk, meeting_id: int) -> list[int]:
    """Which Mondays the series has in Outlook."""
    return [(day - monday(0)).days // 7 for day in sorted(there(desk, meeting_id))]


def test_a_series_goes_on_as_another_one(connected: Desk) -> None:
    head = serial.settled(connected)
    differ(connected, head, monday(1), title="With guests")
    differ(connected, head, monday(7), title="Concert")
    connected.rest()

    tail = serial.split(connected, head, CUT)
    connected.rest()

    assert (days(connected, head), days(connected, tail)) == ([*range(6)], [*range(6, 10)])
    assert there(connected, head)[monday(1)]["subject"] == "With guests"
    assert there(connected, tail)[monday(7)]["subject"] == "Concert"
    assert connected.meeting(head).join_url == connected.meeting(tail).join_url
    assert set(connected.outcomes()) == {"done"}
    assert is_settled(connected, head)
    assert is_settled(connected, tail)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_crash_between_the_two_steps_resumes(connected: Desk, when: str, method: str) -> None:
    head = serial.settled(connected)
    tail = serial.split(connected, head, CUT)
    getattr(connected.tap, when)(method, "/events", kill)

    with pytest.raises(Killed):
        connected.rest()
    again = connected.again()
    again.rest()

    assert (days(again, head), days(again, tail)) == ([*range(6)], [*range(6, 10)])
    assert len(again.titled("Tail")) == 1
    assert is_settled(again, head)
    again.close()


def test_a_tail_that_cannot_be_made_leaves_the_series_as_it_was(connected: Desk) -> None:
    head = serial.settled(connected)
    differ(connected, head, monday(7), title="Concert")
    connected.rest()
    tail = serial.split(connected, head, CUT)
    refusal = {"path_contains": "/events", "times": READINGS + 1}
    connected.world.fail_next(400, "ErrorPropertyValidationFailure", **refusal)

    connected.rest()

    assert days(connected, head) == [*range(10)]
    assert connected.meeting(head).recurrence == serial.weekly()
    assert here(connected, head)[monday(7)].title == "Concert"
    assert connected.meeting(tail).cancelled_in == "portal"
    assert connected.titled("Tail") == []
    assert is_settled(connected, head)


def test_a_head_that_cannot_be_cut_takes_the_tail_back(connected: Desk) -> None:
    head = serial.settled(connected)
    differ(connected, head, monday(7), title="Concert")
    connected.rest()
    tail = serial.split(connected, head, CUT)
    refusal = {"path_contains": connected.outlook_id(head), "times": 2 * READINGS}
    connected.world.fail_next(400, "ErrorPropertyValidationFailure", **refusal)

    connected.rest()

    cut = next(one for one in connected.changes() if one.kind == outbox.SPLIT)
    assert (cut.outcome, cut.code) == ("failed", "ErrorPropertyValidationFailure")
    assert days(connected, head) == [*range(10)]
    assert connected.meeting(head).recurrence == serial.weekly()
    assert there(connected, head)[monday(7)]["subject"] == "Concert"
    assert connected.titled("Tail") == []
    assert connected.meeting(tail).cancelled_in == "portal"
    assert is_settled(connected, head)


def test_a_microsoft_that_does_not_tell_exceptions_with_their_series_is_asked_for_their_list(
    connected: Desk,
) -> None:
    head = serial.settled(connected)
    shown = there(connected, head)
    connected.world.rename_event(WHO, shown[monday(7)]["id"], "After the cut")
    serial.split(connected, head, CUT)
    told = {"path_contains": connected.outlook_id(head), "times": 2}
    connected.world.fail_next(400, "ErrorInvalidRequest", **told)

    connected.rest()

    assert days(connected, head) == [*range(6)]
    assert [one.theirs["title"] for one in connected.rows(Conflict)] == ["After the cut"]


@pytest.mark.invariant(4)
def test_no_tail_is_made_while_the_head_cannot_be_cut(connected: Desk) -> None:
    """Its list is from before a change there."""
    head = serial.settled(connected)
    connected.look(minutes=20)
    connected.world.turn("reads.delay", 60)
    connected.world.rename_event(WHO, connected.outlook_id(head), "Great choir")
    connected.advance(seconds=5)

    serial.split(connected, head, CUT)
    connected.rest()

    assert (connected.titled("Tail"), days(connected, head)) == ([], [*range(10)])
    for _ in range(6):
        connected.look(seconds=20)
    assert len(connected.titled("Tail")) == 1
    assert days(connected, head) == [*range(6)]


def test_an_edit_of_the_head_waits_for_the_cut_and_one_of_the_tail_joins_it(
    connected: Desk,
) -> None:
    head = serial.settled(connected)
    tail = serial.split(connected, head, CUT)
    serial.change(connected, head, title="Small choir")
    serial.change(connected, tail, title="Great choir")

    connected.rest()

    assert [one.method for one in connected.tap.writes] == ["POST", "PATCH"]
    assert {one["subject"] for one in there(connected, head).values()} == {"Small choir"}
    assert {one["subject"] for one in there(connected, tail).values()} == {"Great choir"}


def test_a_series_moved_in_outlook_while_its_end_waits_to_be_cut_is_cut_all_the_same(
    connected: Desk,
) -> None:
    head = serial.settled(connected)
    master = connected.outlook_id(head)
    connected.world.move_event(WHO, master, nine(monday(0)) + HOUR)

    tail = serial.split(connected, head, CUT)
    connected.rest()

    assert (days(connected, head), days(connected, tail)) == ([*range(6)], [*range(6, 10)])
    assert starts(there(connected, head)[monday(0)]) == nine(monday(0)) + HOUR
    assert connected.meeting(head).starts_at == nine(monday(0)) + HOUR
    assert is_settled(connected, head)


def test_a_tail_called_off_before_it_was_sent_still_ends_the_head(connected: Desk) -> None:
    head = serial.settled(connected)
    tail = serial.split(connected, head, CUT)

    connected.cancel(tail)
    connected.rest()

    assert days(connected, head) == [*range(6)]
    assert connected.titled("Tail") == []
    assert is_settled(connected, head)


@pytest.mark.invariant(3)
@pytest.mark.parametrize("late", ["reads.delay", "reads.stale", None])
def test_what_was_changed_in_outlook_before_the_cut_is_seen_first(
    connected: Desk, late: str | None
) -> None:
    meeting_id = serial.settled(connected)
    shown = there(connected, meeting_id)
    connected.look(minutes=20)
    if late is not None:
        connected.world.turn(late, 90)

    connected.world.rename_event(WHO, shown[monday(1)]["id"], "Before the cut")
    connected.world.rename_event(WHO, shown[monday(7)]["id"], "After the cut")
    serial.split(connected, meeting_id, CUT)
    connected.rest()
    connected.look_everywhere()

    assert there(connected, meeting_id)[monday(1)]["subject"] == "Before the cut"
    kept = [(one.original_day, one.theirs["title"]) for one in connected.rows(Conflict)]
    assert kept == [(monday(7), "After the cut")]


@pytest.mark.parametrize("between", ["an edit", "a refusal"])
def test_what_was_in_doubt_before_the_split_is_no_edit_of_theirs(
    connected: Desk, between: str
) -> None:
    head = serial.settled(connected)
    connected.edit(head, title="Second")
    connected.world.drop_next(after_effect=True, path_contains="/events/")
    connected.turn()
    connected.edit(head, title="Third")
    if between == "a refusal":
        connected.world.fail_next(429, "slow", times=1, path_contains="/events/")

    serial.split(connected, head, CUT)
    connected.rest()
    connected.look()

    assert connected.meeting(head).title == "Third"
    assert connected.rows(Conflict) == []
    assert days(connected, head) == [*range(6)]
