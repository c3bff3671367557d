"""The brake: one deletion is taken over at once, many wait until a person has seen the list."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from portal import connections, removals
from portal.tables import Meeting
from sync.guards.brake import Counted, holds, may_vanish
from tests.sync.desk import Desk

BOB = "bob@contoso.example"


def several(desk: Desk, count: int, *, apart: timedelta = timedelta(days=2)) -> list[int]:
    """So many meetings of Alice's in Outlook, with nothing on the way."""
    made = [desk.schedule(f"Meeting {n}", starts=(n + 1) * apart) for n in range(count)]
    desk.rest()
    desk.tap.clear()
    return made


def delete(desk: Desk, meeting_ids: Iterable[int]) -> None:
    for meeting_id in meeting_ids:
        desk.world.delete_event("alice", desk.outlook_id(meeting_id))


def cancelled(desk: Desk) -> int:
    return sum(one.cancelled_at is not None for one in desk.rows(Meeting))


def is_held(desk: Desk) -> bool:
    connection = desk.connection()
    assert (connection.held_at is not None) == (connection.state == connections.HELD)
    return connection.held_at is not None


def waiting(desk: Desk) -> list[removals.Removal]:
    with desk.database.reading() as db:
        return removals.pending(db, desk.connection().id)


@pytest.mark.parametrize(
    ("counted", "held"),
    [
        (Counted(0, 10), False),
        (Counted(1, 1), False),
        (Counted(5, 5), False),
        (Counted(5, 10), False),
        (Counted(6, 6), True),
        (Counted(6, 10), True),
        (Counted(6, 59), True),
        (Counted(6, 60), False),
        (Counted(10, 100), False),
        (Counted(11, 100), True),
        (Counted(20, 200), False),
        (Counted(21, 200), True),
        (Counted(20, 500), False),
        (Counted(21, 500), True),
        (Counted(50, 500), True),
        (Counted(500, 500), True),
        (Counted(1, 0), False),
        (Counted(6, 0), True),
        (Counted(1, 100, of_hour=19), False),
        (Counted(1, 100, of_hour=20), True),
        (Counted(3, 100, of_hour=17), False),
        (Counted(3, 100, of_hour=18), True),
        (Counted(0, 100, of_hour=25), False),
        (Counted(1, 10, of_round=4), False),
        (Counted(1, 10, of_round=5), True),
        (Counted(1, 54, of_round=6), True),
        (Counted(0, 10, with_dates=True), True),
        (Counted(1, 10, with_dates=True), True),
    ],
)
def test_the_limits(counted: Counted, held: bool) -> None:
    assert holds(counted) == held


@pytest.mark.parametrize(("dates", "may"), [(1, True), (20, True), (21, False), (365, False)])
def test_twenty_dates_of_a_series_may_vanish_at_once(dates: int, may: bool) -> None:
    assert may_vanish(dates) == may


@pytest.mark.invariant(7)
@pytest.mark.parametrize(
    ("linked", "deleted", "held"),
    [
        (1, 1, False),
        (5, 5, False),
        (6, 6, True),
        (10, 1, False),
        (10, 5, False),
        (10, 6, True),
        (10, 10, True),
    ],
)
def test_deleted_in_outlook_at_once(connected: Desk, linked: int, deleted: int, held: bool) -> None:
    meetings = several(connected, linked)

    delete(connected, meetings[:deleted])
    connected.look()
    connected.look_everywhere()

    assert is_held(connected) == held
    assert cancelled(connected) == (0 if held else deleted)
    assert len(waiting(connected)) == (deleted if held else 0)
    assert connected.tap.writes == []


def test_one_deletion_in_outlook_is_taken_over_at_the_next_look(connected: Desk) -> None:
    meetings = several(connected, 3)

    delete(connected, meetings[:1])
    connected.look()

    assert (cancelled(connected), is_held(connected)) == (1, False)


