"""Recurrences that Graph refuses, and what it makes of those it takes."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, timed, weekly

DAILY = {"type": "daily", "interval": 1}
FOR_EVER = {"type": "noEnd", "startDate": "2026-11-02"}


def made(graph: Graph, pattern: Any, span: Any) -> Any:
    """The recurrence of a new series, as it is answered."""
    recurrence = {"pattern": pattern, "range": span}
    return graph.create({**timed(2, 10), "recurrence": recurrence})["recurrence"]


@pytest.mark.parametrize(
    ("pattern", "span"),
    [
        ({**DAILY, "daysOfWeek": ["monday"]}, FOR_EVER),
        ({**DAILY, "dayOfMonth": 3}, FOR_EVER),
        ({**DAILY, "type": "weekly", "daysOfWeek": ["monday"], "month": 2}, FOR_EVER),
        ({**DAILY, "type": "weekly", "daysOfWeek": []}, FOR_EVER),
        ({**DAILY, "type": "absoluteMonthly", "dayOfMonth": 2, "index": "last"}, FOR_EVER),
        ({**DAILY, "type": "absoluteMonthly", "dayOfMonth": 32}, FOR_EVER),
        ({**DAILY, "interval": 0}, FOR_EVER),
        ({**DAILY, "interval": "1"}, FOR_EVER),
        ({**DAILY, "type": "hourly"}, FOR_EVER),
        (DAILY, {**FOR_EVER, "endDate": "2026-12-01"}),
        (DAILY, {**FOR_EVER, "numberOfOccurrences": 3}),
        (DAILY, {**FOR_EVER, "type": "numbered"}),
        (DAILY, {**FOR_EVER, "type": "numbered", "numberOfOccurrences": 3,
                 "endDate": "2026-12-01"}),
        (DAILY, {**FOR_EVER, "type": "endDate", "endDate": "2026-11-30",
                 "numberOfOccurrences": 3}),
        (DAILY, {**FOR_EVER, "type": "endDate", "endDate": "2026-11-01"}),
        (DAILY, {**FOR_EVER, "startDate": "2026-11-03"}),
        (DAILY, {"type": "noEnd"}),
        (DAILY, None),
        ("daily", FOR_EVER),
    ],
)  # fmt: skip
def test_what_a_series_cannot_be_is_refused(
    graph: Graph, world: World, pattern: Any, span: Any
) -> None:
    body = {**timed(2, 10), "recurrence": {"pattern": pattern, "range": span}}

    assert graph.error("POST", "/me/events", body) == (400, "ErrorInvalidRequest")
    assert world.events("alice") == []


def test_a_series_without_any_day_is_refused(graph: Graph) -> None:
    span = {"type": "endDate", "startDate": "2026-11-02", "endDate": "2026-11-03"}
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["sunday"]}
    body = {**timed(2, 10), "recurrence": {"pattern": pattern, "range": span}}

    refusal = graph.error("POST", "/me/events", body)

    assert refusal == (400, "ErrorRecurrenceHasNoOccurrence")


def test_an_answered_recurrence_can_be_sent_again(graph: Graph) -> None:
    answered = made(graph, DAILY, FOR_EVER)

    assert made(graph, answered["pattern"], answered["range"]) == answered
    assert answered["range"]["endDate"] == "0001-01-01"
    assert answered["pattern"] == {
        **DAILY, "month": 0, "dayOfMonth": 0, "daysOfWeek": [], "firstDayOfWeek": "sunday",
        "index": "first",
    }  # fmt: skip


def test_the_neighbour_of_an_occurrence_is_the_next_one_that_is_left(graph: Graph) -> None:
    recurrence = weekly(2, "monday", numberOfOccurrences=4)
    master = graph.create({**timed(2, 10), "recurrence": recurrence})
    found = graph.get(f"/me/events/{master['id']}/instances?{NOVEMBER}")["value"]

    graph.call("DELETE", f"/me/events/{found[1]['id']}")
    moved = graph.call("PATCH", f"/me/events/{found[0]['id']}", timed(15, 10))
    refusal = graph.error("PATCH", f"/me/events/{found[0]['id']}", timed(16, 15))

    assert moved.status_code == 200
    assert refusal == (400, "ErrorOccurrenceCrossingBoundary")


def test_sending_the_same_recurrence_again_keeps_exceptions(graph: Graph) -> None:
    recurrence = weekly(2, "monday", numberOfOccurrences=4)
    master = graph.create({**timed(2, 10), "recurrence": recurrence})
    instances = f"/me/events/{master['id']}/instances?{NOVEMBER}"
    first = graph.get(instances)["value"][0]
    graph.call("PATCH", f"/me/events/{first['id']}", {"subject": "Special"})

    graph.call("PATCH", f"/me/events/{master['id']}", {"recurrence": master["recurrence"]})

    assert graph.get(instances)["value"][0]["subject"] == "Special"
