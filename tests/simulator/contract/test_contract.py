"""Every kind of answer fits Microsoft's own types, for /me and for /users."""

import pytest
from flask import Flask, Response, request

from simulator import create_app
from simulator.graph.routes import ADDRESSES, MAP, OWNERS
from simulator.registration import SCOPES
from simulator.world import World
from tests import wire
from tests.simulator.contract import batch, calendars, contacts, directory, events, notices
from tests.simulator.contract.case import run
from tests.simulator.contract.events import WHOLE
from tests.simulator.desk import MARK, Graph, at, timed, weekly

CASES = [
    *events.CASES, *calendars.CASES, *contacts.CASES, *directory.CASES, *notices.CASES,
    *batch.CASES,
]  # fmt: skip
EVERYTHING = tuple(SCOPES)


def known(world: World, owner: str) -> dict[str, str]:
    """What the cases speak of before one of them has kept anything."""
    return {"owner": owner, **events.invitations(world)}


@pytest.fixture
def simulator(world: World) -> Flask:
    world.post = notices.listening
    app: Flask = wire.validating(create_app(world), every=True)
    return app


@pytest.fixture
def names(graph: Graph, world: World) -> dict[str, str]:
    """What the addresses speak of: an event, and a series with an exception."""
    series = world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))
    second = world.view("alice", at(9, 0), at(10, 0))[0]["id"]
    world.rename_event("alice", second, "Another name")
    return {"event": graph.create({**timed(20, 10), **WHOLE})["id"], "series": series}


@pytest.mark.parametrize("owner", ["/me", "/users/alice@contoso.example"])
def test_every_address_answers_as_microsoft_types_it(
    graph: Graph, world: World, simulator: Flask, owner: str
) -> None:
    reached: set[tuple[str, str]] = set()

    @simulator.after_request
    def note(response: Response) -> Response:
        if response.status_code < 300:
            rule, _ = MAP.bind("").match(request.path, request.method, return_rule=True)
            reached.add((request.method, rule.rule))
        return response

    graph.sign_in("alice", *EVERYTHING)
    run(graph, CASES, known(world, owner))

    own = "/v1.0/users/<user>" if owner == "/me" else "/v1.0/me"
    expected = {
        (f"/v1.0{start}{each.rule}", each.method)
        for each in ADDRESSES
        for start in (("",) if each.kind == "service" else OWNERS)
    }
    missed = {(m, r) for r, m in expected if not (r == own or r.startswith(f"{own}/"))} - reached
    assert not missed, f"no case of tests/simulator/contract reaches {sorted(missed)}"


def test_rounds_with_everything_in_them_fit(
    graph: Graph, world: World, names: dict[str, str]
) -> None:
    _, link = graph.first_round(size=1)

    world.delete_event("alice", names["event"])
    world.rename_event("alice", names["series"], "Changed")
    entries, _ = graph.round(link, size=1)

    assert {each.get("type", "removed") for each in entries} == {
        "seriesMaster", "occurrence", "exception", "removed",
    }  # fmt: skip


def test_expansions_fit(graph: Graph, names: dict[str, str]) -> None:
    mark = f"singleValueExtendedProperties($filter=id eq '{MARK}')"

    graph.get(f"/me/events/{names['event']}?$expand={mark},calendar")
    graph.get(f"/me/events/{names['series']}?$expand=exceptionOccurrences")


def test_the_judge_refuses_what_microsoft_would_not_say() -> None:
    good = {"value": [], "@odata.deltaLink": "x"}
    bad = [
        {"value": [{"id": 7}], "@odata.deltaLink": "x"},
        {"value": [{"id": "a", "showAs": "asleep"}], "@odata.deltaLink": "x"},
        {"value": [{"id": "a", "@removed": {"reason": "lost"}}], "@odata.deltaLink": "x"},
        {"value": []},
        {**good, "@odata.nextLink": "y"},
    ]

    wire.check("GET", "/v1.0/me/calendarView/delta", 200, good)
    for body in bad:
        with pytest.raises(wire.NotGraph):
            wire.check("GET", "/v1.0/me/calendarView/delta", 200, body)


def test_the_judge_refuses_unknown_operations_and_statuses() -> None:
    with pytest.raises(wire.NotGraph):
        wire.check("GET", "/v1.0/me/everything", 200, {})
    with pytest.raises(wire.NotGraph):
        wire.check("POST", "/v1.0/me/events", 200, {})
    with pytest.raises(wire.NotGraph):
        wire.check("GET", "/v1.0/me", 404, {"code": "ErrorItemNotFound"})
