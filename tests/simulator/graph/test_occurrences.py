"""Series over Graph: instances, exceptions, cancelled occurrences, new patterns."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, timed, weekly


@pytest.fixture
def master(graph: Graph) -> Any:
    """A series on four Mondays of November 2026, ten o'clock in Berlin."""
    recurrence = weekly(2, "monday", numberOfOccurrences=4)
    return graph.create(
        {"subject": "Weekly", **timed(2, 10, "W. Europe Standard Time"), "recurrence": recurrence}
    )


def instances(graph: Graph, master: Any) -> list[Any]:
    """The occurrences in November."""
    found: list[Any] = graph.get(f"/me/events/{master['id']}/instances?{NOVEMBER}")["value"]
    return found


def test_a_master_answers_its_recurrence_with_all_fields(master: Any) -> None:
    assert master["type"] == "seriesMaster"
    assert master["recurrence"]["pattern"]["dayOfMonth"] == 0
    assert master["recurrence"]["range"]["recurrenceTimeZone"] == "W. Europe Standard Time"


def test_instances_are_whole_occurrences(graph: Graph, master: Any) -> None:
    found = instances(graph, master)

    assert [each["start"]["dateTime"][:13] for each in found] == [
        "2026-11-02T09", "2026-11-09T09", "2026-11-16T09", "2026-11-23T09",
    ]  # fmt: skip
    assert {each["seriesMasterId"] for each in found} == {master["id"]}
    assert found[1]["originalStart"] == "2026-11-09T09:00:00.0000000Z"
    assert found[1]["occurrenceId"].endswith(".2026-11-09")


def test_a_changed_occurrence_becomes_an_exception_and_leaves_the_rest(
    graph: Graph, master: Any
) -> None:
    second = instances(graph, master)[1]

    changed = graph.call("PATCH", f"/me/events/{second['id']}", timed(10, 15)).json
    found = instances(graph, master)

    assert changed is not None
    assert changed["type"] == "exception"
    assert changed["id"] == second["id"]
    assert changed["originalStart"] == "2026-11-09T09:00:00.0000000Z"
    assert [each["type"] for each in found].count("occurrence") == 3


def test_an_occurrence_may_not_pass_its_neighbour(graph: Graph, master: Any) -> None:
    second = instances(graph, master)[1]

    refusal = graph.error("PATCH", f"/me/events/{second['id']}", timed(16, 15))

    assert refusal == (400, "ErrorOccurrenceCrossingBoundary")


def test_the_day_that_counts_is_the_one_of_the_series(graph: Graph, master: Any) -> None:
    second = instances(graph, master)[1]
    # Half past midnight on the 16th in Berlin is still the 15th in UTC.
    start = {"dateTime": "2026-11-15T23:30:00", "timeZone": "UTC"}
    end = {"dateTime": "2026-11-15T23:45:00", "timeZone": "UTC"}

    refusal = graph.error("PATCH", f"/me/events/{second['id']}", {"start": start, "end": end})

    assert refusal == (400, "ErrorOccurrenceCrossingBoundary")


@pytest.mark.quirk(24)
def test_a_deleted_occurrence_is_gone_and_named_by_its_master(graph: Graph, master: Any) -> None:
    third = instances(graph, master)[2]

    graph.call("DELETE", f"/me/events/{third['id']}")
    path = f"/me/events/{master['id']}?$select=subject,cancelledOccurrences"

    assert len(instances(graph, master)) == 3
    assert graph.get(path)["cancelledOccurrences"] == [third["occurrenceId"]]
    assert graph.error("GET", f"/me/events/{third['id']}") == (404, "ErrorItemNotFound")


def test_exceptions_can_be_asked_for_with_the_master(graph: Graph, master: Any) -> None:
    first = instances(graph, master)[0]
    graph.call("PATCH", f"/me/events/{first['id']}", {"subject": "Kick-off"})

    whole = graph.get(f"/me/events/{master['id']}?$expand=exceptionOccurrences")

    assert [each["subject"] for each in whole["exceptionOccurrences"]] == ["Kick-off"]


def test_moving_a_master_drops_exceptions_and_renaming_keeps_them(
    graph: Graph, master: Any
) -> None:
    first = instances(graph, master)[0]
    graph.call("PATCH", f"/me/events/{first['id']}", {"subject": "Kick-off"})

    graph.call("PATCH", f"/me/events/{master['id']}", {"subject": "Weekly round"})
    kept = [each["type"] for each in instances(graph, master)]
    graph.call("PATCH", f"/me/events/{master['id']}", timed(3, 10))
    dropped = instances(graph, master)

    assert kept.count("exception") == 1
    assert {each["type"] for each in dropped} == {"occurrence"}
    assert len(dropped) == 4


def test_a_master_without_its_recurrence_is_a_single_event(graph: Graph, master: Any) -> None:
    changed = graph.call("PATCH", f"/me/events/{master['id']}", {"recurrence": None}).json

    assert changed is not None
    assert (changed["type"], changed["recurrence"]) == ("singleInstance", None)
    assert graph.error("GET", f"/me/events/{master['id']}/instances?{NOVEMBER}")[0] == 400


def test_a_single_event_can_become_a_series(graph: Graph, world: World) -> None:
    made = graph.create(timed(2, 10))

    series = {"recurrence": weekly(2, "monday", numberOfOccurrences=2)}
    changed = graph.call("PATCH", f"/me/events/{made['id']}", series).json

    assert changed is not None
    assert changed["type"] == "seriesMaster"
    assert len(graph.get(f"/me/calendarView?{NOVEMBER}")["value"]) == 2


def test_a_refused_pattern_changes_nothing(graph: Graph, master: Any) -> None:
    before = instances(graph, master)

    wrong = {"recurrence": {**master["recurrence"], "pattern": {"type": "hourly", "interval": 1}}}
    refusal = graph.error("PATCH", f"/me/events/{master['id']}", wrong)

    assert refusal[0] == 400
    assert instances(graph, master) == before
