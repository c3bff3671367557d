"""Refreshing: every refusal has its body, and what the service leaves out now and then."""

import pytest

from simulator.entra.aadsts import CODES
from simulator.faults.catalogue import CATALOGUE
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import SignIn

REFUSALS = [each for each in CATALOGUE["identity.refresh"].choices if each != "taken"]
# What Microsoft documents as refusals of its token endpoint: clients must find each one here.
TABLE = """
16000 50011 50020 50034 50053 50055 50144 50057 50058 50059 90002 90019 50072 50074 50076 50078
50079 50089 50105 50126 50131 53000 53001 53002 53003 530032 530035 50132 50133 50158 50173 50194
50196 501481 50147 501491 54005 65001 65004 65005 650052 650056 650057 70000 70001 70002 7000215
7000222 7000218 700025 700027 50012 700024 7000112 70008 700082 700084 70043 700016 700011 700005
70011 700023 700022 28002 28003 70016 70018 70019 90013 90014 900144 9002313 90033 90006 90024
50033 50087 90012 90055 90093 90094 90095
"""


@pytest.fixture
def token(sign_in: SignIn) -> str:
    """Alice's refresh token."""
    return str((sign_in.redeem(sign_in.code()).json or {})["refresh_token"])


def test_every_number_of_the_reference_is_known() -> None:
    assert {int(each) for each in TABLE.split()} <= set(CODES)


@pytest.mark.switch("identity.refresh")
@pytest.mark.parametrize("position", REFUSALS)
def test_a_refresh_is_refused_with_the_body_of_its_number(
    sign_in: SignIn, world: World, clock: Clock, token: str, position: str
) -> None:
    world.turn("identity.refresh", position, "alice", times=1)

    refused = sign_in.token(grant_type="refresh_token", refresh_token=token)
    taken = sign_in.token(grant_type="refresh_token", refresh_token=token)

    body = refused.json or {}
    assert sign_in.refused(refused)[2] == int(position)
    assert body["error"] == CODES[int(position)].error
    assert body["error_uri"].endswith(f"/error?code={position}")
    assert body["timestamp"] == clock().strftime("%Y-%m-%d %H:%M:%SZ")
    assert (
        f"Trace ID: {body['trace_id']}\r\nCorrelation ID: {body['correlation_id']}"
        in (body["error_description"])
    )
    assert taken.status_code == 200


@pytest.mark.parametrize(
    ("position", "suberror"),
    [("50173", "bad_token"), ("65001", "consent_required"), ("50076", "basic_action")],
)
def test_a_refusal_says_more_in_its_suberror(
    sign_in: SignIn, world: World, token: str, position: str, suberror: str
) -> None:
    world.turn("identity.refresh", position)

    refused = sign_in.token(grant_type="refresh_token", refresh_token=token).json or {}

    assert refused["suberror"] == suberror


@pytest.mark.switch("identity.keeps_refresh")
def test_a_refresh_may_bring_no_new_token(sign_in: SignIn, world: World, token: str) -> None:
    world.turn("identity.keeps_refresh", True)

    answers = [
        sign_in.token(grant_type="refresh_token", refresh_token=token).json or {} for _ in range(2)
    ]

    assert all(each["access_token"] and "refresh_token" not in each for each in answers)


@pytest.mark.switch("identity.text_lifetime")
def test_the_lifetime_may_come_as_text(sign_in: SignIn, world: World, token: str) -> None:
    world.turn("identity.text_lifetime", True, times=1)

    first, second = (
        (sign_in.token(grant_type="refresh_token", refresh_token=token).json or {})["expires_in"]
        for _ in range(2)
    )

    assert 3600 <= int(first) <= 5400
    assert (type(first), type(second)) == (str, int)


@pytest.mark.switch("identity.throttled")
def test_who_asks_too_often_has_to_wait(sign_in: SignIn, world: World, token: str) -> None:
    world.turn("identity.throttled", 17, times=1)

    refused = sign_in.token(grant_type="refresh_token", refresh_token=token)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "17")
    assert sign_in.refused(refused)[2] == 90055
    again = sign_in.token(grant_type="refresh_token", refresh_token=token)
    assert again.status_code == 200


def test_a_foreign_or_unknown_token_is_refused(sign_in: SignIn, world: World, token: str) -> None:
    world.register_app("another application", "another secret")
    other = {"client_id": "another application", "client_secret": "another secret"}

    foreign = sign_in.token(grant_type="refresh_token", refresh_token=token, **other)
    unknown = sign_in.token(grant_type="refresh_token", refresh_token="unknown")
    missing = sign_in.token(grant_type="refresh_token")

    assert sign_in.refused(foreign) == (400, "invalid_grant", 70000)
    assert sign_in.refused(unknown) == (400, "invalid_grant", 70000)
    assert sign_in.refused(missing) == (400, "invalid_request", 900144)


def test_a_callers_own_id_comes_back_in_a_refusal(sign_in: SignIn) -> None:
    response = sign_in.client.post(
        "/common/oauth2/v2.0/token", data={}, headers={"client-request-id": "mine"}
    )

    assert (response.json or {})["correlation_id"] == "mine"


def test_signing_out_leaves_refresh_tokens_alive(sign_in: SignIn, token: str) -> None:
    sign_in.client.get("/common/oauth2/v2.0/logout")

    renewed = sign_in.token(grant_type="refresh_token", refresh_token=token)

    assert renewed.status_code == 200
