"""Something grave is asked of somebody without a password: their provider is asked once more."""

import pytest
from sqlalchemy import update

from portal.tables import Person
from tests.blueprints.test_held import CANCEL, emptied, ended
from tests.browse import Browser
from tests.page import Page
from tests.sign_ins import answer, link, provide
from tests.stage import Stage

AGAIN = "Sign in again with Microsoft"


@pytest.fixture
def held(stage: Stage, alice: Browser) -> Page:
    """Alice's mailbox is held, and she has no password."""
    emptied(stage, alice, 6)
    provide(stage)
    link(stage, alice, "alice")
    with stage.database.writing() as db:
        db.execute(update(Person).values(password_hash=""))
    return alice.get("/connection/held")


def signs_in_again(stage: Stage, alice: Browser, page: Page) -> Page:
    gone = alice.submit(page, AGAIN, follow=False)
    assert "prompt=login" in (gone.location or "")
    address = (gone.location or "").removeprefix("http://simulator.localhost")
    return alice.get(answer(stage, address, "alice"))


def test_without_it_nothing_is_decided(stage: Stage, alice: Browser, held: Page) -> None:
    assert held.all("input", type="password") == []

    page = alice.submit(held, CANCEL, meeting=["all"])

    assert (page.status, ended(stage)) == (422, 0)
    assert "Sign in again first." in page.notices


def test_afterwards_it_can_be_decided(stage: Stage, alice: Browser, held: Page) -> None:
    page = signs_in_again(stage, alice, held)
    assert page.path == "/connection/held"
    assert "You signed in a moment ago" in page.text

    alice.submit(page, CANCEL, meeting=["all"])

    assert ended(stage) == 6


def test_it_counts_for_ten_minutes(stage: Stage, alice: Browser, held: Page) -> None:
    page = signs_in_again(stage, alice, held)
    stage.clock.advance(minutes=11)

    assert alice.submit(page, CANCEL, meeting=["all"]).status == 422
    assert ended(stage) == 0


def test_another_account_there_proves_nothing(stage: Stage, alice: Browser, held: Page) -> None:
    gone = alice.submit(held, AGAIN, follow=False)
    address = (gone.location or "").removeprefix("http://simulator.localhost")

    page = alice.get(answer(stage, address, "bob"))

    assert "Alice Ardent" not in page.text
    assert page.status == 404
