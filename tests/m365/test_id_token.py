"""An id_token is believed only when every check holds: one test for each way to forge one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey

from m365.errors import BadProof
from m365.identity.id_token import CONSUMERS
from tests.m365.entra import BASE, NOW, OTHER_TENANT, PERSON, TENANT, FakeEntra, key

MOMENT = int(NOW.timestamp())


def test_an_honest_token_names_the_person_by_tenant_and_object() -> None:
    _, user = FakeEntra().redeem()

    assert (user.tenant_id, user.object_id) == (TENANT, PERSON)
    assert (user.name, user.username, user.email) == (
        "Alice Ardent",
        "alice@contoso.example",
        None,
    )


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": f"https://evil.test/{TENANT}/v2.0"}, "id_token_issuer"),
        ({"iss": f"{BASE}/{OTHER_TENANT}/v2.0"}, "id_token_issuer"),
        ({"iss": f"{BASE}/{{tenantid}}/v2.0"}, "id_token_issuer"),
        ({"tid": OTHER_TENANT}, "id_token_issuer"),
        ({"tid": "../evil", "iss": f"{BASE}/../evil/v2.0"}, "id_token_identity"),
        ({"oid": "alice"}, "id_token_identity"),
        (
            {"tid": OTHER_TENANT, "iss": f"{BASE}/{OTHER_TENANT}/v2.0"},
            "id_token_tenant",
        ),
        ({"nonce": "another"}, "id_token_nonce"),
        ({"nonce": ...}, "id_token_claims"),
        ({"aud": "another-app"}, "id_token_audience"),
        ({"aud": ["10c57e90-0000-4000-8000-00000000a990", "x"]}, "id_token_claims"),
        ({"exp": MOMENT - 301}, "id_token_time"),
        ({"exp": float("nan")}, "id_token_time"),
        ({"exp": ...}, "id_token_claims"),
        ({"nbf": MOMENT + 301}, "id_token_time"),
        ({"iat": MOMENT + 301}, "id_token_time"),
        ({"exp": "tomorrow"}, "id_token_claims"),
        ({"oid": ...}, "id_token_claims"),
    ],
)
def test_a_wrong_claim_signs_nobody_in(claims: dict[str, Any], code: str) -> None:
    entra = FakeEntra()
    entra.claims = claims

    with pytest.raises(BadProof, match=f"^{code}$"):
        entra.redeem()


def test_clocks_may_differ_by_five_minutes() -> None:
    entra = FakeEntra()
    entra.claims = {"exp": MOMENT - 299, "nbf": MOMENT + 299, "iat": MOMENT + 299}

    _, user = entra.redeem()

    assert user.object_id == PERSON


def unsigned(entra: FakeEntra) -> None:
    entra.header = {"alg": "none"}


def signed_with_a_shared_secret(entra: FakeEntra) -> None:
    entra.header, entra.signer = {"alg": "HS256"}, OctKey.generate_key(256)


def signed_with_another_algorithm(entra: FakeEntra) -> None:
    entra.header = {"alg": "PS256"}


def without_a_key_id(entra: FakeEntra) -> None:
    entra.header = {"kid": ""}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # forging is the point
@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        signed_with_a_shared_secret,
        signed_with_another_algorithm,
        without_a_key_id,
    ],
)
def test_only_rs256_with_a_named_key_is_taken(forge: Callable[[FakeEntra], None]) -> None:
    entra = FakeEntra()
    forge(entra)

    with pytest.raises(BadProof, match="id_token_algorithm"):
        entra.redeem()


def test_a_token_signed_by_somebody_else_is_refused() -> None:
    entra = FakeEntra()
    entra.signer = key("of-somebody-else")

    with pytest.raises(BadProof, match="id_token_signature"):
        entra.redeem()


def test_a_key_that_signs_for_another_tenant_is_refused() -> None:
    entra = FakeEntra()
    entra.key_issuer = f"{BASE}/{OTHER_TENANT}/v2.0"

    with pytest.raises(BadProof, match="id_token_key_issuer"):
        entra.redeem()


def test_a_key_without_issuer_is_refused() -> None:
    entra = FakeEntra()
    entra.key_issuer = ""

    with pytest.raises(BadProof, match="id_token_key_issuer"):
        entra.redeem()


@pytest.mark.parametrize("text", ["", "a.b.c", "not a token", "é.é.é", "e30.e30.", "." * 1000])
def test_what_is_no_token_is_refused(text: str) -> None:
    entra = FakeEntra()
    entra.answer = {"id_token": text}

    with pytest.raises(BadProof):
        entra.redeem()


def test_people_of_any_organisation_may_come_by_the_shared_tenant() -> None:
    entra = FakeEntra("organizations")
    entra.claims = {"tid": OTHER_TENANT, "iss": f"{BASE}/{OTHER_TENANT}/v2.0"}

    _, user = entra.redeem()

    assert user.tenant_id == OTHER_TENANT


def test_a_personal_account_does_not_belong_to_an_organisation() -> None:
    entra = FakeEntra("organizations")
    entra.claims = {"tid": CONSUMERS, "iss": f"{BASE}/{CONSUMERS}/v2.0"}

    with pytest.raises(BadProof, match="id_token_tenant"):
        entra.redeem()


def test_a_tenant_given_by_its_domain_admits_its_own_people_only() -> None:
    entra = FakeEntra("contoso.example")

    _, user = entra.redeem()

    assert user.tenant_id == TENANT
    entra.claims = {"tid": OTHER_TENANT, "iss": f"{BASE}/{OTHER_TENANT}/v2.0"}
    with pytest.raises(BadProof, match="id_token_tenant"):
        entra.redeem()


def keys_asked(entra: FakeEntra) -> int:
    return sum(path.endswith("/keys") for path in entra.asked)


def test_keys_are_remembered_for_a_day() -> None:
    entra = FakeEntra()
    entra.redeem()
    entra.redeem()
    assert keys_asked(entra) == 1

    entra.now += timedelta(hours=24)
    entra.claims = {"exp": int(entra.now.timestamp()) + 3600}
    entra.redeem()

    assert keys_asked(entra) == 2


def test_a_new_key_is_looked_for_once_and_not_over_and_over() -> None:
    entra = FakeEntra()
    entra.redeem()
    entra.header, entra.signer = {"kid": "key-2"}, key("key-2")

    entra.now += timedelta(minutes=2)
    for _ in range(3):
        with pytest.raises(BadProof, match="id_token_key_unknown"):
            entra.redeem()
    assert keys_asked(entra) == 2

    entra.published = ["key-1", "key-2"]
    entra.now += timedelta(minutes=1)
    entra.redeem()
    assert keys_asked(entra) == 3
