"""What lists may be asked: filters, orders, pages, selections, expansions."""

from typing import Any
from urllib.parse import quote

import pytest

from simulator.world import World
from tests.simulator.desk import MARK, NOVEMBER, Graph, at, timed, weekly


@pytest.fixture
def week(graph: Graph, world: World) -> dict[str, str]:
    """Three events and a series: Budget (Mon), Lunch (Tue), Holiday (all day), Stand-up."""
    attendees = ["bob@contoso.example"]
    return {
        "Budget": world.add_event("alice", "Budget review", at(2), categories=["Red", "Blue"]),
        "Lunch": world.add_event("alice", "Lunch", at(3, 12), showAs="free", attendees=attendees),
        "Holiday": world.add_event("alice", "Holiday", at(4).date(), importance="high"),
        "Stand-up": world.add_event(
            "alice", "Stand-up", at(5), recurrence=weekly(5, "thursday", numberOfOccurrences=2)
        ),
        "Received": world.add_event("alice", "It's on", at(6), organizer="kim@fabrikam.example"),
    }


def names(graph: Graph, wanted: str, path: str = "/me/events?") -> list[str]:
    """The first word of each subject a filter finds, in order."""
    found = graph.get(f"{path}$filter={quote(wanted)}&$orderby=start/dateTime")["value"]
    return [each["subject"].split()[0] for each in found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("subject eq 'lunch'", ["Lunch"]),
        ("subject ne 'Lunch' and isAllDay eq false", ["Budget", "Stand-up", "It's"]),
        ("startswith(subject,'b')", ["Budget"]),
        ("contains(subject, 'Review') or subject eq 'It''s on'", ["Budget", "It's"]),
        ("not (isAllDay eq true or contains(subject,'n'))", ["Budget"]),
        ("isOrganizer eq false", ["It's"]),
        ("isCancelled eq true", []),
        ("importance eq 'high'", ["Holiday"]),
        ("showAs in ('free', 'oof')", ["Lunch"]),
        ("categories/any(c:c eq 'Red')", ["Budget"]),
        ("attendees/any(a:a/emailAddress/address eq 'BOB@contoso.example')", ["Lunch"]),
        ("categories/any()", ["Budget"]),
        ("type eq 'seriesMaster'", ["Stand-up"]),
        ("seriesMasterId ne null", []),
        ("start/dateTime ge '2026-11-03T00:00' and end/dateTime lt '2026-11-05'",
         ["Lunch", "Holiday"]),
        ("start/dateTime eq '2026-11-03T13:00:00+01:00'", ["Lunch"]),
        ("createdDateTime gt 2026-11-18T10:00:00+01:00", []),
        ("lastModifiedDateTime le 2026-11-18T09:00:00Z and subject gt 'k'", ["Lunch", "Stand-up"]),
    ],
)  # fmt: skip
def test_a_filter_finds(graph: Graph, week: dict[str, str], wanted: str, found: list[str]) -> None:
    assert names(graph, wanted) == found


def test_occurrences_are_found_by_their_master(graph: Graph, week: dict[str, str]) -> None:
    view = f"/me/calendarView?{NOVEMBER}&"

    assert names(graph, f"seriesMasterId eq '{week['Stand-up']}'", view) == ["Stand-up"] * 2
    assert names(graph, f"id eq '{week['Lunch']}'", view) == ["Lunch"]


@pytest.mark.parametrize(
    "wanted",
    [
        "subject eq", "subject 'x'", "subject like 'x'", "(subject eq 'x'", "subject eq 'x')",
        "subject eq 5", "isAllDay eq 'true'", "lastModifiedDateTime ge '2026-01-01T00:00:00Z'",
        "start/dateTime ge 2026-01-01T00:00:00Z", "createdDateTime ge 2026-01-01T00:00:00",
        "createdDateTime ge 2026-13-01T00:00:00Z", "startswith(isAllDay,'x')", "subject gt null",
        "categories/any(c:d eq 'Red')", "", "subject eq 'x", "subject eq x",
    ],
)  # fmt: skip
def test_a_malformed_filter_is_refused(graph: Graph, wanted: str) -> None:
    assert graph.error("GET", f"/me/events?$filter={quote(wanted)}") == (400, "BadRequest")


@pytest.mark.parametrize(
    "query",
    [
        "$filter=colour eq 'red'", "$filter=startswith(colour,'r')", "$orderby=colour",
        "$select=subject,colour", "$expand=colour",
    ],
)  # fmt: skip
def test_a_property_that_events_lack_is_refused(graph: Graph, world: World, query: str) -> None:
    world.add_event("alice", "Lunch", at(4))

    assert graph.error("GET", f"/me/events?{query}") == (400, "RequestBroker--ParseUri")


