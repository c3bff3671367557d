"""Authlib, as it comes, gets tokens by all three grants and believes the id_token."""

from base64 import urlsafe_b64encode

import httpx2
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from joserfc import jwt
from joserfc.jwk import KeySet

from tests import certificate as certificates
from tests.foreign.someone import CLIENT_ID, CONTOSO, SCOPE, SECRET, Someone, control

PROVEN = "10c57e90-0000-4000-8000-00000000ce27"
FOR_EVER = 36_500  # days; the simulator's clock is the machine's


def test_a_code_brings_tokens_and_an_id_token_signed_by_a_listed_key(alice: Someone) -> None:
    tokens = alice.consented(alice.client())

    keys = httpx2.get(f"{alice.base}/common/discovery/v2.0/keys").json()
    claims = jwt.decode(
        tokens["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"]
    ).claims
    assert tokens["refresh_token"]
    assert set(SCOPE.split()) - {"offline_access"} <= set(tokens["scope"].split())
    assert claims["preferred_username"] == alice.address
    assert claims["nonce"] == "a nonce"
    assert claims["aud"] == CLIENT_ID
    assert claims["iss"] == f"{alice.base}/{claims['tid']}/v2.0"


def test_a_refresh_token_brings_new_tokens(alice: Someone) -> None:
    client = alice.client()
    first = alice.consented(client)

    second = client.refresh_token(alice.at("token"), first["refresh_token"])

    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]


def test_a_refresh_after_the_sessions_were_revoked_is_an_oauth_error(bob: Someone) -> None:
    client = bob.client()
    tokens = bob.consented(client)

    control(bob.base, "revoke", {"person": bob.address})

    with pytest.raises(OAuthError, match=r"invalid_grant.*AADSTS50173"):
        client.refresh_token(bob.at("token"), tokens["refresh_token"])


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_an_application_gets_a_token_of_its_own(alice: Someone, method: str) -> None:
    client = alice.client()
    client.token_endpoint_auth_method = method

    tokens = client.fetch_token(
        alice.at("token", CONTOSO),
        grant_type="client_credentials",
        scope="https://graph.microsoft.com/.default",
    )

    assert SECRET not in tokens["access_token"]
    assert tokens["token_type"] == "Bearer"
    assert "refresh_token" not in tokens


@pytest.mark.parametrize(("algorithm", "header"), [("PS256", "x5t#S256"), ("RS256", "x5t")])
def test_a_certificate_proves_an_application(alice: Someone, algorithm: str, header: str) -> None:
    certificate, key = certificates.made(days=FOR_EVER)
    print_of = hashes.SHA256() if header == "x5t#S256" else hashes.SHA1()  # noqa: S303 - its name
    seen = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(print_of)
    named = urlsafe_b64encode(seen).rstrip(b"=").decode()
    control(alice.base, "register-app", {"client_id": PROVEN, "certificate_pem": certificate})
    address = alice.at("token", CONTOSO)
    client = OAuth2Client(
        PROVEN, key,
        token_endpoint_auth_method=PrivateKeyJWT(address, headers={header: named}, alg=algorithm),
    )  # fmt: skip

    tokens = client.fetch_token(
        address, grant_type="client_credentials", scope="https://graph.microsoft.com/.default"
    )

    assert tokens["token_type"] == "Bearer"
