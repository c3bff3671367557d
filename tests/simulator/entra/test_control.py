"""The control addresses: an administrator's hand over HTTP."""

from typing import Any

import pytest

from simulator.registration import CLIENT_ID, CONTOSO, FABRIKAM
from simulator.world import World
from tests.simulator.desk import SignIn


def act(sign_in: SignIn, name: str, **wish: Any) -> int:
    """The status with which a control address answers."""
    return sign_in.client.post(f"/_control/{name}", json=wish).status_code


@pytest.mark.parametrize(
    ("name", "wish", "number"),
    [
        ("revoke", {"person": "alice"}, 50173),
        ("disable", {"person": "alice"}, 50057),
        ("withdraw-consent", {"who": "alice"}, 65001),
        ("switch-off-app", {}, 7000112),
        ("require-assignment", {"people": ["bob"]}, 50105),
        ("remove-app", {"tenant_id": CONTOSO}, 700016),
        ("expire-secrets", {}, 7000222),
        ("token-fail", {"number": 90033}, 90033),
    ],
)
def test_an_act_is_felt_at_the_next_refresh(
    sign_in: SignIn, name: str, wish: dict[str, Any], number: int
) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    assert act(sign_in, name, **wish) == 200

    refused = sign_in.token(grant_type="refresh_token", refresh_token=token)
    assert sign_in.refused(refused)[2] == number


def test_acts_on_access_reach_the_world(sign_in: SignIn, world: World) -> None:
    bob = world.person("bob").id
    scoped = {"roles": ["Calendars.Read"], "people": ["bob"]}

    done = [
        act(sign_in, "limit-app", people=["bob"]),
        act(sign_in, "scope-app", **scoped),
        act(sign_in, "grant-roles", roles=["Contacts.Read"], tenant_id=FABRIKAM),
        act(sign_in, "take-mailbox", who="erin"),
        act(sign_in, "roll-keys"),
    ]

    tenant = world.tenants[CONTOSO]
    assert done == [200] * 5
    assert tenant.access_policy == {CLIENT_ID: {bob}}
    assert tenant.mailbox_scopes == {CLIENT_ID: {"Calendars.Read": {bob}}}
    assert world.tenants[FABRIKAM].roles == {CLIENT_ID: {"Contacts.Read"}}
    assert not world.person("erin").has_mailbox
    assert world.signing.current == 1


def test_requests_are_listed_and_decided(sign_in: SignIn) -> None:
    assert act(sign_in, "consent", policy="request") == 200
    sign_in.press(sign_in.address(), "alice", "request")

    waiting: Any = sign_in.client.get("/_control/requests").json
    decided = act(sign_in, "decide-request", who="alice")

    assert [each["person"] for each in waiting] == ["alice@contoso.example"]
    assert decided == 200
    assert sign_in.client.get("/_control/requests").json == []
    assert "code" in sign_in.returned(sign_in.press(sign_in.address(), "bob"))


def test_an_application_is_registered(sign_in: SignIn, world: World) -> None:
    wish = {
        "client_id": "mine", "secret": "s3cret", "redirect_uris": ["http://127.0.0.1/back"],
        "secret_expires": "2027-01-01T00:00:00+00:00", "only_tenant": FABRIKAM,
        "id_tokens": True, "optional_claims": ["auth_time"],
    }  # fmt: skip

    assert act(sign_in, "register-app", **wish) == 200

    app = world.apps["mine"]
    assert app.only_tenant == FABRIKAM
    assert app.id_tokens
    assert app.optional_claims == ("auth_time",)
    assert app.secrets["s3cret"].year == 2027  # type: ignore[union-attr]


def test_nonsense_is_refused(sign_in: SignIn) -> None:
    assert act(sign_in, "revoke", who="nobody") == 400
    assert act(sign_in, "revoke", whom="alice") == 400
    assert act(sign_in, "consent", policy="anarchy") == 400
