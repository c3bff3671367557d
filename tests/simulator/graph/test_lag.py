"""Readers who lag behind: changes show late, events are read as they were."""

from typing import Any

import pytest

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, Graph, at, timed, weekly
from tests.simulator.graph.test_delta import kinds, standup

VIEW = f"/me/calendarView?{NOVEMBER}"
DELAYED = pytest.mark.switch("reads.delay")
STALE = pytest.mark.switch("reads.stale")


def names(graph: Graph, path: str) -> list[str]:
    """The subjects a list shows."""
    return [each["subject"] for each in graph.get(path)["value"]]


@DELAYED
@pytest.mark.parametrize("path", ["/me/events", VIEW])
def test_lists_show_changes_late(graph: Graph, world: World, clock: Clock, path: str) -> None:
    lunch, dinner = (world.add_event("alice", name, at(4, 12)) for name in ("Lunch", "Dinner"))
    world.turn("reads.delay", 30, "alice")

    world.add_event("alice", "Breakfast", at(4, 7))
    world.rename_event("alice", lunch, "Brunch")
    world.delete_event("alice", dinner)

    assert names(graph, path) == ["Lunch", "Dinner"]
    clock.advance(seconds=29)
    assert names(graph, path) == ["Lunch", "Dinner"]
    clock.advance(seconds=1)
    assert sorted(names(graph, path)) == ["Breakfast", "Brunch"]


@DELAYED
def test_a_delayed_round_tells_the_world_as_it_was(
    graph: Graph, world: World, clock: Clock
) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    _, link = graph.first_round()
    world.turn("reads.delay", 60, "alice")
    told: list[Any] = []

    for name in ("Brunch", "Tea", "Dinner"):
        world.rename_event("alice", lunch, name)
        clock.advance(seconds=40)
        entries, link = graph.round(link)
        told.append([each["subject"] for each in entries])
    clock.advance(seconds=60)
    told.append([each["subject"] for each in graph.round(link)[0]])

    assert told == [[], ["Brunch"], ["Tea"], ["Dinner"]]


@DELAYED
def test_a_cursor_skips_nothing_because_of_a_delay(
    graph: Graph, world: World, clock: Clock
) -> None:
    lunch, dinner = (world.add_event("alice", name, at(4, 12)) for name in ("Lunch", "Dinner"))
    world.turn("reads.delay", 60, "alice")
    world.rename_event("alice", lunch, "Brunch")
    first, link = graph.first_round()
    world.delete_event("alice", dinner)
    made = world.add_event("alice", "Tea", at(5))

    idle, link = graph.round(link)
    clock.advance(minutes=2)
    late, link = graph.round(link)

    assert [each["subject"] for each in first] == ["Lunch", "Dinner"]
    assert idle == []
    assert {each["id"] for each in late} == {lunch, dinner, made}
    assert sorted(kinds(late)) == ["removed", "singleInstance", "singleInstance"]
    assert graph.round(link)[0] == []


@DELAYED
def test_turning_the_delay_off_shows_everything_at_once(graph: Graph, world: World) -> None:
    _, link = graph.first_round()
    world.turn("reads.delay", 600, "alice")
    made = world.add_event("alice", "Tea", at(5))
    waiting, link = graph.round(link)

    world.switches.all_back()

    assert waiting == []
    assert [each["id"] for each in graph.round(link)[0]] == [made]


@DELAYED
def test_turning_the_delay_on_takes_nothing_back(graph: Graph, world: World) -> None:
    world.add_event("alice", "Tea", at(5))
    _, link = graph.first_round()

    world.turn("reads.delay", 600, "alice")

    assert names(graph, VIEW) == ["Tea"]
    assert graph.round(link)[0] == []


@DELAYED
def test_occurrences_lag_like_everything_else(graph: Graph, world: World, clock: Clock) -> None:
    master = standup(world)
    entries, link = graph.first_round()
    world.turn("reads.delay", 30, "alice")

    world.delete_event("alice", entries[2]["id"])
    world.rename_event("alice", entries[4]["id"], "With guests")
    instances = f"/me/events/{master}/instances?{NOVEMBER}"

    assert names(graph, instances) == ["Stand-up"] * 9
    assert graph.round(link)[0] == []
    clock.advance(seconds=30)
    assert names(graph, instances).count("With guests") == 1
    assert kinds(graph.round(link)[0]).count("occurrence") == 7


