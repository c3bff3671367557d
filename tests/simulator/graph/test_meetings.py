"""Meetings with invitees: online meetings, cancelling, and the mails that Exchange would send."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at, timed

KIM = {"emailAddress": {"address": "kim@fabrikam.example", "name": "Kim"}, "type": "required"}
BOB = {"emailAddress": {"address": "bob@contoso.example"}, "type": "optional"}


def mails(world: World) -> list[tuple[str, str]]:
    """The kind and the address of every mail."""
    return [(each.kind, each.to) for each in world.mails]


def test_invitees_hear_of_what_concerns_them(graph: Graph, world: World) -> None:
    path = f"/me/events/{graph.create({**timed(20, 10), 'attendees': [KIM]})['id']}"

    graph.call("PATCH", path, {"showAs": "free"})
    graph.call("PATCH", path, {"attendees": [KIM, BOB]})
    graph.call("PATCH", path, {"subject": "Changed"})
    graph.call("DELETE", path)

    assert mails(world) == [
        ("invitation", "kim@fabrikam.example"),
        ("invitation", "bob@contoso.example"),
        ("update", "bob@contoso.example"),
        ("update", "kim@fabrikam.example"),
        ("cancellation", "bob@contoso.example"),
        ("cancellation", "kim@fabrikam.example"),
    ]


def test_a_repeated_create_mails_nobody_twice(graph: Graph, world: World) -> None:
    body = {**timed(20, 10), "attendees": [KIM], "transactionId": "t-1"}

    graph.create(body)
    graph.create(body)

    assert len(world.mails) == 1


def test_an_organiser_cancels(graph: Graph, world: World) -> None:
    made = graph.create({**timed(20, 10), "attendees": [KIM]})

    response = graph.call("POST", f"/me/events/{made['id']}/cancel", {"comment": "Sorry"})

    assert (response.status_code, response.data) == (202, b"")
    assert world.event("alice", made["id"]) is None
    assert mails(world)[-1] == ("cancellation", "kim@fabrikam.example")


def test_an_invitee_cannot_cancel(graph: Graph, world: World) -> None:
    invited = world.add_event("alice", "Theirs", at(4), organizer="bob@contoso.example")

    refusal = graph.error("POST", f"/me/events/{invited}/cancel", {})
    event: Any = graph.get(f"/me/events/{invited}")

    assert refusal == (400, "ErrorInvalidRequest")
    assert not event["isOrganizer"]
    assert event["organizer"]["emailAddress"]["address"] == "bob@contoso.example"
    assert event["responseStatus"]["response"] == "accepted"


def test_an_online_meeting_has_a_join_address_in_its_body(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "isOnlineMeeting": True})

    link = made["onlineMeeting"]["joinUrl"]
    assert made["onlineMeetingProvider"] == "teamsForBusiness"
    assert link in made["body"]["content"]


def test_whoever_overwrites_the_meeting_block_loses_the_meeting(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "isOnlineMeeting": True})
    path = f"/me/events/{made['id']}"
    kept = made["body"]["content"].replace("<body>", "<body><p>Agenda</p>")

    first = graph.call("PATCH", path, {"body": {"contentType": "html", "content": kept}}).json
    second = graph.call("PATCH", path, {"body": {"contentType": "html", "content": "Gone"}}).json

    assert first is not None
    assert second is not None
    assert first["onlineMeeting"] == made["onlineMeeting"]
    assert (second["isOnlineMeeting"], second["onlineMeeting"]) == (False, None)


@pytest.mark.quirk(33)
def test_a_plain_text_body_becomes_a_page(graph: Graph) -> None:
    body = {"contentType": "text", "content": "First <line>\nSecond"}

    made = graph.create({**timed(20, 10), "body": body})
    text = graph.get(f"/me/events/{made['id']}", Prefer='outlook.body-content-type="text"')

    assert made["body"]["contentType"] == "html"
    assert text["body"] == {"contentType": "text", "content": "First <line>\r\nSecond"}


def test_whoever_stays_invited_keeps_the_answer_given(graph: Graph, world: World) -> None:
    made = graph.create({**timed(20, 10), "attendees": [KIM]})
    item = world.person("alice").mailbox.find(made["id"]).item
    item.words["attendees"][0]["status"] = {"response": "accepted", "time": "2026-11-18T09:00:00Z"}

    changed: Any = graph.call("PATCH", f"/me/events/{made['id']}", {"attendees": [BOB, KIM]}).json

    answers = [each["status"]["response"] for each in changed["attendees"]]
    assert answers == ["none", "accepted"]


def test_a_meeting_once_online_stays_online(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "isOnlineMeeting": True})

    path = f"/me/events/{made['id']}"
    changed: Any = graph.call("PATCH", path, {"isOnlineMeeting": False, "subject": "Call"}).json

    assert (changed["isOnlineMeeting"], changed["subject"]) == (True, "Call")
    assert changed["onlineMeeting"] == made["onlineMeeting"]
