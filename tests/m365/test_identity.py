"""Consent addresses and tokens: what is sent to Entra ID, and what is made of its answers."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from m365 import errors
from m365.identity import Registration
from tests.m365.entra import BASE, CLIENT, NOW, TENANT, FakeEntra, certified, refused


def consent(**changes: Any) -> dict[str, str]:
    entra = FakeEntra()
    usual: dict[str, Any] = {
        "redirect_uri": "http://portal.test/back",
        "scopes": ("openid", "Calendars.ReadWrite"),
        "state": "a-state",
        "nonce": "a-nonce",
        "verifier": "v" * 43,
    }
    address = entra.identity.consent_address(entra.registration, **(usual | changes))
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        f"{BASE}/{TENANT}/oauth2/v2.0/authorize"
    )
    return {name: found[0] for name, found in parse_qs(parts.query).items()}


def test_a_consent_address_binds_the_answer_to_this_browser() -> None:
    digest = sha256(b"v" * 43).digest()

    asked = consent(login_hint="alice@contoso.example")

    assert asked == {
        "client_id": CLIENT,
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": "http://portal.test/back",
        "scope": "openid Calendars.ReadWrite",
        "state": "a-state",
        "nonce": "a-nonce",
        "code_challenge_method": "S256",
        "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "login_hint": "alice@contoso.example",
    }


def test_choosing_an_account_and_hinting_at_one_exclude_each_other() -> None:
    asked = consent(prompt="select_account", login_hint="alice@contoso.example")

    assert asked["prompt"] == "select_account"
    assert "login_hint" not in asked


def test_a_code_is_redeemed_with_its_verifier_and_the_secret() -> None:
    entra = FakeEntra()

    tokens, _ = entra.redeem()

    assert entra.forms[0] == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "code_verifier": "v" * 43,
        "redirect_uri": "http://portal.test/back",
        "client_id": CLIENT,
        "client_secret": "a secret~%&é+",
    }
    assert (tokens.access_token, tokens.refresh_token) == ("at-1", "rt-1")
    assert tokens.expires_at == NOW + timedelta(seconds=4312)
    assert tokens.scopes == {"User.Read", "Calendars.ReadWrite", "openid"}


def test_no_secret_shows_in_a_printed_value() -> None:
    tokens, _ = FakeEntra().redeem()
    registration = certified()

    shown = repr((tokens, registration, Registration(TENANT, CLIENT, secret="s3cret")))

    assert not any(word in shown for word in ("at-1", "rt-1", "s3cret", "BEGIN"))


def test_a_refresh_that_brings_no_new_refresh_token_keeps_the_old_one() -> None:
    entra = FakeEntra()
    entra.answer = {"refresh_token": ..., "expires_in": "3600"}

    tokens = entra.identity.refresh(entra.registration, tenant_id=TENANT, refresh_token="rt-0")

    assert entra.forms[0]["refresh_token"] == "rt-0"
    assert tokens.refresh_token == "rt-0"
    assert tokens.expires_at == NOW + timedelta(hours=1)


def test_the_app_asks_for_itself_by_certificate() -> None:
    entra, registration = FakeEntra(), certified()

    entra.identity.app_token(registration, TENANT)

    form = entra.forms[0]
    key = RSAKey.import_key(registration.private_key_pem or "")
    assertion = jwt.decode(form["client_assertion"], key, algorithms=["PS256"])
    assert form["scope"] == "https://graph.microsoft.com/.default"
    assert "client_secret" not in form
    assert assertion.header["x5t#S256"]
    assert assertion.claims["aud"] == f"{BASE}/{TENANT}/oauth2/v2.0/token"
    assert assertion.claims["iss"] == assertion.claims["sub"] == CLIENT
    assert assertion.claims["exp"] - assertion.claims["nbf"] == 300


@pytest.mark.parametrize("tenant", ["common", "organizations", "Consumers"])
def test_the_app_needs_a_concrete_tenant(tenant: str) -> None:
    entra = FakeEntra()

    with pytest.raises(errors.Misconfigured):
        entra.identity.app_token(entra.registration, tenant)
    assert entra.asked == []


@pytest.mark.parametrize(
    ("error", "number", "kind"),
    [
        ("invalid_grant", 50173, errors.NeedsConsent),
        ("invalid_grant", 999999, errors.NeedsConsent),
        ("invalid_client", 7000222, errors.Misconfigured),
        ("temporarily_unavailable", 90033, errors.Later),
    ],
)
def test_a_refusal_comes_out_with_its_meaning(
    error: str, number: int, kind: type[errors.MicrosoftError]
) -> None:
    entra = FakeEntra()
    entra.failure = refused(error, number)

    with pytest.raises(kind) as caught:
        entra.identity.refresh(entra.registration, tenant_id=TENANT, refresh_token="rt-0")
    assert caught.value.code == f"AADSTS{number}"
    assert caught.value.request_id == "7d1c-42"
    assert "Alice" not in repr(caught.value)


def test_a_further_proof_keeps_what_it_asks_for() -> None:
    entra = FakeEntra()
    entra.failure = refused("interaction_required", 50076, claims='{"x":1}')

    with pytest.raises(errors.NeedsConsent) as caught:
        entra.redeem()
    assert consent(claims=caught.value.claims)["claims"] == '{"x":1}'


def test_a_busy_sign_in_service_is_later() -> None:
    entra = FakeEntra()
    entra.failure = httpx2.Response(429, headers={"retry-after": "17"}, content=b"<html>")

    with pytest.raises(errors.Throttled) as caught:
        entra.redeem()
    assert caught.value.retry_after == 17.0


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx2.ConnectError("no route"), errors.Unreachable),
        (httpx2.Response(503, content=b"<html>"), errors.Later),
        (httpx2.Response(302, headers={"location": "http://evil.test"}), errors.BadAnswer),
        (httpx2.Response(200, content=b"<html>"), errors.BadAnswer),
        (httpx2.Response(200, content=b'{"access_token": "at'), errors.BadAnswer),
        (httpx2.Response(200, content=b"[]"), errors.BadAnswer),
        (httpx2.Response(400, content=b"nonsense"), errors.Refused),
    ],
)
def test_an_answer_that_is_none_has_a_meaning_too(
    failure: Any, kind: type[errors.MicrosoftError]
) -> None:
    entra = FakeEntra()
    entra.failure = failure

    with pytest.raises(kind):
        entra.redeem()


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": ...},
        {"access_token": ""},
        {"access_token": 5},
        {"token_type": "mac"},
        {"expires_in": 0},
        {"expires_in": -5},
        {"expires_in": "soon"},
        {"expires_in": "nan"},
        {"expires_in": 10**12},
        {"expires_in": None},
        {"id_token": ...},
        {"scope": ["User.Read"]},
        {"error": "invalid_grant", "access_token": ...},
    ],
)
def test_a_token_answer_that_cannot_be_used_is_a_bad_answer(changes: dict[str, Any]) -> None:
    entra = FakeEntra()
    entra.answer = changes

    with pytest.raises(errors.BadAnswer):
        entra.redeem()


def test_the_clock_is_handed_in() -> None:
    entra = FakeEntra()
    entra.now = datetime(2026, 11, 18, 9, 4, tzinfo=UTC)

    tokens, _ = entra.redeem()

    assert tokens.expires_at == entra.now + timedelta(seconds=4312)
