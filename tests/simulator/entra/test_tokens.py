"""Tokens: three grants, the id_token, and every refusal with its AADSTS number."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from simulator.registration import CLIENT_ID, CONTOSO, FABRIKAM
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph, SignIn

VERIFIER = "a-verifier-that-is-long-enough-to-be-accepted-by-entra"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
DEFAULT = "https://graph.microsoft.com/.default"


def test_a_code_gives_tokens_that_graph_takes(sign_in: SignIn, graph: Graph) -> None:
    tokens = sign_in.redeem(sign_in.code()).json

    assert tokens is not None
    graph.headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert graph.get("/me")["mail"] == "alice@contoso.example"
    assert tokens["scope"] == "Calendars.ReadWrite User.Read openid profile email"
    assert 3600 <= tokens["expires_in"] <= 5400


def test_the_id_token_is_signed_and_says_who(sign_in: SignIn, world: World) -> None:
    tokens = sign_in.redeem(sign_in.code()).json or {}
    keys: Any = sign_in.client.get("/common/discovery/v2.0/keys").json

    token = jwt.decode(tokens["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"])

    claims = token.claims
    assert claims["iss"] == f"http://localhost/{CONTOSO}/v2.0"
    assert (claims["aud"], claims["nonce"]) == (CLIENT_ID, "the nonce")
    assert (claims["tid"], claims["oid"]) == (CONTOSO, world.person("alice").id)
    assert token.header["kid"] == keys["keys"][0]["kid"] == keys["keys"][0]["x5t"]
    assert keys["keys"][0]["issuer"] == "http://localhost/{tenantid}/v2.0"


def test_scopes_that_were_not_asked_for_give_no_refresh_and_no_id_token(sign_in: SignIn) -> None:
    tokens = sign_in.redeem(sign_in.code(scope="User.Read")).json or {}

    assert "refresh_token" not in tokens
    assert "id_token" not in tokens


def test_a_code_is_redeemed_once(sign_in: SignIn) -> None:
    code = sign_in.code()
    sign_in.redeem(code)

    assert sign_in.refused(sign_in.redeem(code)) == (400, "invalid_grant", 54005)


def test_the_verifier_must_fit_the_challenge(sign_in: SignIn) -> None:
    code = sign_in.code(code_challenge=CHALLENGE, code_challenge_method="S256")

    missing, wrong = sign_in.redeem(code), sign_in.redeem(code, code_verifier="something else")
    right = sign_in.redeem(code, code_verifier=VERIFIER)

    assert sign_in.refused(missing)[2] == sign_in.refused(wrong)[2] == 501481
    assert right.status_code == 200


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": ""}, (401, "invalid_client", 7000218)),
        ({"client_id": "unknown"}, (400, "unauthorized_client", 700016)),
        ({"code": "unknown"}, (400, "invalid_grant", 70000)),
        ({"redirect_uri": "http://127.0.0.1:8080/"}, (400, "invalid_request", 50011)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"grant_type": ""}, (400, "invalid_request", 900144)),
        ({"tenant": FABRIKAM}, (400, "invalid_grant", 700005)),
    ],
)
def test_a_wrong_exchange_is_refused(
    sign_in: SignIn, form: dict[str, str], refusal: tuple[int, str, int]
) -> None:
    sent = {"grant_type": "authorization_code", "redirect_uri": sign_in.redirect_uri}

    response = sign_in.token(**{**sent, "code": sign_in.code(), **form})

    assert sign_in.refused(response) == refusal


def test_a_refresh_gives_a_new_token_and_the_old_one_stays_valid(sign_in: SignIn) -> None:
    first = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    answers = [sign_in.token(grant_type="refresh_token", refresh_token=first) for _ in range(2)]

    fresh = {(answer.json or {})["refresh_token"] for answer in answers}
    assert len(fresh) == 2
    assert first not in fresh


REVOCATIONS: list[tuple[Callable[[World], None], int]] = [
    (lambda world: world.revoke("alice"), 50173),
    (lambda world: world.withdraw_consent("alice"), 65001),
    (lambda world: world.disable("alice"), 50057),
]


@pytest.mark.parametrize(("act", "number"), REVOCATIONS)
def test_a_refresh_after_a_revocation_is_refused(
    sign_in: SignIn, world: World, act: Callable[[World], None], number: int
) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    act(world)
    response = sign_in.token(grant_type="refresh_token", refresh_token=token)

    assert sign_in.refused(response) == (400, "invalid_grant", number)


def test_signing_in_again_ends_a_revocation(sign_in: SignIn, world: World) -> None:
    world.revoke("alice")

    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    assert sign_in.token(grant_type="refresh_token", refresh_token=token).status_code == 200


def test_a_refresh_token_dies_after_ninety_idle_days(sign_in: SignIn, clock: Clock) -> None:
    token = (sign_in.redeem(sign_in.code()).json or {})["refresh_token"]

    clock.advance(days=91)
    response = sign_in.token(grant_type="refresh_token", refresh_token=token)

    assert sign_in.refused(response) == (400, "invalid_grant", 700082)


def test_an_application_gets_its_own_token_with_its_roles(
    sign_in: SignIn, graph: Graph, world: World
) -> None:
    world.grant_roles(["Calendars.Read"])

    answer = sign_in.token(CONTOSO, grant_type="client_credentials", scope=DEFAULT).json or {}
    graph.headers = {"Authorization": f"Bearer {answer['access_token']}"}

    assert set(answer) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert graph.get("/users/bob@contoso.example/calendars")["value"]
    assert graph.error("GET", "/me/calendars") == (400, "BadRequest")


@pytest.mark.parametrize(
    ("tenant", "scope", "number"),
    [
        ("common", DEFAULT, 50059),
        (CONTOSO, "User.Read", 70011),
        (FABRIKAM, DEFAULT, 700016),
        ("nowhere.example", DEFAULT, 90002),
    ],
)
def test_an_application_is_refused_its_own_token(
    sign_in: SignIn, tenant: str, scope: str, number: int
) -> None:
    response = sign_in.token(tenant, grant_type="client_credentials", scope=scope)

    assert sign_in.refused(response)[2] == number


def test_discovery_names_a_template_or_the_tenant(sign_in: SignIn) -> None:
    def issuer(tenant: str) -> str:
        path = f"/{tenant}/v2.0/.well-known/openid-configuration"
        return str((sign_in.client.get(path).json or {})["issuer"])

    assert issuer("common") == "http://localhost/{tenantid}/v2.0"
    assert issuer("contoso.example") == f"http://localhost/{CONTOSO}/v2.0"


def test_wrong_claims_come_when_asked_for_and_only_once(sign_in: SignIn, world: World) -> None:
    world.forge_next_id_token(iss="http://evil.example/v2.0", nonce="another")
    listed: Any = sign_in.client.get("/common/discovery/v2.0/keys").json
    keys = KeySet.import_key_set(listed)

    tokens = [(sign_in.redeem(sign_in.code()).json or {})["id_token"] for _ in range(2)]

    issuers = [jwt.decode(each, keys, algorithms=["RS256"]).claims["iss"] for each in tokens]
    assert issuers == ["http://evil.example/v2.0", f"http://localhost/{CONTOSO}/v2.0"]


def test_a_token_failure_that_was_asked_for_strikes_once(sign_in: SignIn, world: World) -> None:
    code = sign_in.code()
    world.fail_next_token(90024)

    assert sign_in.refused(sign_in.redeem(code)) == (503, "temporarily_unavailable", 90024)
    assert sign_in.redeem(code).status_code == 200


def test_the_same_seed_gives_the_same_secrets(sign_in: SignIn, clock: Clock) -> None:
    twin = World.seeded(events=0, now=clock)
    mine, theirs = (each.grants.issue_access(None, "", "", frozenset())
                    for each in (sign_in.world, twin))  # fmt: skip

    assert mine == theirs
