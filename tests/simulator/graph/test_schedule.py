"""getSchedule and findMeetingTimes: when people are free, as far as they tell."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import Graph, at

ALICE, BOB = "alice@contoso.example", "bob@contoso.example"


def moment(day: int, hour: int, zone: str = "UTC") -> dict[str, str]:
    """A dateTimeTimeZone in November 2026."""
    return {"dateTime": f"2026-11-{day:02}T{hour:02}:00:00", "timeZone": zone}


def asked(graph: Graph, *schedules: str, **changed: Any) -> list[dict[str, Any]]:
    """The schedules of 20 November, 9 to 12."""
    wish = {"schedules": schedules, "startTime": moment(20, 9), "endTime": moment(20, 12)}
    response = graph.call("POST", "/me/calendar/getSchedule", {**wish, **changed})
    assert response.status_code == 200, response.text
    return list(response.json["value"])  # type: ignore[index]


def test_each_slot_tells_what_keeps_a_person_away_most(graph: Graph, world: World) -> None:
    world.add_event("alice", "Maybe", at(20, 9), at(20, 10), showAs="tentative")
    world.add_event("alice", "Surely", at(20, 9, 30), at(20, 10, 10))
    world.add_event("alice", "Home", at(20, 11), at(20, 11, 30), showAs="workingElsewhere")
    world.add_event("alice", "Away", at(20, 11, 30), at(20, 13), showAs="oof")
    world.add_event("alice", "Idle", at(20, 10, 30), at(20, 11), showAs="free")

    own = asked(graph, ALICE)[0]
    coarse = asked(graph, ALICE, availabilityViewInterval=60)[0]

    assert (own["availabilityView"], coarse["availabilityView"]) == ("122043", "223")
    assert [each["subject"] for each in own["scheduleItems"]][:2] == ["Maybe", "Surely"]
    assert own["scheduleItems"][0]["start"]["dateTime"] == "2026-11-20T09:00:00.0000000"
    assert own["workingHours"]["timeZone"]["name"] == "W. Europe Standard Time"


def test_of_colleagues_only_the_times_are_told_unless_they_share_more(
    graph: Graph, world: World
) -> None:
    world.add_event("bob", "Lunch", at(20, 10), location={"displayName": "Canteen"})
    world.add_event("bob", "Doctor", at(20, 11), sensitivity="private")

    bare = asked(graph, BOB)[0]
    world.share_calendar("bob", "alice", "limitedRead")
    rich = asked(graph, BOB)[0]["scheduleItems"]

    assert bare["availabilityView"] == "002222"
    assert bare["scheduleItems"][0].keys() == {"status", "start", "end"}
    assert [(each["subject"], each["location"]) for each in rich] == [
        ("Lunch", "Canteen"),
        ("", ""),
    ]
    assert [each["isPrivate"] for each in rich] == [False, True]


def test_somebody_unknown_spoils_no_other_schedule(graph: Graph, world: World) -> None:
    world.take_mailbox("erin")
    strange = ["nobody@contoso.example", "dave@fabrikam.example", "erin@contoso.example"]

    found = asked(graph, *strange, ALICE)

    assert [each.get("error", {}).get("responseCode") for each in found] == ["5009"] * 3 + [None]
    assert found[0]["scheduleId"] == strange[0]
    assert found[3]["availabilityView"] == "000000"


def test_times_may_be_asked_for_and_told_in_any_zone(graph: Graph, world: World) -> None:
    world.add_event("alice", "Lunch", at(20, 10))
    zone = "Eastern Standard Time"
    wish = {"schedules": [ALICE], "startTime": moment(20, 5, zone), "endTime": moment(20, 6, zone)}

    prefer = f'outlook.timezone="{zone}"'
    response = graph.call("POST", "/me/calendar/getSchedule", wish, Prefer=prefer)

    assert response.json is not None
    item = response.json["value"][0]["scheduleItems"][0]
    assert item["start"] == {"dateTime": "2026-11-20T05:00:00.0000000", "timeZone": zone}


def test_a_span_of_more_than_62_days_is_too_long(graph: Graph) -> None:
    start, end = moment(1, 0), {"dateTime": "2027-01-02T00:00:00", "timeZone": "UTC"}
    later = {"dateTime": "2027-01-03T00:00:00", "timeZone": "UTC"}

    assert "error" not in asked(graph, ALICE, startTime=start, endTime=end)[0]
    assert asked(graph, ALICE, startTime=start, endTime=later)[0]["error"]["responseCode"] == "5006"


@pytest.mark.parametrize(
    "changed",
    [
        {"availabilityViewInterval": 4},
        {"availabilityViewInterval": 1441},
        {"availabilityViewInterval": "30"},
        {"schedules": []},
        {"schedules": [ALICE] * 21},
        {"schedules": ALICE},
        {"endTime": moment(20, 9)},
        {"startTime": None},
        {"startTime": {"dateTime": "soon", "timeZone": "UTC"}},
        {"startTime": moment(20, 9, "Mars Standard Time")},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(graph: Graph, changed: dict[str, Any]) -> None:
    wish = {"schedules": [ALICE], "startTime": moment(20, 9), "endTime": moment(20, 12), **changed}

    assert graph.error("POST", "/me/calendar/getSchedule", wish)[0] == 400


@pytest.fixture
def planner(client: FlaskClient, world: World) -> Graph:
    graph = Graph(client, world)
    graph.sign_in("alice", "Calendars.Read.Shared")
    return graph


def suggested(graph: Graph, low: int = 8, high: int = 12, **wish: Any) -> tuple[list[str], str]:
    """The hours proposed to Alice and Bob on 20 November, and the reason when there are none."""
    slot = {"start": moment(20, low), "end": moment(20, high)}
    bob = {"type": "required", "emailAddress": {"address": BOB}}
    body = {
        "attendees": [bob],
        "timeConstraint": {"timeSlots": [slot]},
        "meetingDuration": "PT1H",
        "minimumAttendeePercentage": 100,
        **wish,
    }
    response = graph.call("POST", "/me/findMeetingTimes", body)
    assert response.status_code == 200, response.text
    found = response.json or {}
    slots = [each["meetingTimeSlot"]["start"] for each in found["meetingTimeSuggestions"]]
    return [each["dateTime"][11:16] for each in slots], found["emptySuggestionsReason"]


def test_a_meeting_is_suggested_when_everybody_is_free(planner: Graph, world: World) -> None:
    world.add_event("alice", "Mine", at(20, 8))
    world.add_event("bob", "His", at(20, 10))

    assert suggested(planner) == (["09:00", "11:00"], "")
    assert suggested(planner, maxCandidates=1) == (["09:00"], "")
    assert suggested(planner, isOrganizerOptional=True) == (
        ["08:00", "08:30", "09:00", "11:00"], "",
    )  # fmt: skip
    likely, _ = suggested(planner, minimumAttendeePercentage=0)
    assert likely == ["09:00", "11:00", "09:30", "10:00", "10:30"]


def test_without_a_suggestion_there_is_a_reason(planner: Graph, world: World) -> None:
    world.add_event("bob", "His", at(20, 8), at(20, 10))
    world.add_event("alice", "Mine", at(20, 10), at(20, 12))

    assert suggested(planner, low=8, high=10) == ([], "AttendeesUnavailable")
    assert suggested(planner, low=10, high=12) == ([], "OrganizerUnavailable")
    assert suggested(planner, low=20, high=22) == ([], "Unknown")


def test_suggestions_keep_to_working_hours_unless_told_otherwise(planner: Graph) -> None:
    slot = {"start": moment(20, 18), "end": moment(20, 20)}
    anytime = {"activityDomain": "unrestricted", "timeSlots": [slot]}

    assert suggested(planner, timeConstraint=anytime)[0] == ["18:00", "18:30", "19:00"]
    assert suggested(planner, low=18, high=20)[0] == []


def test_suggestions_are_for_people_and_refuse_nonsense(graph: Graph, planner: Graph) -> None:
    graph.as_app("Calendars.ReadWrite")
    nobody = {"attendees": [{"emailAddress": {}}]}

    assert graph.error("POST", f"/users/{ALICE}/findMeetingTimes", {})[0] == 403
    assert planner.error("POST", "/me/findMeetingTimes", {"meetingDuration": "1h"})[0] == 400
    assert planner.error("POST", "/me/findMeetingTimes", nobody)[0] == 400
    place = {"locationConstraint": {"isRequired": True}}
    assert planner.error("POST", "/me/findMeetingTimes", place)[0] == 501
    assert planner.call("POST", "/me/findMeetingTimes", {}).status_code == 200
