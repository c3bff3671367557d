"""The id_token: what it says, and every way in which it can be wrong."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from simulator import create_app
from simulator.registration import CLIENT_ID, CONTOSO, FABRIKAM
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import SignIn
from tests.simulator.entra.test_authorize_request import claims_of, half

Claims = dict[str, Any]


def unpacked(token: str) -> tuple[Claims, Claims]:
    """Header and claims, without a look at the signature."""
    first, second = (part + "=" * (-len(part) % 4) for part in token.split(".")[:2])
    return json.loads(urlsafe_b64decode(first)), json.loads(urlsafe_b64decode(second))


def tokens(sign_in: SignIn) -> Claims:
    """The answer to a fresh sign-in of Alice."""
    return sign_in.redeem(sign_in.code()).json or {}


def test_it_names_the_session_and_vouches_for_the_access_token(sign_in: SignIn) -> None:
    answer = tokens(sign_in)

    claims = claims_of(sign_in, answer["id_token"])

    assert claims["at_hash"] == half(answer["access_token"])
    assert len(claims["sid"]) == 36


def test_a_refresh_brings_one_without_a_nonce(sign_in: SignIn) -> None:
    token = tokens(sign_in)["refresh_token"]

    renewed = sign_in.token(grant_type="refresh_token", refresh_token=token).json or {}

    claims = claims_of(sign_in, renewed["id_token"])
    assert claims["aud"] == CLIENT_ID
    assert "nonce" not in claims


def test_optional_claims_come_when_the_registration_asks(
    sign_in: SignIn, world: World, clock: Clock
) -> None:
    plain = claims_of(sign_in, tokens(sign_in)["id_token"])

    world.apps[CLIENT_ID].optional_claims = ("auth_time", "login_hint", "acct", "upn")
    rich = claims_of(sign_in, tokens(sign_in)["id_token"])

    assert set(rich) - set(plain) == {"auth_time", "login_hint", "acct", "upn"}
    assert rich["auth_time"] == int(clock().timestamp())


def test_each_application_knows_a_person_by_another_subject(sign_in: SignIn, world: World) -> None:
    first = claims_of(sign_in, tokens(sign_in)["id_token"])
    world.register_app("another application", "another secret", [sign_in.redirect_uri])

    code = sign_in.code(client_id="another application")
    form = {"client_id": "another application", "client_secret": "another secret"}
    second = claims_of(sign_in, (sign_in.redeem(code, **form).json or {})["id_token"])

    assert first["oid"] == second["oid"]
    assert first["sub"] != second["sub"]


WRONG: list[tuple[str, Callable[[Claims], bool]]] = [
    ("wrong_issuer", lambda claims: claims["iss"].startswith("https://evil.example/")),
    ("wrong_nonce", lambda claims: claims["nonce"] != "the nonce"),
    ("wrong_audience", lambda claims: claims["aud"] != CLIENT_ID),
    ("foreign_tenant", lambda claims: claims["iss"] == f"http://localhost/{FABRIKAM}/v2.0"),
]


@pytest.mark.switch("identity.id_token")
@pytest.mark.parametrize(("position", "is_wrong"), WRONG)
def test_one_claim_may_be_wrong(
    sign_in: SignIn, world: World, position: str, is_wrong: Callable[[Claims], bool]
) -> None:
    world.turn("identity.id_token", position, "alice", times=1)

    wrong, right = (claims_of(sign_in, tokens(sign_in)["id_token"]) for _ in range(2))

    assert is_wrong(wrong)
    assert not is_wrong(right)
    assert right["tid"] == CONTOSO


def test_it_may_have_expired(sign_in: SignIn, world: World, clock: Clock) -> None:
    world.turn("identity.id_token", "expired")

    _, claims = unpacked(tokens(sign_in)["id_token"])

    assert claims["exp"] < clock().timestamp() - 600


def test_its_signature_may_be_wrong(sign_in: SignIn, world: World) -> None:
    world.turn("identity.id_token", "bad_signature")

    token = tokens(sign_in)["id_token"]

    assert unpacked(token)[0]["kid"] == world.signing.signing.kid
    with pytest.raises(BadSignatureError):
        claims_of(sign_in, token)


def test_its_key_may_be_one_that_nobody_knows(sign_in: SignIn, world: World) -> None:
    world.turn("identity.id_token", "unknown_key")

    header, _ = unpacked(tokens(sign_in)["id_token"])

    assert header["kid"] not in {each.kid for each in world.signing.listed()}


def test_it_may_have_no_signature_at_all(sign_in: SignIn, world: World) -> None:
    world.turn("identity.id_token", "alg_none")

    token = tokens(sign_in)["id_token"]

    assert unpacked(token)[0]["alg"] == "none"
    assert token.endswith(".")


def test_keys_roll_over_and_the_former_one_stays_for_a_while(
    sign_in: SignIn, world: World, clock: Clock
) -> None:
    def listed() -> list[str]:
        found: Any = sign_in.client.get(f"/{CONTOSO}/discovery/v2.0/keys").json
        return [each["kid"] for each in found["keys"]]

    before, old = listed(), tokens(sign_in)["id_token"]
    world.roll_keys()
    after, new = listed(), tokens(sign_in)["id_token"]

    assert unpacked(old)[0]["kid"] == before[0] == after[1]
    assert unpacked(new)[0]["kid"] == after[0]
    assert after[0] not in before
    assert claims_of(sign_in, old)["aud"] == claims_of(sign_in, new)["aud"]
    clock.advance(hours=24)
    assert listed() == after[:1]


def test_in_an_emergency_the_former_key_is_gone_at_once(sign_in: SignIn, world: World) -> None:
    former = world.signing.signing.kid

    world.roll_keys(keep_former=False)

    found: Any = sign_in.client.get("/common/discovery/v2.0/keys").json
    assert former not in [each["kid"] for each in found["keys"]]


def test_keys_go_round_and_round(world: World) -> None:
    seen = []
    for _ in range(4):
        seen.append(world.signing.signing.kid)
        world.roll_keys()

    assert len(set(seen)) == 3
    assert seen[0] == seen[3]


def test_the_same_seed_signs_the_same_tokens(sign_in: SignIn, world: World, clock: Clock) -> None:
    twin = World.seeded(events=0, now=clock)

    mine, theirs = (each.signing.signing.sign({"sub": "x"}) for each in (world, twin))

    assert mine == theirs


def test_the_same_calls_give_the_same_bytes(clock: Clock) -> None:
    answers = []
    for _ in range(2):
        world = World.seeded(events=0, now=clock)
        desk = SignIn(create_app(world).test_client(), world)
        answers.append(desk.redeem(desk.code()).data)
        answers.append(desk.redeem("a wrong code").data)

    assert answers[:2] == answers[2:]


def test_every_listed_key_names_its_issuer(sign_in: SignIn) -> None:
    keys: Any = sign_in.client.get("/contoso.example/discovery/v2.0/keys").json

    assert {each["issuer"] for each in keys["keys"]} == {f"http://localhost/{CONTOSO}/v2.0"}
    assert all(each["kid"] == each["x5t"] and each["x5c"] for each in keys["keys"])
    assert jwt.decode(
        tokens(sign_in)["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"]
    )
