"""Links of rounds: what they hold, whom they serve, how they die."""

from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from simulator import create_app
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, Graph, at

FIRST = f"/me/calendarView/delta?{NOVEMBER}"
GONE = (410, "SyncStateNotFound")


def half_way(graph: Graph, world: World) -> str:
    """The link to the second page of a round."""
    for day in range(1, 4):
        world.add_event("alice", f"Day {day}", at(day))
    return str(graph.get(FIRST, Prefer="odata.maxpagesize=2")["@odata.nextLink"])


def test_the_window_is_frozen_whatever_a_link_is_given_besides(graph: Graph, world: World) -> None:
    _, link = graph.first_round()
    inside = world.add_event("alice", "Lunch", at(4))

    december = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z"
    entries, _ = graph.round(f"{link}&{december}")

    assert [each["id"] for each in entries] == [inside]


def test_tokens_are_opaque(graph: Graph, world: World) -> None:
    _, link = graph.first_round()
    person = world.person("alice")

    token = urlsafe_b64decode(parse_qs(urlsplit(link).query)["$deltatoken"][0])

    for known in (person.id[:8], person.address, "CalendarView", "2026"):
        assert known.encode() not in token


def test_the_same_link_serves_twice(graph: Graph, world: World) -> None:
    _, link = graph.first_round()
    world.add_event("alice", "Lunch", at(4))

    assert graph.round(link)[0] == graph.round(link)[0] != []


def test_links_of_another_calendar_or_another_kind_are_dead(graph: Graph, world: World) -> None:
    _, link = graph.first_round()
    other = graph.get("/me/calendars")["value"][1]["id"]
    token = link.partition("?")[2]

    assert graph.error("GET", f"/me/calendars/{other}/calendarView/delta?{token}") == GONE
    assert graph.error("GET", f"/me/events/delta?{token}") == GONE
    assert graph.error("GET", link.replace("$deltatoken", "$skiptoken")) == GONE


def test_the_end_of_a_round_is_not_its_middle(graph: Graph, world: World) -> None:
    link = half_way(graph, world)

    assert graph.error("GET", link.replace("$skiptoken", "$deltatoken")) == GONE


def test_links_of_another_world_are_dead(graph: Graph, world: World, clock: Clock) -> None:
    _, link = graph.first_round()

    elsewhere = World.seeded(seed=2, events=0, now=clock)
    app: Flask = create_app(elsewhere)
    stranger = Graph(app.test_client(), elsewhere)

    assert stranger.error("GET", link) == GONE


def test_what_change_tracking_cannot_do_is_listed(graph: Graph) -> None:
    response = graph.call("GET", f"{FIRST}&$select=id&$top=5")

    assert response.status_code == 400
    assert "'$select, $top'" in response.json["error"]["message"]  # type: ignore[index]


@pytest.mark.parametrize("option", ["$expand", "$filter", "$orderby", "$search", "$top", "$skip"])
def test_options_are_refused(graph: Graph, option: str) -> None:
    assert graph.error("GET", f"{FIRST}&{option}=x") == (400, "ErrorInvalidUrlQuery")


@pytest.mark.switch("delta.dead", "delta.dead_code")
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("SyncStateNotFound", 410), ("resyncRequired", 410), ("fullSyncRequired", 410),
        ("SyncStateInvalid", 410), ("InvalidDeltaToken", 400), ("ErrorInvalidUrlQuery", 400),
    ],
)  # fmt: skip
def test_links_die_with_any_code(graph: Graph, world: World, code: str, status: int) -> None:
    _, link = graph.first_round()
    world.turn("delta.dead_code", code, "alice")
    world.turn("delta.dead", True, "alice", times=1)

    response = graph.call("GET", link)

    assert (response.status_code, response.json["error"]["code"]) == (status, code)  # type: ignore[index]
    assert "Location" not in response.headers
    assert graph.round(link)[0] == []


@pytest.mark.switch("delta.location")
def test_a_dead_link_may_say_where_to_begin_again(graph: Graph, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", at(4))
    _, link = graph.first_round()
    world.turn("delta.location", True, "alice")
    world.turn("delta.dead", True, "alice", times=1)

    again = graph.call("GET", link).headers["Location"]

    assert parse_qs(urlsplit(again).query) == parse_qs(NOVEMBER)
    assert [each["id"] for each in graph.round(again)[0]] == [lunch]


@pytest.mark.switch("delta.dead")
def test_links_in_the_middle_die_too(graph: Graph, world: World) -> None:
    link = half_way(graph, world)

    world.turn("delta.dead", True, "alice")

    assert graph.error("GET", link) == GONE


@pytest.mark.switch("delta.link_age")
def test_links_age_by_rounds(graph: Graph, world: World) -> None:
    old = half_way(graph, world)
    world.turn("delta.link_age", 1, "alice")

    graph.get(old)
    _, new = graph.first_round()
    graph.get(old)
    _, newer = graph.round(new)

    assert graph.error("GET", old) == GONE
    assert graph.round(newer)[0] == []
