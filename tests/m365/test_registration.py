"""The app registration, looked over before people meet its mistakes."""

import pytest

from m365.identity import Registration
from tests.m365.entra import CLIENT, TENANT, FakeEntra, certified, refused


def test_a_healthy_registration_is_found_so() -> None:
    entra = FakeEntra()

    found = entra.identity.check_registration(entra.registration, "https://portal.example/back")

    assert {finding.name: finding.ok for finding in found} == {
        "Organisation (tenant)": True,
        "Signing keys": True,
        "Client id and secret": True,
        "Redirect address": None,
    }


def test_a_wrong_secret_is_named() -> None:
    entra = FakeEntra()
    entra.failure = refused("invalid_client", 7000215)

    found = entra.identity.check_registration(entra.registration, "http://localhost:8080/back")

    (client,) = [finding for finding in found if finding.ok is False]
    assert client.name == "Client id and secret"
    assert "secret" in client.sentence
    assert "AADSTS7000215" in client.sentence


@pytest.mark.parametrize(
    ("days", "ok", "word"), [(90, True, "90 more days"), (5, True, "Renew"), (-3, False, "expired")]
)
def test_the_end_of_a_certificate_is_told(days: int, ok: bool, word: str) -> None:
    entra = FakeEntra()

    found = entra.identity.check_registration(certified(days), "http://localhost/back")

    validity = {finding.name: finding for finding in found}["Certificate validity"]
    assert validity.ok is ok
    assert word in validity.sentence


@pytest.mark.parametrize(
    ("certificate", "key", "word"),
    [
        ("no pem", "no pem", "certificate is not readable"),
        (None, "no pem", "private key is not readable"),
        (None, "another", "another certificate"),
    ],
)
def test_a_certificate_that_cannot_sign_is_named(
    certificate: str | None, key: str, word: str
) -> None:
    whole = certified()
    other = certified(91).private_key_pem if key == "another" else key
    registration = Registration(
        TENANT,
        CLIENT,
        certificate_pem=certificate or whole.certificate_pem,
        private_key_pem=other,
    )

    found = FakeEntra().identity.check_registration(registration, "http://localhost/back")

    assert any(finding.ok is False and word in finding.sentence for finding in found)


def test_a_shared_tenant_leaves_the_secret_to_the_first_sign_in() -> None:
    entra = FakeEntra("organizations")

    found = entra.identity.check_registration(entra.registration, "http://portal.example/back")

    outcome = {finding.name: finding.ok for finding in found}
    assert outcome["Client id and secret"] is None
    assert outcome["Redirect address"] is False
