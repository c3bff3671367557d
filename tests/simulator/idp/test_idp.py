"""The simulated provider of OpenID Connect: what it takes, and what it says of people."""

import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from simulator.entra.base64url import unpadded
from simulator.idp.desk import CLIENT_ID, CLIENT_SECRET, Client
from simulator.world import World

VERIFIER = "v" * 50
BACK = "http://127.0.0.1:8080/back"
ASKED = {
    "client_id": CLIENT_ID,
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid email",
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": unpadded(hashlib.sha256(VERIFIER.encode()).digest()),
    "code_challenge_method": "S256",
}


def arrive(client: FlaskClient, world: World, **form: str) -> dict[str, str]:
    """Picks Alice, unless the form says otherwise; what comes back to the application."""
    form = form or {"person": world.person("alice").id}
    answer = client.post(f"/idp/authorize?{urlencode(ASKED)}", data=form)
    assert answer.location.startswith(BACK)
    return dict(parse_qsl(urlsplit(answer.location).query))


def redeem(client: FlaskClient, code: str, **wrong: str) -> TestResponse:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    return client.post("/idp/token", data=form | wrong)


def claims(client: FlaskClient, world: World, **form: str) -> dict[str, Any]:
    """Of the id_token, whose signature the published keys bear out."""
    answer = redeem(client, arrive(client, world, **form)["code"])
    keys = KeySet.import_key_set(client.get("/idp/keys").json)
    return dict(jwt.decode(answer.json["id_token"], keys, algorithms=["RS256"]).claims)


def test_it_describes_itself(client: FlaskClient) -> None:
    found = client.get("/idp/.well-known/openid-configuration").json

    assert found["issuer"] == "http://localhost/idp"
    assert all(
        found[end].startswith("http://localhost/idp/") for end in found if end.endswith("endpoint")
    )


def test_a_sign_in_ends_with_a_token_about_that_person(client: FlaskClient, world: World) -> None:
    found = claims(client, world)

    assert (found["iss"], found["aud"], found["nonce"]) == (
        "http://localhost/idp",
        CLIENT_ID,
        "a-nonce",
    )
    assert (found["email"], found["email_verified"]) == ("alice@contoso.example", True)


def test_the_answer_brings_the_state_back_and_names_the_issuer(
    client: FlaskClient, world: World
) -> None:
    found = arrive(client, world)

    assert (found["state"], found["iss"]) == ("a-state", "http://localhost/idp")


def test_an_address_can_be_one_that_was_never_verified(client: FlaskClient, world: World) -> None:
    alice = world.person("alice").id
    assert claims(client, world, person=alice, unverified="yes")["email_verified"] is False

    client.post("/_control/idp", json={"email_verified": False})

    assert claims(client, world)["email_verified"] is False


def test_scripts_choose_what_is_said_of_somebody(client: FlaskClient, world: World) -> None:
    client.post("/_control/idp", json={"person": "alice", "claims": {"groups": ["sales"]}})
    client.post("/_control/idp", json={"forged": {"aud": "another"}})

    first, second = claims(client, world), claims(client, world)

    assert (first["groups"], first["aud"]) == (["sales"], "another")
    assert (second["groups"], second["aud"]) == (["sales"], CLIENT_ID)


def test_who_would_rather_not_is_sent_back(client: FlaskClient, world: World) -> None:
    assert arrive(client, world, decision="cancel")["error"] == "access_denied"


def test_a_code_works_once(client: FlaskClient, world: World) -> None:
    code = arrive(client, world)["code"]
    assert redeem(client, code).status_code == 200

    assert redeem(client, code).json == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": "another"}, {"redirect_uri": "http://127.0.0.1:8080/elsewhere"}]
)
def test_a_code_belongs_to_who_asked(
    client: FlaskClient, world: World, wrong: dict[str, str]
) -> None:
    answer = redeem(client, arrive(client, world)["code"], **wrong)

    assert answer.json == {"error": "invalid_grant"}


def test_a_wrong_secret_is_refused(client: FlaskClient, world: World) -> None:
    answer = redeem(client, arrive(client, world)["code"], client_secret="wrong")

    assert (answer.status_code, answer.json) == (401, {"error": "invalid_client"})


def test_nobody_is_sent_to_an_address_that_is_not_registered(
    client: FlaskClient, world: World
) -> None:
    elsewhere = ASKED | {"redirect_uri": "https://evil.example/back"}
    assert client.get(f"/idp/authorize?{urlencode(elsewhere)}").status_code == 400

    world.idp.clients[CLIENT_ID] = Client(CLIENT_SECRET, ["https://portal.example/back"])

    assert client.get(f"/idp/authorize?{urlencode(ASKED)}").status_code == 400


@pytest.mark.parametrize("wrong", [{"response_type": "token"}, {"scope": "email"}])
def test_a_request_that_is_none_goes_back_refused(
    client: FlaskClient, wrong: dict[str, str]
) -> None:
    answer = client.get(f"/idp/authorize?{urlencode(ASKED | wrong)}")

    assert "error=invalid_request" in answer.location
