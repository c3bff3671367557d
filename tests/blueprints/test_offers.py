"""Meetings that are only here, offered in one list once a calendar is connected."""

from datetime import timedelta

import pytest

from tests.browse import Browser
from tests.stage import Stage

PLACE = "/connection/only-here"
BOB = "bob@contoso.example"


@pytest.fixture
def offered(stage: Stage, alice: Browser) -> Stage:
    """Three meetings were made before Alice connected: one is over, one has an invitee."""
    stage.schedule("alice", "Over", starts=-timedelta(days=2))
    stage.schedule("alice", "Alone")
    stage.schedule("alice", "With Bob", invitees=[BOB])
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def in_outlook(stage: Stage) -> set[str]:
    return {event["subject"] for event in stage.world.events("alice")}


def test_the_profile_offers_them_and_nothing_goes_by_itself(offered: Stage, alice: Browser) -> None:
    page = alice.get("/profile")

    assert "2 meetings to come were scheduled while no calendar was connected" in page.text
    assert not in_outlook(offered) & {"Over", "Alone", "With Bob"}


def test_ticked_are_those_from_which_nobody_gets_mail(offered: Stage, alice: Browser) -> None:
    page = alice.follow(alice.get("/profile"), "Choose which to send")

    assert [box.get("checked") is not None for box in page.all("input", name="send")] == [
        True,
        False,
    ]
    assert "Over" not in page.text


def test_the_ticked_go_and_the_others_stay_and_are_not_offered_again(
    offered: Stage, alice: Browser
) -> None:
    alice.submit(alice.get(PLACE), "Send the ticked")
    offered.rest()

    assert in_outlook(offered) & {"Over", "Alone", "With Bob"} == {"Alone"}
    assert offered.world.mails == []
    assert "Choose which to send" not in alice.get("/profile").text


def test_whoever_is_ticked_by_the_person_is_invited(offered: Stage, alice: Browser) -> None:
    boxes = alice.get(PLACE).all("input", name="send")
    alice.post(PLACE, {"send": [box.get("value") for box in boxes]})
    offered.rest()

    assert [mail.to for mail in offered.world.mails] == [BOB]


def test_what_was_not_offered_is_not_sent(offered: Stage, alice: Browser) -> None:
    hers = offered.schedule("dave", "Dave's")
    over = min(int(box.get("value") or 0) for box in alice.get(PLACE).all("input", name="send")) - 1

    alice.post(PLACE, {"send": [str(hers), str(over)]})
    offered.rest()

    assert not in_outlook(offered) & {"Over", "Dave's"}


def test_a_calendar_that_may_only_be_read_is_offered_nothing(stage: Stage, alice: Browser) -> None:
    stage.schedule("alice", "Alone")
    stage.connect(alice, "alice", calendar_access="read")
    stage.rest()

    assert "Choose which to send" not in alice.get("/profile").text
    assert "Nothing to send" in alice.get(PLACE).text


def test_connecting_again_offers_anew(offered: Stage, alice: Browser) -> None:
    alice.submit(alice.get(PLACE), "Send the ticked")
    offered.rest()
    alice.submit(alice.get("/connection/disconnect"), "Disconnect")
    offered.connect(alice, "alice")
    offered.rest()

    assert "1 meeting to come was scheduled" in alice.get("/profile").text


def test_without_a_connection_nothing_is_offered(bob: Browser) -> None:
    assert (bob.get(PLACE).status, bob.post(PLACE).status) == (404, 404)
