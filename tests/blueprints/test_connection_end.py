"""Disconnecting: what is seen before, what is deleted where, and what the receipt says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.tables import Calendar, Change, Connection, Event, Link, Meeting, Window
from simulator.world import World
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage


@pytest.fixture
def two_meetings(stage: Stage, alice: Browser) -> tuple[int, int]:
    """Alice is connected, and two meetings of hers are in Outlook; Bob is invited to one."""
    stage.connect(alice, "alice")
    stage.rest()
    review = stage.schedule("alice", "Review", invitees=["bob@contoso.example"])
    planning = stage.schedule("alice", "Planning")
    stage.rest()
    assert len(stage.rows(Link)) == 2
    return review, planning


def leave(browser: Browser, *deleting: int) -> Page:
    page = browser.get("/connection/disconnect")
    ticks: dict[str, Any] = {"delete": [str(one) for one in deleting]} if deleting else {}
    return browser.submit(page, "Disconnect", **ticks)


def in_outlook(world: World) -> set[str]:
    return {event["subject"] for event in world.events("alice")} & {"Review", "Planning"}


def test_before_leaving_one_sees_what_happens_and_whom_a_deletion_mails(
    alice: Browser, two_meetings: tuple[int, int]
) -> None:
    page = alice.follow(alice.get("/profile"), "Disconnect")

    assert page.h1 == "Disconnect alice@contoso.example"
    assert "Nothing is deleted in Outlook" in page.text
    labels = page.texts("label")
    assert any(
        "Review" in label and "1 person was invited and gets mail" in label for label in labels
    )
    assert any("Planning" in label and "invited" not in label for label in labels)
    assert not [box for box in page.all("input", name="delete") if box.get("checked") is not None]


def test_leaving_deletes_tokens_and_copies_and_nothing_in_outlook(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    before = len(stage.world.events("alice"))

    page = leave(alice)

    assert "alice@contoso.example is disconnected" in page.h1
    assert "No event was deleted in Outlook" in page.text
    (connection,) = stage.rows(Connection)
    assert (connection.access_token, connection.refresh_token) == (None, None)
    assert connection.state == "disconnected"
    assert stage.rows(Event) == stage.rows(Window) == []
    assert len(stage.rows(Meeting)) == len(stage.rows(Link)) == 2
    assert len(stage.world.events("alice")) == before


def test_after_leaving_the_portal_is_as_before_connecting(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    leave(alice)

    assert alice.get("/profile").link("Configure Calendar and Contacts Service")
    assert stage.rest() == 0
    assert alice.get(f"/meetings/{two_meetings[0]}").status == 200
    assert alice.get("/calendar").status == 200


def test_only_ticked_events_are_deleted_and_their_meetings_stay_only_here(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    review, _planning = two_meetings
    stage.world.mails.clear()

    page = leave(alice, review)

    assert in_outlook(stage.world) == {"Planning"}
    assert "1 event was deleted in Outlook" in page.text
    assert [mail.kind for mail in stage.world.mails] == ["cancellation"]
    assert "Only here" in alice.get(f"/meetings/{review}").text
    assert [link.meeting_id for link in stage.rows(Link)] == [two_meetings[1]]


def test_an_event_that_was_gone_already_counts_as_deleted(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    link = stage.rows(Link)[0]
    stage.world.delete_event("alice", link.graph_id)

    page = leave(alice, link.meeting_id)

    assert "1 event was deleted" in page.text


@pytest.mark.parametrize(
    "trouble",
    [
        lambda world: world.fail_next(503, "serviceUnavailable"),
        lambda world: world.fail_next(429, "TooManyRequests", retry_after="60"),
        lambda world: world.drop_next(after_effect=False),
        lambda world: (world.revoke("alice"), world.expire_access_tokens("alice")),
    ],
    ids=["unwell", "throttled", "silent", "consent lost"],
)
def test_where_microsoft_does_not_answer_the_receipt_says_what_is_left(
    stage: Stage,
    alice: Browser,
    two_meetings: tuple[int, int],
    trouble: Callable[[World], object],
) -> None:
    page = alice.get("/connection/disconnect")
    trouble(stage.world)

    receipt = alice.submit(page, "Disconnect", delete=[str(one) for one in two_meetings])

    assert in_outlook(stage.world) == {"Review", "Planning"}
    assert "2 events could not be deleted" in receipt.text
    assert stage.rows(Connection)[0].access_token is None
    assert len(stage.rows(Link)) == 2


def test_one_event_that_microsoft_keeps_does_not_keep_the_others(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    page = alice.get("/connection/disconnect")
    stage.world.fail_next(403, "ErrorAccessDenied")

    receipt = alice.submit(page, "Disconnect", delete=[str(one) for one in two_meetings])

    assert "1 event was deleted" in receipt.text
    assert "1 event could not be deleted" in receipt.text
    assert len(in_outlook(stage.world)) == 1


def test_a_token_refused_before_its_time_does_not_keep_events(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    stage.world.expire_access_tokens("alice")

    leave(alice, *two_meetings)

    assert in_outlook(stage.world) == set()


@pytest.mark.parametrize("junk", ["", "0", "²", "9" * 5000, "\x00"])
def test_ticks_for_what_is_not_there_are_ignored(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int], junk: str
) -> None:
    page = alice.post("/connection/disconnect", {"delete": junk})

    assert "is disconnected" in page.h1
    assert in_outlook(stage.world) == {"Review", "Planning"}


def test_nobody_deletes_events_of_others(
    stage: Stage, alice: Browser, bob: Browser, two_meetings: tuple[int, int]
) -> None:
    stage.connect(bob, "bob")

    bob.post("/connection/disconnect", {"delete": [str(one) for one in two_meetings]})

    assert in_outlook(stage.world) == {"Review", "Planning"}
    assert len(stage.rows(Link)) == 2


def test_what_waited_is_given_up_and_said(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    late = stage.schedule("alice", "Late")

    before = alice.get("/connection/disconnect")
    page = alice.submit(before, "Disconnect")

    assert "1 change that still waits is given up" in before.text
    assert "1 waiting change was given up" in page.text
    (change,) = [row for row in stage.rows(Change) if row.meeting_id == late]
    assert (change.outcome, change.code) == ("given up", "disconnected")
    assert "Only here" in alice.get(f"/meetings/{late}").text


def test_coming_back_finds_meetings_tied_to_their_events(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    calendars = [row.id for row in stage.rows(Calendar)]
    leave(alice)

    stage.connect(alice, "alice")
    stage.rest()

    assert len(stage.rows(Link)) == 2
    assert [row.id for row in stage.rows(Calendar)] == calendars
    subjects = [event["subject"] for event in stage.world.events("alice")]
    assert (subjects.count("Review"), subjects.count("Planning")) == (1, 1)
    assert "In step" in alice.get(f"/meetings/{two_meetings[0]}").text


def test_leaving_works_while_the_integration_is_off(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    stage.switch(on=False)

    assert "is disconnected" in leave(alice).h1


def test_leaving_twice_is_a_page_that_is_not_there(
    alice: Browser, two_meetings: tuple[int, int]
) -> None:
    page = alice.get("/connection/disconnect")
    alice.submit(page, "Disconnect")

    assert alice.submit(page, "Disconnect").status == 404


def test_no_token_is_left_in_the_database_file(
    stage: Stage, alice: Browser, two_meetings: tuple[int, int]
) -> None:
    (connection,) = stage.rows(Connection)
    tokens = [connection.access_token, connection.refresh_token]

    leave(alice)

    stored = b"".join(
        file.read_bytes() for file in Path(stage.database.path).parent.glob("lockstep.db*")
    )
    assert all(token.encode() not in stored for token in tokens)
