"""Signing out, what discovery says, and who the access token speaks for."""

from typing import Any
from urllib.parse import urlencode

import pytest

from simulator.registration import CLIENT_ID, CONSUMERS, CONTOSO
from simulator.world import World
from tests.simulator.desk import Graph, SignIn
from tests.simulator.entra.test_authorize_request import claims_of

TOLD = "https://portal.example/signed-out"


def logout(**query: str) -> str:
    """The address at which a session ends."""
    return f"/common/oauth2/v2.0/logout?{urlencode(query)}"


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    sign_in.code()

    page = sign_in.client.get(logout()).text

    assert "You signed out of your account" in page
    assert "Pick an account" in sign_in.client.get(sign_in.address()).text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_one_returns_to_a_registered_address_only(sign_in: SignIn, method: str) -> None:
    def asked(address: str) -> Any:
        query = {"post_logout_redirect_uri": address, "state": "here"}
        return sign_in.client.open(logout(), method=method, data=query, query_string=(
            query if method == "GET" else None))  # fmt: skip

    good, bad = asked(sign_in.redirect_uri), asked("https://evil.example/")

    assert good.headers["Location"] == f"{sign_in.redirect_uri}?state=here"
    assert bad.status_code == 200
    assert "evil.example" not in bad.text


def test_applications_that_want_to_know_are_told(sign_in: SignIn, world: World) -> None:
    world.apps[CLIENT_ID].logout_address = TOLD
    tokens = sign_in.redeem(sign_in.code()).json or {}
    sid = claims_of(sign_in, tokens["id_token"])["sid"]

    response = sign_in.client.get(logout(post_logout_redirect_uri=sign_in.redirect_uri))

    told = urlencode({"iss": f"http://localhost/{CONTOSO}/v2.0", "sid": sid})
    assert f'src="{TOLD}?{told.replace("&", "&amp;")}"' in response.text
    assert f'href="{sign_in.redirect_uri}"' in response.text
    assert "frame-src https://portal.example" in response.headers["Content-Security-Policy"]


def test_a_hint_says_whose_session_ends(sign_in: SignIn, world: World) -> None:
    world.apps[CLIENT_ID].optional_claims = ("login_hint",)
    tokens = sign_in.redeem(sign_in.code("bob")).json or {}
    sign_in.code("alice")

    hint = claims_of(sign_in, tokens["id_token"])["login_hint"]
    sign_in.client.get(logout(logout_hint=hint))

    left = sign_in.client.get(sign_in.address(prompt="none", login_hint="alice@contoso.example"))
    gone = sign_in.client.get(sign_in.address(prompt="none", login_hint="bob@contoso.example"))
    assert "code" in sign_in.returned(left)
    assert sign_in.returned(gone)["error"] == "login_required"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_says_whom_the_token_speaks_for(sign_in: SignIn, method: str) -> None:
    tokens = sign_in.redeem(sign_in.code()).json or {}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    found: Any = sign_in.client.open("/oidc/userinfo", method=method, headers=headers).json

    assert found["sub"] == claims_of(sign_in, tokens["id_token"])["sub"]
    assert (found["name"], found["email"]) == ("Alice Ardent", "alice@contoso.example")
    assert (found["given_name"], found["family_name"]) == ("Alice", "Ardent")


def test_userinfo_needs_a_persons_token(graph: Graph) -> None:
    graph.as_app("User.Read.All")
    app = graph.client.get("/oidc/userinfo", headers=graph.headers)
    nobody = graph.client.get("/oidc/userinfo")

    assert (app.status_code, nobody.status_code) == (403, 401)
    assert (nobody.json or {})["error"]["code"] == "InvalidAuthenticationToken"


@pytest.mark.parametrize(
    ("tenant", "issuer"),
    [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        ("consumers", CONSUMERS),
        ("contoso.example", CONTOSO),
        (CONTOSO, CONTOSO),
    ],
)
def test_discovery_names_every_address(sign_in: SignIn, tenant: str, issuer: str) -> None:
    base = f"http://localhost/{tenant}"

    found: Any = sign_in.client.get(f"/{tenant}/v2.0/.well-known/openid-configuration").json

    assert found["issuer"] == f"http://localhost/{issuer}/v2.0"
    assert found["end_session_endpoint"] == f"{base}/oauth2/v2.0/logout"
    assert found["jwks_uri"] == f"{base}/discovery/v2.0/keys"
    assert found["userinfo_endpoint"] == "http://localhost/oidc/userinfo"
    assert found["frontchannel_logout_supported"] is True
    keys: Any = sign_in.client.get(f"/{tenant}/discovery/v2.0/keys").json
    assert {each["issuer"] for each in keys["keys"]} == {found["issuer"]}


def test_an_unknown_tenant_has_no_addresses(sign_in: SignIn) -> None:
    found = sign_in.client.get("/nowhere.example/v2.0/.well-known/openid-configuration")
    out = sign_in.client.get("/nowhere.example/oauth2/v2.0/logout")

    assert sign_in.refused(found) == (400, "invalid_request", 90002)
    assert "AADSTS90002: " in out.text
