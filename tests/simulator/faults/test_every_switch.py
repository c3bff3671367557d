"""Whatever was turned, and however: afterwards the world is whole and agrees with itself."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from simulator import create_app, state
from simulator.faults.catalogue import CATALOGUE
from simulator.faults.switches import Position, Switch
from simulator.refused import Refused
from simulator.registration import CLIENT_ID
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, SCOPES, Graph, SignIn, at, timed, weekly

FEW = 3  # of whatever a number counts
MOST_PAGES = 3
NEXT_LINK = re.compile(rb'"@odata.nextLink":\s?"([^"]+)"')
BOB = "bob@contoso.example"
MEETING = {"subject": "Planning", "attendees": [{"emailAddress": {"address": BOB}}]}
TWICE = {"requests": [{"id": each, "method": "GET", "url": "/me/events"} for each in "12"]}


def unusual(switch: Switch) -> list[Position]:
    """Every position but the default; one that tells, where there are very many."""
    if switch.kind == "number":
        return [FEW]
    return [each for each in switch.choices or (False, True) if each != switch.default]


POSITIONS = [(key, each) for key, switch in CATALOGUE.items() for each in unusual(switch)]


def taken_in(url: str, content_type: str, body: bytes) -> tuple[int, str, bytes]:
    """A subscriber who answers as Microsoft wishes."""
    token = parse_qs(urlsplit(url).query).get("validationToken", [""])[0]
    return 200 if token else 202, "text/plain", token.encode()


@pytest.fixture(scope="module")
def app() -> Flask:
    """The addresses, made once; an error of our own ends a test, and is no answer 500."""
    made = create_app(World())
    made.testing = True
    return made


@pytest.fixture
def world(app: Flask) -> World:
    world: World = app.config["WORLD"]
    clock = Clock()
    vars(world).update(vars(World.seeded(people=2, events=0, now=clock)))
    world.post, world.wait = taken_in, lambda seconds: clock.advance(seconds=seconds)
    world.add_event("alice", "Weekly", at(18), recurrence=weekly(18, "wednesday"), attendees=[BOB])
    world.add_event("alice", "Lunch", at(20))
    return world


@pytest.fixture
def graph(app: Flask, world: World) -> Graph:
    return Graph(app.test_client(), world)


def day(world: World, number: int) -> str:
    """The id of what Alice has on that day."""
    return str(world.view("alice", at(number, 0), at(number, 23))[0]["id"])


def people_work(world: World) -> None:
    """At Outlook, where some of it may be refused."""
    deeds: list[Callable[[], object]] = [
        lambda: world.move_event("alice", day(world, 25), at(26, 14)),
        lambda: world.delete_event("alice", day(world, 20)),
        lambda: world.add_event("alice", "Talk", at(23), attendees=[BOB]),
        lambda: world.answer_event("bob", day(world, 18), "accepted"),
    ]
    for deed in deeds:
        with suppress(Refused):
            deed()


def application_works(graph: Graph, link: str) -> None:
    """Whatever comes of each call."""
    body = MEETING | timed(24, 9)
    known = f"/me/events/{day(graph.world, 18)}"
    attempt(graph, "POST", "/subscriptions", subscription(graph.world))
    attempt(graph, "POST", "/me/events", body | {"transactionId": "once"})
    attempt(graph, "POST", "/me/events", body | {"transactionId": "once"})
    attempt(graph, "PATCH", known, {"subject": "Kick-off"})
    attempt(graph, "POST", "/$batch", TWICE)
    attempt(graph, "DELETE", known)
    refresh(graph)
    for begun in (link, f"/me/calendarView/delta?{NOVEMBER}"):
        follow(graph, begun)


def attempt(graph: Graph, method: str, path: str, body: Any = None) -> bytes:
    with suppress(ConnectionResetError):
        return bytes(graph.call(method, path, body).data)
    return b""


def follow(graph: Graph, link: str) -> None:
    for _ in range(MOST_PAGES):
        found = NEXT_LINK.search(attempt(graph, "GET", link))
        if not found:
            return
        link = found[1].decode()


def refresh(graph: Graph) -> None:
    person, sign_in = graph.world.person("alice"), SignIn(graph.client, graph.world)
    token = graph.world.grants.issue_refresh(person.id, person.tenant.id, CLIENT_ID, SCOPES)
    with suppress(ConnectionResetError):
        sign_in.token(grant_type="refresh_token", refresh_token=token)


def subscription(world: World) -> dict[str, str]:
    return {
        "changeType": "created,updated,deleted",
        "resource": "/me/events",
        "notificationUrl": "https://app.example/hook",
        "expirationDateTime": f"{world.now() + timedelta(minutes=50):%Y-%m-%dT%H:%M:%SZ}",
    }


@pytest.mark.parametrize(("key", "position"), POSITIONS)
def test_turned_and_turned_back_the_world_agrees_with_itself(
    graph: Graph, world: World, key: str, position: Position
) -> None:
    _, link = graph.first_round()
    world.turn(key, position)
    people_work(world)
    application_works(graph, link)
    world.notices.deliver_due()

    world.switches.all_back()
    world.clock.advance(minutes=11)
    world.notices.deliver_due()
    graph.sign_in("alice")

    told, link = graph.first_round()
    shown = {
        each["id"]: each["start"]
        for each in graph.get(f"/me/calendarView?{NOVEMBER}&$top=99")["value"]
    }
    assert {each["id"]: each["start"] for each in told if each["type"] != "seriesMaster"} == shown
    assert graph.round(link)[0] == []
    state.write(world, BytesIO())
