"""What rounds leave out, add, or tell in another way."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, at, weekly
from tests.simulator.graph.test_delta import kinds, standup


@pytest.fixture
def series(graph: Graph, world: World) -> list[Any]:
    """A series of nine whose third occurrence has another name; its entries in a first round."""
    standup(world)
    third = graph.first_round()[0][3]["id"]
    world.rename_event("alice", third, "With guests")
    return graph.first_round()[0]


@pytest.mark.switch("delta.replays")
def test_old_changes_come_once_more(graph: Graph, world: World) -> None:
    lunch, dinner = (world.add_event("alice", name, at(4, 12)) for name in ("Lunch", "Dinner"))
    _, link = graph.first_round()
    world.turn("delta.replays", True, "alice")

    world.rename_event("alice", lunch, "Brunch")
    first, link = graph.round(link)
    world.delete_event("alice", dinner)
    second, link = graph.round(link)
    third, link = graph.round(link)
    fourth, _ = graph.round(link)

    assert [each["id"] for each in first] == [lunch]
    assert [each["id"] for each in second] == [lunch, dinner]
    assert [each["id"] for each in third] == [dinner]
    assert fourth == []


@pytest.mark.switch("delta.unchanged")
def test_unchanged_events_come_again_and_again(graph: Graph, world: World) -> None:
    lunch, *_ = [world.add_event("alice", name, at(4, 12)) for name in ("Lunch", "Dinner")]
    told, link = graph.first_round()
    world.turn("delta.unchanged", 1, "alice")

    first, link = graph.round(link)
    second, _ = graph.round(link)

    assert first == second == told[:1]
    assert first[0]["id"] == lunch


@pytest.mark.switch("delta.masters")
@pytest.mark.parametrize(
    ("position", "first", "later"),
    [("sent", True, True), ("missing_later", True, False), ("missing", False, False)],
)
def test_masters_may_be_missing(
    graph: Graph, world: World, position: str, first: bool, later: bool
) -> None:
    master = standup(world)
    world.turn("delta.masters", position, "alice")

    entries, link = graph.first_round()
    world.rename_event("alice", master, "Stand-up, renamed")
    changed, _ = graph.round(link)

    assert ("seriesMaster" in kinds(entries), "seriesMaster" in kinds(changed)) == (first, later)
    assert kinds(entries).count("occurrence") == kinds(changed).count("occurrence") == 9
    assert {each["seriesMasterId"] for each in changed[1:]} == {master}


@pytest.mark.switch("delta.orphans")
def test_an_exception_may_come_without_its_series(
    graph: Graph, world: World, series: list[Any]
) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    world.turn("delta.orphans", True, "alice")

    entries, _ = graph.first_round()

    assert kinds(entries) == ["exception", "singleInstance"]
    assert entries[0]["seriesMasterId"] == series[0]["id"]
    assert entries[1]["id"] == lunch


@pytest.mark.switch("delta.exceptions")
def test_exceptions_come_whole_or_slim(graph: Graph, world: World, series: list[Any]) -> None:
    whole = series[3]
    world.turn("delta.exceptions", "slim", "alice")

    slim = graph.first_round()[0][3]

    assert whole["subject"] == "With guests"
    assert set(slim) == set(series[1])
    assert (slim["type"], slim["id"]) == ("exception", whole["id"])


@pytest.mark.switch("delta.silent_deletes")
def test_deletions_may_never_be_told(graph: Graph, world: World) -> None:
    lunch, dinner = (world.add_event("alice", name, at(4, 12)) for name in ("Lunch", "Dinner"))
    master = standup(world)
    _, link = graph.first_round()
    world.turn("delta.silent_deletes", True, "alice")

    for gone in (lunch, master):
        world.delete_event("alice", gone)
    world.move_to_calendar("alice", dinner, "Projects")
    entries, _ = graph.round(link)

    assert [each["id"] for each in entries] == [dinner]
    assert graph.get(f"/me/calendarView?{NOVEMBER}")["value"] == []


@pytest.mark.switch("delta.lost_series")
def test_a_deleted_series_may_name_its_occurrences(
    graph: Graph, world: World, series: list[Any]
) -> None:
    _, link = graph.first_round()
    world.turn("delta.lost_series", "with_occurrences", "alice")

    world.delete_event("alice", series[0]["id"])
    entries, _ = graph.round(link)

    assert [each["id"] for each in entries] == [each["id"] for each in series]
    assert set(kinds(entries)) == {"removed"}


@pytest.mark.switch("delta.reason")
def test_removals_may_be_called_changes(graph: Graph, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    _, link = graph.first_round()
    world.turn("delta.reason", "changed", "alice")

    world.delete_event("alice", lunch)
    entries, _ = graph.round(link)

    assert [(each["id"], each["@removed"]) for each in entries] == [(lunch, {"reason": "changed"})]


def test_an_event_that_comes_back_has_left_under_its_old_id(graph: Graph, world: World) -> None:
    kept = world.add_event("alice", "Lunch", at(4, 12))
    first = graph.get(f"/me/calendarView/delta?{NOVEMBER}", Prefer="")
    link, normal = first["@odata.deltaLink"], first["value"][0]["id"]

    world.move_to_calendar("alice", kept, "Projects")
    world.move_to_calendar("alice", kept, "Calendar")

    came, left = graph.get(link, Prefer="")["value"]
    assert (came["subject"], left["id"]) == ("Lunch", normal)
    assert came["id"] != normal
    assert [each["id"] for each in graph.get(link)["value"]] == [kept]


def test_a_series_that_became_a_single_event_says_so(graph: Graph, world: World) -> None:
    master = world.add_event("alice", "Stand-up", at(2), recurrence=weekly(2, "monday"))
    _, link = graph.first_round()

    world.change_event("alice", master, {"recurrence": None})
    entries, _ = graph.round(link)

    assert [(each["id"], each["type"]) for each in entries] == [(master, "singleInstance")]