@pytest.mark.parametrize(
    "query",
    [
        "$filter=bodyPreview eq 'x'", "$filter=categories/all(c:c eq 'x')",
        "$filter=length(subject) eq 5", "$filter=attendees/any(a:a/type eq 'required')",
        "$orderby=bodyPreview", "$expand=attachments",
    ],
)  # fmt: skip
def test_what_is_not_simulated_names_itself(graph: Graph, world: World, query: str) -> None:
    world.add_event("alice", "Lunch", at(4))

    response = graph.call("GET", f"/me/events?{query}")

    assert response.status_code == 501
    assert query.partition("=")[0] in response.text


def test_orders_with_several_keys(graph: Graph, week: dict[str, str]) -> None:
    query = "$orderby=importance desc,start/dateTime desc&$select=subject"

    found = graph.get(f"/me/events?{query}")["value"]

    assert [each["subject"].split()[0] for each in found] == [
        "It's", "Stand-up", "Lunch", "Budget", "Holiday",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("$top=0", (400, "BadRequest")),
        ("$top=1001", (400, "BadRequest")),
        ("$top=many", (400, "BadRequest")),
        ("$skip=-1", (400, "BadRequest")),
        ("$orderby=subject sideways", (400, "BadRequest")),
        ("$expand=calendar($select=name", (400, "BadRequest")),
        ("$expand=singleValueExtendedProperties", (400, "ErrorInvalidUrlQuery")),
        ("$topp=3", (400, "BadRequest")),
        ("$search=lunch", (400, "ErrorInvalidUrlQuery")),
    ],
)
def test_a_wrong_option_is_refused(
    graph: Graph, world: World, query: str, refusal: tuple[int, str]
) -> None:
    world.add_event("alice", "Lunch", at(4))

    assert graph.error("GET", f"/me/events?{query}") == refusal


def test_pages_follow_each_other_with_the_same_question(graph: Graph, week: dict[str, str]) -> None:
    link = f"/me/events?$top=2&$count=true&$select=subject&$filter={quote('isAllDay eq false')}"
    found: list[Any] = []

    while link:
        page = graph.get(link)
        found += page["value"]
        link = page.get("@odata.nextLink", "")

    assert page["@odata.count"] == len({each["id"] for each in found}) == 4
    assert {key for each in found for key in each} == {"@odata.etag", "id", "subject"}


def test_a_wished_page_size_holds_for_lists_too(graph: Graph, week: dict[str, str]) -> None:
    page = graph.get("/me/events", Prefer="odata.maxpagesize=3")

    assert len(page["value"]) == 3
    assert "$skip=3" in page["@odata.nextLink"]


def test_parts_of_a_property_are_selected(graph: Graph) -> None:
    made = graph.create(timed(20, 10))

    found = graph.get(f"/me/events/{made['id']}?$select=start/dateTime,end")

    assert found["start"] == {"dateTime": "2026-11-20T10:00:00.0000000"}
    assert found["end"] == made["end"]


def test_instances_and_exceptions_are_expanded(
    graph: Graph, world: World, week: dict[str, str]
) -> None:
    master = f"/me/events/{week['Stand-up']}"
    second = graph.get(f"{master}/instances?{NOVEMBER}")["value"][1]["id"]
    world.rename_event("alice", second, "With guests")

    inside = "instances($select=subject,start),exceptionOccurrences($select=subject)"
    found = graph.get(f"{master}?{NOVEMBER}&$select=subject&$expand={inside}")

    assert [each["subject"] for each in found["instances"]] == ["Stand-up", "With guests"]
    assert set(found["instances"][0]) == {"@odata.etag", "id", "subject", "start"}
    assert [each["id"] for each in found["exceptionOccurrences"]] == [second]
    assert graph.error("GET", f"{master}?$expand=instances") == (400, "ErrorInvalidParameter")


def test_the_calendar_is_expanded_as_far_as_asked(graph: Graph, week: dict[str, str]) -> None:
    path = f"/me/events/{week['Lunch']}"

    assert graph.get(f"{path}?$expand=calendar")["calendar"]["isDefaultCalendar"] is True
    named = graph.get(f"{path}?$expand=calendar($select=name)")["calendar"]
    assert set(named) == {"id", "name"}


def test_extended_properties_come_only_when_named(graph: Graph) -> None:
    mark = {"singleValueExtendedProperties": [{"id": MARK, "value": "m-1"}]}
    path = f"/me/events/{graph.create({**timed(20, 10), **mark})['id']}"

    named = graph.get(
        f"{path}?$expand=singleValueExtendedProperties($filter=id eq '{MARK}'),calendar"
    )

    assert named["singleValueExtendedProperties"][0]["value"] == "m-1"
    assert "calendar" in named
    assert "singleValueExtendedProperties" not in graph.get(path)


def test_filters_act_on_the_hidden_time_of_a_whole_day(graph: Graph, week: dict[str, str]) -> None:
    shown = graph.get(f"/me/events/{week['Holiday']}")["start"]["dateTime"]

    # The day begins at midnight of the mailbox's own zone, an hour before the day of UTC.
    assert shown.startswith("2026-11-04T00:00")
    assert "Holiday" not in names(graph, "start/dateTime ge '2026-11-04T00:00'")
    assert "Holiday" in names(graph, "start/dateTime eq '2026-11-03T23:00'")
