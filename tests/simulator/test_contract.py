"""Every kind of answer fits Microsoft's own types, for /me and for /users."""

from typing import Any

import pytest
from flask import Flask

from simulator import create_app
from simulator.world import World
from tests import wire
from tests.simulator.desk import MARK, NOVEMBER, Graph, at, timed, weekly

PLACES = ["", "/calendar", "/calendars/{calendar}"]
READS = [
    "", "/mailboxSettings", "/mailboxSettings/timeZone", "/calendars", "/calendar",
    "/calendars/{calendar}", "/events/{event}/calendar",
    *(f"{place}/{rest}" for place in PLACES for rest in (
        "events", "events/{event}", "events/{series}", "events/{series}/instances?{span}",
        "calendarView?{span}", "calendarView/delta?{span}",
    )),
]  # fmt: skip
WHOLE = {
    "subject": "Whole", "body": {"contentType": "html", "content": "<p>Hello</p>"},
    "attendees": [{"emailAddress": {"address": "kim@fabrikam.example"}, "type": "optional"}],
    "location": {"displayName": "Room 4"}, "isOnlineMeeting": True, "showAs": "tentative",
    "importance": "high", "sensitivity": "private", "categories": ["Blue"],
    "singleValueExtendedProperties": [{"id": MARK, "value": "m-1"}],
}  # fmt: skip


@pytest.fixture
def simulator(world: World) -> Flask:
    app: Flask = wire.validating(create_app(world), every=True)
    return app


@pytest.fixture
def names(graph: Graph, world: World) -> dict[str, str]:
    """What the addresses speak of: a calendar, an event, a series with an exception."""
    series = world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))
    second = world.view("alice", at(9, 0), at(10, 0))[0]["id"]
    world.rename_event("alice", second, "Another name")
    return {
        "calendar": graph.get("/me/calendars")["value"][0]["id"],
        "event": graph.create({**timed(20, 10), **WHOLE})["id"],
        "series": series,
        "span": NOVEMBER,
    }


@pytest.mark.parametrize("owner", ["/me", "/users/alice@contoso.example"])
def test_reads_fit(graph: Graph, names: dict[str, str], owner: str) -> None:
    for path in READS:
        graph.get(owner + path.format(**names))


@pytest.mark.parametrize("place", PLACES)
def test_writes_fit(graph: Graph, names: dict[str, str], place: str) -> None:
    events = f"/me{place.format(**names)}/events"
    one: Any = graph.call("POST", events, {**timed(21, 10), **WHOLE}).json
    other: Any = graph.call("POST", events, timed(22, 10)).json

    answers = [
        graph.call("PATCH", f"{events}/{one['id']}", {"subject": "Changed"}),
        graph.call("POST", f"{events}/{one['id']}/cancel", {"comment": ""}),
        graph.call("DELETE", f"{events}/{other['id']}"),
    ]

    assert [each.status_code for each in answers] == [200, 202, 204]


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