def test_a_tenth_of_many_is_no_mishap(connected: Desk) -> None:
    meetings = several(connected, 60, apart=timedelta(hours=5))

    delete(connected, meetings[:6])
    connected.look()
    connected.look_everywhere()

    assert (cancelled(connected), is_held(connected)) == (6, False)


def test_little_by_little_no_more_than_twenty_in_an_hour(connected: Desk) -> None:
    meetings = several(connected, 60, apart=timedelta(hours=5))

    for first in range(0, 27, 3):
        delete(connected, meetings[first : first + 3])
        connected.look()

    assert (cancelled(connected), is_held(connected)) == (18, True)
    assert len(waiting(connected)) == 9


def test_little_by_little_over_a_day_is_everyday_life(connected: Desk) -> None:
    meetings = several(connected, 30, apart=timedelta(hours=9))

    for first in range(0, 27, 3):
        delete(connected, meetings[first : first + 3])
        connected.look_everywhere()

    assert (cancelled(connected), is_held(connected)) == (27, False)


def test_a_mass_deletion_over_many_windows_is_counted_as_one(connected: Desk) -> None:
    """The hot windows alone would show too few of it."""
    meetings = several(connected, 16, apart=timedelta(days=30))

    delete(connected, meetings)
    connected.look()

    assert (cancelled(connected), is_held(connected)) == (0, True)
    assert len(waiting(connected)) == 16


@pytest.mark.invariant(7)
def test_a_restart_in_between_releases_nothing(connected: Desk) -> None:
    meetings = several(connected, 8)
    delete(connected, meetings)
    connected.look()

    anew = connected.again()
    anew.look()
    anew.look_everywhere()

    assert (cancelled(anew), is_held(anew), len(waiting(anew))) == (0, True, 8)
    anew.close()


@pytest.mark.parametrize("turns", range(1, 6))
def test_a_restart_while_they_are_being_found_releases_nothing(connected: Desk, turns: int) -> None:
    meetings = several(connected, 8)
    delete(connected, meetings)
    connected.tap.takes = timedelta(seconds=4)  # few requests fit into a turn
    connected.advance(minutes=6)
    for _ in range(turns):
        connected.turn()

    anew = connected.again()
    anew.rest()

    assert (cancelled(anew), is_held(anew), len(waiting(anew))) == (0, True, 8)
    anew.close()


def test_a_held_mailbox_is_read_and_not_written(connected: Desk) -> None:
    *meetings, other = several(connected, 8)
    delete(connected, meetings)
    connected.look()

    connected.edit(other, title="Renamed here")
    connected.world.add_event("alice", "Lunch", connected.now + timedelta(hours=5))
    connected.look()
    connected.look_everywhere()

    assert len(connected.cached("Lunch")) == 1
    assert connected.tap.writes == []
    assert is_held(connected)


def test_what_comes_back_in_outlook_leaves_the_list_and_the_last_one_ends_the_hold(
    connected: Desk,
) -> None:
    meetings = several(connected, 6)
    ids = [connected.outlook_id(one) for one in meetings]
    mailbox = connected.world.person("alice").mailbox
    found = [mailbox.find(one).item for one in ids]
    delete(connected, meetings)
    connected.look()
    held = is_held(connected)

    for item in found[:5]:
        mailbox.put(item)
    connected.look()
    left = len(waiting(connected))
    mailbox.put(found[5])
    connected.look()

    assert (held, left, is_held(connected)) == (True, 1, False)
    assert (cancelled(connected), connected.tap.writes) == (0, [])


def test_what_microsoft_fails_about_is_waited_for_before_it_is_decided(connected: Desk) -> None:
    """Of eight that are gone it says so of five, and fails about three."""
    meetings = several(connected, 8)
    for meeting_id in meetings[:3]:
        its_own = f"/events/{connected.outlook_id(meeting_id)}"
        connected.world.fail_next(500, "failed", times=2, path_contains=its_own)
    delete(connected, meetings)

    connected.look()
    at_first = cancelled(connected)
    for _ in range(3):
        connected.look()

    assert (at_first, cancelled(connected), is_held(connected)) == (0, 0, True)
