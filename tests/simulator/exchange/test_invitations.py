"""An invitation appears in the calendars of those who are invited."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import MARK, Graph, at
from tests.simulator.exchange.story import (
    ALICE,
    BOB,
    DAVE,
    ERIN,
    KIM,
    answers,
    copy,
    log,
    mondays,
    november,
    people,
    planning,
    seen,
)


def test_an_invitee_finds_the_meeting_in_the_calendar(world: World) -> None:
    place = {"displayName": "Room 4"}
    event = planning(world, BOB, location=place, sensitivity="private", isOnlineMeeting=True)

    mine, theirs = world.event("alice", event), seen(world, "bob", event)

    assert mine is not None
    alike = {
        "iCalUId", "subject", "start", "end", "body", "location", "attendees", "sensitivity",
        "onlineMeeting", "organizer", "type",
    }  # fmt: skip
    assert {name: theirs[name] for name in alike} == {name: mine[name] for name in alike}
    assert theirs["id"] != mine["id"]
    assert theirs["organizer"]["emailAddress"]["address"] == ALICE


def test_a_copy_waits_for_an_answer(world: World) -> None:
    event = planning(world, BOB)

    theirs = seen(world, "bob", event)

    assert not theirs["isOrganizer"]
    assert theirs["responseStatus"] == {"response": "notResponded", "time": "0001-01-01T00:00:00Z"}
    assert theirs["showAs"] == "tentative"
    assert answers(world, event) == {BOB: "none"}


def test_what_is_the_organisers_own_does_not_travel(graph: Graph, world: World) -> None:
    marked = [{"id": MARK, "value": "m-1"}]
    wire = {"subject": "Planning", "categories": ["Blue"], "reminderMinutesBeforeStart": 45,
            "transactionId": "t-1", "singleValueExtendedProperties": marked}  # fmt: skip
    moment = {"dateTime": "2026-11-20T10:00:00", "timeZone": "UTC"}
    made = graph.create({**wire, "start": moment, "end": moment, "attendees": people(BOB)})

    theirs = seen(world, "bob", made["id"])

    assert (theirs["categories"], theirs["reminderMinutesBeforeStart"]) == ([], 15)
    assert "transactionId" not in theirs
    assert world.person("bob").mailbox.find(theirs["id"]).item.extended == {}


def test_free_time_asks_for_no_time(world: World) -> None:
    event = planning(world, BOB, showAs="free")

    assert seen(world, "bob", event)["showAs"] == "free"


def test_a_mailbox_of_another_tenant_gets_its_copy_too(world: World) -> None:
    event = planning(world, DAVE)

    assert seen(world, "dave", event)["subject"] == "Planning"
    assert log(world) == [("invitation", DAVE)]


def test_people_without_a_mailbox_here_get_mail_only(world: World) -> None:
    world.person("erin").has_mailbox = False
    event = planning(world, ERIN, KIM)

    assert copy(world, "erin", event) is None
    assert log(world) == [("invitation", ERIN), ("invitation", KIM)]


def test_the_organiser_is_not_invited_to_the_own_meeting(world: World) -> None:
    planning(world, ALICE, BOB)

    assert len(november(world, "alice")) == 1
    assert log(world) == [("invitation", BOB)]


def test_a_room_is_invited_like_a_person(graph: Graph, world: World) -> None:
    world.add_person("Room Aurora", "aurora@contoso.example")
    room = {"emailAddress": {"address": "Aurora@contoso.example"}, "type": "resource"}
    event = planning(world)

    graph.call("PATCH", f"/me/events/{event}", {"attendees": [room]})

    assert seen(world, "aurora", event)["attendees"][0]["type"] == "resource"


def test_somebody_is_invited_by_an_alias(world: World) -> None:
    world.add_person("Nora", "nora@contoso.example", aliases=["nora.n@contoso.example"])
    event = planning(world, "Nora.N@contoso.example")

    assert seen(world, "nora", event)["subject"] == "Planning"


def test_a_hidden_list_shows_only_oneself(world: World) -> None:
    event = planning(world, BOB, ERIN, hideAttendees=True)

    shown = seen(world, "bob", event)["attendees"]

    assert [each["emailAddress"]["address"] for each in shown] == [BOB]


def test_a_series_comes_with_its_exceptions_and_without_what_was_cancelled(world: World) -> None:
    event = mondays(world)
    second, third = (each["id"] for each in november(world, "alice")[1:3])
    world.move_event("alice", second, at(10, 15))
    world.delete_event("alice", third)

    world.change_event("alice", event, {"attendees": people(BOB)})

    shown: list[Any] = [
        (each["start"]["dateTime"][:16], each["type"]) for each in november(world, "bob")
    ]
    assert shown == [
        ("2026-11-02T09:00", "occurrence"),
        ("2026-11-10T15:00", "exception"),
        ("2026-11-23T09:00", "occurrence"),
    ]
    assert seen(world, "bob", event)["recurrence"]["range"]["numberOfOccurrences"] == 4


def test_an_all_day_meeting_is_the_same_day_for_everybody(world: World) -> None:
    event = planning(world, ERIN, start=at(20).date())

    theirs = seen(world, "erin", event)

    assert theirs["isAllDay"]
    assert theirs["start"]["dateTime"][:16] == "2026-11-20T00:00"


def test_a_repeated_create_invites_once(graph: Graph, world: World) -> None:
    moment = {"dateTime": "2026-11-20T10:00:00", "timeZone": "UTC"}
    body = {"start": moment, "end": moment, "attendees": people(BOB), "transactionId": "t-1"}

    graph.create(body)
    graph.create(body)

    assert len(november(world, "bob")) == 1
    assert log(world) == [("invitation", BOB)]


@pytest.mark.quirk(29)
def test_two_mailboxes_hear_of_it_by_their_own_rounds(graph: Graph, world: World) -> None:
    graph.sign_in("bob")
    _, link = graph.first_round()

    event = planning(world, BOB)
    entries, _ = graph.round(link)

    assert [each["id"] for each in entries] == [seen(world, "bob", event)["id"]]
