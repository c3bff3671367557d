"""Signing in: the pages of Entra, step by step, and what goes back to the application."""

from datetime import UTC, datetime

import pytest

from simulator.registration import CONTOSO, FABRIKAM
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import SignIn


def test_one_picks_a_person_consents_and_returns_with_a_code(sign_in: SignIn) -> None:
    address = sign_in.address()

    pick = sign_in.client.get(address).text
    consent = sign_in.press(address, "alice").text
    answer = sign_in.returned(sign_in.press(address, "alice", "accept"))

    assert "Alice Ardent" in pick
    assert "dave@fabrikam.example" in pick
    assert "Have full access to your calendars" in consent
    assert answer["state"] == "the state"
    assert len(answer["code"]) > 1000


def test_consent_is_asked_for_once_and_again_for_more(sign_in: SignIn) -> None:
    sign_in.code()

    again = sign_in.press(sign_in.address(), "alice")
    more = sign_in.press(sign_in.address(scope="openid Contacts.Read"), "alice")
    wished = sign_in.press(sign_in.address(prompt="consent"), "alice")

    assert "code" in sign_in.returned(again)
    assert "Read your contacts" in more.text
    assert "Permissions requested" in wished.text


def test_a_hinted_person_need_not_be_picked(sign_in: SignIn) -> None:
    page = sign_in.client.get(sign_in.address(login_hint="bob@contoso.example"))

    assert "bob@contoso.example" in page.text
    assert "Permissions requested" in page.text


def test_a_declined_consent_goes_back_as_access_denied(sign_in: SignIn) -> None:
    answer = sign_in.returned(sign_in.press(sign_in.address(), "alice", "cancel"))

    assert answer["error"] == "access_denied"
    assert answer["error_description"].startswith("AADSTS65004: ")
    assert answer["state"] == "the state"


def test_members_need_an_administrator_where_the_tenant_says_so(
    sign_in: SignIn, world: World
) -> None:
    world.consent_policy = "admin_only"
    address = sign_in.address()

    page = sign_in.press(address, "alice").text
    forced = sign_in.press(address, "alice", "accept").text
    answer = sign_in.returned(sign_in.press(address, "alice", "back"))

    assert "Need admin approval" in page
    assert "Need admin approval" in forced
    assert answer["error_description"].startswith("AADSTS90094: ")


def test_an_administrator_consents_for_everyone(sign_in: SignIn, world: World) -> None:
    world.consent_policy = "admin_only"
    address = sign_in.address()
    carol = world.person("carol").id
    form = {"person": carol, "decision": "accept", "for_everyone": "yes"}

    sign_in.returned(sign_in.client.post(address, data=form))

    assert "code" in sign_in.returned(sign_in.press(address, "alice"))


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"redirect_uri": "http://127.0.0.1:8080/elsewhere"}, 50011),
        ({"redirect_uri": None}, 50011),
        ({"client_id": "no such application"}, 700016),
        ({"tenant": "nowhere.example"}, 90002),
    ],
)
def test_what_cannot_be_trusted_stays_on_the_page(
    sign_in: SignIn, changed: dict[str, str], number: int
) -> None:
    page = sign_in.client.get(sign_in.address(**changed))

    assert page.status_code == 400
    assert f"AADSTS{number}: " in page.text
    assert "Location" not in page.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"prompt": "maybe"}, "invalid_request"),
        ({"prompt": "select_account", "login_hint": "alice@contoso.example"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"scope": "openid Calendars.Everything"}, "invalid_scope"),
        ({"scope": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_a_wrong_request_goes_back_with_an_error(
    sign_in: SignIn, changed: dict[str, str | None], error: str
) -> None:
    answer = sign_in.returned(sign_in.client.get(sign_in.address(**changed)))

    assert (answer["error"], answer["state"]) == (error, "the state")


def test_a_foreign_person_is_refused_at_a_tenants_own_address(sign_in: SignIn) -> None:
    page = sign_in.press(sign_in.address(CONTOSO), "dave")

    assert page.status_code == 400
    assert "AADSTS50020: " in page.text


def test_a_single_tenant_application_is_refused_at_the_common_address(
    sign_in: SignIn, world: World
) -> None:
    world.register_app(only_tenant=CONTOSO)

    assert "AADSTS50194: " in sign_in.client.get(sign_in.address("common")).text
    assert sign_in.client.get(sign_in.address("contoso.example")).status_code == 200
    assert "AADSTS700016: " in sign_in.client.get(sign_in.address(FABRIKAM)).text


def test_a_silent_request_succeeds_once_somebody_signed_in(sign_in: SignIn) -> None:
    sign_in.code()

    silent = sign_in.client.get(sign_in.address(prompt="none"))

    assert "code" in sign_in.returned(silent)


def test_a_form_post_page_carries_the_answer_to_the_application(sign_in: SignIn) -> None:
    page = sign_in.press(sign_in.address(response_mode="form_post"), "alice", "accept")

    assert f'action="{sign_in.redirect_uri}"' in page.text
    assert 'name="code"' in page.text


def test_the_pages_allow_no_script_and_no_style_but_their_own(sign_in: SignIn) -> None:
    policy = sign_in.client.get(sign_in.address()).headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; style-src 'self'")
    # The consent form ends at the application's address, which form-action would forbid.
    assert "form-action" not in policy


def test_a_code_lives_ten_minutes(sign_in: SignIn, clock: Clock) -> None:
    code = sign_in.code()

    clock.advance(minutes=11)

    assert sign_in.refused(sign_in.redeem(code)) == (400, "invalid_grant", 70008)


def test_a_secret_that_has_expired_is_refused(sign_in: SignIn, world: World, clock: Clock) -> None:
    world.register_app(secret_expires=datetime(2026, 11, 1, tzinfo=UTC))

    refusal = sign_in.refused(sign_in.redeem("whatever"))

    assert refusal == (401, "invalid_client", 7000222)
