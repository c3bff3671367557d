"""What applications hang on events: extended properties and open extensions."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import MARK, NOVEMBER, Graph, timed, weekly

COLLECTION = "StringArray {66f5a359-4659-4830-9070-00047ec6ac6e} Name palette"
BOOKING = {
    "@odata.type": "microsoft.graph.openTypeExtension",
    "extensionName": "com.acme.booking", "room": "Aurora", "seats": 4, "tags": ["a", "b"],
}  # fmt: skip
ID = "Microsoft.OutlookServices.OpenTypeExtension.com.acme.booking"


def expanded(graph: Graph, event: Any, name: str, wanted: str) -> Any:
    """One kind of property of an event, asked for by id."""
    path = f"/me/events/{event['id']}?$expand={name}($filter=id eq '{wanted}')"
    return graph.get(path).get(name)


def occurrences(graph: Graph) -> list[Any]:
    """Those of a series with a mark and an extension, in November."""
    marked = {"singleValueExtendedProperties": [{"id": MARK, "value": "series"}]}
    recurrence = weekly(2, "monday", numberOfOccurrences=2)
    made = graph.create(
        {**timed(2, 10), "recurrence": recurrence, **marked, "extensions": [BOOKING]}
    )
    found: list[Any] = graph.get(f"/me/events/{made['id']}/instances?{NOVEMBER}")["value"]
    return found


def test_collections_are_kept_beside_single_values(graph: Graph) -> None:
    palette = [{"id": COLLECTION, "value": ["Green", "Aqua"]}]
    made = graph.create({**timed(20, 10), "multiValueExtendedProperties": palette})

    found = expanded(graph, made, "multiValueExtendedProperties", COLLECTION)

    assert found == palette
    assert expanded(graph, made, "singleValueExtendedProperties", COLLECTION) is None


def test_events_are_found_by_an_extension_as_the_manual_spells_it(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "extensions": [BOOKING]})
    graph.create(timed(20, 11))

    query = "$filter=Extensions/any(f:f/id eq 'com.acme.booking')&$expand=extensions"
    [found] = graph.get(f"/me/events?{query}")["value"]

    assert (found["id"], found["extensions"][0]["seats"]) == (made["id"], 4)


def test_an_occurrence_may_have_a_mark_of_its_own(graph: Graph) -> None:
    first, second = occurrences(graph)
    own = {"singleValueExtendedProperties": [{"id": MARK, "value": "own"}]}

    changed = graph.call("PATCH", f"/me/events/{first['id']}", own).json
    found = [
        expanded(graph, each, "singleValueExtendedProperties", MARK)[0]["value"]
        for each in (first, second)
    ]

    assert changed is not None
    assert changed["type"] == "exception"
    assert found == ["own", "series"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("singleValueExtendedProperties", [{"id": "x", "value": "a"}], "ErrorInvalidProperty"),
        ("singleValueExtendedProperties", [{"id": MARK, "value": 7}], "RequestBodyRead"),
        ("singleValueExtendedProperties", [{"id": COLLECTION}], "ErrorInvalidProperty"),
        ("singleValueExtendedProperties", None, "RequestBodyRead"),
        ("multiValueExtendedProperties", [{"id": COLLECTION, "value": "a"}], "RequestBodyRead"),
        ("multiValueExtendedProperties", [{"id": MARK, "value": ["a"]}], "ErrorInvalidProperty"),
        ("extensions", [{"room": 4}], "ErrorPropertyValidationFailure"),
        ("extensions", ["room"], "RequestBodyRead"),
    ],
)  # fmt: skip
def test_what_is_no_property_is_refused(graph: Graph, name: str, value: Any, code: str) -> None:
    assert graph.error("POST", "/me/events", {**timed(20, 10), name: value}) == (400, code)


def test_an_extension_comes_with_the_event_when_asked_for(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "extensions": [BOOKING]})
    graph.create(timed(21, 10))

    wanted = "Extensions/any(f:f/id eq 'com.acme.booking')".replace("Extensions", "extensions")
    found = graph.get(f"/me/events?$filter={wanted}")["value"]

    expected = {**BOOKING, "@odata.type": "#microsoft.graph.openTypeExtension", "id": ID}
    assert "extensions" not in made
    assert [each["id"] for each in found] == [made["id"]]
    assert expanded(graph, made, "extensions", ID) == [expected]


def test_an_extension_is_made_changed_and_taken_away(graph: Graph) -> None:
    path = f"/me/events/{graph.create(timed(20, 10))['id']}/extensions"
    made = graph.call("POST", path, BOOKING)

    changed = graph.call("PATCH", f"{path}/{ID}", {"seats": 6, "tags": None}).json
    listed = graph.get(path)["value"]
    gone = graph.call("DELETE", f"{path}/com.acme.booking")

    assert (made.status_code, gone.status_code) == (201, 204)
    assert changed is not None
    assert {key: changed.get(key) for key in ("room", "seats", "tags")} == {
        "room": "Aurora", "seats": 6, "tags": None,
    }  # fmt: skip
    assert [each["id"] for each in listed] == [ID]
    assert graph.error("GET", f"{path}/{ID}") == (404, "ErrorItemNotFound")


def test_an_event_has_one_extension_of_a_name(graph: Graph) -> None:
    path = f"/me/events/{graph.create({**timed(20, 10), 'extensions': [BOOKING]})['id']}/extensions"

    assert graph.error("POST", path, BOOKING) == (409, "ExtensionError")


def test_changes_of_extensions_are_not_tracked(graph: Graph) -> None:
    made = graph.create(timed(20, 10))
    _, link = graph.first_round()

    graph.call("POST", f"/me/events/{made['id']}/extensions", BOOKING)
    entries, _ = graph.round(link)

    assert entries == []
    assert graph.get(f"/me/events/{made['id']}")["changeKey"] != made["changeKey"]


def test_an_occurrence_has_the_extensions_of_its_series_and_its_own(graph: Graph) -> None:
    first, second = occurrences(graph)
    own = {**BOOKING, "extensionName": "com.acme.own"}

    graph.call("POST", f"/me/events/{first['id']}/extensions", own)
    names = [
        [one["extensionName"] for one in graph.get(f"/me/events/{each['id']}/extensions")["value"]]
        for each in (first, second)
    ]

    assert names == [["com.acme.booking", "com.acme.own"], ["com.acme.booking"]]


def test_what_hangs_on_a_meeting_stays_with_its_organiser(graph: Graph, world: World) -> None:
    bob = [{"emailAddress": {"address": "bob@contoso.example"}}]

    graph.create({**timed(20, 10), "extensions": [BOOKING], "attendees": bob})
    graph.sign_in("bob")
    theirs = world.events("bob")[0]

    assert graph.get(f"/me/events/{theirs['id']}/extensions")["value"] == []
