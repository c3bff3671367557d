"""An authorization request in all its forms: what comes back, by which way, and what is refused."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from simulator.registration import CLIENT_ID
from simulator.world import World
from tests.simulator.desk import SignIn

VERIFIER = "a-verifier-that-is-long-enough-to-be-accepted-by-entra"
HYBRID = {"response_type": "code id_token"}


def half(text: str) -> str:
    """The hash with which an id_token vouches for a code or a token."""
    return urlsafe_b64encode(sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def claims_of(sign_in: SignIn, id_token: str) -> dict[str, Any]:
    """The claims of an id_token, once its signature is found right."""
    keys: Any = sign_in.client.get("/common/discovery/v2.0/keys").json
    return dict(jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims)


@pytest.fixture
def hybrid(world: World) -> None:
    """The registration lets the authorization endpoint answer with id_tokens."""
    world.apps[CLIENT_ID].id_tokens = True


@pytest.mark.usefixtures("hybrid")
def test_a_hybrid_answer_brings_an_id_token_that_vouches_for_the_code(sign_in: SignIn) -> None:
    response = sign_in.press(sign_in.address(**HYBRID), "alice", "accept")

    answer = sign_in.returned(response)
    claims = claims_of(sign_in, answer["id_token"])
    assert "#" in response.headers["Location"]
    assert claims["c_hash"] == half(answer["code"])
    assert claims["nonce"] == "the nonce"
    assert sign_in.redeem(answer["code"]).status_code == 200


@pytest.mark.usefixtures("hybrid")
def test_an_id_token_comes_alone_where_only_that_is_asked_for(sign_in: SignIn) -> None:
    address = sign_in.address(response_type="id_token", response_mode="form_post")

    page = sign_in.press(address, "alice", "accept").text

    assert 'name="id_token"' in page
    assert 'name="code"' not in page


@pytest.mark.usefixtures("hybrid")
@pytest.mark.parametrize(
    ("changed", "error", "number"),
    [
        ({"nonce": None}, "invalid_request", 900144),
        ({"response_mode": "query"}, "invalid_request", 70007),
        ({"scope": "User.Read"}, "invalid_scope", 70011),
        ({"response_type": "id_token token"}, "unsupported_response_type", 700051),
        ({"response_type": "code nonsense"}, "unsupported_response_type", 700054),
    ],
)
def test_an_id_token_has_rules_of_its_own(
    sign_in: SignIn, changed: dict[str, str | None], error: str, number: int
) -> None:
    address = sign_in.address(**{**HYBRID, **changed})

    answer = sign_in.returned(sign_in.client.get(address))

    assert answer["error"] == error
    assert answer["error_description"].startswith(f"AADSTS{number}: ")
    assert answer["error_uri"].endswith(f"code={number}")


@pytest.mark.parametrize(
    "claims", ["not json", "[]", '{"access_token": 1}', '{"access_token":{"nbf":{"value":"x"}}}']
)
def test_claims_that_cannot_be_read_are_refused(sign_in: SignIn, claims: str) -> None:
    answer = sign_in.returned(sign_in.client.get(sign_in.address(claims=claims)))

    assert answer["error_description"].startswith("AADSTS9002313: ")


@pytest.mark.parametrize("claims", ["{}", '{"access_token":{"xms_cc":{"values":["cp1"]}}}'])
def test_other_claims_change_nothing(sign_in: SignIn, claims: str) -> None:
    assert "code" in sign_in.returned(
        sign_in.press(sign_in.address(claims=claims), "alice", "accept")
    )


@pytest.mark.parametrize("method", ["plain", None])
def test_a_plain_challenge_is_its_own_verifier(sign_in: SignIn, method: str | None) -> None:
    code = sign_in.code(code_challenge=VERIFIER, code_challenge_method=method)

    wrong = sign_in.redeem(code, code_verifier=f"{VERIFIER}x")

    assert sign_in.refused(wrong) == (400, "invalid_grant", 501481)
    assert sign_in.redeem(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"code_challenge": "x" * 129}, 501491),
        ({"code_challenge": "ä" * 43}, 501491),
        ({"code_challenge": VERIFIER, "code_challenge_method": "S512"}, 9002313),
        ({"response_mode": "pigeon"}, 9002313),
    ],
)
def test_a_form_that_does_not_exist_is_refused(
    sign_in: SignIn, changed: dict[str, str], number: int
) -> None:
    answer = sign_in.returned(sign_in.client.get(sign_in.address(**changed)))

    assert answer["error_description"].startswith(f"AADSTS{number}: ")


def test_an_error_travels_as_the_answer_would_have(sign_in: SignIn) -> None:
    fragment = sign_in.press(sign_in.address(response_mode="fragment"), "alice", "cancel")
    posted = sign_in.press(sign_in.address(response_mode="form_post"), "alice", "cancel").text

    assert "#error=access_denied" in fragment.headers["Location"]
    assert 'value="access_denied"' in posted


def test_the_session_has_a_state_for_each_application(sign_in: SignIn) -> None:
    first = sign_in.returned(sign_in.press(sign_in.address(), "alice", "accept"))
    second = sign_in.returned(sign_in.client.get(sign_in.address()))

    assert len(first["session_state"]) == 36
    assert first["session_state"] == second["session_state"]


def test_microsofts_own_libraries_hear_who_signed_in(sign_in: SignIn) -> None:
    answer = sign_in.returned(sign_in.press(sign_in.address(client_info="1"), "alice", "accept"))

    tokens = sign_in.redeem(answer["code"], client_info="1").json or {}

    assert tokens["client_info"] == answer["client_info"]
