"""Slow calls, slow bodies, broken connections, and answers that arrive damaged."""

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from simulator import create_app
from simulator.faults.catalogue import CATALOGUE
from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, at, timed

VIEW = f"/me/calendarView?{NOVEMBER}"


@pytest.fixture
def simulator(world: World) -> Flask:
    """Without a judge: these answers are not Graph's own."""
    return create_app(world)


@pytest.fixture
def waits(world: World) -> list[float]:
    """How long the world waited, in seconds, one entry for each time; nobody really waits."""
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        world.clock.advance(seconds=seconds)

    world.wait = wait
    return waited


@pytest.mark.switch("wire.latency")
def test_one_mailbox_is_slower_than_the_others(
    graph: Graph, world: World, waits: list[float]
) -> None:
    world.latency_ms = 100
    world.turn("wire.latency", 2_000, "alice")

    graph.get(VIEW)
    graph.sign_in("bob")
    graph.get(VIEW)

    assert waits == [2.1, 0.1]


@pytest.mark.switch("wire.slow_body")
def test_a_body_dribbles_in(graph: Graph, world: World, waits: list[float]) -> None:
    whole = graph.call("GET", VIEW).data
    world.turn("wire.slow_body", 1_000, "alice")

    response = graph.client.get(f"/v1.0{VIEW}", headers=graph.headers, buffered=False)
    with_the_head, pieces = list(waits), list(response.response)

    assert with_the_head in ([], [1.0])
    assert b"".join(pieces) == whole
    assert waits == [1.0] * len(pieces)
    assert len(pieces) > 5
    assert response.content_length == len(whole)


@pytest.mark.switch("wire.drop")
@pytest.mark.parametrize(("where", "events"), [("before", 0), ("after", 1), ("middle", 1)])
def test_a_connection_breaks_for_one_mailbox(
    graph: Graph, world: World, where: str, events: int
) -> None:
    world.turn("wire.drop", where, "alice", times=1)

    with pytest.raises(ConnectionResetError):
        assert graph.call("POST", "/me/events", timed(20, 10)).data

    assert len(world.events("alice")) == events
    assert len(graph.get(VIEW)["value"]) == events


def test_a_body_that_is_cut_has_its_first_half(graph: Graph, world: World) -> None:
    whole = graph.call("GET", VIEW).data
    world.turn("wire.drop", "middle", times=1)

    response = graph.client.get(f"/v1.0{VIEW}", headers=graph.headers, buffered=False)
    arrived = [next(iter(response.response))]
    with pytest.raises(ConnectionResetError):
        list(response.response)

    assert response.content_length == len(whole)
    assert arrived == [whole[: len(whole) // 2]]


def damaged(graph: Graph, world: World, how: str) -> TestResponse:
    """The answer with one event in it, damaged on its way."""
    world.add_event("alice", "Lunch", at(4))
    world.turn("wire.malformed", how, "alice", times=1)
    response = graph.call("GET", VIEW)
    assert response.status_code == 200
    return response


def event_in(response: TestResponse) -> dict[str, Any]:
    return dict(json.loads(response.data)["value"][0])


@pytest.mark.switch("wire.malformed")
def test_json_ends_too_early_once(graph: Graph, world: World) -> None:
    response = damaged(graph, world, "truncated")

    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(response.data)
    assert response.content_length == len(response.data)
    assert graph.get(VIEW)["value"]


def test_json_is_declared_as_a_page(graph: Graph, world: World) -> None:
    response = damaged(graph, world, "content_type")

    assert response.mimetype == "text/html"
    assert event_in(response)["subject"] == "Lunch"


def test_an_answer_is_larger_than_anybody_should_read(graph: Graph, world: World) -> None:
    response = damaged(graph, world, "huge")

    assert response.content_length == len(response.data) > 64 * 1024 * 1024
    assert event_in(response)["subject"] == "Lunch"


def test_an_answer_is_nested_deeper_than_a_stack(graph: Graph, world: World) -> None:
    response = damaged(graph, world, "deep")

    assert b"[" * 10_000 in response.data


@pytest.mark.parametrize(
    ("how", "key", "value"),
    [
        ("wrong_types", "subject", 7),
        ("unknown_members", "showAs", "asleep"),
        ("lone_surrogates", "subject", "Half a character \ud83d"),
        ("nan", "reminderMinutesBeforeStart", pytest.approx(float("nan"), nan_ok=True)),
    ],
)
def test_an_event_holds_what_nobody_expects(
    graph: Graph, world: World, how: str, key: str, value: object
) -> None:
    assert event_in(damaged(graph, world, how))[key] == value


@pytest.mark.parametrize(("how", "year"), [("year_0001", 1), ("year_9999", 9999)])
def test_an_event_lies_at_the_edge_of_time(graph: Graph, world: World, how: str, year: int) -> None:
    event = event_in(damaged(graph, world, how))

    assert datetime.fromisoformat(event["start"]["dateTime"]).year == year


def test_an_event_ends_before_it_starts(graph: Graph, world: World) -> None:
    event = event_in(damaged(graph, world, "negative_duration"))

    assert event["end"]["dateTime"] < event["start"]["dateTime"]


def test_an_event_has_a_thousand_guests(graph: Graph, world: World) -> None:
    assert len(event_in(damaged(graph, world, "many_attendees"))["attendees"]) == 1000


def test_an_answer_without_a_body_cannot_be_damaged(graph: Graph, world: World) -> None:
    event = world.add_event("alice", "Lunch", at(4))
    world.turn("wire.malformed", "truncated")

    assert graph.call("DELETE", f"/me/events/{event}").status_code == 204


@pytest.mark.parametrize("how", CATALOGUE["wire.malformed"].choices)
def test_a_batch_carries_any_damage_of_its_members(graph: Graph, world: World, how: str) -> None:
    world.add_event("alice", "Lunch", at(4))
    world.turn("wire.malformed", how)

    answer = graph.call(
        "POST", "/$batch", {"requests": [{"id": "1", "method": "GET", "url": VIEW}]}
    )

    assert answer.status_code == 200
    assert answer.data.startswith(b'{"responses":[{"id":"1","status":200')
