"""Signing in at any provider: what is believed of it, and every way to forge a token."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import OctKey

from m365.errors import BadAnswer, BadProof, Later, MicrosoftError, Misconfigured, NeedsConsent
from m365.identity.oidc import Provider
from tests.m365.entra import NOW
from tests.m365.provider import CLIENT, ISSUER, FakeProvider, ec, rsa

MOMENT = int(NOW.timestamp())
BACK = "https://portal.example/back"


def test_an_honest_token_names_the_person_by_issuer_and_subject() -> None:
    user = FakeProvider().redeem()

    assert (user.issuer, user.subject, user.email) == (ISSUER, "alice-1", "alice@contoso.example")
    assert user.email_verified


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://id.example/"}, "id_token_issuer"),
        ({"iss": "https://evil.example"}, "id_token_issuer"),
        ({"aud": "another"}, "id_token_audience"),
        ({"aud": []}, "id_token_audience"),
        ({"aud": [CLIENT, "another"]}, "id_token_authorized_party"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "id_token_authorized_party"),
        ({"azp": "another"}, "id_token_authorized_party"),
        ({"exp": MOMENT - 301}, "id_token_time"),
        ({"exp": float("nan")}, "id_token_time"),
        ({"nbf": MOMENT + 301}, "id_token_time"),
        ({"iat": MOMENT + 301}, "id_token_time"),
        ({"exp": ...}, "id_token_claims"),
        ({"iat": ...}, "id_token_claims"),
        ({"nonce": "another"}, "id_token_nonce"),
        ({"nonce": ...}, "id_token_claims"),
        ({"sub": ...}, "id_token_claims"),
        ({"sub": " "}, "id_token_identity"),
        ({"sub": "a\x00b"}, "id_token_identity"),
        ({"sub": "x" * 256}, "id_token_identity"),
    ],
)
def test_a_wrong_claim_signs_nobody_in(claims: dict[str, Any], code: str) -> None:
    provider = FakeProvider()
    provider.claims = claims

    with pytest.raises(BadProof, match=f"^{code}$"):
        provider.redeem()


def test_of_several_audiences_the_one_it_was_made_for_counts() -> None:
    provider = FakeProvider()
    provider.claims = {"aud": ["another", CLIENT], "azp": CLIENT}

    assert provider.redeem().subject == "alice-1"


def test_clocks_may_differ_by_five_minutes() -> None:
    provider = FakeProvider()
    provider.claims = {"exp": MOMENT - 299, "nbf": MOMENT + 299, "iat": MOMENT + 299}

    assert provider.redeem().subject == "alice-1"


@pytest.mark.parametrize(
    ("said", "verified"),
    [(True, True), ("true", True), (False, False), ("yes", False), (..., False)],
)
def test_an_address_is_verified_only_where_the_provider_says_so(said: Any, verified: bool) -> None:
    provider = FakeProvider()
    provider.claims = {"email_verified": said}

    assert provider.redeem().email_verified is verified


@pytest.mark.parametrize(
    ("algorithm", "key"), [("RS256", rsa("one")), ("PS256", rsa("one")), ("ES256", ec("one"))]
)
def test_three_algorithms_are_taken(algorithm: str, key: Any) -> None:
    provider = FakeProvider()
    provider.signer, provider.published = key, [key]
    provider.header = {"alg": algorithm, "kid": "one"}

    assert provider.redeem().subject == "alice-1"


def unsigned(provider: FakeProvider) -> None:
    provider.header = {"alg": "none"}


def signed_with_a_shared_secret(provider: FakeProvider) -> None:
    provider.header, provider.signer = {"alg": "HS256"}, OctKey.generate_key(256)


def signed_with_another_algorithm(provider: FakeProvider) -> None:
    provider.header = {"alg": "RS512"}


def signed_with_another_algorithm_than_its_key_has(provider: FakeProvider) -> None:
    provider.header, provider.key_changes = {"alg": "PS256"}, {"alg": "RS256"}


def signed_with_the_wrong_kind_of_key(provider: FakeProvider) -> None:
    provider.header, provider.signer = {"alg": "ES256"}, ec("key-1")


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # forging is the point
@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        signed_with_a_shared_secret,
        signed_with_another_algorithm,
        signed_with_another_algorithm_than_its_key_has,
        signed_with_the_wrong_kind_of_key,
    ],
)
def test_no_other_algorithm_is_taken(forge: Callable[[FakeProvider], None]) -> None:
    provider = FakeProvider()
    forge(provider)

    with pytest.raises(BadProof, match="id_token_algorithm"):
        provider.redeem()


def test_a_token_signed_by_somebody_else_is_refused() -> None:
    provider = FakeProvider()
    provider.signer = rsa("of-somebody-else")

    with pytest.raises(BadProof, match="id_token_signature"):
        provider.redeem()


@pytest.mark.parametrize("text", ["a.b.c", "not a token", "é.é.é", "e30.e30.", "." * 1000])
def test_what_is_no_token_is_refused(text: str) -> None:
    provider = FakeProvider()
    provider.id_token = text

    with pytest.raises(BadProof):
        provider.redeem()


def test_a_token_without_a_key_id_is_read_with_the_only_key() -> None:
    provider = FakeProvider()
    provider.header = {"kid": ...}
    assert provider.redeem().subject == "alice-1"

    several = FakeProvider()
    several.header, several.published = {"kid": ...}, [rsa("key-1"), rsa("key-2")]
    with pytest.raises(BadProof, match="id_token_key_unknown"):
        several.redeem()


def test_a_new_key_is_looked_for_once_and_not_over_and_over() -> None:
    provider = FakeProvider()
    provider.redeem()
    provider.header, provider.signer = {"kid": "key-2"}, rsa("key-2")
    provider.now += timedelta(minutes=2)
    for _ in range(3):
        with pytest.raises(BadProof, match="id_token_key_unknown"):
            provider.redeem()

    assert sum(address.endswith("/keys") for address in provider.asked) == 2
    provider.published = [rsa("key-1"), rsa("key-2")]
    provider.now += timedelta(minutes=1)
    assert provider.redeem().subject == "alice-1"


def test_the_browser_is_sent_with_a_challenge_and_without_the_verifier() -> None:
    address = FakeProvider().open_id.sign_in_address(
        Provider(ISSUER, CLIENT), redirect_uri=BACK, state="s", nonce="n", verifier="v" * 43
    )

    sent = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{ISSUER}/authorize?")
    assert (sent["state"], sent["nonce"], sent["redirect_uri"]) == (["s"], ["n"], [BACK])
    assert sent["code_challenge_method"] == ["S256"]
    assert "v" * 43 not in address


def test_the_secret_travels_as_the_provider_takes_it() -> None:
    usual, posted, public = FakeProvider(), FakeProvider(), FakeProvider()
    posted.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    public.provider = Provider(ISSUER, CLIENT)

    for provider in (usual, posted, public):
        provider.redeem()

    assert usual.headers[0]["authorization"].startswith("Basic ")
    assert posted.forms[0]["client_secret"] == "a secret~%&é+"
    assert "client_secret" not in public.forms[0]
    assert all(one.forms[0]["code_verifier"] == "v" * 43 for one in (usual, posted, public))


@pytest.mark.parametrize("named", ["https://evil.example", ""])
def test_the_answer_of_another_provider_is_not_taken(named: str) -> None:
    with pytest.raises(BadProof, match="answer_of_another"):
        FakeProvider().redeem(named=named)


def test_a_provider_that_names_itself_must_do_so() -> None:
    provider = FakeProvider()
    provider.description = {"authorization_response_iss_parameter_supported": True}

    with pytest.raises(BadProof, match="answer_of_another"):
        provider.redeem()
    assert provider.redeem(named=ISSUER).subject == "alice-1"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.Response(400, json={"error": "invalid_grant"}), NeedsConsent),
        (httpx2.Response(401, json={"error": "invalid_client"}), Misconfigured),
        (httpx2.Response(503), Later),
        (httpx2.Response(200, content=b"not json"), BadAnswer),
        (httpx2.Response(200, json={}), BadProof),
    ],
)
def test_what_the_token_endpoint_says_has_a_meaning(
    answer: httpx2.Response, kind: type[MicrosoftError]
) -> None:
    provider = FakeProvider()
    provider.failure, provider.failing = answer, "/token"

    with pytest.raises(kind):
        provider.redeem()
