"""In step is only said while somebody looks."""

import pytest

from tests.browse import Browser
from tests.stage import Stage


@pytest.fixture
def meeting_page(stage: Stage, alice: Browser) -> str:
    stage.connect(alice, "alice")
    stage.rest()
    meeting_id = stage.schedule("alice", "Planning")
    stage.rest()
    return f"/meetings/{meeting_id}"


def test_a_meeting_is_in_step_while_its_calendar_is_looked_at(
    stage: Stage, alice: Browser, meeting_page: str
) -> None:
    stage.look(hours=3)

    assert "In step" in alice.get(meeting_page).text


@pytest.mark.invariant(19)
def test_without_a_look_for_long_the_page_does_not_say_in_step(
    stage: Stage, alice: Browser, meeting_page: str
) -> None:
    stage.portal.clock.advance(minutes=16)

    page = alice.get(meeting_page)

    assert "In step" not in page.text
    assert "Not checked lately" in page.text
    assert "Not checked lately" in alice.get("/meetings").text
