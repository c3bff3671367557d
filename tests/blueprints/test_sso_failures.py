"""Signing in elsewhere that goes wrong: the sign-in page, a sentence, and a line in the log."""

import re
from typing import Any

import pytest
from sqlalchemy import delete

from portal.signing_in import throttle
from portal.signing_in.providers import MICROSOFT, OIDC
from portal.tables import Registration, SessionRow, SignInIdentity
from tests.browse import Browser
from tests.page import Page
from tests.sign_ins import answer, door, link, provide, sign_in
from tests.stage import Stage

BOTH = pytest.mark.parametrize("kind", [MICROSOFT, OIDC])
CALLBACKS = ("/sign-in/microsoft/callback", "/sign-in/oidc/1/callback")


def turned_away(stage: Stage, page: Page) -> str:
    """The sentence on the sign-in page. Nobody is signed in or known by it."""
    assert (page.status, page.path) == (200, "/sign-in")
    assert (stage.rows(SessionRow), stage.rows(SignInIdentity)) == ([], [])
    return page.notices[0]


@BOTH
def test_who_declines_may_come_back(stage: Stage, visitor: Browser, kind: str) -> None:
    provide(stage, kind)

    page = sign_in(stage, visitor, "alice", kind, decision="cancel")

    assert "you did not agree" in turned_away(stage, page)
    assert "Alice Ardent" in sign_in(stage, visitor, "alice", kind).text


@BOTH
@pytest.mark.parametrize("query", ["", "?state=", "?state=forged&code=x", "?code=x", "?state=%00"])
def test_an_answer_nobody_asked_for_is_not_taken(
    stage: Stage, visitor: Browser, kind: str, query: str
) -> None:
    provide(stage, kind)

    page = visitor.get(CALLBACKS[kind == OIDC] + query)

    assert "does not belong to a sign-in begun in this browser" in turned_away(stage, page)


@BOTH
def test_an_answer_belongs_to_the_browser_that_asked(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind)
    back = answer(stage, door(visitor, kind), "alice", kind)

    page = stage.portal.visitor().get(back)

    assert "does not belong to" in turned_away(stage, page)
    assert "Alice Ardent" in visitor.get(back).text


@BOTH
def test_an_answer_after_eleven_minutes_is_too_late(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind)
    back = answer(stage, door(visitor, kind), "alice", kind)
    stage.clock.advance(minutes=11)

    assert "more than ten minutes" in turned_away(stage, visitor.get(back))


@BOTH
def test_an_answer_works_once(stage: Stage, visitor: Browser, kind: str) -> None:
    provide(stage, kind)
    back = answer(stage, door(visitor, kind), "alice", kind, decision="cancel")
    visitor.get(back)

    assert "finished before" in turned_away(stage, visitor.get(back))


def test_an_answer_for_one_provider_is_not_taken_at_the_address_of_another(
    stage: Stage, visitor: Browser
) -> None:
    provide(stage)
    provide(stage, OIDC)
    back = answer(stage, door(visitor, OIDC), "alice", OIDC)
    astray = re.sub("oidc/2", "microsoft", back)

    assert "does not belong to" in turned_away(stage, visitor.get(astray))


def test_an_answer_that_names_another_issuer_is_not_taken(stage: Stage, visitor: Browser) -> None:
    provide(stage, OIDC)
    back = answer(stage, door(visitor, OIDC), "alice", OIDC)
    forged = re.sub("iss=[^&]*", "iss=https://evil.example", back)

    assert "another provider than the one" in turned_away(stage, visitor.get(forged))


@BOTH
@pytest.mark.parametrize("code", ["", "&code=", "&code=%F0%9F%92%A9"])
def test_an_answer_without_a_code_is_said_to_be_so(
    stage: Stage, visitor: Browser, kind: str, code: str
) -> None:
    provide(stage, kind)
    back = re.sub("[?&]code=[^&]*", "", answer(stage, door(visitor, kind), "alice", kind))
    back = back.replace("callback&", "callback?") + code

    assert "without an answer" in turned_away(stage, visitor.get(back))


@BOTH
def test_a_provider_that_is_switched_off_meanwhile_lets_nobody_in(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind)
    page = visitor.get("/sign-in")
    back = answer(stage, door(visitor, kind), "alice", kind)
    provide(stage, kind, enabled=False)

    assert "is switched off" in turned_away(stage, visitor.get(back))
    name = "Microsoft" if kind == MICROSOFT else "Contoso ID"
    assert "is switched off" in turned_away(stage, visitor.submit(page, f"Sign in with {name}"))


