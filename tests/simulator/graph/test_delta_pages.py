"""How the pages of a round misbehave."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import IMMUTABLE, NOVEMBER, Graph, at, weekly

FIRST = f"/me/calendarView/delta?{NOVEMBER}"


@pytest.fixture
def days(graph: Graph, world: World) -> list[str]:
    """The ids of an event on each of seven days."""
    return [world.add_event("alice", f"Day {day}", at(day)) for day in range(1, 8)]


def page(graph: Graph, link: str, size: int = 3) -> Any:
    """One page of a round."""
    return graph.get(link, Prefer=f"{IMMUTABLE}, odata.maxpagesize={size}")


def pages(graph: Graph, link: str = FIRST, size: int = 3) -> list[Any]:
    """All pages of a round."""
    found = [page(graph, link, size)]
    while "@odata.nextLink" in found[-1]:
        found.append(page(graph, found[-1]["@odata.nextLink"], size))
    return found


def sizes(found: list[Any]) -> list[int]:
    """How many entries each page has."""
    return [len(each["value"]) for each in found]


def ids(found: list[Any]) -> list[str]:
    """The ids of all entries, in order."""
    return [entry["id"] for each in found for entry in each["value"]]


def test_a_round_keeps_to_the_wished_size(graph: Graph, days: list[str]) -> None:
    found = pages(graph)

    assert sizes(found) == [3, 3, 1]
    assert ids(found) == days


@pytest.mark.switch("delta.empty_pages")
def test_empty_pages_come_in_the_middle(graph: Graph, world: World, days: list[str]) -> None:
    world.turn("delta.empty_pages", 2, "alice")

    found = pages(graph)

    assert sizes(found) == [3, 0, 0, 3, 1]
    assert ids(found) == days


@pytest.mark.switch("delta.page_size")
def test_a_page_may_have_far_more_than_was_wished(
    graph: Graph, world: World, days: list[str]
) -> None:
    world.turn("delta.page_size", 5, "alice")

    assert sizes(pages(graph)) == [5, 2]


@pytest.mark.switch("delta.repeats")
def test_the_same_event_comes_on_several_pages(graph: Graph, world: World, days: list[str]) -> None:
    world.turn("delta.repeats", True, "alice")

    found = pages(graph)

    assert sizes(found) == [3, 6, 4]
    assert ids(found)[:6] == days[:3] * 2
    assert set(ids(found)) == set(days)


@pytest.mark.switch("delta.identical_pages")
def test_a_page_comes_again_before_the_next(graph: Graph, world: World, days: list[str]) -> None:
    world.turn("delta.identical_pages", 2, "alice")

    found = pages(graph, size=5)

    assert sizes(found) == [5, 5, 5, 2, 2, 2]
    assert found[0]["value"] == found[1]["value"] == found[2]["value"]
    assert len({each.get("@odata.nextLink") for each in found}) == 6


@pytest.mark.switch("delta.loop")
def test_a_round_may_never_end(graph: Graph, world: World, days: list[str]) -> None:
    begun = page(graph, FIRST)
    world.turn("delta.loop", True, "alice")

    looped = [page(graph, begun["@odata.nextLink"])]
    for _ in range(20):
        looped.append(page(graph, looped[-1]["@odata.nextLink"]))

    assert len({each["@odata.nextLink"] for each in looped}) == 21
    assert all(each["value"] == looped[0]["value"] for each in looped)
    world.switches.all_back()
    assert ids([begun, *pages(graph, looped[-1]["@odata.nextLink"])]) == days


@pytest.mark.switch("delta.loop")
def test_a_loop_may_end_after_a_number_of_pages(
    graph: Graph, world: World, days: list[str]
) -> None:
    world.turn("delta.loop", True, "alice", times=4)

    assert sizes(pages(graph)) == [3, 3, 3, 3, 3, 3, 1]


@pytest.mark.switch("delta.loop")
def test_even_an_idle_round_may_loop(graph: Graph, world: World, days: list[str]) -> None:
    _, link = graph.first_round()
    world.turn("delta.loop", True, "alice", times=2)

    assert sizes(pages(graph, link)) == [0, 0, 0]


@pytest.mark.switch("delta.timeout")
def test_a_round_times_out_in_the_middle(graph: Graph, world: World, days: list[str]) -> None:
    world.turn("delta.timeout", True, "alice", times=1)

    link = page(graph, FIRST)["@odata.nextLink"]
    refused = graph.call("GET", link)

    assert (refused.status_code, refused.json["error"]["message"]) == (504, "")  # type: ignore[index]
    assert refused.json["error"]["code"] == "UnknownError"  # type: ignore[index]
    assert "value" in page(graph, link)


@pytest.mark.switch("delta.timeout_days")
def test_long_windows_time_out_at_any_page_size(graph: Graph, world: World) -> None:
    _, november = graph.first_round()
    world.turn("delta.timeout_days", 20, "alice")

    short = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-11-21T00:00:00Z"

    for link in (FIRST, november):
        assert graph.error("GET", link, Prefer="odata.maxpagesize=1") == (504, "UnknownError")
    assert page(graph, f"/me/calendarView/delta?{short}")["value"] == []


def test_a_long_series_makes_a_page_of_thousands(graph: Graph, world: World) -> None:
    daily = {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "noEnd", "startDate": "2026-11-02"},
    }
    world.add_event("alice", "Every day", at(2), recurrence=daily)
    world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))

    span = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2030-11-01T00:00:00Z"
    found = pages(graph, f"/me/calendarView/delta?{span}", 50)

    assert sizes(found)[0] > 1000
    assert [each["value"][0]["type"] for each in found] == ["seriesMaster"] * 2
