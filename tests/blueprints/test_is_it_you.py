"""What is grave is done only by somebody who proved lately that they are there: secrets, roles,
passwords of others, deletions, files that leave the portal.
"""

import pytest

from portal.signing_in.providers import OIDC
from portal.tables import Audit, Person
from simulator import registration as simulated
from tests import make
from tests.browse import Browser
from tests.cast import CAST, PASSWORD
from tests.conftest import Portal
from tests.sign_ins import ELSEWHERE, ISSUER, provide
from tests.stage import Stage

ASKED = "Is it you?"
APP = {"tenant": "contoso.example", "client_id": simulated.CLIENT_ID, "proof": "secret"}
NEW_APP = APP | {"secret": "kQ8~another-secret-value"}
MAIL = {"host": "mail.example.org", "port": "25", "security": "none", "sender": "p@example.org"}
FORMS = {
    "/admin/registration": NEW_APP,
    "/setup/microsoft": NEW_APP,
    "/admin/mail": MAIL,
    "/admin/sign-in/microsoft": {"enabled": "y", "allowed_domains": "contoso.example"},
    "/admin/sign-in/providers/{provider}": {
        "name": ELSEWHERE,
        "issuer": ISSUER,
        "client_id": "portal",
        "secret": "another",
    },
}
ACTS = {
    "/admin/people/{bob}/role": {"role": "admin"},
    "/admin/people/{bob}/password": {},
    "/admin/people/{bob}/delete": {"address": CAST["bob"].address},
    "/admin/people/{bob}/disable": {},
    "/admin/people/new": {"name": "Eve", "address": "eve@contoso.example", "role": "admin"},
    "/admin/people/invite": {"name": "Eve", "address": "eve@contoso.example", "role": "admin"},
    "/admin/people.csv": {"words": "bob"},
    "/admin/sign-in/providers/{provider}/remove": {},
    "/admin/organisation": {
        "organisation": "Contoso",
        "with_link": "",
        "zone": "Europe/Berlin",
        "public_address": "https://elsewhere.example",
    },
}


@pytest.fixture
def carol(portal: Portal) -> Browser:
    """An administrator who signed in this morning."""
    return portal.signed_in("carol", lately=False)


def place(stage: Stage, pattern: str) -> str:
    provider = provide(stage, OIDC).id if "provider" in pattern else 0
    with stage.database.reading() as db:
        return pattern.format(provider=provider, bob=make.person_id(db, "bob"))


def done(stage: Stage) -> int:
    """Each of these acts leaves a row."""
    return len(stage.rows(Audit))


@pytest.mark.parametrize("pattern", FORMS)
def test_a_form_with_a_secret_asks_on_its_own_page(
    stage: Stage, carol: Browser, pattern: str
) -> None:
    address = place(stage, pattern)
    before = done(stage)

    refused = carol.post(address, FORMS[pattern])
    wrong = carol.post(address, FORMS[pattern] | {"own_password": "guess"})
    nothing = done(stage)
    carol.post(address, FORMS[pattern] | {"own_password": PASSWORD})

    assert (refused.status, wrong.status, nothing) == (422, 422, before)
    assert "Enter your password." in refused.text
    assert "This is not your password." in wrong.text
    assert done(stage) == before + 1


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("/admin/registration", "secret"),
        ("/admin/mail", "password"),
        ("/admin/sign-in/providers/{provider}", "secret"),
    ],
)
def test_a_secret_is_asked_for_again_with_the_proof(
    stage: Stage, carol: Browser, pattern: str, name: str
) -> None:
    """Left empty it would mean that the kept one stays."""
    page = carol.post(place(stage, pattern), FORMS[pattern] | {name: "fresh~secret-value"})

    assert "fresh~secret-value" not in page.body
    assert "Enter it once more" in page.by_id(f"{name}-error").text


def test_a_right_proof_is_not_asked_for_again_where_something_else_is_wrong(
    carol: Browser,
) -> None:
    page = carol.post("/admin/mail", MAIL | {"host": "", "own_password": PASSWORD})

    assert page.status == 422
    assert page.all("input", name="own_password") == []


@pytest.mark.parametrize("pattern", ACTS)
def test_an_act_is_asked_about_first_and_then_goes_on(
    stage: Stage, carol: Browser, pattern: str
) -> None:
    address = place(stage, pattern)
    before = done(stage)

    asked = carol.post(address, ACTS[pattern])
    wrong = carol.submit(asked, "Go on", own_password="guess")
    nothing = done(stage)
    carol.submit(wrong, "Go on", own_password=PASSWORD)

    assert (asked.h1, asked.status, wrong.h1, nothing) == (ASKED, 422, ASKED, before)
    assert asked.all("input", name="own_password", aria_invalid="true") == []
    assert "This is not your password." in wrong.text
    assert done(stage) == before + 1


def test_who_was_asked_is_not_asked_again_for_ten_minutes(stage: Stage, carol: Browser) -> None:
    address = place(stage, "/admin/people/{bob}/role")
    asked = carol.post(address, {"role": "admin"})
    carol.submit(asked, "Go on", own_password=PASSWORD)

    stage.clock.advance(minutes=10)
    at_once = carol.post(address, {"role": "member"})
    stage.clock.advance(seconds=1)
    later = carol.post(address, {"role": "admin"})

    assert (at_once.h1, later.h1) == ("Bob Brook", ASKED)


def test_a_sign_in_counts_as_proof(stage: Stage) -> None:
    browser = stage.portal.visitor()
    sign_in = browser.get("/sign-in")
    browser.submit(sign_in, "Sign in", address=CAST["carol"].address, password=PASSWORD)

    page = browser.post(place(stage, "/admin/people/{bob}/role"), {"role": "admin"})

    assert page.h1 != ASKED


def test_guesses_are_slowed_down_and_change_nothing(stage: Stage, carol: Browser) -> None:
    address = place(stage, "/admin/people/{bob}/role")
    for _ in range(10):
        carol.post(address, {"role": "admin", "own_password": "guess"})

    page = carol.post(address, {"role": "admin", "own_password": PASSWORD})

    assert page.status == 429
    assert [one.role for one in stage.rows(Person) if one.name.startswith("Bob")] == ["member"]


def test_nobody_is_asked_who_signed_in_a_moment_ago(stage: Stage, carol: Browser) -> None:
    lately = stage.portal.signed_in("carol")

    assert lately.get("/admin/mail").all("input", name="own_password") == []
    assert len(carol.get("/admin/mail").all("input", name="own_password")) == 1
