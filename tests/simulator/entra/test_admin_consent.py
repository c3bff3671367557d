"""An administrator consents for a whole tenant, at the older address and at the newer one."""

from typing import Any
from urllib.parse import urlencode

import pytest

from simulator.registration import CLIENT_ID, CONTOSO, FABRIKAM
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph, SignIn

DEFAULT = "https://graph.microsoft.com/.default"
OLD, NEW = "adminconsent", "v2.0/adminconsent"


def address(sign_in: SignIn, path: str, tenant: str = CONTOSO, **changed: Any) -> str:
    """The address of an administrator's consent; the newer one names scopes."""
    query = {"client_id": CLIENT_ID, "redirect_uri": sign_in.redirect_uri, "state": "the state"}
    scope = {"scope": DEFAULT} if path == NEW else {}
    kept = {name: text for name, text in {**query, **scope, **changed}.items() if text is not None}
    return f"/{tenant}/{path}?{urlencode(kept)}"


def app_token(sign_in: SignIn, tenant: str) -> Any:
    """What the application gets for a tenant by itself."""
    return sign_in.token(tenant, grant_type="client_credentials", scope=DEFAULT)


@pytest.mark.parametrize("path", [OLD, NEW])
def test_everything_of_the_registration_is_granted_for_everyone(
    sign_in: SignIn, graph: Graph, path: str
) -> None:
    where = address(sign_in, path)

    pick = sign_in.client.get(where).text
    page = sign_in.press(where, "carol").text
    answer = sign_in.returned(sign_in.press(where, "carol", "accept"))

    assert "Pick an account" in pick
    assert "Review for your organisation" in page
    assert "Read and write calendars in all mailboxes" in page
    assert (answer["admin_consent"], answer["tenant"]) == ("True", CONTOSO)
    assert answer["state"] == "the state"
    assert "code" in sign_in.returned(sign_in.press(sign_in.address(), "alice"))
    token = app_token(sign_in, CONTOSO).json["access_token"]
    graph.headers = {"Authorization": f"Bearer {token}"}
    assert graph.get("/users/bob@contoso.example/calendars")["value"]


def test_only_the_newer_address_says_which_scopes(sign_in: SignIn) -> None:
    old = sign_in.returned(sign_in.press(address(sign_in, OLD), "carol", "accept"))
    asked = address(sign_in, NEW, scope="openid Calendars.Read User.Read")
    new = sign_in.returned(sign_in.press(asked, "carol", "accept"))

    graph = "https://graph.microsoft.com"
    assert "scope" not in old
    assert new["scope"] == f"{graph}/Calendars.Read {graph}/User.Read openid"


def test_application_roles_come_by_default_alone(sign_in: SignIn, world: World) -> None:
    asked = address(sign_in, NEW, scope="Calendars.Read User.Read")

    sign_in.press(asked, "carol", "accept")

    tenant = world.tenants[CONTOSO]
    assert tenant.granted[CLIENT_ID] == {"Calendars.Read", "User.Read"}
    assert CLIENT_ID not in tenant.roles


@pytest.mark.parametrize(
    ("path", "error", "more"),
    [(OLD, "permission_denied", {}), (NEW, "access_denied", {"admin_consent": "True"})],
)
def test_declining_comes_back_in_two_shapes(
    sign_in: SignIn, path: str, error: str, more: dict[str, str]
) -> None:
    answer = sign_in.returned(sign_in.press(address(sign_in, path), "carol", "cancel"))

    said = answer.pop("error_description")
    assert said.startswith("AADSTS65004: ")
    assert answer == {"error": error, "state": "the state", **more}


def test_a_member_cannot_consent_for_everyone(sign_in: SignIn, world: World) -> None:
    where = address(sign_in, NEW)

    page = sign_in.press(where, "alice").text
    forced = sign_in.returned(sign_in.press(where, "alice", "accept"))
    gone = sign_in.returned(sign_in.press(where, "alice", "back"))

    assert "Need admin approval" in page
    assert forced["error"] == gone["error"] == "access_denied"
    assert world.tenants[CONTOSO].granted == {}


@pytest.mark.parametrize(
    ("path", "tenant", "changed", "number"),
    [
        (NEW, "common", {}, 90019),
        (NEW, "nowhere.example", {}, 90002),
        (OLD, CONTOSO, {"redirect_uri": "https://evil.example/"}, 50011),
        (OLD, CONTOSO, {"client_id": "unknown"}, 700016),
        (OLD, CONTOSO, {"client_id": None}, 900144),
    ],
)
def test_what_cannot_be_trusted_stays_on_the_page(
    sign_in: SignIn, path: str, tenant: str, changed: dict[str, Any], number: int
) -> None:
    page = sign_in.client.get(address(sign_in, path, tenant, **changed))

    assert page.status_code == 400
    assert f"AADSTS{number}: " in page.text


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        (None, "invalid_request"),
        ("Calendars.Everything", "invalid_scope"),
        (f"{DEFAULT} User.Read", "invalid_scope"),
    ],
)
def test_wrong_scopes_go_back(sign_in: SignIn, scope: str | None, error: str) -> None:
    answer = sign_in.returned(sign_in.client.get(address(sign_in, NEW, scope=scope)))

    assert (answer["error"], answer["admin_consent"]) == (error, "True")


def test_an_administrator_of_another_tenant_is_refused(sign_in: SignIn, world: World) -> None:
    world.person("dave").admin = True

    page = sign_in.press(address(sign_in, OLD), "dave")
    at_home = sign_in.press(address(sign_in, OLD, "common"), "dave", "accept")

    assert "AADSTS50020: " in page.text
    assert sign_in.returned(at_home)["tenant"] == FABRIKAM


def test_consent_for_a_new_tenant_takes_a_while_to_count(
    sign_in: SignIn, world: World, clock: Clock
) -> None:
    world.person("dave").admin = True
    world.turn("identity.consent_delay", 30)
    sign_in.press(address(sign_in, NEW, FABRIKAM), "dave", "accept")

    early = sign_in.refused(app_token(sign_in, FABRIKAM))
    clock.advance(seconds=30)

    assert early == (400, "unauthorized_client", 700016)
    assert app_token(sign_in, FABRIKAM).status_code == 200
