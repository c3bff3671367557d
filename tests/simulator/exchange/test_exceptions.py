"""What a change of the series does to its exceptions: they differ only where they were changed."""

from typing import Any

from simulator.world import World
from tests.simulator.desk import Graph, at
from tests.simulator.exchange.story import BOB, mondays, november, seen


def moved_second(world: World, event: str) -> str:
    """The second Monday of Alice's series moves to ten o'clock; its id."""
    second: str = november(world, "alice")[1]["id"]
    world.move_event("alice", second, at(9, 10))
    return second


def shown(events: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Type, title and place of each."""
    return [(each["type"], each["subject"], each["location"]["displayName"]) for each in events]


def test_a_new_title_and_place_reach_an_exception_everywhere(world: World) -> None:
    event = mondays(world, BOB)
    moved_second(world, event)

    world.change_event("alice", event, {"subject": "Sprint", "location": {"displayName": "Hall"}})

    for who in ("alice", "bob"):
        kinds = ("occurrence", "exception", "occurrence", "occurrence")
        assert shown(november(world, who)) == [(kind, "Sprint", "Hall") for kind in kinds]
        assert november(world, who)[1]["start"]["dateTime"][:16] == "2026-11-09T10:00"


def test_what_an_exception_was_given_itself_it_keeps(world: World) -> None:
    event = mondays(world, BOB)
    second = november(world, "alice")[1]["id"]
    world.rename_event("alice", second, "Special")

    world.change_event("alice", event, {"subject": "Sprint", "location": {"displayName": "Hall"}})

    assert shown(november(world, "bob"))[1] == ("exception", "Special", "Hall")


def test_an_exception_that_took_a_word_over_has_another_etag(graph: Graph, world: World) -> None:
    event = mondays(world)
    second = moved_second(world, event)
    before = graph.get(f"/me/events/{second}")["@odata.etag"]

    world.rename_event("alice", event, "Sprint")

    assert graph.get(f"/me/events/{second}")["@odata.etag"] != before


def test_ones_own_words_for_a_copy_reach_its_exceptions(world: World) -> None:
    event = mondays(world, BOB)
    moved_second(world, event)

    world.change_event("bob", seen(world, "bob", event)["id"], {"categories": ["Blue"]})

    assert [each["categories"] for each in november(world, "bob")] == [["Blue"]] * 4


def test_accepting_a_series_leaves_its_cancelled_days_cancelled(world: World) -> None:
    event = mondays(world, BOB)
    world.cancel_event("alice", november(world, "alice")[1]["id"])

    world.answer_event("bob", seen(world, "bob", event)["id"], "accepted")

    second = november(world, "bob")[1]
    assert (second["isCancelled"], second["showAs"]) == (True, "free")
    assert second["responseStatus"]["response"] == "notResponded"
