"""What people see of adoption: the rule on the profile, and why an event is no meeting."""

from datetime import timedelta

import pytest

from portal.tables import Connection, Event, HeldEvent, Meeting
from tests import calendar_make as make
from tests.browse import Browser
from tests.stage import Stage

ROOM = {"location": {"displayName": "https://meet.jit.si/weekly-review"}}
SOON = timedelta(days=1)


@pytest.fixture
def connected(stage: Stage, alice: Browser) -> Stage:
    stage.adopts = True
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def began(stage: Stage) -> list[str]:
    return [one.title for one in stage.rows(Meeting) if one.adopted_at]


def event_page(stage: Stage, title: str) -> str:
    (event,) = (one for one in stage.rows(Event) if one.title == title)
    return f"/calendar/events/{event.id}"


def test_an_adopted_meeting_says_where_it_began(connected: Stage, alice: Browser) -> None:
    connected.world.add_event("alice", "Review", connected.now + SOON, **ROOM)
    connected.look()

    page = alice.follow(alice.get("/meetings"), "Review")

    assert "It began in Outlook and became a meeting here on 18 November 2026, 10:06" in page.text
    assert "The event became a meeting here." in page.text
    assert "In step" in page.text


def test_the_rule_can_be_switched_off_and_on(connected: Stage, alice: Browser) -> None:
    before = began(connected)
    page = alice.submit(alice.get("/profile"), "Save this rule", adopts=None)
    connected.world.add_event("alice", "Review", connected.now + SOON, **ROOM)
    connected.look()
    off = began(connected)
    why = alice.get(event_page(connected, "Review")).text

    alice.submit(alice.get("/profile"), "Save this rule", adopts="on")
    connected.look()

    assert "Events stay events from now on." in page.text
    assert off == before
    assert "the rule is switched off on your profile" in why
    assert began(connected) == [*before, "Review"]


def test_who_can_only_see_their_calendar_is_offered_no_rule(stage: Stage, bob: Browser) -> None:
    stage.connect(bob, "bob", calendar_access="read")
    stage.rest()

    page = bob.get("/profile")

    assert "Only see" in page.text
    assert "become meetings here" not in page.text


def test_a_second_event_in_the_same_room_says_why_it_is_no_meeting(
    connected: Stage, alice: Browser
) -> None:
    for title in ("First", "Second"):
        connected.world.add_event("alice", title, connected.now + SOON, **ROOM)
    connected.look()

    text = alice.get(event_page(connected, "Second")).text

    assert "it is not a meeting here. Its join link is that of another meeting here." in text
    assert "The event does not become a meeting here." in text


def test_an_event_shown_in_a_special_way_says_why(portal, alice) -> None:
    now = portal.clock()
    with portal.writing() as db:
        calendar = make.connected(db, "alice", now=now)
        event = make.event(db, calendar, "Dentist", now + SOON)
        event.unknown_zone = "Customized Time Zone 2"
        held = HeldEvent(calendar_id=calendar.id, graph_id=event.graph_id, code="time_missing")
        held.since, held.ask_at = now, now + timedelta(hours=1)
        db.add(held)

    text = alice.get(f"/calendar/events/{event.id}").text

    assert "could not be read since Wednesday 18 November 2026, 10:00 (time_missing)" in text
    assert "asked again on Wednesday 18 November 2026, 11:00" in text
    assert "a time zone that nobody can place: “Customized Time Zone 2”" in text


def test_the_rule_is_each_persons_own(stage: Stage, alice: Browser, bob: Browser) -> None:
    stage.adopts = True
    stage.connect(alice, "alice")
    stage.connect(bob, "bob")
    stage.rest()

    bob.submit(bob.get("/profile"), "Save this rule", adopts=None)

    assert {one.username: one.adopts for one in stage.rows(Connection)} == {
        "alice@contoso.example": True,
        "bob@contoso.example": False,
    }
