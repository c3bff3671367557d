"""Both sides change the same thing: the page shows both versions and which one stands."""

import pytest

from portal.tables import Link
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage


@pytest.fixture
def conflict_page(stage: Stage, alice: Browser) -> Page:
    stage.connect(alice, "alice")
    stage.rest()
    meeting_id = stage.schedule("alice", "Planning")
    stage.rest()
    (link,) = stage.rows(Link)
    page = alice.get(f"/meetings/{meeting_id}/edit")
    stage.world.rename_event("alice", link.graph_id, "Planning in Outlook")
    alice.submit(page, "Save", title="Planning here")

    stage.look()

    return alice.get(f"/meetings/{meeting_id}")


def test_both_versions_are_shown_with_the_one_that_stands(conflict_page: Page) -> None:
    assert conflict_page.h1 == "Planning in Outlook"
    assert "Outlook's version stands" in conflict_page.text
    assert "Title here Planning here" in conflict_page.text
    assert "Title in Outlook Planning in Outlook" in conflict_page.text


def test_after_30_days_the_conflict_is_no_longer_shown(
    conflict_page: Page, stage: Stage, alice: Browser
) -> None:
    stage.portal.clock.advance(days=31)
    back = stage.portal.signed_in("alice")

    page = back.get(conflict_page.path)

    assert "Outlook's version stands" not in page.text


def test_the_other_version_comes_back_at_a_click(
    conflict_page: Page, stage: Stage, alice: Browser
) -> None:
    page = alice.submit(conflict_page, "Bring back the version made here")
    stage.rest()

    assert page.h1 == "Planning here"
    assert "The other version was brought back" in page.text
    assert "Bring back the version made here" not in page.text
    assert [one["subject"] for one in stage.world.events("alice")].count("Planning here") == 1


def test_why_it_cannot_come_back_is_said(conflict_page: Page, stage: Stage, alice: Browser) -> None:
    alice.post(f"{conflict_page.path}/cancel", {"note": ""})

    page = alice.submit(conflict_page, "Bring back the version made here")

    assert "was cancelled meanwhile" in page.text
