"""How an application proves itself: by a secret, by a certificate, and in every wrong way."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from simulator.registration import CLIENT_ID, CLIENT_SECRET, CONTOSO
from simulator.world import World
from tests.simulator.desk import SignIn, at

DEFAULT = "https://graph.microsoft.com/.default"
KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Proof:
    """A key with its certificate, and the assertions it makes."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def thumbprint(self, algorithm: hashes.HashAlgorithm) -> str:
        return urlsafe_b64encode(self.certificate.fingerprint(algorithm)).rstrip(b"=").decode()

    def assertion(self, header: dict[str, str] | None = None, **claims: Any) -> str:
        """A good assertion, with these changes; a claim changed to None is left out."""
        now = int(at(18).timestamp())
        known = {
            "aud": f"http://localhost/{CONTOSO}/oauth2/v2.0/token",
            "iss": CLIENT_ID, "sub": CLIENT_ID, "jti": "1", "nbf": now, "exp": now + 300, **claims,
        }  # fmt: skip
        head = {"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint(hashes.SHA256())}
        head = header or head
        kept = {name: value for name, value in known.items() if value is not None}
        return jwt.encode(head, kept, RSAKey.import_key(self.key), algorithms=[head["alg"]])


@cache
def proof(number: int, days: int = 90) -> Proof:
    """One of several certificates; each key is made once."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(number)
    builder = builder.not_valid_before(at(1)).not_valid_after(at(1) + timedelta(days=days))
    return Proof(key, builder.public_key(key.public_key()).sign(key, hashes.SHA256()))


def ask(sign_in: SignIn, assertion: str, **changed: str) -> TestResponse:
    """A token of the application's own, asked for with an assertion."""
    form = {
        "grant_type": "client_credentials", "scope": DEFAULT, "client_assertion_type": KIND,
        "client_assertion": assertion, **changed,
    }  # fmt: skip
    return sign_in.client.post(f"/{CONTOSO}/oauth2/v2.0/token", data=form)


@pytest.fixture
def certified(world: World) -> World:
    """The application has two certificates and no secret."""
    app = world.register_app(secret=None)
    app.certificates = [proof(1).pem, proof(2).pem]
    return world


@pytest.mark.usefixtures("certified")
@pytest.mark.parametrize("number", [1, 2])
def test_any_of_several_certificates_will_do(sign_in: SignIn, number: int) -> None:
    assert ask(sign_in, proof(number).assertion()).status_code == 200


@pytest.mark.usefixtures("certified")
def test_the_older_algorithm_and_thumbprint_will_do(sign_in: SignIn) -> None:
    header = {"alg": "RS256", "typ": "JWT", "x5t": proof(1).thumbprint(hashes.SHA1())}  # noqa: S303

    assert ask(sign_in, proof(1).assertion(header)).status_code == 200


@pytest.mark.usefixtures("certified")
def test_a_refresh_is_proved_the_same_way(sign_in: SignIn) -> None:
    code = sign_in.code()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": sign_in.redirect_uri}

    response = ask(sign_in, proof(1).assertion(), **form, scope="User.Read")

    assert response.status_code == 200


WRONG: list[Callable[[], str]] = [
    lambda: proof(3).assertion(),
    lambda: proof(3).assertion({"alg": "PS256", "x5t#S256": proof(1).thumbprint(hashes.SHA256())}),
    lambda: proof(1).assertion({"alg": "PS256", "kid": "no thumbprint"}),
    lambda: proof(1).assertion(aud="http://elsewhere.example"),
    lambda: proof(1).assertion(sub="somebody else"),
    lambda: proof(1).assertion(jti=None),
    lambda: proof(1).assertion(exp=None),
    lambda: "not a token",
]


@pytest.mark.usefixtures("certified")
@pytest.mark.parametrize("make", WRONG)
def test_a_wrong_assertion_is_refused(sign_in: SignIn, make: Callable[[], str]) -> None:
    assert sign_in.refused(ask(sign_in, make())) == (401, "invalid_client", 700027)


@pytest.mark.usefixtures("certified")
def test_an_assertion_of_another_application_is_refused(sign_in: SignIn) -> None:
    response = ask(sign_in, proof(1).assertion(), client_id="somebody else")

    assert sign_in.refused(response)[2] == 700027


@pytest.mark.usefixtures("certified")
@pytest.mark.parametrize("times", [{"exp": 1, "nbf": 0}, {"nbf": 4_000_000_000}])
def test_an_assertion_has_its_time(sign_in: SignIn, times: dict[str, int]) -> None:
    response = ask(sign_in, proof(1).assertion(**times))

    assert sign_in.refused(response) == (401, "invalid_client", 700024)


def test_a_certificate_runs_out(sign_in: SignIn, world: World) -> None:
    world.register_app(secret=None, certificate_pem=proof(4, days=10).pem)

    response = ask(sign_in, proof(4, days=10).assertion())

    assert sign_in.refused(response)[2] == 700027
    assert "not within its dates" in response.text


def test_a_secret_may_come_by_basic_authentication(sign_in: SignIn) -> None:
    form = {"grant_type": "client_credentials", "scope": DEFAULT}

    def asked(secret: str) -> TestResponse:
        pair = b64encode(f"{CLIENT_ID}:{quote(secret)}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        return sign_in.client.post(f"/{CONTOSO}/oauth2/v2.0/token", data=form, headers=headers)

    assert asked(CLIENT_SECRET).status_code == 200
    assert sign_in.refused(asked("wrong")) == (401, "invalid_client", 7000215)


def test_who_pastes_the_secrets_id_is_told_so(sign_in: SignIn) -> None:
    secret_id = "7b1f0c52-3b52-4c8e-9f1a-000000000001"

    response = sign_in.token(
        CONTOSO, grant_type="client_credentials", scope=DEFAULT, client_secret=secret_id
    )

    assert sign_in.refused(response) == (401, "invalid_client", 7000215)
    assert "not its id" in response.text


def test_secrets_run_out(sign_in: SignIn, world: World) -> None:
    world.expire_secrets()

    response = sign_in.token(CONTOSO, grant_type="client_credentials", scope=DEFAULT)

    assert sign_in.refused(response) == (401, "invalid_client", 7000222)


def test_a_public_application_has_no_secret(sign_in: SignIn, world: World) -> None:
    world.register_app(secret=None).public = True

    told = sign_in.redeem(sign_in.code(), client_secret="anything")
    silent = sign_in.redeem(sign_in.code(), client_secret="")

    assert sign_in.refused(told) == (401, "invalid_client", 700025)
    assert silent.status_code == 200


def test_a_page_of_another_origin_is_refused(sign_in: SignIn) -> None:
    response = sign_in.client.post(
        f"/{CONTOSO}/oauth2/v2.0/token",
        data={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        headers={"Origin": "https://portal.example"},
    )

    assert sign_in.refused(response) == (400, "invalid_request", 9002326)


@pytest.mark.parametrize(
    ("scope", "number"), [(f"{DEFAULT} {DEFAULT}", 700022), ("", 70011), ("User.Read", 70011)]
)
def test_an_application_asks_for_one_resource(sign_in: SignIn, scope: str, number: int) -> None:
    response = sign_in.token(CONTOSO, grant_type="client_credentials", scope=scope)

    assert sign_in.refused(response) == (400, "invalid_scope", number)
