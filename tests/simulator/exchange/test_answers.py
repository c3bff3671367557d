"""Answers to invitations: the copy, the organiser's list, and what is refused."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at, timed
from tests.simulator.exchange.story import (
    ALICE,
    BOB,
    ERIN,
    answers,
    copy,
    log,
    mondays,
    november,
    planning,
    seen,
)

INVALID = (400, "ErrorInvalidRequest")


@pytest.fixture
def bob(graph: Graph) -> Graph:
    """Bob's application."""
    graph.sign_in("bob")
    return graph


def act(bob: Graph, event: dict[str, Any], action: str, **body: Any) -> int:
    """Bob's application acts on an event of his; the status of the answer."""
    return bob.call("POST", f"/me/events/{event['id']}/{action}", body).status_code


@pytest.mark.parametrize(
    ("action", "response", "shown"),
    [("accept", "accepted", "busy"), ("tentativelyAccept", "tentativelyAccepted", "tentative")],
)
def test_an_answer_is_on_the_copy_and_on_the_organisers_list(
    bob: Graph, world: World, action: str, response: str, shown: str
) -> None:
    event = planning(world, BOB, ERIN)
    log(world)

    status = act(bob, seen(world, "bob", event), action, comment="Fine", sendResponse=True)

    theirs = seen(world, "bob", event)
    assert (status, theirs["showAs"]) == (202, shown)
    assert theirs["responseStatus"] == {"response": response, "time": "2026-11-18T09:00:00Z"}
    assert answers(world, event) == {BOB: response, ERIN: "none"}
    assert [(each.sender, each.comment) for each in world.mails] == [(BOB, "Fine")]
    assert log(world) == [(response, ALICE)]


def test_sdks_write_the_parameters_with_capitals(bob: Graph, world: World) -> None:
    event = planning(world, BOB)

    act(bob, seen(world, "bob", event), "accept", Comment="Yes", SendResponse=False)

    assert answers(world, event) == {BOB: "none"}


def test_a_declined_invitation_leaves_the_calendar(bob: Graph, world: World) -> None:
    event = planning(world, BOB)
    _, link = bob.first_round()
    theirs = seen(world, "bob", event)

    act(bob, theirs, "decline")
    entries, _ = bob.round(link)

    assert [each.get("@removed") for each in entries] == [{"reason": "deleted"}]
    assert copy(world, "bob", event) is None
    assert answers(world, event) == {BOB: "declined"}
    assert world.person("bob").mailbox.find_deleted(theirs["id"]).words["subject"] == "Planning"


def test_an_answer_nobody_is_told_of_stays_with_the_copy(bob: Graph, world: World) -> None:
    event = planning(world, BOB)
    log(world)

    act(bob, seen(world, "bob", event), "accept", sendResponse=False)

    assert seen(world, "bob", event)["responseStatus"]["response"] == "accepted"
    assert answers(world, event) == {BOB: "none"}
    assert log(world) == []


def test_an_answer_changes_the_organisers_change_key(graph: Graph, world: World) -> None:
    event = planning(world, BOB)
    before = graph.get(f"/me/events/{event}")

    world.answer_event("bob", seen(world, "bob", event)["id"], "accepted")
    after = graph.get(f"/me/events/{event}")

    assert after["changeKey"] != before["changeKey"]
    assert graph.error(
        "PATCH", f"/me/events/{event}", {"subject": "x"}, If_Match=before["@odata.etag"]
    ) == (412, "ErrorIrresolvableConflict")


def test_accepted_time_is_shown_as_the_organiser_means_it(world: World) -> None:
    event = planning(world, BOB, showAs="workingElsewhere")

    world.answer_event("bob", seen(world, "bob", event)["id"], "accepted")

    assert seen(world, "bob", event)["showAs"] == "workingElsewhere"


def test_a_proposed_time_is_on_the_organisers_list_until_the_next_answer(
    bob: Graph, world: World
) -> None:
    event = planning(world, BOB)
    proposal = timed(20, 14, "W. Europe Standard Time")

    act(bob, seen(world, "bob", event), "tentativelyAccept", proposedNewTime=proposal)
    proposed = world.event("alice", event)
    act(bob, seen(world, "bob", event), "accept")

    assert proposed is not None
    slot = proposed["attendees"][0]["proposedNewTime"]
    assert slot["start"] == {"dateTime": "2026-11-20T13:00:00.0000000", "timeZone": "UTC"}
    later = world.event("alice", event)
    assert later is not None
    assert "proposedNewTime" not in later["attendees"][0]


