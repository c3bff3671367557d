"""Events over Graph: create, read, change, delete, cancel, and every refusal."""

from datetime import date
from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import MARK, NOVEMBER, Graph, at, timed, weekly


def test_a_new_event_comes_back_whole(graph: Graph) -> None:
    made = graph.create(
        {"subject": "Intro", "body": {"contentType": "html", "content": "<p>Agenda</p>"},
         **timed(20, 10, "Europe/Berlin"), "location": {"displayName": "Room 4"}}
    )  # fmt: skip

    assert made["start"] == {"dateTime": "2026-11-20T09:00:00.0000000", "timeZone": "UTC"}
    assert made["originalStartTimeZone"] == "Europe/Berlin"
    assert made["bodyPreview"] == "Agenda"
    assert made["locations"][0]["displayName"] == "Room 4"
    assert made["isOrganizer"]


def test_windows_zones_are_understood_and_the_wished_zone_is_answered(graph: Graph) -> None:
    made = graph.create(timed(20, 10, "Eastern Standard Time"))

    prefer = 'outlook.timezone="W. Europe Standard Time", outlook.body-content-type="text"'
    response = graph.call("GET", f"/me/events/{made['id']}", Prefer=prefer)

    assert response.json["start"] == {  # type: ignore[index]
        "dateTime": "2026-11-20T16:00:00.0000000", "timeZone": "W. Europe Standard Time",
    }  # fmt: skip
    assert response.headers["Preference-Applied"] == prefer


def test_the_same_transaction_gives_the_same_event(graph: Graph, world: World) -> None:
    body = {"subject": "Once", **timed(20, 10), "transactionId": "7f0c0e5e-7a53"}

    first, second = graph.create(body), graph.create(body)

    assert first == second
    assert len(world.events("alice")) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (timed(20, 10, "Mars/Olympus"), "TimeZoneNotSupportedException"),
        (timed(20, 10, hours=-1), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        ({**timed(20, 10), "isAllDay": True}, "ErrorInvalidRequest"),
        ({**timed(20, 0, hours=0), "isAllDay": True}, "ErrorInvalidRequest"),
        ({**timed(20, 10), "showAs": "asleep"}, "RequestBodyRead"),
        ({**timed(20, 10), "colour": "red"}, "RequestBodyRead"),
        ({**timed(20, 10), "subject": 7}, "RequestBodyRead"),
        ({**timed(20, 10), "subject": "x" * 256}, "ErrorPropertyValidationFailure"),
        ({**timed(20, 10), "attendees": [{"emailAddress": {}}]}, "ErrorInvalidRecipients"),
        ({**timed(20, 10), "recurrence": weekly(21, "monday")}, "ErrorInvalidRequest"),
        ({"subject": "No time"}, "ErrorPropertyValidationFailure"),
        ({**timed(20, 10), "start": {"dateTime": "2026-11-20T10:00:00Z"}}, "RequestBodyRead"),
    ],
)  # fmt: skip
def test_a_bad_event_is_refused(graph: Graph, world: World, change: Any, code: str) -> None:
    refusal = graph.error("POST", "/me/events", change)

    assert refusal == (400, code)
    assert world.events("alice") == []


def test_a_body_that_is_no_json_is_refused(graph: Graph) -> None:
    response = graph.client.post("/v1.0/me/events", data="{", headers=graph.headers)

    assert (response.status_code, response.json["error"]["code"]) == (400, "RequestBodyRead")  # type: ignore[index]


@pytest.mark.quirk(13)
def test_an_all_day_event_is_midnight_in_every_zone(graph: Graph) -> None:
    zone = "W. Europe Standard Time"
    day = {"dateTime": "2026-11-11", "timeZone": zone}
    made = graph.create({"start": day, "end": {**day, "dateTime": "2026-11-12"}, "isAllDay": True})

    path = f"/me/events/{made['id']}"
    answers = [graph.get(path, Prefer=f'outlook.timezone="{each}"') for each in ("UTC", zone)]

    assert {each["start"]["dateTime"] for each in answers} == {"2026-11-11T00:00:00.0000000"}
    assert made["originalStartTimeZone"] == zone


def test_a_patch_changes_what_it_names_and_nothing_else(graph: Graph) -> None:
    made = graph.create({"subject": "Old", **timed(20, 10), "categories": ["Blue"]})

    changed = graph.call("PATCH", f"/me/events/{made['id']}", {"subject": "New"}).json

    assert changed is not None
    differing = {key for key in made if made[key] != changed[key]}
    assert differing == {"subject", "changeKey", "@odata.etag"}


