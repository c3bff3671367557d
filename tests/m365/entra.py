"""An Entra ID that signs what a test tells it to, for tokens no honest one would issue."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey

from m365 import transport
from m365.identity import Identity, MicrosoftUser, Registration, Tokens

BASE = "http://entra.test"
TENANT = "c0a70500-0000-4000-8000-00000000c050"
OTHER_TENANT = "fab71ca0-0000-4000-8000-0000000000fa"
PERSON = "a11ce000-0000-4000-8000-000000000001"
CLIENT = "10c57e90-0000-4000-8000-00000000a990"
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TEMPLATE = BASE + "/{tenantid}/v2.0"


@cache
def key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


class FakeEntra:
    """Change its attributes to change what it answers. `asked` holds the paths in order."""

    def __init__(self, tenant: str = TENANT) -> None:
        self.tenant = tenant
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.published = ["key-1"]
        self.key_issuer = TEMPLATE
        self.signer: Any = None
        self.answer: dict[str, Any] = {}
        self.failure: httpx2.Response | Exception | None = None
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.now = NOW
        self.http = transport.client(httpx2.MockTransport(self._answer))
        self.identity = Identity(self.http, BASE, clock=lambda: self.now)
        self.registration = Registration(tenant, CLIENT, secret="a secret~%&é+")

    def redeem(self) -> tuple[Tokens, MicrosoftUser]:
        return self.identity.redeem(
            self.registration,
            code="a-code",
            verifier="v" * 43,
            redirect_uri="http://portal.test/back",
            nonce="a-nonce",
        )

    def id_token(self) -> str:
        moment = int(NOW.timestamp())
        usual = {
            "aud": CLIENT,
            "iss": f"{BASE}/{TENANT}/v2.0",
            "iat": moment,
            "nbf": moment,
            "exp": moment + 3600,
            "tid": TENANT,
            "oid": PERSON,
            "nonce": "a-nonce",
            "name": "Alice Ardent",
            "preferred_username": "alice@contoso.example",
        }
        claims = {name: value for name, value in (usual | self.claims).items() if value is not ...}
        header = {"alg": "RS256", "kid": "key-1"} | self.header
        signer = self.signer or key("key-1")
        return jwt.encode(header, claims, signer, algorithms=["RS256", "PS256", "HS256", "none"])

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if request.url.path.endswith("/keys"):
            return self._json({"keys": [self._key(name) for name in self.published]})
        if request.url.path.endswith("openid-configuration"):
            return self._json({"issuer": f"{BASE}/{TENANT}/v2.0"})
        form = {name: found[0] for name, found in parse_qs(request.content.decode()).items()}
        self.forms.append(form)
        if isinstance(self.failure, Exception):
            raise self.failure
        usual = {
            "token_type": "Bearer",
            "access_token": "at-1",
            "refresh_token": "rt-1",
            "expires_in": 4312,
            "scope": "https://graph.microsoft.com/User.Read Calendars.ReadWrite openid",
            "id_token": self.id_token(),
        }
        whole = {name: value for name, value in (usual | self.answer).items() if value is not ...}
        return self.failure or self._json(whole)

    def _key(self, name: str) -> dict[str, Any]:
        public: dict[str, Any] = key(name).as_dict(private=False)
        return public | {"issuer": self.key_issuer}

    def _json(self, body: Any) -> httpx2.Response:
        return httpx2.Response(200, content=json.dumps(body).encode())


@cache
def certified(days: int = 90) -> Registration:
    """A registration with a certificate of its own making, good for so many days."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lockstep")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1000))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Registration(
        TENANT,
        CLIENT,
        certificate_pem=certificate.public_bytes(pem).decode(),
        private_key_pem=secret.decode(),
    )


def refused(error: str, number: int, **more: Any) -> httpx2.Response:
    """The body of a refusal as Entra ID writes one."""
    body = {
        "error": error,
        "error_description": f"AADSTS{number}: Alice's account. Trace ID: 1",
        "error_codes": [number],
        "trace_id": "7d1c-42",
    }
    return httpx2.Response(400, content=json.dumps(body | more).encode())
