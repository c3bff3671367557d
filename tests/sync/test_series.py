"""Following series in Outlook: masters hold the words, and each occurrence is there once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.tables import Event
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
    rows = [one for one in desk.rows(Event) if one.series_id == series]
    return sorted(rows, key=lambda one: one.starts_at)


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
    connected.world.turn("delta.resend", resend, "alice")
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