def test_a_provider_that_never_was_is_not_there(visitor: Browser) -> None:
    assert visitor.post("/sign-in/with/7").status == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("wrong_issuer", "id_token_issuer"),
        ("wrong_audience", "id_token_audience"),
        ("wrong_nonce", "id_token_nonce"),
        ("alg_none", "id_token_algorithm"),
        ("bad_signature", "id_token_signature"),
        ("unknown_key", "id_token_key_unknown"),
        ("foreign_tenant", "id_token_key_issuer"),
        ("expired", "clocks of this portal and of Microsoft"),
    ],
)
def test_a_forged_proof_of_microsoft_signs_nobody_in(
    stage: Stage, visitor: Browser, wrong: str, words: str
) -> None:
    provide(stage, creates_people=True)
    stage.world.turn("identity.id_token", wrong)

    assert words in turned_away(stage, sign_in(stage, visitor, "alice"))


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://evil.example"}, "id_token_issuer"),
        ({"aud": "another"}, "id_token_audience"),
        ({"nonce": "another"}, "id_token_nonce"),
        ({"sub": ""}, "id_token_identity"),
        ({"exp": 1}, "clocks of this portal and of Contoso ID"),
        ({"email": None}, "did not say which e-mail address"),
        ({"email": "alice"}, "did not say which e-mail address"),
        ({"email": "alice@contoso.example@evil.example"}, "did not say which e-mail address"),
        ({"email_verified": None}, "was never verified there"),
    ],
)
def test_a_forged_proof_of_another_provider_signs_nobody_in(
    stage: Stage, visitor: Browser, claims: dict[str, Any], words: str
) -> None:
    provide(stage, OIDC, creates_people=True)
    stage.world.idp.forged = claims

    assert words in turned_away(stage, sign_in(stage, visitor, "alice", OIDC))


def test_what_microsoft_says_is_explained_with_its_number(stage: Stage, visitor: Browser) -> None:
    provide(stage)
    stage.world.expire_secrets()

    said = turned_away(stage, sign_in(stage, visitor, "alice"))

    assert "(AADSTS7000222)" in said
    assert "Tell an administrator of this portal." in said


def test_a_wrong_secret_at_another_provider_is_the_administrators_to_mend(
    stage: Stage, visitor: Browser
) -> None:
    provide(stage, OIDC, secret="wrong")

    said = turned_away(stage, sign_in(stage, visitor, "alice", OIDC))

    assert said == (
        "Contoso ID refused this portal: it is not set up rightly. Tell an administrator. "
        "(invalid_client)"
    )


def test_a_provider_that_is_not_there_is_told_before_anybody_leaves(
    stage: Stage, visitor: Browser
) -> None:
    provide(stage, OIDC, issuer="http://simulator.localhost/nowhere")

    page = visitor.submit(visitor.get("/sign-in"), "Sign in with Contoso ID")

    assert "(http_404)" in turned_away(stage, page)


def test_without_a_registration_nobody_leaves_for_microsoft(stage: Stage, visitor: Browser) -> None:
    provide(stage)
    with stage.database.writing() as db:
        db.execute(delete(Registration))

    page = visitor.submit(visitor.get("/sign-in"), "Sign in with Microsoft")

    assert "is not registered at Microsoft" in turned_away(stage, page)


@BOTH
def test_after_a_failure_another_account_can_be_chosen(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind)
    assert "prompt=" not in door(visitor, kind)
    sign_in(stage, visitor, "alice", kind, decision="cancel")

    assert "prompt=" in door(visitor, kind)


@BOTH
def test_one_line_of_the_log_says_why_and_names_the_request(
    stage: Stage, visitor: Browser, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="blueprints.sso.room")
    provide(stage, kind, allowed_domains=["other.example"])
    back = answer(stage, door(visitor, kind), "alice", kind)

    page = visitor.get(back, follow=False)

    said = [record.getMessage() for record in caplog.records]
    number = page.headers["X-Request-ID"]
    assert said == [
        f"sign-in stopped why=domain_not_allowed provider=1 microsoft=- request={number}"
    ]


def test_who_cannot_be_linked_lands_on_the_profile(
    stage: Stage, alice: Browser, bob: Browser
) -> None:
    provide(stage)
    link(stage, alice, "alice")

    page = link(stage, bob, "alice")

    assert page.path == "/profile"
    assert "Somebody else in this portal signs in with this account" in page.notices[0]
    assert len(stage.rows(SignInIdentity)) == 1


def test_answers_that_let_nobody_in_are_slowed_down(stage: Stage, visitor: Browser) -> None:
    provide(stage)
    for _ in range(30):
        visitor.get("/sign-in/microsoft/callback?state=forged&code=x", follow=False)
    back = answer(stage, door(visitor), "alice")

    page = visitor.get(back)

    assert (page.status, "Wait 15 minutes" in page.text) == (429, True)
    stage.clock.advance(minutes=16)
    assert "Alice Ardent" in sign_in(stage, visitor, "alice").text


def test_setting_out_again_and_again_is_slowed_down(stage: Stage, visitor: Browser) -> None:
    made = provide(stage)
    limits = throttle.on_the_way("127.0.0.1")
    with stage.database.writing() as db:
        for _ in range(throttle.STARTS_FROM_ONE_NETWORK - 1):
            throttle.note_failure(db, limits, now=stage.now)
    assert visitor.post(f"/sign-in/with/{made.id}", follow=False).status == 303

    page = visitor.post(f"/sign-in/with/{made.id}")

    assert (page.status, "Wait 15 minutes" in page.text) == (429, True)
