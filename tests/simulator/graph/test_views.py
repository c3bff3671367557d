"""The span of a view: how it is written, how wide it may be, what touches it."""

from datetime import timedelta

import pytest

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, at, weekly

VIEWS = ["/me/calendarView", "/me/calendar/calendarView", "/me/calendarView/delta"]
FIVE_YEARS = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2030-12-31T00:00:00Z"


def span(low: str, high: str) -> str:
    """The query of a view."""
    return f"startDateTime={low}&endDateTime={high}"


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("2026-11-04T12:00:00Z", "2026-11-04T13:00:00Z", True),
        ("2026-11-04T12:00:00", "2026-11-04T12:00:01", True),
        ("2026-11-04T14:00:00%2B02:00", "2026-11-04T15:00:00%2B02:00", True),
        ("2026-11-04T07:00:00-05:00", "2026-11-04T08:00:00-05:00", True),
        ("2026-11-04T12:59:59.9999999Z", "2026-11-04T13:30:00Z", True),
        ("2026-11-04T13:00:00Z", "2026-11-04T14:00:00Z", False),
        ("2026-11-04", "2026-11-05", True),
        ("2026-11-04T11:00:00Z", "2026-11-04T12:00:00Z", False),
    ],
)
@pytest.mark.parametrize("view", VIEWS)
def test_the_offset_of_a_moment_decides(
    graph: Graph, world: World, view: str, low: str, high: str, found: bool
) -> None:
    world.add_event("alice", "Lunch", at(4, 12))

    assert bool(graph.get(f"{view}?{span(low, high)}")["value"]) is found


@pytest.mark.parametrize(
    "query",
    [
        "", "startDateTime=2026-11-01T00:00:00Z", "endDateTime=2026-11-01T00:00:00Z",
        span("2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00"),
        span("soon", "later"), span("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_without_a_readable_span_is_refused(graph: Graph, view: str, query: str) -> None:
    assert graph.error("GET", f"{view}?{query}") == (400, "ErrorInvalidParameter")


@pytest.mark.parametrize("view", VIEWS)
def test_leap_days_make_five_years_too_long(graph: Graph, view: str) -> None:
    longer = FIVE_YEARS.replace("2030-12-31", "2031-01-01")

    assert graph.get(f"{view}?{FIVE_YEARS}")["value"] == []
    assert graph.error("GET", f"{view}?{longer}") == (400, "ErrorInvalidRequest")


def test_a_view_shows_occurrences_and_never_masters(graph: Graph, world: World) -> None:
    world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))

    found = graph.get(f"/me/calendarView?{NOVEMBER}&$orderby=start/dateTime&$count=true")

    assert found["@odata.count"] == 5
    assert {each["type"] for each in found["value"]} == {"occurrence"}


def test_a_view_shows_ten_events_unless_asked_for_more(graph: Graph, world: World) -> None:
    for hour in range(12):
        world.add_event("alice", f"Call {hour}", at(4) + timedelta(hours=hour))

    first = graph.get(f"/me/calendarView?{NOVEMBER}", Prefer='outlook.timezone="UTC"')
    second = graph.get(first["@odata.nextLink"])

    assert [len(each["value"]) for each in (first, second)] == [10, 2]
    assert len(graph.get(f"/me/calendarView?{NOVEMBER}&$top=1000")["value"]) == 12


def test_instances_need_a_span_and_a_series(graph: Graph, world: World) -> None:
    series = world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))
    single = world.add_event("alice", "Lunch", at(4, 12))

    found = graph.get(f"/me/events/{series}/instances?{NOVEMBER}&$top=2&$select=subject,start")

    assert len(found["value"]) == 2
    assert "@odata.nextLink" in found
    assert graph.error("GET", f"/me/events/{series}/instances")[1] == "ErrorInvalidParameter"
    for other in (single, found["value"][0]["id"]):
        refusal = graph.error("GET", f"/me/events/{other}/instances?{NOVEMBER}")
        assert refusal == (400, "ErrorInvalidRequest")


def test_a_calendar_is_read_by_way_of_its_own_group_only(graph: Graph, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    mine, others, *_ = (each["id"] for each in graph.get("/me/calendarGroups")["value"])
    calendar = f"/calendars/{graph.get('/me/calendar')['id']}"
    view = f"{calendar}/calendarView"

    found = graph.get(f"/me/calendarGroups/{mine}{view}?{NOVEMBER}")["value"]
    entries, link = graph.round(f"/me/calendarGroups/{mine}{view}/delta?{NOVEMBER}")

    assert [each["id"] for each in found] == [each["id"] for each in entries] == [lunch]
    assert "/calendarGroups/" in link
    assert graph.error("GET", f"/me/calendarGroups/{others}{view}?{NOVEMBER}")[0] == 404
    wrong = graph.error("GET", f"/me/calendarGroups/{lunch}{view}?{NOVEMBER}")
    assert wrong == (400, "ErrorInvalidIdMalformed")
