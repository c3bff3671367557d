"""What a provider says about itself, and what of it is believed."""

from typing import Any

import httpx2
import pytest

from m365.errors import BadAnswer, MicrosoftError, Misconfigured
from m365.identity.oidc import Provider
from tests.m365.provider import CLIENT, ISSUER, FakeProvider

BACK = "https://portal.example/back"


@pytest.mark.parametrize(
    ("description", "kind", "code"),
    [
        ({"issuer": "https://id.example/"}, Misconfigured, "issuer_differs"),
        ({"jwks_uri": "http://keys.example/keys"}, BadAnswer, "endpoint_not_https"),
        ({"token_endpoint": "http://127.0.0.1/token"}, BadAnswer, "endpoint_not_https"),
        ({"token_endpoint": "https://localhost/token"}, BadAnswer, "endpoint_not_https"),
        ({"authorization_endpoint": "javascript:alert(1)"}, BadAnswer, "endpoint_not_https"),
        ({"jwks_uri": 7}, BadAnswer, "unreadable"),
        (
            {"id_token_signing_alg_values_supported": ["HS256", "none"]},
            Misconfigured,
            "no_known_algorithm",
        ),
    ],
)
def test_a_description_that_cannot_be_trusted_is_refused(
    description: dict[str, Any], kind: type[MicrosoftError], code: str
) -> None:
    provider = FakeProvider()
    provider.description = description

    with pytest.raises(kind, match=f"^{code}$"):
        provider.redeem()
    assert "tokens.example" not in " ".join(provider.asked)


@pytest.mark.parametrize(
    "issuer", ["http://id.example", "ftp://id.example", "https://me@id.example", "", "https://"]
)
def test_an_issuer_is_asked_by_https_only(issuer: str) -> None:
    provider = FakeProvider()
    provider.provider = Provider(issuer, CLIENT)

    with pytest.raises(Misconfigured, match="issuer_not_https"):
        provider.redeem()
    assert provider.asked == []


def test_a_provider_is_looked_over_with_an_outcome_for_each_part() -> None:
    findings = FakeProvider().open_id.check(Provider(ISSUER, ""), BACK)

    assert [one.ok for one in findings] == [True, True, None, None]
    assert BACK in findings[-1].sentence


@pytest.mark.parametrize(
    ("failing", "answer", "words"),
    [
        ("configuration", httpx2.Response(404), "There is no description"),
        ("configuration", httpx2.Response(200, content=b"<html>"), "not a description"),
        ("configuration", httpx2.Response(500), "not well right now"),
        ("/keys", httpx2.Response(403), "cannot be used (http_403)"),
        ("/keys", httpx2.Response(200, json={"keys": []}), "no key that can be used"),
    ],
)
def test_a_look_says_what_is_wrong(failing: str, answer: httpx2.Response, words: str) -> None:
    provider = FakeProvider()
    provider.failing, provider.failure = failing, answer

    found = provider.open_id.check(Provider(ISSUER, ""), BACK)

    assert [words in one.sentence for one in found if one.ok is False] == [True]