@pytest.mark.parametrize(
    ("meeting", "action", "body"),
    [
        ({}, "accept", {"proposedNewTime": timed(20, 14)}),
        ({}, "decline", {"proposedNewTime": timed(20, 14), "sendResponse": False}),
        ({"allowNewTimeProposals": False}, "decline", {"proposedNewTime": timed(20, 14)}),
        ({"responseRequested": False}, "accept", {"sendResponse": True}),
    ],
)
def test_answers_that_make_no_sense_are_refused(
    bob: Graph, world: World, meeting: dict[str, Any], action: str, body: dict[str, Any]
) -> None:
    event = planning(world, BOB, **meeting)
    path = f"/me/events/{seen(world, 'bob', event)['id']}/{action}"

    refusal = bob.error("POST", path, body)

    assert refusal == INVALID
    assert answers(world, event) == {BOB: "none"}


@pytest.mark.parametrize(
    "body",
    [
        {"comment": 7},
        {"sendResponse": "yes"},
        {"proposedNewTime": "later"},
        {"proposedNewTime": {"start": 1}},
    ],
)
def test_unreadable_answers_are_refused(bob: Graph, world: World, body: dict[str, Any]) -> None:
    event = planning(world, BOB)
    path = f"/me/events/{seen(world, 'bob', event)['id']}/decline"

    assert bob.error("POST", path, body) == (400, "RequestBodyRead")


@pytest.mark.parametrize("action", ["accept", "tentativelyAccept", "decline"])
def test_an_organiser_cannot_answer(graph: Graph, world: World, action: str) -> None:
    event = planning(world, BOB)

    assert graph.error("POST", f"/me/events/{event}/{action}", {}) == INVALID


def test_a_cancelled_meeting_cannot_be_accepted(bob: Graph, world: World) -> None:
    event = planning(world, BOB)
    theirs = seen(world, "bob", event)
    world.cancel_event("alice", event)

    assert bob.error("POST", f"/me/events/{theirs['id']}/accept", {}) == INVALID


def test_an_answer_to_a_series_counts_for_all_of_it(world: World) -> None:
    event = mondays(world, BOB)
    world.rename_event("alice", november(world, "alice")[1]["id"], "Another name")

    world.answer_event("bob", seen(world, "bob", event)["id"], "accepted")

    assert {each["responseStatus"]["response"] for each in november(world, "bob")} == {"accepted"}
    statuses = [each["attendees"][0]["status"]["response"] for each in november(world, "alice")]
    assert statuses == ["accepted"] * 4


def test_one_occurrence_is_answered_by_itself(world: World) -> None:
    event = mondays(world, BOB)
    world.answer_event("bob", seen(world, "bob", event)["id"], "accepted")
    log(world)

    world.answer_event("bob", november(world, "bob")[1]["id"], "declined", "On a trip")

    assert [each["start"]["dateTime"][8:10] for each in november(world, "bob")] == [
        "02",
        "16",
        "23",
    ]
    statuses = [each["attendees"][0]["status"]["response"] for each in november(world, "alice")]
    assert statuses == ["accepted", "declined", "accepted", "accepted"]
    assert [each.occurrence for each in world.mails] == ["2026-11-09"]
    assert log(world) == [("declined", ALICE)]


def test_an_invitation_from_outside_is_answered_by_mail(world: World) -> None:
    event = world.add_event(
        "bob", "Fair", at(20), organizer="kim@outside.example", response="notResponded"
    )

    world.answer_event("bob", event, "tentativelyAccepted")

    assert log(world) == [("tentativelyAccepted", "kim@outside.example")]


def test_an_answer_after_the_meeting_was_deleted_changes_nobody(world: World) -> None:
    event = planning(world, BOB)
    theirs = seen(world, "bob", event)["id"]
    mailbox = world.person("alice").mailbox
    mailbox.remove(mailbox.find(event).item)

    world.answer_event("bob", theirs, "accepted")

    assert log(world) == [("invitation", BOB), ("accepted", ALICE)]
