"""What people may grant: off, reading, writing; and what becomes of a grant that says more."""

import pytest

from portal.tables import Change, Connection, Link
from tests.blueprints import settled
from tests.browse import Browser
from tests.page import words
from tests.stage import Stage, consent

READS = "Your administrators let this portal only read calendars."


@pytest.fixture
def hers(stage: Stage, alice: Browser) -> Stage:
    """Alice has let the portal change her calendar."""
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def section(browser: Browser) -> str:
    return words(browser.get("/profile").by_id("integration-room"))


def test_where_reading_is_all_the_page_offers_and_asks_for_no_more(
    stage: Stage, alice: Browser
) -> None:
    stage.switch(on=True)
    settled.choose(stage, "calendar_permission", "read")

    page = alice.get("/connect/permissions")
    door = stage.leave_for_microsoft(alice)

    assert "See and change my calendar" not in page.text
    assert "Your administrators let people grant reading only." in page.text
    assert "Calendars.Read" in door
    assert "Calendars.ReadWrite" not in door


def test_more_than_that_is_refused_whatever_the_page_offered(stage: Stage, alice: Browser) -> None:
    stage.switch(on=True)
    settled.choose(stage, "calendar_permission", "read")

    refused = alice.post("/connect/microsoft", {"calendar_access": "read_write"})

    assert refused.status == 422


def test_off_lets_nobody_begin(stage: Stage, alice: Browser) -> None:
    stage.switch(on=True)
    settled.choose(stage, "calendar_permission", "off")

    assert "do not let people grant" in section(alice)
    assert alice.get("/connect/permissions").path == "/profile"


def test_a_wider_grant_is_not_used_and_the_pages_say_why(hers: Stage, alice: Browser) -> None:
    settled.choose(hers, "calendar_permission", "read")
    meeting = hers.schedule("alice", "Planning")
    hers.look()

    assert hers.rows(Link) == hers.rows(Change) == []
    assert READS in section(alice)
    assert "See and change, of which only seeing is used" in section(alice)
    assert "Only here" in alice.get(f"/meetings/{meeting}").text


def test_what_waited_when_it_was_narrowed_does_not_go(hers: Stage, alice: Browser) -> None:
    meeting = hers.schedule("alice", "Planning")
    settled.choose(hers, "calendar_permission", "read")

    hers.look()

    assert hers.rows(Link) == []
    assert "It waits: your calendar is only read" in alice.get(f"/meetings/{meeting}").text
    assert "1 change waits." in section(alice)


def test_widened_again_the_old_grant_serves_and_what_was_missed_is_found(
    hers: Stage, alice: Browser
) -> None:
    meeting = hers.schedule("alice", "Planning")
    hers.rest()
    settled.choose(hers, "calendar_permission", "read")
    alice.submit(alice.get(f"/meetings/{meeting}/edit"), "Save", title="Planning, moved")
    hers.look()
    before = hers.titles()

    settled.choose(hers, "calendar_permission", "read_write")
    hers.rest()

    assert ("Planning, moved" in before, "Planning, moved" in hers.titles()) == (False, True)
    assert "In step" in alice.get(f"/meetings/{meeting}").text
    assert READS not in section(alice)


def test_a_narrow_grant_stays_narrow_until_the_person_gives_more(
    stage: Stage, alice: Browser
) -> None:
    settled.choose(stage, "calendar_permission", "read")
    stage.connect(alice, "alice")
    stage.rest()
    settled.choose(stage, "calendar_permission", "read_write")

    door = stage.leave_for_microsoft(alice, calendar_access="read_write")
    still = stage.rows(Connection)[0].calendar_access
    alice.get(consent(stage.simulator, stage.world, door, "alice"))

    assert (still, stage.rows(Connection)[0].calendar_access) == ("read", "read_write")
