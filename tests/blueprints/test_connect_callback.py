"""Back from Microsoft: states, repeats, refusals, wrong accounts. Nobody meets a dead end."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from portal.signing_in import sessions
from portal.tables import Connection, Link, Registration
from simulator import registration
from tests.browse import Browser
from tests.cast import SIMULATOR
from tests.page import Page
from tests.stage import Stage, consent

CALLBACK_PATH = "/connect/microsoft/callback"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"  # Microsoft's tenant of personal accounts


@pytest.fixture(autouse=True)
def switched_on(stage: Stage) -> None:
    stage.switch(on=True)


def returning(
    stage: Stage, browser: Browser, who: str, *, decision: str = "accept", **choices: str
) -> str:
    """The address at which Microsoft sends one back."""
    door = stage.leave_for_microsoft(browser, **choices)
    return consent(stage.simulator, stage.world, door, who, decision=decision)


def part_of(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query)[name][0]


def words_on_return(stage: Stage, browser: Browser, address: str) -> str:
    """The sentence on the profile. Nothing is connected, and no error page was shown."""
    page = browser.get(address)
    assert (page.status, page.path) == (200, "/profile")
    assert stage.rows(Connection) == []
    return page.notices[0]


def logged(caplog: pytest.LogCaptureFixture, page: Page) -> str:
    """What the log says of this request beside its one line for every request."""
    number = page.headers["X-Request-ID"]
    lines = [one.getMessage() for one in caplog.records if "consent" in one.getMessage()]
    assert any(number in line for line in lines), caplog.text
    return "\n".join(lines)


def test_who_declines_may_come_back(stage: Stage, alice: Browser) -> None:
    said = words_on_return(stage, alice, returning(stage, alice, "alice", decision="cancel"))

    assert "not accepted on Microsoft's page" in said
    assert "Connect again whenever you like" in said
    assert "is connected" in stage.connect(alice, "alice").notices[0]


def test_where_an_administrator_must_approve_the_person_learns_whom_to_ask(
    stage: Stage, alice: Browser
) -> None:
    stage.world.consent_policy = "admin_only"

    said = words_on_return(stage, alice, returning(stage, alice, "alice", decision="back"))

    assert "has to approve this app first" in said
    assert "Ask your Microsoft 365 administrator" in said


def test_who_never_returns_from_microsoft_finds_everything_as_before(
    stage: Stage, alice: Browser
) -> None:
    stage.leave_for_microsoft(alice)

    page = alice.get("/profile")

    assert stage.rows(Connection) == []
    assert page.link("Configure Calendar and Contacts Service")


def test_an_answer_after_eleven_minutes_is_too_late(stage: Stage, alice: Browser) -> None:
    back = returning(stage, alice, "alice")
    stage.portal.clock.advance(minutes=11)

    assert "more than ten minutes" in words_on_return(stage, alice, back)


@pytest.mark.parametrize(
    "query", ["", "?state=", "?state=forged&code=x", "?code=x", "?state=%00%ff&code=%F0%9F%92%A9"]
)
def test_an_answer_nobody_asked_for_is_not_taken(stage: Stage, alice: Browser, query: str) -> None:
    assert "does not belong to" in words_on_return(stage, alice, CALLBACK_PATH + query)


def test_an_answer_belongs_to_the_browser_that_asked(stage: Stage, alice: Browser) -> None:
    elsewhere = stage.portal.signed_in("alice")

    said = words_on_return(stage, elsewhere, returning(stage, alice, "alice"))

    assert "does not belong to" in said


def test_nobody_else_can_use_my_answer(stage: Stage, alice: Browser, bob: Browser) -> None:
    back = returning(stage, alice, "alice")

    assert "does not belong to" in words_on_return(stage, bob, back)
    assert "is connected" in alice.get(back).notices[0]


def test_the_back_button_after_success_does_no_harm(stage: Stage, alice: Browser) -> None:
    back = returning(stage, alice, "alice")
    alice.get(back)

    page = alice.get(back)

    assert "finished before; you are connected" in page.notices[0]
    assert len(stage.rows(Connection)) == 1


def test_the_back_button_after_a_refusal_asks_to_begin_again(stage: Stage, alice: Browser) -> None:
    back = returning(stage, alice, "alice", decision="cancel")
    alice.get(back)

    assert "used before" in words_on_return(stage, alice, back)


def test_a_finished_code_cannot_be_carried_to_another_sign_in(stage: Stage, alice: Browser) -> None:
    code = part_of(returning(stage, alice, "alice"), "code")
    state = part_of(returning(stage, alice, "alice"), "state")

    said = words_on_return(stage, alice, f"{CALLBACK_PATH}?state={state}&code={code}")

    assert "Connect again" in said


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", "without an answer"),
        ("code=", "without an answer"),
        ("code=junk", "no longer valid"),
        ("code=%00x", "no longer valid"),
        ("code=%F0%9F%92%A9", "without an answer"),
        ("code=" + "x" * 20_000, "no longer valid"),
        ("error=server_error", "in a few minutes"),
        ("error=temporarily_unavailable&error_description=AADSTS90033", "in a few minutes"),
        ("error=invalid_request&error_description=AADSTS50020:+no", "cannot be used here"),
        ("error=<script>alert(1)</script>&error_description=<b>", "does not know"),
        ("error=access_denied&code=x", "not accepted"),
        ("error=x&error_description=AADSTS" + "9" * 5000, "does not know"),
    ],
)
def test_an_odd_answer_becomes_a_sentence_and_a_line_in_the_log(
    stage: Stage, alice: Browser, caplog: pytest.LogCaptureFixture, answer: str, expected: str
) -> None:
    state = part_of(returning(stage, alice, "alice"), "state")

    page = alice.get(f"{CALLBACK_PATH}?state={state}&{answer}", follow=False)

    told = logged(caplog, page)
    assert state not in told
    assert "script" not in told
    assert expected in alice.get("/profile").notices[0]
    assert stage.rows(Connection) == []


def test_an_account_of_another_organisation_never_gets_past_microsoft(
    stage: Stage, alice: Browser
) -> None:
    door = stage.leave_for_microsoft(alice)

    with pytest.raises(AssertionError, match="50020"):
        consent(stage.simulator, stage.world, door, "dave")

    assert stage.rows(Connection) == []


def test_a_personal_account_is_told_which_one_is_wanted(stage: Stage, alice: Browser) -> None:
    with stage.portal.writing() as db:
        db.execute(update(Registration).values(tenant="organizations"))
    back = returning(stage, alice, "alice")
    stage.world.forge_next_id_token(tid=CONSUMERS, iss=f"{SIMULATOR}/{CONSUMERS}/v2.0")

    said = words_on_return(stage, alice, back)

    assert "cannot be used here" in said
    assert "choose your work account" in said


def test_a_proof_for_another_organisation_is_not_taken(stage: Stage, alice: Browser) -> None:
    back = returning(stage, alice, "alice")
    tenant = registration.FABRIKAM
    stage.world.forge_next_id_token(tid=tenant, iss=f"{SIMULATOR}/{tenant}/v2.0")

    assert "did not check out" in words_on_return(stage, alice, back)


def test_a_colleagues_account_stays_theirs(stage: Stage, alice: Browser, bob: Browser) -> None:
    stage.connect(bob, "bob")

    page = stage.connect(alice, "bob")

    assert "Another person of this portal has connected bob@contoso.example" in page.notices[0]
    assert [row.person_id for row in stage.rows(Connection)] == [stage.person_id("bob")]


def test_what_a_colleague_has_disconnected_is_free_again(
    stage: Stage, alice: Browser, bob: Browser
) -> None:
    stage.connect(bob, "bob")
    bob.submit(bob.get("/connection/disconnect"), "Disconnect")

    page = stage.connect(alice, "bob")

    assert "bob@contoso.example is connected" in page.notices[0]


def test_another_account_than_before_is_asked_about_first(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    stage.rest()
    before = stage.rows(Connection)[0]

    page = alice.get(returning(stage, alice, "bob"))

    assert page.path == "/connect/permissions"
    assert "nothing was changed" in page.notices[0]
    assert page.value("replace_user")
    now = stage.rows(Connection)[0]
    assert (now.id, now.object_id, now.access_token) == (
        before.id,
        before.object_id,
        before.access_token,
    )


def test_another_account_takes_over_once_confirmed_and_deletes_nothing_in_outlook(
    stage: Stage, alice: Browser
) -> None:
    stage.connect(alice, "alice")
    stage.rest()
    planning = stage.schedule("alice")
    stage.rest()
    in_outlook = len(stage.world.events("alice"))

    page = alice.get(returning(stage, alice, "bob", replace_user="y"))
    stage.rest()

    assert "bob@contoso.example is connected" in page.notices[0]
    assert [row.object_id for row in stage.rows(Connection)] == [stage.world.person("bob").id]
    assert planning not in {link.meeting_id for link in stage.rows(Link)}
    assert len(stage.world.events("alice")) == in_outlook
    assert "Planning" not in [event["subject"] for event in stage.world.events("bob")]


def test_another_account_can_follow_a_disconnected_one(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    alice.submit(alice.get("/connection/disconnect"), "Disconnect")

    asks = alice.get(returning(stage, alice, "bob"))
    door = str(alice.submit(asks, "Continue to Microsoft", follow=False).location)
    page = alice.get(consent(stage.simulator, stage.world, door.removeprefix(SIMULATOR), "bob"))

    assert "Connected before: alice@contoso.example" in asks.text
    assert "bob@contoso.example is connected" in page.notices[0]


def test_signing_out_on_the_way_ends_it(stage: Stage, alice: Browser) -> None:
    back = returning(stage, alice, "alice")
    with stage.portal.writing() as db:
        for row in sessions.live_of(db, stage.person_id("alice"), now=stage.now):
            sessions.end(db, row.person_id, row.id, now=stage.now)

    page = alice.get(back)

    assert page.path == "/sign-in"
    assert stage.rows(Connection) == []
