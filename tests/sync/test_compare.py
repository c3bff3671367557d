"""The daily comparison: what rounds never tell is found all the same."""

import itertools
from datetime import timedelta

from portal.comparison import slot
from portal.tables import Link
from tests.sync import serial
from tests.sync.desk import WHO, Desk


def live_a_day(desk: Desk) -> None:
    """Long enough for the hour of the comparison to come, with looks in between."""
    for _ in range(5):
        desk.look(hours=6)


def test_a_deletion_that_is_never_reported_is_found_within_a_day(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.look()
    connected.world.turn("delta.silent_deletes", True, "alice")

    connected.world.delete_event("alice", visit)
    connected.look()
    ghosts = connected.cached("Visit")
    live_a_day(connected)

    assert len(ghosts) == 1
    assert connected.cached("Visit") == []
    assert connected.in_step()


def test_a_meeting_whose_event_was_silently_deleted_is_cancelled(connected: Desk) -> None:
    connected.world.turn("delta.silent_deletes", True, "alice")
    meeting_id = connected.settled("Planning", starts=timedelta(days=5))

    connected.world.delete_event("alice", connected.outlook_id(meeting_id))
    live_a_day(connected)

    assert connected.meeting(meeting_id).cancelled_at is not None


def test_an_event_that_a_round_lost_is_found_within_a_day(connected: Desk) -> None:
    connected.world.add_event("alice", "Lost", connected.now + timedelta(days=3))

    def lose(answer: dict[str, list[object]]) -> None:
        answer["value"] = []

    connected.tap.rewrite("GET", "calendarView/delta", lose)
    connected.look()
    before = connected.cached("Lost")
    live_a_day(connected)

    assert before == []
    assert len(connected.cached("Lost")) == 1
    assert connected.in_step()


def test_a_move_that_a_round_lost_is_found_within_a_day(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.look()
    later = connected.now + timedelta(days=3, hours=2)

    def lose(answer: dict[str, list[object]]) -> None:
        answer["value"] = []

    connected.world.move_event("alice", visit, later)
    connected.tap.rewrite("GET", "calendarView/delta", lose)
    connected.look()
    before = connected.cached("Visit")[0].starts_at
    live_a_day(connected)

    assert before < later
    assert connected.cached("Visit")[0].starts_at == later


def test_each_window_is_listed_once_a_day(connected: Desk) -> None:
    live_a_day(connected)
    connected.tap.clear()

    for _ in range(24):
        connected.look_everywhere()

    listed = [one for one in connected.tap.graph if "$select=id%2Cstart" in one.path]
    assert len(listed) == len(connected.windows())


def test_a_comparison_goes_on_where_the_turn_ended(connected: Desk) -> None:
    connected.tap.takes = timedelta(seconds=4)

    connected.look(hours=26)

    compared = [one.compared_at for one in connected.windows()]
    assert None not in compared
    assert len(set(compared)) > 1
    assert connected.in_step()


def test_a_meeting_beyond_the_coverage_is_asked_for_once_a_day(connected: Desk) -> None:
    far = connected.settled("Far away", starts=timedelta(days=900))
    connected.world.delete_event("alice", connected.outlook_id(far))

    connected.look()
    before = connected.meeting(far).cancelled_at
    live_a_day(connected)

    assert before is None
    assert connected.meeting(far).cancelled_at is not None


def test_a_meeting_beyond_the_coverage_that_is_there_stays(connected: Desk) -> None:
    far = connected.settled("Far away", starts=timedelta(days=900))

    live_a_day(connected)

    [link] = connected.rows(Link)
    assert link.checked_at is not None
    assert connected.meeting(far).cancelled_at is None


def test_a_series_whose_dates_are_all_called_off_is_still_asked_for_each_day(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(2))
    for one in serial.there(connected, meeting_id).values():
        connected.world.delete_event(WHO, one["id"])
    connected.look(days=1)
    connected.look(days=1)

    connected.world.rename_event(WHO, connected.outlook_id(meeting_id), "Given up")
    connected.look(days=1)

    assert connected.meeting(meeting_id).title == "Given up"


def test_mailboxes_are_compared_at_different_hours(connected: Desk) -> None:
    slots = sorted(slot(number, connected.now) for number in range(1, 25))

    gaps = [later - earlier for earlier, later in itertools.pairwise(slots)]
    assert all(connected.now - timedelta(days=1) < one <= connected.now for one in slots)
    assert max(gaps) < timedelta(hours=3)
    assert min(gaps) > timedelta(minutes=20)


def test_an_id_that_microsoft_never_gave_leaves_with_the_daily_comparison(connected: Desk) -> None:
    connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))

    def spoil(answer: dict[str, list[dict[str, object]]]) -> None:
        for item in answer["value"]:
            item["id"] = "AAMkADk="

    connected.tap.rewrite("GET", "calendarView/delta", spoil)
    connected.look()
    believed = len(connected.cached("Visit"))
    for _ in range(2):
        connected.look(hours=25)

    assert believed == 1
    assert connected.in_step()
