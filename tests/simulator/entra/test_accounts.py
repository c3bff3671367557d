"""Which account: signed in already, picked, typed, or hinted at; and with how strong a proof."""

import re

import pytest

from simulator.registration import CONTOSO, FABRIKAM
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import SignIn

NBF = '{"access_token":{"nbf":{"essential":true,"value":"%d"}}}'
STRONG = '{"access_token":{"capolids":{"essential":true,"values":["a policy"]}}}'


def names(page: str) -> list[str]:
    """The accounts that a page offers, in order."""
    return re.findall(r'<span class="name">([^<]+)</span>', page)


def test_who_signed_in_once_goes_through_at_once(sign_in: SignIn) -> None:
    sign_in.code()

    again = sign_in.client.get(sign_in.address())

    assert "code" in sign_in.returned(again)


def test_accounts_that_are_signed_in_come_first(sign_in: SignIn) -> None:
    sign_in.code("bob")
    sign_in.code("erin")

    page = sign_in.client.get(sign_in.address()).text

    assert names(page)[:3] == ["Bob Brook", "Erin Ellis", "Alice Ardent"]
    assert "Signed in here" in page


def test_somebody_types_an_address(sign_in: SignIn) -> None:
    address = sign_in.address()

    empty = sign_in.client.post(address, data={"step": "address"}).text
    wrong = sign_in.client.post(address, data={"address": "nobody@contoso.example"}).text
    nothing = sign_in.client.post(address, data={"address": " "}).text
    right = sign_in.client.post(address, data={"address": "ALICE@contoso.example "}).text

    assert "<h1>Sign in</h1>" in empty
    assert "This username may be incorrect" in wrong
    assert 'value="nobody@contoso.example"' in wrong
    assert "Enter a valid email address." in nothing
    assert "Permissions requested" in right


def test_from_typing_one_may_go_back_to_picking(sign_in: SignIn) -> None:
    page = sign_in.client.post(sign_in.address(), data={"step": "pick"}).text

    assert "Pick an account" in page


@pytest.mark.parametrize("prompt", ["login", "select_account"])
def test_a_prompt_asks_though_somebody_is_signed_in(sign_in: SignIn, prompt: str) -> None:
    sign_in.code()

    page = sign_in.client.get(sign_in.address(prompt=prompt)).text

    assert "Pick an account" in page


def test_a_hint_fills_in_the_address_where_a_sign_in_is_wanted(sign_in: SignIn) -> None:
    page = sign_in.client.get(sign_in.address(prompt="login", login_hint="bob@contoso.example"))
    unknown = sign_in.client.get(sign_in.address(login_hint="who@contoso.example"))

    assert 'value="bob@contoso.example"' in page.text
    assert 'value="who@contoso.example"' in unknown.text


def test_a_domain_hint_puts_its_people_first(sign_in: SignIn) -> None:
    page = sign_in.client.get(sign_in.address(domain_hint="fabrikam.example")).text

    assert names(page)[0] == "Dave Dunn"


@pytest.mark.parametrize(
    ("tenant", "changed"), [("consumers", {}), ("organizations", {"domain_hint": "consumers"})]
)
def test_personal_accounts_have_no_way_in(
    sign_in: SignIn, tenant: str, changed: dict[str, str]
) -> None:
    page = sign_in.client.get(sign_in.address(tenant, **changed))

    assert page.status_code == 400
    assert "AADSTS9002332: " in page.text


def test_silence_needs_one_account_and_no_more(sign_in: SignIn) -> None:
    sign_in.code("bob")
    sign_in.code("alice")

    two = sign_in.returned(sign_in.client.get(sign_in.address(prompt="none")))
    hint = {"prompt": "none", "login_hint": "bob@contoso.example"}
    one = sign_in.returned(sign_in.client.get(sign_in.address(**hint)))

    assert two["error"] == "interaction_required"
    assert two["error_description"].startswith("AADSTS16000: ")
    assert "code" in one


def test_silence_ends_where_consent_is_lacking(sign_in: SignIn) -> None:
    sign_in.code()

    more = sign_in.client.get(sign_in.address(prompt="none", scope="openid Contacts.Read"))

    answer = sign_in.returned(more)
    assert answer["error"] == "interaction_required"
    assert answer["error_description"].startswith("AADSTS65001: ")


def test_a_session_of_another_tenant_does_not_count(sign_in: SignIn) -> None:
    sign_in.code("dave")

    page = sign_in.client.get(sign_in.address(CONTOSO)).text
    home = sign_in.client.get(sign_in.address(FABRIKAM))

    assert "Pick an account" in page
    assert "code" in sign_in.returned(home)


@pytest.mark.parametrize(("ticked", "kept"), [({}, False), ({"stay": "yes"}, True)])
def test_a_session_may_outlive_the_browser(
    sign_in: SignIn, world: World, ticked: dict[str, str], kept: bool
) -> None:
    form = {"person": world.person("alice").id, **ticked}

    answer = sign_in.client.post(sign_in.address(), data=form)

    cookie = answer.headers["Set-Cookie"]
    assert ("Max-Age" in cookie) is kept
    assert "HttpOnly" in cookie


def test_a_revocation_ends_the_sessions_of_browsers_too(sign_in: SignIn, world: World) -> None:
    sign_in.code()

    world.revoke("alice")

    assert "Pick an account" in sign_in.client.get(sign_in.address()).text


@pytest.mark.switch("identity.sign_in_frequency")
def test_an_old_sign_in_has_to_be_repeated(sign_in: SignIn, world: World, clock: Clock) -> None:
    world.turn("identity.sign_in_frequency", 8)
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    clock.advance(hours=9)
    refused = sign_in.token(grant_type="refresh_token", refresh_token=token)
    page = sign_in.client.get(sign_in.address()).text
    fresh = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    assert sign_in.refused(refused) == (400, "invalid_grant", 70043)
    assert "Pick an account" in page
    renewed = sign_in.token(grant_type="refresh_token", refresh_token=fresh)
    assert renewed.status_code == 200


def test_a_challenge_wants_a_newer_sign_in(sign_in: SignIn, clock: Clock) -> None:
    sign_in.code()
    clock.advance(minutes=5)

    challenged = sign_in.address(claims=NBF % clock().timestamp())
    earlier = sign_in.address(claims=NBF % (clock().timestamp() - 600))

    assert "Pick an account" in sign_in.client.get(challenged).text
    assert "code" in sign_in.returned(sign_in.client.get(earlier))


def test_a_challenge_wants_a_second_factor(sign_in: SignIn, world: World) -> None:
    sign_in.code()
    address = sign_in.address(claims=STRONG)

    page = sign_in.client.get(address).text
    form = {"person": world.person("alice").id, "approval": "approve"}
    answer = sign_in.client.post(address, data=form)

    assert "Approve sign-in request" in page
    assert "code" in sign_in.returned(answer)
