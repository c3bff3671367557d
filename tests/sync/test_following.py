"""Following Outlook: what is done there is here after the next look, once, and where it belongs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import calendars, connections
from portal.tables import Calendar, Event
from tests.sync.desk import Desk
from tests.sync.test_series import rows_of, weekly

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)  # the Monday after


def test_an_added_event_appears(connected: Desk) -> None:
    connected.world.add_event("alice", "Dentist", connected.now + timedelta(days=3))

    connected.look()

    assert len(connected.cached("Dentist")) == 1
    assert connected.in_step()


def test_a_renamed_and_moved_event_is_changed_in_place(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.look()
    [before] = connected.cached("Visit")

    connected.world.rename_event("alice", visit, "Long visit")
    connected.world.move_event("alice", visit, NINE)
    connected.look()

    [after] = connected.cached("Long visit")
    assert (after.id, after.starts_at) == (before.id, NINE)


def test_a_deleted_event_leaves(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.look()

    connected.world.delete_event("alice", visit)
    connected.look()

    assert connected.cached("Visit") == []
    assert connected.in_step()


@pytest.mark.parametrize("count", [5, 21, 45])
def test_many_deletions_all_leave_and_nothing_else(connected: Desk, count: int) -> None:
    start = connected.now
    visits = [
        connected.world.add_event("alice", f"Stop {n}", start + timedelta(hours=n))
        for n in range(50)
    ]
    connected.look()

    for visit in visits[:count]:
        connected.world.delete_event("alice", visit)
    connected.look()

    assert connected.in_step()
    assert sum("Stop" in title for title in connected.titles()) == 50 - count


def test_candidates_left_at_the_end_of_a_turn_are_settled_in_the_next(connected: Desk) -> None:
    start = connected.now
    visits = [
        connected.world.add_event("alice", f"Stop {n}", start + timedelta(hours=n))
        for n in range(30)
    ]
    connected.look()
    for visit in visits:
        connected.world.delete_event("alice", visit)

    connected.advance(minutes=6)
    connected.tap.takes = timedelta(seconds=2)
    connected.turn()
    still = sum(event.doubted_at is not None for event in connected.rows(Event))
    connected.rest()

    assert still > 0
    assert connected.in_step()


@pytest.mark.parametrize("days", [60, 300, -100])
def test_an_event_moved_across_quarters_changes_its_home(connected: Desk, days: int) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.look()

    connected.world.move_event("alice", visit, connected.now + timedelta(days=days))
    connected.look()

    [event] = connected.cached("Visit")
    home = next(one for one in connected.windows() if one.id == event.home_id)
    assert home.starts_at <= event.starts_at < home.ends_at
    assert connected.in_step()


def test_an_event_moved_out_of_the_coverage_leaves_and_comes_back(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.look()

    connected.world.move_event("alice", visit, connected.now + timedelta(days=2000))
    connected.look()
    away = connected.cached("Visit")
    connected.world.move_event("alice", visit, connected.now + timedelta(days=4))
    connected.look()

    assert away == []
    assert len(connected.cached("Visit")) == 1


def test_an_event_becomes_all_day_and_back(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", NINE)
    connected.look()

    connected.world.move_event("alice", visit, date(2026, 12, 31), date(2027, 1, 2))
    connected.look()
    [whole] = connected.cached("Visit")
    connected.world.move_event("alice", visit, NINE, NINE + timedelta(hours=1))
    connected.look()
    [timed] = connected.cached("Visit")

    assert (whole.first_day, whole.end_day) == (date(2026, 12, 31), date(2027, 1, 2))
    assert (timed.all_day, timed.first_day, timed.starts_at) == (False, None, NINE)


def test_an_event_dragged_to_a_calendar_that_is_not_read_leaves(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", NINE)
    connected.look()

    connected.world.move_to_calendar("alice", visit, "Projects")
    connected.look()

    assert connected.cached("Visit") == []
    assert connected.in_step()


def test_an_event_dragged_to_another_calendar_that_is_read_moves_there(connected: Desk) -> None:
    tick(connected, "Projects")
    visit = connected.world.add_event("alice", "Visit", NINE)
    series = weekly(connected)
    connected.look()

    connected.world.move_to_calendar("alice", visit, "Projects")
    connected.world.move_to_calendar("alice", series, "Projects")
    connected.look()

    projects = calendar(connected, "Projects")
    [event] = connected.cached("Visit")
    assert event.calendar_id == projects.id
    assert {row.calendar_id for row in rows_of(connected, series)} == {projects.id}
    assert len(rows_of(connected, series)) == 10


def test_a_calendar_ticked_later_is_filled_and_one_no_longer_ticked_is_emptied(
    connected: Desk,
) -> None:
    connected.world.add_event("alice", "Milestone", NINE, calendar="Projects")

    tick(connected, "Projects")
    connected.rest()
    shown = connected.cached("Milestone")
    tick(connected)
    connected.rest()

    assert len(shown) == 1
    assert connected.cached("Milestone") == []
    assert connected.in_step()


def calendar(desk: Desk, name: str) -> Calendar:
    return next(one for one in desk.rows(Calendar) if one.name == name)


def tick(desk: Desk, *names: str) -> None:
    """The person's choice: the default calendar stays the target, and these are read beside it."""
    with desk.database.writing() as db:
        connection = connections.by_id(db, desk.connection().id)
        held = {one.name: one for one in connection.calendars}
        target = next(one for one in connection.calendars if one.is_default)
        chosen = {held[name].id for name in names}
        calendars.choose(db, connection, ticked=chosen, target=target, now=desk.now)


def forbid(desk: Desk, name: str, *, times: int = 1) -> Calendar:
    held = calendar(desk, name)
    desk.world.fail_next(
        403, "ErrorAccessDenied", times=times, path_contains=f"/calendars/{held.graph_id}/"
    )
    return held


def left_alone(desk: Desk, name: str) -> None:
    """Refused twice, a minute apart: for an hour nobody asks for this calendar."""
    forbid(desk, name, times=2)
    desk.look()
    desk.look(seconds=61)
