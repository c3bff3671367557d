"""Adopting a series: one meeting, with its rule and whatever differs on single days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.sync.adopting import BOB, looked, meetings, only
from tests.sync.desk import Desk

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
ROOM = {"location": {"displayName": "https://meet.jit.si/weekly-choir"}}


def weekly(desk: Desk, *, start: datetime = NINE, count: int = 6, **graph: Any) -> str:
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    span = {"type": "numbered", "startDate": f"{start:%Y-%m-%d}", "numberOfOccurrences": count}
    made: str = desk.world.add_event(
        "alice", "Choir", start, zone="UTC", recurrence={"pattern": pattern, "range": span},
        **(ROOM | graph),
    )  # fmt: skip
    return made


def occurrences(desk: Desk) -> list[dict[str, Any]]:
    shown = desk.world.view("alice", NINE - timedelta(days=60), NINE + timedelta(days=365))
    return [one for one in shown if one["type"] != "singleInstance" and "hoir" in one["subject"]]


def exceptions(desk: Desk) -> dict[date, Any]:
    with desk.database.reading() as db:
        meeting = db.merge(only(desk), load=True)
        return {one.original_day: one for one in meeting.exceptions}


@pytest.mark.parametrize("form", ["whole", "slim"])
def test_a_series_becomes_one_meeting_with_its_rule(connected: Desk, form: str) -> None:
    connected.world.turn("delta.exceptions", form, "alice")
    series = weekly(connected, attendees=[BOB])

    looked(connected)
    looked(connected)

    meeting = only(connected)
    assert (meeting.title, meeting.starts_at) == ("Choir", NINE)
    assert meeting.recurrence is not None
    assert meeting.recurrence["range"]["numberOfOccurrences"] == 6
    assert connected.outlook_id(meeting.id) == series
    assert connected.changes() == []


def test_its_exceptions_come_with_it(connected: Desk) -> None:
    weekly(connected)
    first, second, third = (one["id"] for one in occurrences(connected)[:3])
    connected.world.move_event("alice", first, NINE + timedelta(hours=5))
    connected.world.rename_event("alice", second, "Choir, with guests")
    connected.world.delete_event("alice", third)

    looked(connected)
    looked(connected)

    found = exceptions(connected)
    assert set(found) == {NINE.date() + timedelta(weeks=week) for week in range(3)}
    assert found[NINE.date()].starts_at == NINE + timedelta(hours=5)
    assert found[NINE.date() + timedelta(weeks=1)].title == "Choir, with guests"
    assert found[NINE.date() + timedelta(weeks=2)].cancelled


def test_a_series_that_began_long_ago_is_adopted_while_it_goes_on(connected: Desk) -> None:
    weekly(connected, start=NINE - timedelta(weeks=40), count=60)
    weekly(
        connected,
        start=NINE - timedelta(weeks=40),
        count=3,
        location={"displayName": "https://meet.jit.si/over"},
    )

    looked(connected)
    looked(connected)

    (meeting,) = meetings(connected)
    assert meeting.starts_at == NINE - timedelta(weeks=40)
    assert connected.changes() == []


def test_a_renamed_occurrence_of_it_is_taken_over_and_nothing_written(connected: Desk) -> None:
    weekly(connected)
    looked(connected)
    connected.look()

    connected.world.rename_event("alice", occurrences(connected)[1]["id"], "Choir on stage")
    looked(connected)
    looked(connected)

    found = exceptions(connected)
    assert [one.title for one in found.values()] == ["Choir on stage"]
    assert len(meetings(connected)) == 1


def test_it_stays_quiet_over_ten_rounds(connected: Desk) -> None:
    weekly(connected, attendees=[BOB])
    looked(connected)
    looked(connected)

    for _ in range(10):
        looked(connected)

    assert len(meetings(connected)) == 1
    assert connected.changes() == []


def test_renaming_it_here_renames_the_series_alone(connected: Desk) -> None:
    series = weekly(connected)
    looked(connected)
    connected.look()
    connected.tap.clear()

    connected.edit(only(connected).id, title="Great choir")
    connected.rest()

    master = connected.world.event("alice", series)
    assert master is not None
    assert master["subject"] == "Great choir"
    assert [set(one.fields) for one in connected.tap.writes] == [{"subject"}]
