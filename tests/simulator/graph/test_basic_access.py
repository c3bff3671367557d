"""Calendars.ReadBasic: events are seen without their texts and what applications hang on them."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import MARK, NOVEMBER, Graph, at, timed

SECRET = {"contentType": "text", "content": "Between us"}


@pytest.fixture
def lunch(graph: Graph, world: World) -> str:
    event = world.add_event("alice", "Lunch", at(4, 12), body=SECRET)
    graph.sign_in("alice", "Calendars.ReadBasic")
    return event


@pytest.mark.parametrize(
    "path", ["/me/events", f"/me/calendarView?{NOVEMBER}", f"/me/calendarView/delta?{NOVEMBER}"]
)
def test_basic_reading_shows_events_without_their_texts(
    graph: Graph, lunch: str, path: str
) -> None:
    [shown] = graph.get(path)["value"]

    assert (shown["id"], shown["subject"]) == (lunch, "Lunch")
    assert not shown.keys() & {"body", "bodyPreview"}
    assert "Between us" not in str(shown)


def test_an_application_may_read_the_basics_of_everybody(graph: Graph, lunch: str) -> None:
    graph.as_app("Calendars.ReadBasic.All")

    shown = graph.get(f"/users/alice@contoso.example/events/{lunch}")

    assert shown["subject"] == "Lunch"
    assert "body" not in shown


@pytest.mark.parametrize(
    "expand",
    ["extensions", f"singleValueExtendedProperties($filter=id eq '{MARK}')"],
)
def test_what_hangs_on_events_is_more_than_basic(graph: Graph, lunch: str, expand: str) -> None:
    refusal = graph.error("GET", f"/me/events/{lunch}?$expand={expand}")

    assert refusal == (403, "ErrorAccessDenied")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "/extensions", None), ("PATCH", "", {"subject": "Dinner"}), ("DELETE", "", None),
        ("POST", "/cancel", {}), ("POST", "/extensions", {"extensionName": "a"}),
    ],
)  # fmt: skip
def test_nothing_is_written_with_it(
    graph: Graph, lunch: str, method: str, rest: str, body: Any
) -> None:
    refusal = graph.error(method, f"/me/events/{lunch}{rest}", body)

    assert refusal == (403, "ErrorAccessDenied")
    assert graph.error("POST", "/me/events", timed(5, 12)) == refusal


def test_with_more_than_basic_reading_everything_is_seen(graph: Graph, lunch: str) -> None:
    graph.sign_in("alice", "Calendars.ReadBasic", "Calendars.Read")

    assert "Between us" in graph.get(f"/me/events/{lunch}")["body"]["content"]
