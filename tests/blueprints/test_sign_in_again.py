"""Something grave is asked of somebody without a password: their provider is asked once more."""

import pytest
from sqlalchemy import update

from portal.signing_in.providers import OIDC
from portal.tables import Person
from simulator.registration import CLIENT_ID
from tests.blueprints.test_held import CANCEL, emptied, ended
from tests.browse import Browser
from tests.cast import CAST, PORTAL, SIMULATOR
from tests.conftest import Portal
from tests.page import Page
from tests.sign_ins import ELSEWHERE, answer, link, provide, says, sign_in
from tests.stage import Stage

AGAIN = "Sign in again with Microsoft"


@pytest.fixture
def alice(portal: Portal) -> Browser:
    """They have not proved lately who they are."""
    return portal.signed_in("alice", lately=False)


@pytest.fixture
def held(stage: Stage, alice: Browser) -> Page:
    """Alice's mailbox is held, and she has no password."""
    emptied(stage, alice, 6)
    provide(stage)
    link(stage, stage.portal.signed_in("alice"), "alice")
    with stage.database.writing() as db:
        db.execute(update(Person).values(password_hash=""))
    return alice.get("/connection/held")


def signs_in_again(stage: Stage, alice: Browser, page: Page) -> Page:
    gone = alice.submit(page, AGAIN, follow=False)
    assert "prompt=login" in (gone.location or "")
    assert "max_age=60" in (gone.location or "")
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
    assert "You proved a moment ago" in page.text

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


def test_a_usual_sign_in_there_is_no_proof_however_late(stage: Stage, held: Page) -> None:
    """Whoever is signed in at Microsoft still comes in without being asked for anything."""
    alice = stage.portal.visitor()
    sign_in(stage, alice, "alice")

    page = alice.submit(alice.get("/connection/held"), CANCEL, meeting=["all"])

    assert (page.status, ended(stage)) == (422, 0)


def ask(alice: Browser) -> str:
    """The address at Microsoft that the button leads to."""
    gone = alice.submit(alice.get("/connection/held"), AGAIN, follow=False)
    return (gone.location or "").removeprefix(SIMULATOR)


def let_in_silently(stage: Stage, alice: Browser) -> str:
    """Alice signed in at Microsoft an hour ago, and somebody at her browser takes out of the
    address what would ask for her password.
    """
    microsoft = stage.simulator.test_client()
    hers = {"person": stage.world.person(CAST["alice"].address).id}
    microsoft.post(ask(alice), data=hers, base_url=SIMULATOR)
    stage.clock.advance(hours=1)
    bare = ask(alice).replace("&prompt=login", "").replace("&max_age=60", "")
    sent = microsoft.get(bare, base_url=SIMULATOR)
    assert sent.location is not None, sent.text
    return sent.location.removeprefix(PORTAL)


@pytest.mark.parametrize(
    ("claims", "says_so"),
    [((), "does not say when you signed in there"), (("auth_time",), "by an earlier sign-in")],
)
def test_who_was_let_in_silently_proves_nothing(
    stage: Stage, alice: Browser, held: Page, claims: tuple[str, ...], says_so: str
) -> None:
    stage.world.apps[CLIENT_ID].optional_claims = claims

    page = alice.get(let_in_silently(stage, alice))

    assert page.path == "/connection/held"
    assert says_so in page.notices[0]
    assert alice.submit(page, CANCEL, meeting=["all"]).status == 422
    assert ended(stage) == 0


@pytest.mark.parametrize("said", [None, "now", True, -1, 99_999_999_999])
def test_another_provider_has_to_say_when(
    stage: Stage, alice: Browser, held: Page, said: object
) -> None:
    provide(stage, OIDC)
    link(stage, stage.portal.signed_in("alice"), "alice", OIDC)
    says(stage, "alice", {"auth_time": said})
    there = alice.submit(alice.get("/connection/held"), f"Sign in again with {ELSEWHERE}")
    address = (there.link(f"Continue to {ELSEWHERE}") or "").removeprefix(SIMULATOR)

    page = alice.get(answer(stage, address, "alice", OIDC))

    assert page.path == "/connection/held"
    assert "it is not proven that you are there now" in page.notices[0]


def test_another_provider_that_says_so_proves_it(stage: Stage, alice: Browser, held: Page) -> None:
    provide(stage, OIDC)
    link(stage, stage.portal.signed_in("alice"), "alice", OIDC)
    there = alice.submit(alice.get("/connection/held"), f"Sign in again with {ELSEWHERE}")
    address = (there.link(f"Continue to {ELSEWHERE}") or "").removeprefix(SIMULATOR)

    page = alice.get(answer(stage, address, "alice", OIDC))

    assert "You proved a moment ago" in page.text
