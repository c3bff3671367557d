"""A consent that Microsoft has not put into effect yet, and approvals that are waited for."""

import pytest

from portal.tables import Connection, ConsentRequest
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage, consent

FINISHING = "/connect/finishing"


@pytest.fixture(autouse=True)
def switched_on(stage: Stage) -> None:
    stage.switch(on=True)


def connect_slowly(stage: Stage, browser: Browser, switch: str, seconds: int) -> Page:
    """The page one lands on when Microsoft is not ready."""
    door = stage.leave_for_microsoft(browser)
    stage.world.turn(switch, seconds)
    return browser.get(consent(stage.simulator, stage.world, door, "alice"))


def test_a_consent_that_is_not_in_effect_is_tried_again(stage: Stage, alice: Browser) -> None:
    page = connect_slowly(stage, alice, "identity.consent_delay", 20)
    early = alice.post(FINISHING, htmx=True)
    stage.clock.advance(seconds=25)

    done = alice.post(FINISHING, htmx=True)

    assert (page.path, page.h1) == (FINISHING, "Almost connected")
    assert "Tried once" in early.text
    assert done.headers["HX-Redirect"].startswith("/profile")
    assert "is connected" in alice.get("/profile").notices[0]
    assert [row.code for row in stage.rows(ConsentRequest)] == [None]


def test_without_script_a_button_tries_again(stage: Stage, alice: Browser) -> None:
    connect_slowly(stage, alice, "identity.consent_delay", 20)
    stage.clock.advance(seconds=3)

    again = alice.post(FINISHING)
    stage.clock.advance(seconds=30)
    done = alice.post(FINISHING)

    assert "Tried 2 times" in again.text
    assert done.path == "/profile"
    assert len(stage.rows(Connection)) == 1


def test_a_token_endpoint_that_asks_to_wait_is_not_asked_before(
    stage: Stage, alice: Browser
) -> None:
    connect_slowly(stage, alice, "identity.throttled", 60)
    stage.world.turn("identity.throttled", 0)
    stage.clock.advance(seconds=59)
    alice.post(FINISHING, htmx=True)
    early = stage.rows(Connection)
    stage.clock.advance(seconds=2)

    alice.post(FINISHING, htmx=True)

    assert (early, len(stage.rows(Connection))) == ([], 1)


def test_a_consent_that_never_counts_ends_with_a_sentence(stage: Stage, alice: Browser) -> None:
    connect_slowly(stage, alice, "identity.consent_delay", 100_000)
    stage.clock.advance(minutes=10)

    page = alice.get(FINISHING)

    assert page.path == "/profile"
    assert "it took too long" in page.notices[0]
    assert stage.rows(Connection) == []


def test_going_back_to_microsofts_answer_leads_to_where_it_is_waited_for(
    stage: Stage, alice: Browser
) -> None:
    door = stage.leave_for_microsoft(alice)
    stage.world.turn("identity.consent_delay", 20)
    back = consent(stage.simulator, stage.world, door, "alice")
    alice.get(back)

    assert alice.get(back).path == FINISHING


def test_another_browser_finishes_nothing(stage: Stage, alice: Browser, bob: Browser) -> None:
    connect_slowly(stage, alice, "identity.consent_delay", 20)
    stage.clock.advance(seconds=25)

    page = bob.post(FINISHING)

    assert page.path == "/profile"
    assert stage.rows(Connection) == []


def test_an_approval_that_is_needed_stays_a_state_until_one_connects(
    stage: Stage, alice: Browser
) -> None:
    stage.world.consent_policy = "admin_only"
    door = stage.leave_for_microsoft(alice)
    alice.get(consent(stage.simulator, stage.world, door, "alice", decision="back"))
    waiting = alice.get("/profile").text
    stage.world.consent_policy = "user"

    stage.connect(alice, "alice")

    assert "Waiting for the administrator" in waiting
    assert "On 18 November 2026, 10:00 Microsoft said" in waiting
    assert "Waiting for the administrator" not in alice.get("/profile").text
