"""events/delta: it answers in v1.0 without a promise, and its last link is worth nothing."""

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at, weekly

SINCE = "startDateTime=2026-11-10T00:00:00Z"


def test_events_come_slim_and_without_an_end(graph: Graph, world: World) -> None:
    world.add_event("alice", "Before", at(4))
    later = world.add_event("alice", "In ten years", at(4).replace(year=2036))
    series = world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))
    world.add_event("alice", "Over", at(2), recurrence=weekly(2, "monday", numberOfOccurrences=1))

    entries = graph.get(f"/me/events/delta?{SINCE}")["value"]

    assert {each["id"]: each["type"] for each in entries} == {
        later: "singleInstance", series: "seriesMaster",
    }  # fmt: skip
    assert set(entries[0]) == {"@odata.type", "@odata.etag", "id", "type", "start", "end"}


def test_without_a_start_all_events_come_in_pages(graph: Graph, world: World) -> None:
    made = [world.add_event("alice", f"Event {day}", at(day)) for day in range(1, 6)]

    first = graph.get("/me/calendar/events/delta", Prefer="odata.maxpagesize=3")
    second = graph.get(first["@odata.nextLink"])

    assert len(first["value"]) == 3
    assert "@odata.deltaLink" in second
    assert {each["id"] for each in second["value"]} == set(made[3:])


@pytest.mark.switch("delta.events_link")
def test_the_link_that_ends_the_round_is_refused(graph: Graph, world: World) -> None:
    link = graph.get(f"/me/events/delta?{SINCE}")["@odata.deltaLink"]

    assert graph.error("GET", link) == (400, "InvalidDeltaToken")


@pytest.mark.switch("delta.events_link")
def test_it_tells_changes_where_the_switch_says_so(graph: Graph, world: World) -> None:
    lunch, dinner = (world.add_event("alice", name, at(12)) for name in ("Lunch", "Dinner"))
    world.turn("delta.events_link", "works", "alice")
    link = graph.get(f"/me/events/delta?{SINCE}")["@odata.deltaLink"]

    world.rename_event("alice", lunch, "Brunch")
    world.delete_event("alice", dinner)
    changed, removed = graph.get(link)["value"]

    assert (changed["id"], removed["id"]) == (lunch, dinner)
    assert removed["@removed"] == {"reason": "deleted"}


def test_it_takes_no_options(graph: Graph) -> None:
    assert graph.error("GET", "/me/events/delta?$top=5") == (400, "ErrorInvalidUrlQuery")


def test_a_moment_nobody_can_read_is_refused(graph: Graph) -> None:
    refusal = graph.error("GET", "/me/events/delta?startDateTime=soon")

    assert refusal == (400, "ErrorInvalidParameter")
