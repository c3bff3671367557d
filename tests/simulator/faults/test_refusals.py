"""Refusals out of the blue: bursts and outages with the bodies that gateways send."""

import pytest
from flask import Flask

from simulator import create_app
from simulator.faults.wire import REFUSALS
from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph

VIEW = f"/me/calendarView?{NOVEMBER}"


@pytest.fixture
def simulator(world: World) -> Flask:
    """Without a judge: these answers are not Graph's own."""
    return create_app(world)


@pytest.mark.switch("wire.refuse")
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_burst_strikes_as_often_as_asked(graph: Graph, world: World, refusal: str) -> None:
    world.turn("wire.refuse", refusal, "alice", times=2)

    answers = [graph.call("GET", VIEW) for _ in range(3)]

    said = [(each.status_code, (each.json or {}).get("error", {}).get("code")) for each in answers]
    assert said == [(int(refusal[:3]), refusal[4:])] * 2 + [(200, None)]
    assert ("Retry-After" in answers[0].headers) == (answers[0].status_code in (429, 503))


def test_an_outage_lasts_until_it_is_ended_and_spares_others(graph: Graph, world: World) -> None:
    world.turn("wire.refuse", "503 ErrorServerBusy", "alice")

    refused = [graph.call("GET", VIEW).status_code for _ in range(20)]
    graph.sign_in("bob")
    spared = graph.call("GET", VIEW).status_code
    world.switches.all_back()
    graph.sign_in("alice")

    assert refused == [503] * 20
    assert spared == 200
    assert graph.get(VIEW)["value"] == []


def test_a_gateway_may_time_out_without_a_word(graph: Graph, world: World) -> None:
    world.turn("wire.refuse", "504 UnknownError")

    response = graph.call("GET", VIEW)

    assert response.json is not None
    assert response.json["error"]["message"] == ""


@pytest.mark.switch("wire.refusal_body")
@pytest.mark.parametrize(("body", "kind"), [("html", "<html>"), ("empty", "")])
def test_a_gateway_does_not_speak_json(graph: Graph, world: World, body: str, kind: str) -> None:
    world.turn("wire.refuse", "503 serviceNotAvailable")
    world.turn("wire.refusal_body", body)

    response = graph.call("GET", VIEW)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert response.mimetype == "text/html"
    assert response.text[:6] == kind


@pytest.mark.switch("wire.unauthorized_every")
def test_a_good_token_is_refused_now_and_then(graph: Graph, world: World) -> None:
    world.turn("wire.unauthorized_every", 3)

    answers = [graph.call("GET", VIEW) for _ in range(6)]

    assert [each.status_code for each in answers] == [200, 200, 401] * 2
    assert "WWW-Authenticate" in answers[2].headers


@pytest.mark.switch("wire.no_request_id")
def test_a_request_id_may_be_missing(graph: Graph, world: World) -> None:
    world.turn("wire.no_request_id", True, times=1)

    without, with_one = graph.call("GET", VIEW), graph.call("GET", VIEW)

    assert "request-id" not in without.headers
    assert len(with_one.headers["request-id"]) == 36