def test_an_old_etag_is_refused_and_the_present_one_accepted(graph: Graph) -> None:
    made = graph.create(timed(20, 10))
    path, etag = f"/me/events/{made['id']}", made["@odata.etag"]

    first = graph.call("PATCH", path, {"subject": "A"}, If_Match=etag)
    second = graph.error("PATCH", path, {"subject": "B"}, If_Match=etag)
    third = graph.error("DELETE", path, If_Match=etag)

    assert first.status_code == 200
    assert second == third == (412, "ErrorIrresolvableConflict")


def test_a_deleted_event_is_not_found(graph: Graph) -> None:
    path = f"/me/events/{graph.create(timed(20, 10))['id']}"

    response = graph.call("DELETE", path)

    assert (response.status_code, response.data) == (204, b"")
    assert graph.error("GET", path) == graph.error("DELETE", path) == (404, "ErrorItemNotFound")


@pytest.mark.parametrize("wrong", ["nonsense", "AAMkAGI2"])
def test_a_malformed_id_is_refused(graph: Graph, wrong: str) -> None:
    assert graph.error("GET", f"/me/events/{wrong}") == (400, "ErrorInvalidIdMalformed")


def test_an_id_of_another_mailbox_is_malformed(graph: Graph, world: World) -> None:
    theirs = world.add_event("bob", "Theirs", at(4))

    assert graph.error("GET", f"/me/events/{theirs}") == (400, "ErrorInvalidIdMalformed")


def test_a_normal_id_changes_on_a_move_and_an_immutable_one_does_not(
    graph: Graph, world: World
) -> None:
    kept = world.add_event("alice", "Lunch", at(4))
    normal = graph.get(f"/me/events/{kept}", Prefer="")["id"]

    world.move_to_calendar("alice", kept, "Projects")

    assert normal != kept
    assert graph.error("GET", f"/me/events/{normal}") == (404, "ErrorItemNotFound")
    assert graph.get(f"/me/events/{kept}/calendar")["name"] == "Projects"


def test_an_event_is_found_by_its_extended_property(graph: Graph) -> None:
    mark = {"singleValueExtendedProperties": [{"id": MARK, "value": "m-1029"}]}
    made = graph.create({**timed(20, 10), **mark})
    graph.create(timed(21, 10))

    wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{MARK}' and ep/value eq 'M-1029')"
    found = graph.get(f"/me/calendar/events?$filter={wanted}")["value"]
    expand = f"singleValueExtendedProperties($filter=id eq '{MARK}')"
    whole = graph.get(f"/me/events/{made['id']}?$expand={expand}")

    assert [each["id"] for each in found] == [made["id"]]
    assert "singleValueExtendedProperties" not in found[0]
    assert whole["singleValueExtendedProperties"] == [{"id": MARK, "value": "m-1029"}]


def test_an_event_is_found_by_its_ical_uid(graph: Graph) -> None:
    made = graph.create(timed(20, 10))
    graph.create(timed(21, 10))

    found = graph.get(f"/me/events?$filter=iCalUId eq '{made['iCalUId']}'&$select=subject")["value"]

    assert [set(each) for each in found] == [{"@odata.etag", "id", "subject"}]


def test_lists_are_paged_and_sorted(graph: Graph, world: World) -> None:
    for day in (9, 3, 6):
        world.add_event("alice", f"Day {day}", at(day))

    first = graph.get("/me/events?$top=2&$orderby=start/dateTime desc&$count=true")
    second = graph.get(first["@odata.nextLink"])

    assert [each["subject"] for each in first["value"]] == ["Day 9", "Day 6"]
    assert [each["subject"] for each in second["value"]] == ["Day 3"]
    assert first["@odata.count"] == 3
    assert "@odata.nextLink" not in second


def test_the_view_shows_occurrences_and_never_masters(graph: Graph, world: World) -> None:
    recurrence = weekly(2, "monday", numberOfOccurrences=3)
    world.add_event("alice", "Weekly", at(2), recurrence=recurrence)
    world.add_event("alice", "Trip", date(2026, 10, 30), date(2026, 11, 3))

    view = graph.get(f"/me/calendarView?{NOVEMBER}")["value"]

    assert [each["type"] for each in view] == ["singleInstance", *["occurrence"] * 3]


def test_a_view_is_at_most_1825_days_wide(graph: Graph) -> None:
    span = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2031-01-01T00:00:00Z"

    assert graph.error("GET", f"/me/calendarView?{span}") == (400, "ErrorInvalidRequest")


def test_a_view_without_an_end_is_refused(graph: Graph) -> None:
    path = "/me/calendarView?startDateTime=2026-01-01T00:00:00Z"

    assert graph.error("GET", path) == (400, "ErrorInvalidParameter")
