"""Consent: who may give it, who has to ask for it, and when it begins to count."""

import pytest

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph, SignIn


def test_where_asking_is_possible_a_member_asks_an_administrator(
    sign_in: SignIn, world: World
) -> None:
    world.consent_policy = "request"
    address, alice = sign_in.address(), world.person("alice")

    page = sign_in.press(address, "alice").text
    form = {"person": alice.id, "decision": "request", "reason": "For my meetings"}
    sent = sign_in.client.post(address, data=form).text
    answer = sign_in.returned(sign_in.press(address, "alice", "back"))

    assert "Approval required" in page
    assert "Request sent" in sent
    assert [each.reason for each in alice.tenant.requests] == ["For my meetings"]
    assert answer["error"] == "access_denied"
    assert answer["error_description"].startswith("AADSTS90095: ")


@pytest.mark.parametrize("approve", [True, False])
def test_an_administrator_decides_about_a_request(
    sign_in: SignIn, world: World, approve: bool
) -> None:
    world.consent_policy = "request"
    sign_in.press(sign_in.address(), "alice", "request")

    world.decide_request("alice", approve=approve)
    after = sign_in.press(sign_in.address(), "bob")

    assert world.person("alice").tenant.requests == []
    assert (after.status_code == 302) is approve


def test_asking_twice_is_one_request(sign_in: SignIn, world: World) -> None:
    world.consent_policy = "request"

    for _ in range(2):
        sign_in.press(sign_in.address(), "alice", "request")

    assert len(world.person("alice").tenant.requests) == 1


def test_nobody_asks_where_asking_is_not_possible(sign_in: SignIn, world: World) -> None:
    world.consent_policy = "admin_only"

    page = sign_in.press(sign_in.address(), "alice", "request").text

    assert "Need admin approval" in page
    assert world.person("alice").tenant.requests == []


def test_some_permissions_need_an_administrator_everywhere(sign_in: SignIn) -> None:
    address = sign_in.address(scope="openid User.Read.All")

    page = sign_in.press(address, "alice").text
    admin = sign_in.press(address, "carol").text

    assert "Need admin approval" in page
    assert "Permissions requested" in admin


def test_default_means_the_registration_until_there_is_some_consent(
    sign_in: SignIn, world: World
) -> None:
    app = world.register_app()
    app.scopes = ("openid", "User.Read", "Contacts.Read")
    address = sign_in.address(scope="https://graph.microsoft.com/.default")

    consent = sign_in.press(address, "alice").text
    code = sign_in.returned(sign_in.press(address, "alice", "accept"))["code"]
    app.scopes = (*app.scopes, "Calendars.Read")

    assert "Read your contacts" in consent
    assert (sign_in.redeem(code).json or {})["scope"] == "Contacts.Read User.Read openid"
    assert "code" in sign_in.returned(sign_in.press(address, "alice"))


@pytest.mark.switch("identity.consent_delay")
@pytest.mark.parametrize(("who", "number"), [("alice", 65001), ("dave", 700016)])
def test_consent_takes_a_while_to_count(
    sign_in: SignIn, world: World, clock: Clock, who: str, number: int
) -> None:
    world.turn("identity.consent_delay", 60)
    code = sign_in.code(who)

    early = sign_in.refused(sign_in.redeem(code))
    clock.advance(seconds=61)

    assert early[2] == number
    assert sign_in.redeem(code).status_code == 200


@pytest.mark.switch("identity.scopes")
def test_a_token_carries_all_that_was_granted_or_only_what_was_asked(
    sign_in: SignIn, graph: Graph, world: World
) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "scope": "openid User.Read"}

    merged = sign_in.token(**form).json or {}
    world.turn("identity.scopes", "asked")
    narrow = sign_in.token(**form).json or {}

    assert merged["scope"] == "Calendars.ReadWrite User.Read openid profile email"
    assert narrow["scope"] == "User.Read openid"
    graph.headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    assert graph.error("GET", "/me/calendars") == (403, "ErrorAccessDenied")


def test_a_refresh_may_not_ask_for_more(sign_in: SignIn) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    form = {"grant_type": "refresh_token", "refresh_token": token, "scope": "Contacts.Read"}
    response = sign_in.token(**form)

    assert sign_in.refused(response) == (400, "invalid_grant", 65001)
    assert (response.json or {})["suberror"] == "consent_required"