@DELAYED
def test_a_new_pattern_lags(graph: Graph, world: World, clock: Clock) -> None:
    master = standup(world)
    before = graph.first_round()[0]
    world.turn("reads.delay", 30, "alice")

    world.change_event("alice", master, {"recurrence": weekly(2, "monday", endDate="2026-11-30")})

    assert graph.first_round()[0] == before
    clock.advance(seconds=30)
    assert len(graph.first_round()[0]) == 6


@DELAYED
def test_a_move_between_calendars_lags(graph: Graph, world: World, clock: Clock) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    world.turn("reads.delay", 30, "alice")

    world.move_to_calendar("alice", lunch, "Projects")

    assert names(graph, VIEW) == ["Lunch"]
    clock.advance(seconds=30)
    assert names(graph, VIEW) == []


@DELAYED
def test_invitations_and_cancellations_lag_in_the_mailbox_that_lags(
    graph: Graph, world: World, clock: Clock
) -> None:
    world.turn("reads.delay", 30, "bob")
    meeting = world.add_event("alice", "Planning", at(5), attendees=["bob@contoso.example"])
    graph.sign_in("bob")
    unseen = names(graph, VIEW)
    clock.advance(seconds=30)
    seen = names(graph, VIEW)

    world.delete_event("alice", meeting)

    assert (unseen, seen) == ([], ["Planning"])
    assert names(graph, VIEW) == ["Planning"]
    clock.advance(seconds=30)
    assert names(graph, VIEW) != ["Planning"]


@STALE
def test_an_event_is_read_as_it_was(graph: Graph, world: World, clock: Clock) -> None:
    path = f"/me/events/{graph.create({'subject': 'Lunch', **timed(20, 10)})['id']}"
    world.turn("reads.stale", 5, "alice")

    changed = graph.call("PATCH", path, {"subject": "Brunch"}).json
    stale = graph.get(path)
    clock.advance(seconds=5)

    assert changed["subject"] == "Brunch"  # type: ignore[index]
    assert stale["subject"] == "Lunch"
    assert stale["changeKey"] != changed["changeKey"]  # type: ignore[index]
    assert graph.get(path) == changed


@STALE
def test_a_deleted_event_is_read_for_a_while(graph: Graph, world: World, clock: Clock) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    world.turn("reads.stale", 5, "alice")

    world.delete_event("alice", lunch)

    assert graph.get(f"/me/events/{lunch}")["subject"] == "Lunch"
    assert names(graph, VIEW) == []
    assert graph.error("PATCH", f"/me/events/{lunch}", {}) == (404, "ErrorItemNotFound")
    clock.advance(seconds=5)
    assert graph.error("GET", f"/me/events/{lunch}") == (404, "ErrorItemNotFound")


@STALE
def test_a_new_event_is_read_at_once(graph: Graph, world: World) -> None:
    world.turn("reads.stale", 5, "alice")

    made = world.add_event("alice", "Lunch", at(4, 12))

    assert graph.get(f"/me/events/{made}")["subject"] == "Lunch"


@DELAYED
@STALE
def test_nothing_is_kept_longer_than_somebody_lags(
    graph: Graph, world: World, clock: Clock
) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    kept = world.person("alice").mailbox.hindsight
    world.rename_event("alice", lunch, "Brunch")
    assert [kept.moments, kept.versions, kept.before] == [[], {}, {}]

    world.turn("reads.delay", 30, "alice")
    world.rename_event("alice", lunch, "Tea")
    assert len(kept.versions) == 1
    clock.advance(minutes=1)
    world.turn("reads.delay", 0, "alice")
    world.rename_event("alice", lunch, "Dinner")

    assert [kept.moments, kept.versions, kept.before] == [[], {}, {}]


@pytest.mark.switch("reads.lost_stamps")
def test_a_selection_may_lose_the_time_of_change(graph: Graph, world: World) -> None:
    world.add_event("alice", "Lunch", at(4, 12))
    path = f"{VIEW}&$select=subject,lastModifiedDateTime"

    usual = graph.get(path)["value"][0]
    world.turn("reads.lost_stamps", True, "alice")

    assert "lastModifiedDateTime" in usual
    assert "lastModifiedDateTime" not in graph.get(path)["value"][0]
    assert "lastModifiedDateTime" in graph.get(VIEW)["value"][0]
