"""Every property an event may be given over Graph: shapes, defaults, refusals."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, timed, weekly

HOTEL: dict[str, Any] = {
    "displayName": "Fourth Coffee", "locationType": "restaurant",
    "locationUri": "https://coffee.example", "locationEmailAddress": "room@contoso.example",
    "address": {"street": "4567 Main St", "city": "Redmond", "state": "WA",
                "countryOrRegion": "US", "postalCode": "32008"},
    "coordinates": {"latitude": 47.672, "longitude": -102.103},
}  # fmt: skip
NOWHERE = {
    "displayName": "", "locationType": "default", "uniqueIdType": "unknown",
    "address": {}, "coordinates": {},
}  # fmt: skip


def patched(graph: Graph, made: Any, body: Any) -> Any:
    """The event after a PATCH."""
    response = graph.call("PATCH", f"/me/events/{made['id']}", body)
    assert response.status_code == 200, response.text
    return response.json


def test_an_event_of_which_little_was_said_answers_defaults(graph: Graph) -> None:
    made = graph.create(timed(20, 10))

    expected = {
        "subject": "", "body": {"contentType": "html", "content": ""}, "bodyPreview": "",
        "importance": "normal", "sensitivity": "normal", "showAs": "busy", "isReminderOn": True,
        "reminderMinutesBeforeStart": 15, "responseRequested": True, "categories": [],
        "allowNewTimeProposals": True, "hideAttendees": False, "attendees": [], "isDraft": False,
        "location": NOWHERE, "locations": [], "isOnlineMeeting": False, "onlineMeeting": None,
        "onlineMeetingProvider": "unknown", "recurrence": None, "type": "singleInstance",
    }  # fmt: skip
    assert {key: made[key] for key in expected} == expected
    assert "transactionId" not in made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", "Grüße 🎂"), ("importance", "low"), ("sensitivity", "confidential"),
        ("showAs", "workingElsewhere"), ("isReminderOn", False), ("responseRequested", False),
        ("reminderMinutesBeforeStart", 0), ("allowNewTimeProposals", False),
        ("hideAttendees", True), ("categories", ["Blue", "Red"]), ("location", HOTEL),
        ("locations", [HOTEL, {**HOTEL, "displayName": "Home"}]),
    ],
)  # fmt: skip
def test_a_property_is_written_by_create_and_by_patch(graph: Graph, name: str, value: Any) -> None:
    made = graph.create({**timed(20, 10), name: value})
    changed = patched(graph, graph.create(timed(21, 10)), {name: value})
    again = patched(graph, made, {"showAs": made["showAs"]})

    assert all(_within(value, event[name]) for event in (made, changed, again))


def _within(sent: Any, shown: Any) -> bool:
    """Is everything that was sent in what came back?"""
    if isinstance(sent, dict):
        return all(_within(value, shown[key]) for key, value in sent.items())
    if isinstance(sent, list):
        pairs = zip(sent, shown, strict=True)
        return all(_within(one, other) for one, other in pairs)
    return bool(sent == shown)


def test_one_place_clears_the_others_and_several_are_named_together(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "locations": [{"displayName": "A"}, HOTEL]})
    one = patched(graph, made, {"location": {"displayName": "B"}})
    none = patched(graph, made, {"location": None})

    assert made["location"]["displayName"] == "A; Fourth Coffee"
    assert [each["displayName"] for each in one["locations"]] == ["B"]
    assert one["location"] == {
        "displayName": "B", "locationType": "default", "uniqueId": "B", "uniqueIdType": "private",
    }  # fmt: skip
    assert (none["location"], none["locations"]) == (NOWHERE, [])


def test_an_attendee_comes_back_unanswered_with_a_name(graph: Graph) -> None:
    sent = {"emailAddress": {"address": "Room@contoso.example"}, "type": "resource",
            "status": {"response": "accepted", "time": "2026-11-01T00:00:00Z"}}  # fmt: skip

    made = graph.create({**timed(20, 10), "attendees": [sent]})

    assert made["attendees"] == [
        {
            "type": "resource",
            "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
            "emailAddress": {"name": "Room@contoso.example", "address": "Room@contoso.example"},
        }
    ]


def test_null_gives_a_property_its_default(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "subject": "Old", "showAs": "oof", "isReminderOn": False})

    changed = patched(graph, made, {"subject": None, "showAs": None, "isReminderOn": None})

    shown = [changed[name] for name in ("subject", "showAs", "isReminderOn")]
    assert shown == ["", "busy", True]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"attendees": None}, "RequestBodyRead"),
        ({"categories": [None]}, "RequestBodyRead"),
        ({"categories": "Blue"}, "RequestBodyRead"),
        ({"isReminderOn": 1}, "RequestBodyRead"),
        ({"isAllDay": "yes"}, "RequestBodyRead"),
        ({"reminderMinutesBeforeStart": 1.5}, "RequestBodyRead"),
        ({"reminderMinutesBeforeStart": 2**31}, "RequestBodyRead"),
        ({"reminderMinutesBeforeStart": -1}, "ErrorPropertyValidationFailure"),
        ({"location": "Room 4"}, "RequestBodyRead"),
        ({"location": {"name": "Room 4"}}, "RequestBodyRead"),
        ({"location": {"coordinates": {"latitude": "north"}}}, "RequestBodyRead"),
        ({"location": {"locationType": "moon"}}, "RequestBodyRead"),
        ({"body": "text"}, "RequestBodyRead"),
        ({"body": {"content": 7}}, "RequestBodyRead"),
        ({"body": {"contentType": "markdown", "content": ""}}, "RequestBodyRead"),
        ({"attendees": [{"emailAddress": {"address": "nobody"}}]}, "ErrorInvalidRecipients"),
        ({"attendees": [{"emailAddress": {"address": "a b@c.example"}}]}, "ErrorInvalidRecipients"),
        ({"attendees": [{"type": "required"}]}, "ErrorInvalidRecipients"),
        ({"attendees": ["kim@fabrikam.example"]}, "RequestBodyRead"),
        ({"start": None}, "ErrorPropertyValidationFailure"),
        ({"start": {"dateTime": "0001-01-01T00:00:00"}}, "ErrorInvalidRequest"),
        ({"end": {"dateTime": "9999-12-31T00:00:00"}}, "ErrorInvalidRequest"),
        ({"end": {"dateTime": "2026-02-30T00:00:00"}}, "RequestBodyRead"),
        ({"end": {"dateTime": "2036-01-01T00:00:00"}}, "ErrorCalendarDurationIsTooLong"),
        ({"start": {"dateTime": 7}}, "RequestBodyRead"),
        ({"start": {"dateTime": "2026-11-20T10:00:00", "timeZone": 7}}, "RequestBodyRead"),
        ({"originalStartTimeZone": "Mars"}, "TimeZoneNotSupportedException"),
    ],
)
def test_what_does_not_fit_is_refused(graph: Graph, world: World, change: Any, code: str) -> None:
    refusal = graph.error("POST", "/me/events", {**timed(20, 10), **change})

    assert refusal == (400, code)
    assert world.events("alice") == []


def test_a_refused_patch_changes_nothing(graph: Graph) -> None:
    made = graph.create({"subject": "Old", **timed(20, 10)})
    path = f"/me/events/{made['id']}"

    refusal = graph.error("PATCH", path, {"subject": "New", "isReminderOn": "no"})

    assert refusal == (400, "RequestBodyRead")
    assert graph.get(path)["changeKey"] == made["changeKey"]


def test_five_hundred_people_may_be_invited_and_no_more(graph: Graph) -> None:
    crowd = [{"emailAddress": {"address": f"p{each}@contoso.example"}} for each in range(1000)]

    made = graph.create({**timed(20, 10), "attendees": crowd[:500]})

    assert len(made["attendees"]) == 500
    refusal = graph.error("POST", "/me/events", {**timed(20, 10), "attendees": crowd[:501]})
    assert refusal == (400, "ErrorInvalidRequest")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b'"text"', b'{"subject": NaN}', b'{"subject": "\\ud800"}',
        b'{"subject": "\xff"}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused(graph: Graph, body: bytes) -> None:
    response = graph.client.post("/v1.0/me/events", data=body, headers=graph.headers)

    assert (response.status_code, response.json["error"]["code"]) == (400, "RequestBodyRead")  # type: ignore[index]


def test_a_body_of_more_than_four_megabytes_is_too_large(graph: Graph) -> None:
    content = {"contentType": "text", "content": "x" * 10_000_000}

    refusal = graph.error("POST", "/me/events", {**timed(20, 10), "body": content})

    assert refusal == (413, "RequestEntityTooLarge")


def test_a_create_may_name_the_zone_an_event_was_thought_of_in(graph: Graph) -> None:
    zones = {"originalStartTimeZone": "Tokyo Standard Time", "originalEndTimeZone": "UTC"}

    made = graph.create({**timed(20, 10), **zones})

    assert {name: made[name] for name in zones} == zones
    assert made["start"]["dateTime"] == "2026-11-20T10:00:00.0000000"


def test_a_transaction_id_is_written_once(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "transactionId": "t-1"})
    path = f"/me/events/{made['id']}"

    refusal = graph.error("PATCH", path, {"transactionId": "t-2"})
    same = patched(graph, made, {"transactionId": "t-1", "subject": "Same"})

    assert refusal == (400, "ErrorInvalidRequest")
    assert (same["transactionId"], same["subject"]) == ("t-1", "Same")


def test_an_answer_can_be_sent_back_whole(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "subject": "Whole", "location": HOTEL})

    again = patched(graph, made, made)

    moving = {"changeKey", "@odata.etag", "lastModifiedDateTime"}
    assert {key for key in made if made[key] != again[key]} <= moving


def test_a_timed_event_does_not_become_a_whole_day_by_a_word(graph: Graph) -> None:
    path = f"/me/events/{graph.create(timed(20, 10))['id']}"
    day = {"dateTime": "2026-11-20", "timeZone": "UTC"}
    span = {"start": day, "end": {**day, "dateTime": "2026-11-21"}, "isAllDay": True}

    refusal = graph.error("PATCH", path, {"isAllDay": True})
    changed = graph.call("PATCH", path, span)

    assert refusal == (400, "ErrorInvalidRequest")
    assert changed.json["end"]["dateTime"] == "2026-11-21T00:00:00.0000000"  # type: ignore[index]


def test_a_master_sent_back_with_all_that_it_can_answer_changes_nothing(graph: Graph) -> None:
    made = graph.create({**timed(2, 10), "recurrence": weekly(2, "monday", numberOfOccurrences=2)})
    path = f"/me/events/{made['id']}"
    query = f"?$expand=exceptionOccurrences,instances&{NOVEMBER}"
    cancelled = graph.get(f"{path}?$select=cancelledOccurrences")
    held = {**graph.get(path + query), **cancelled}

    answer = graph.call("PATCH", path, held)

    assert answer.status_code == 200
    assert graph.get(path)["recurrence"] == made["recurrence"]


def test_attachments_are_not_simulated_and_say_so(graph: Graph) -> None:
    response = graph.call("POST", "/me/events", {**timed(20, 10), "attachments": []})

    assert response.status_code == 501
    assert "attachments" in response.text
