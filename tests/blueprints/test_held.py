"""The list of what the brake holds, and the plan of a first look: seen, then decided about."""

import pytest

from portal.tables import Audit, Change, Connection, Meeting
from tests.browse import Browser
from tests.cast import PASSWORD
from tests.conftest import Portal
from tests.page import Page
from tests.stage import Stage

BOB = "bob@contoso.example"
CANCEL, PUT_BACK = "They were meant to go: cancel these meetings", "Put them back into Outlook"


@pytest.fixture
def alice(portal: Portal) -> Browser:
    """They have not proved lately who they are."""
    return portal.signed_in("alice", lately=False)


def in_outlook(stage: Stage, alice: Browser, count: int, *, invitees: list[str]) -> list[int]:
    """So many meetings of Alice's in Outlook."""
    stage.connect(alice, "alice")
    stage.rest()
    made = [
        stage.schedule("alice", f"Meeting {n}", invitees=invitees if n == 0 else [])
        for n in range(count)
    ]
    stage.rest()
    return made


def emptied(stage: Stage, alice: Browser, count: int, *, invitees: list[str] | None = None) -> None:
    """All of them deleted in Outlook at once."""
    in_outlook(stage, alice, count, invitees=invitees or [])
    for event in stage.world.events("alice"):
        if str(event["subject"]).startswith("Meeting "):
            stage.world.delete_event("alice", event["id"])
    stage.world.mails.clear()
    stage.look()


def decide(browser: Browser, button: str, *ticks: object, password: str = PASSWORD) -> Page:
    page = browser.get("/connection/held")
    asked = {"own_password": password} if page.all("input", name="own_password") else {}
    return browser.submit(page, button, meeting=[str(one) for one in ticks], **asked)


def ended(stage: Stage) -> int:
    return sum(one.cancelled_at is not None for one in stage.rows(Meeting))


def state(stage: Stage) -> str:
    (connection,) = stage.rows(Connection)
    found: str = connection.state
    return found


def test_the_profile_says_that_the_mailbox_is_held_and_leads_to_the_list(
    stage: Stage, alice: Browser
) -> None:
    emptied(stage, alice, 6, invitees=[BOB])

    profile = alice.get("/profile")
    page = alice.follow(profile, "See the list")

    assert "6 meetings would be cancelled, which nobody chose here" in profile.text
    labels = page.texts("label")
    assert any("Meeting 0" in one and "1 person is invited" in one for one in labels)
    assert sum("Its event is gone in Outlook." in one for one in labels) == 6
    assert not [box for box in page.all("input", name="meeting") if box.get("checked") is not None]


def test_a_held_meeting_says_so_on_its_own_page(stage: Stage, alice: Browser) -> None:
    emptied(stage, alice, 6)

    page = alice.get(f"/meetings/{stage.rows(Meeting)[0].id}")

    assert "Its event is gone in Outlook" in page.text


def test_meant_to_go(stage: Stage, alice: Browser) -> None:
    emptied(stage, alice, 6, invitees=[BOB])

    decide(alice, CANCEL, "all")
    stage.rest()

    assert (ended(stage), state(stage), stage.world.mails) == (6, "connected", [])
    (noted,) = [row for row in stage.rows(Audit) if row.act == "removals released"]
    assert (noted.person_id, len(noted.after["meetings"])) == (stage.person_id("alice"), 6)


def test_put_back_makes_each_event_anew_and_invites_again(stage: Stage, alice: Browser) -> None:
    emptied(stage, alice, 6, invitees=[BOB])
    before = {change.transaction_id for change in stage.rows(Change)}

    decide(alice, PUT_BACK, "all")
    stage.rest()

    titles = [event["subject"] for event in stage.world.events("alice")]
    assert sum(str(title).startswith("Meeting ") for title in titles) == 6
    assert (ended(stage), state(stage)) == (0, "connected")
    assert [(mail.to, mail.kind) for mail in stage.world.mails] == [(BOB, "invitation")]
    fresh = {change.transaction_id for change in stage.rows(Change)} - before
    assert len(fresh) == 6


def test_some_go_some_come_back_and_the_hold_ends_with_the_last(
    stage: Stage, alice: Browser
) -> None:
    emptied(stage, alice, 6)
    ids = [one.id for one in stage.rows(Meeting)]

    decide(alice, CANCEL, *ids[:2])
    after_two = state(stage)
    decide(alice, PUT_BACK, *ids[2:])
    stage.rest()

    assert (after_two, state(stage), ended(stage)) == ("held", "connected", 2)
    assert "Nothing is held" in alice.get("/connection/held").text


def test_twenty_are_up_to_the_person(stage: Stage, alice: Browser) -> None:
    emptied(stage, alice, 20)

    decide(alice, CANCEL, "all")

    assert (ended(stage), state(stage)) == (20, "connected")


def test_more_than_twenty_need_an_administrator_also_in_two_steps(
    stage: Stage, alice: Browser
) -> None:
    emptied(stage, alice, 21)
    ids = [one.id for one in stage.rows(Meeting)]

    refused = decide(alice, CANCEL, "all")
    decide(alice, CANCEL, *ids[:20])
    again = decide(alice, CANCEL, "all")

    for page in (refused, again):
        assert page.status == 422
        assert "An administrator of this portal can decide about the others" in page.text
    assert (ended(stage), state(stage)) == (20, "held")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("", "Enter your password."), ("wrong", "This is not your password.")],
)
def test_without_the_password_nothing_is_decided(
    stage: Stage, alice: Browser, password: str, sentence: str
) -> None:
    emptied(stage, alice, 6)

    page = decide(alice, CANCEL, "all", password=password)

    assert (page.status, ended(stage), state(stage)) == (422, 0, "held")
    assert sentence in page.text


def test_guesses_are_slowed_down(stage: Stage, alice: Browser) -> None:
    emptied(stage, alice, 6)
    for _ in range(10):
        decide(alice, CANCEL, "all", password="guess")

    page = decide(alice, CANCEL, "all")

    assert (page.status, ended(stage)) == (429, 0)


def test_nothing_ticked_decides_nothing(stage: Stage, alice: Browser) -> None:
    emptied(stage, alice, 6)

    page = decide(alice, PUT_BACK)

    assert (page.status, state(stage)) == (422, "held")


def test_the_numbers_of_somebody_elses_meetings_do_nothing(
    stage: Stage, alice: Browser, bob: Browser
) -> None:
    emptied(stage, alice, 6)
    theirs = stage.schedule("bob", "Theirs")
    stage.connect(bob, "bob")
    stage.rest()

    page = decide(alice, CANCEL, theirs)
    bobs = bob.get("/connection/held")

    assert page.status == 422
    assert "Nothing is held" in bobs.text
    assert ended(stage) == 0


def test_the_plan_says_per_meeting_what_would_be_written_and_to_how_many(
    stage: Stage, alice: Browser
) -> None:
    in_outlook(stage, alice, 1, invitees=[BOB])
    stage.world.withdraw_consent("alice")
    stage.world.expire_access_tokens("alice")
    stage.look()
    stage.schedule("alice", "Review", invitees=[BOB])
    stage.connect(alice, "alice")
    stage.rest()

    page = alice.follow(alice.get("/profile"), "See what would be written")

    assert "Put into Outlook as a new event. 1 person gets mail." in page.text
    assert "1 waiting change would mail 1 person." in page.text
    alice.submit(page, "Send them now")
    stage.rest()
    assert "Nothing waits" in alice.get("/connection/plan").text
