"""The sample people: teams whose meetings were really delivered and mostly answered."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from simulator import create_app
from simulator.sample import BACK, FORWARD
from simulator.world import World
from tests import wire
from tests.conftest import Clock
from tests.simulator.desk import Graph

TEAM = ("alice", "bob", "carol", "dave", "erin")


@pytest.fixture
def world(clock: Clock) -> World:
    """Seven people: the named team, and two of the next one."""
    return World.seeded(people=7, events=700, now=clock)


def masters(world: World) -> dict[str, dict[str, dict[str, Any]]]:
    """By iCalUId: who has which entry."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for person in world.people.values():
        for each in world.events(person.id):
            found.setdefault(each["iCalUId"], {})[person.address] = each
    return found


def test_a_team_sees_each_others_meetings(world: World) -> None:
    subjects = {who: {each["subject"] for each in world.events(who)} for who in TEAM}

    # In India it would be night.
    assert [who for who in TEAM if "Team meeting" not in subjects[who]] == ["erin"]
    [meeting] = [
        held
        for held in masters(world).values()
        if {each["subject"] for each in held.values()} == {"Team meeting"} and len(held) > 2
    ]
    assert len({each["start"]["dateTime"] for each in meeting.values()}) == 1


def test_nobody_is_invited_at_night(world: World) -> None:
    begins = [
        datetime.fromisoformat(f"{each['start']['dateTime'][:19]}+00:00").astimezone(
            person.mailbox.home
        )
        for person in world.people.values()
        for each in world.events(person.id)
        if not each["isOrganizer"] and each["type"] == "singleInstance"
    ]

    assert {at.hour for at in begins} <= set(range(8, 19))
    assert len(begins) > 100


def test_an_invitation_for_the_next_working_day_waits_for_everybody(world: World) -> None:
    [copy] = [each for each in world.events("alice") if each["subject"] == "Plan the team days"]

    assert copy["start"]["dateTime"][:13] == "2026-11-19T15"
    assert copy["responseStatus"]["response"] == "notResponded"
    assert {each["status"]["response"] for each in copy["attendees"]} == {"none"}


def test_copies_and_lists_tell_the_same_answers(world: World) -> None:
    for held in masters(world).values():
        for address, copy in held.items():
            listed = {
                each["emailAddress"]["address"]: each["status"]["response"]
                for each in copy["attendees"]
            }
            own = copy["responseStatus"]["response"]
            if copy["isOrganizer"]:
                assert own == "organizer"
                assert {who for who, said in listed.items() if said == "declined"}.isdisjoint(held)
            else:
                assert listed[address] == own.replace("notResponded", "none")


def test_some_invitations_wait_and_some_come_from_outside(world: World) -> None:
    received = [each for each in world.events("alice") if not each["isOrganizer"]]

    said = Counter(each["responseStatus"]["response"] for each in received)
    hosts = {each["organizer"]["emailAddress"]["address"].partition("@")[2] for each in received}
    assert set(said) == {"notResponded", "tentativelyAccepted", "accepted"}
    assert said.most_common(1)[0][0] == "accepted"
    assert len(hosts - {"contoso.example", "fabrikam.example"}) > 0


def test_the_sent_mail_log_starts_empty(world: World) -> None:
    assert world.mails == []


def test_everybodys_mailbox_is_as_large_as_asked_for(world: World) -> None:
    sizes = [
        len(world.view(each.id, world.now() - BACK, world.now() + FORWARD))
        for each in world.people.values()
    ]

    assert all(abs(size - 700) <= 35 for size in sizes), sizes


def test_an_invitation_of_the_sample_is_answered_like_any_other(world: World) -> None:
    waiting = next(
        each
        for each in world.events("bob")
        if each["responseStatus"]["response"] == "notResponded"
        and each["organizer"]["emailAddress"]["address"] == "alice@contoso.example"
    )

    world.answer_event("bob", waiting["id"], "accepted")

    held = masters(world)[waiting["iCalUId"]]["alice@contoso.example"]
    answers = {
        each["emailAddress"]["address"]: each["status"]["response"] for each in held["attendees"]
    }
    assert answers["bob@contoso.example"] == "accepted"


def test_sample_events_are_as_microsoft_types_them(world: World) -> None:
    client = wire.validating(create_app(world), every=True).test_client()
    graph = Graph(client, world)

    shown = graph.get("/me/events?$top=60&$orderby=start/dateTime")["value"]

    assert {each["type"] for each in shown} >= {"seriesMaster", "singleInstance"}
