"""Following Outlook: what is done there is here after the next look, once, and where it belongs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal import connections
from portal.tables import Calendar, Event
from tests.sync.desk import Desk

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)  # the Monday after


def weekly(desk: Desk, title: str = "Choir", *, count: int = 10) -> str:
    """Ten Mondays, over the turn of the year."""
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    span = {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": count}
    made: str = desk.world.add_event(
        "alice", title, NINE, zone="UTC", recurrence={"pattern": pattern, "range": span}
    )
    return made


def occurrences(desk: Desk, series: str) -> list[dict[str, Any]]:
    shown = desk.world.view("alice", NINE, NINE + timedelta(days=365))
    return [one for one in shown if one.get("seriesMasterId") == series]


def rows_of(desk: Desk, series: str) -> list[Event]:
    rows = [one for one in desk.stage.rows(Event) if one.series_id == series]
    return sorted(rows, key=lambda one: one.starts_at)


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
    assert sum("Stop" in title for title in connected.stage.titles()) == 50 - count


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
    still = sum(event.doubted_at is not None for event in connected.stage.rows(Event))
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


def test_a_renamed_series_is_renamed_once(connected: Desk) -> None:
    series = weekly(connected)
    connected.look()

    connected.world.rename_event("alice", series, "Great choir")
    connected.look()

    assert [event.kind for event in connected.cached("Great choir")] == ["master"]
    assert {row.title for row in rows_of(connected, series)} == {None}
    assert len(rows_of(connected, series)) == 10


@pytest.mark.parametrize("resend", ["series", "master_and_exception", "exception"])
def test_one_occurrence_is_moved_renamed_and_deleted(connected: Desk, resend: str) -> None:
    connected.world.person("alice").mailbox.resend = resend
    series = weekly(connected)
    connected.look()
    first, second, third = [one["id"] for one in occurrences(connected, series)][:3]

    connected.world.move_event("alice", first, NINE + timedelta(hours=5))
    connected.world.rename_event("alice", second, "Choir, with guests")
    connected.world.delete_event("alice", third)
    connected.look()

    rows = rows_of(connected, series)
    assert rows[0].starts_at == NINE + timedelta(hours=5)
    assert [event.kind for event in connected.cached("Choir, with guests")] == ["exception"]
    assert third not in {row.graph_id for row in rows}
    assert len(rows) == 9
    assert connected.in_step()


def test_an_occurrence_moved_into_another_quarter_is_there_once(connected: Desk) -> None:
    series = weekly(connected, count=7)  # the last one on 4 January
    connected.look()
    last = occurrences(connected, series)[-1]["id"]

    connected.world.move_event("alice", last, datetime(2026, 12, 30, 9, tzinfo=UTC))
    connected.look()

    assert rows_of(connected, series)[-1].starts_at == datetime(2026, 12, 30, 9, tzinfo=UTC)
    assert connected.in_step()


def test_a_deleted_series_leaves_with_its_master(connected: Desk) -> None:
    series = weekly(connected)
    connected.look()

    connected.world.delete_event("alice", series)
    connected.look_everywhere()

    assert rows_of(connected, series) == []
    assert connected.cached("Choir") == []
    assert connected.in_step()


def test_a_series_that_repeats_no_more_is_one_event(connected: Desk) -> None:
    series = weekly(connected)
    connected.look()

    connected.world.change_event("alice", series, {"recurrence": None})
    connected.look_everywhere()

    assert [event.kind for event in connected.cached("Choir")] == ["single"]
    assert rows_of(connected, series) == []
    assert connected.in_step()


def test_an_event_that_begins_to_repeat_is_a_series(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", NINE, zone="UTC")
    connected.look()

    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    span = {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": 10}
    connected.world.change_event(
        "alice", visit, {"recurrence": {"pattern": pattern, "range": span}}
    )
    connected.look_everywhere()

    assert len(rows_of(connected, visit)) == 10
    assert connected.in_step()


def test_words_of_an_all_day_series_are_kept_by_date(connected: Desk) -> None:
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": "2026-12-30", "numberOfOccurrences": 4}
    series = connected.world.add_event(
        "alice", "Away", date(2026, 12, 30), recurrence={"pattern": pattern, "range": span}
    )

    connected.look()

    days = [row.first_day for row in rows_of(connected, series)]
    assert days == [date(2026, 12, 30) + timedelta(days=n) for n in range(4)]
    assert connected.in_step()


def test_a_quiet_mailbox_costs_one_request_for_each_window_that_is_due(connected: Desk) -> None:
    weekly(connected)
    connected.look()
    connected.tap.clear()

    connected.look()

    hot = [one for one in connected.windows() if one.looked_at == connected.now]
    assert len(connected.tap.graph) == len(hot)
    assert connected.tap.writes == []


def calendar(desk: Desk, name: str) -> Calendar:
    return next(one for one in desk.stage.rows(Calendar) if one.name == name)


def tick(desk: Desk, *names: str) -> None:
    """The person's choice: the default calendar stays the target, and these are read beside it."""
    with desk.stage.portal.writing() as db:
        connection = connections.by_id(db, desk.connection().id)
        held = {one.name: one for one in connection.calendars}
        target = next(one for one in connection.calendars if one.is_default)
        chosen = {held[name].id for name in names}
        connections.choose_calendars(db, connection, ticked=chosen, target=target, now=desk.now)
