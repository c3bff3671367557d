"""What an administrator decides about accounts and applications, met at sign-in and at refresh."""

import json
from collections.abc import Callable

import pytest

from simulator.registration import FABRIKAM
from simulator.world import World
from tests.simulator.desk import SignIn

Act = Callable[[World], None]
POLICIES: list[tuple[Act, int, str]] = [
    (lambda world: world.disable("alice"), 50057, "invalid_grant"),
    (lambda world: world.switch_off_app(), 7000112, "unauthorized_client"),
    (lambda world: world.require_assignment(["bob"]), 50105, "access_denied"),
]


def refreshed(sign_in: SignIn, token: str) -> tuple[int, str, int]:
    """The refusal of a refresh."""
    return sign_in.refused(sign_in.token(grant_type="refresh_token", refresh_token=token))


@pytest.mark.parametrize(("act", "number", "error"), POLICIES)
def test_a_policy_stops_a_sign_in_on_the_page_and_a_refresh(
    sign_in: SignIn, world: World, act: Act, number: int, error: str
) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    act(world)
    page = sign_in.client.get(sign_in.address())

    assert page.status_code == 400
    assert f"AADSTS{number}: " in page.text
    assert refreshed(sign_in, token) == (400, error, number)


@pytest.mark.parametrize(("act", "number", "error"), POLICIES)
def test_a_silent_request_hears_of_it_by_redirect(
    sign_in: SignIn, world: World, act: Act, number: int, error: str
) -> None:
    sign_in.code()

    act(world)
    answer = sign_in.returned(sign_in.client.get(sign_in.address(prompt="none")))

    assert answer["error"] == error
    assert answer["error_description"].startswith(f"AADSTS{number}: ")


def test_what_was_decided_can_be_taken_back(sign_in: SignIn, world: World) -> None:
    for act, _, _ in POLICIES:
        act(world)

    world.enable("alice")
    world.switch_off_app(off=False)
    world.require_assignment(None)

    assert sign_in.redeem(sign_in.code()).status_code == 200


def test_who_is_assigned_gets_in(sign_in: SignIn, world: World) -> None:
    world.require_assignment(["bob"])

    assert sign_in.redeem(sign_in.code("bob")).status_code == 200


def test_an_application_that_is_switched_off_gets_no_token_of_its_own(
    sign_in: SignIn, world: World
) -> None:
    world.grant_roles(["Calendars.Read"], FABRIKAM)
    world.switch_off_app(FABRIKAM)

    scope = "https://graph.microsoft.com/.default"
    response = sign_in.token(FABRIKAM, grant_type="client_credentials", scope=scope)

    assert sign_in.refused(response) == (400, "unauthorized_client", 7000112)


def test_a_removed_application_is_not_found_until_consent_brings_it_back(
    sign_in: SignIn, world: World
) -> None:
    token = (sign_in.redeem(sign_in.code("dave")).json or {})["refresh_token"]

    world.remove_app(FABRIKAM)

    assert refreshed(sign_in, token) == (400, "unauthorized_client", 700016)
    assert "Permissions requested" in sign_in.press(sign_in.address(), "dave").text
    assert sign_in.redeem(sign_in.code("dave")).status_code == 200


@pytest.mark.switch("identity.conditional_access")
@pytest.mark.parametrize(("position", "number"), [("mfa", 50076), ("mfa_enrol", 50079)])
def test_a_second_factor_is_asked_for_with_a_challenge(
    sign_in: SignIn, world: World, position: str, number: int
) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]
    world.turn("identity.conditional_access", position, "alice")

    response = sign_in.token(grant_type="refresh_token", refresh_token=token)

    assert sign_in.refused(response) == (400, "interaction_required", number)
    body = response.json or {}
    assert body["suberror"] == "basic_action"
    assert "capolids" in json.loads(body["claims"])["access_token"]
    silent = sign_in.returned(sign_in.client.get(sign_in.address(prompt="none")))
    assert (silent["error"], silent["claims"]) == ("interaction_required", body["claims"])


def test_a_second_factor_makes_tokens_that_last(sign_in: SignIn, world: World) -> None:
    world.turn("identity.conditional_access", "mfa", "alice")
    address, alice = sign_in.address(), world.person("alice").id

    page = sign_in.press(address, "alice").text
    consent = sign_in.client.post(address, data={"person": alice, "approval": "approve"}).text
    code = sign_in.returned(sign_in.press(address, "alice", "accept"))["code"]
    token = (sign_in.redeem(code).json or {})["refresh_token"]

    assert "Approve sign-in request" in page
    assert "Permissions requested" in consent
    renewed = sign_in.token(grant_type="refresh_token", refresh_token=token)
    assert renewed.status_code == 200


def test_who_does_not_approve_stays_out(sign_in: SignIn, world: World) -> None:
    world.turn("identity.conditional_access", "mfa")
    form = {"person": world.person("alice").id, "approval": "deny"}

    page = sign_in.client.post(sign_in.address(), data=form)

    assert "AADSTS500121: " in page.text


@pytest.mark.parametrize(
    ("position", "error", "number"),
    [
        ("blocked", "access_denied", 53003),
        ("device", "interaction_required", 53000),
        ("security_defaults", "access_denied", 530035),
    ],
)
def test_what_is_blocked_stays_blocked(
    sign_in: SignIn, world: World, position: str, error: str, number: int
) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]
    world.turn("identity.conditional_access", position, "alice")

    page = sign_in.press(sign_in.address(), "alice")

    assert f"AADSTS{number}: " in page.text
    assert refreshed(sign_in, token) == (400, error, number)
