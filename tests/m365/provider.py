"""A provider of OpenID Connect that signs what a test tells it to."""

import json
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from m365 import transport
from m365.identity.oidc import OpenId, Provider, ProviderUser
from tests.m365.entra import NOW

ISSUER = "https://id.example"
CLIENT = "a-client"


@cache
def rsa(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@cache
def ec(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


class FakeProvider:
    """Change its attributes to change what it answers. `asked` holds the addresses in order."""

    def __init__(self) -> None:
        self.description: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.signer: Any = rsa("key-1")
        self.published: list[Any] = [rsa("key-1")]
        self.key_changes: dict[str, Any] = {}
        self.failure: httpx2.Response | None = None
        self.failing = ""  # the end of the address that fails
        self.id_token: str | None = None
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.headers: list[httpx2.Headers] = []
        self.now = NOW
        http = transport.client(httpx2.MockTransport(self._answer))
        self.open_id = OpenId(http, clock=lambda: self.now)
        self.provider = Provider(ISSUER, CLIENT, "a secret~%&é+")

    def redeem(self, **others: Any) -> ProviderUser:
        return self.open_id.redeem(
            self.provider,
            code="a-code",
            verifier="v" * 43,
            redirect_uri="https://portal.example/back",
            nonce="a-nonce",
            **others,
        )

    def token(self) -> str:
        moment = int(NOW.timestamp())
        usual = {
            "iss": ISSUER,
            "sub": "alice-1",
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 3600,
            "nonce": "a-nonce",
            "name": "Alice Ardent",
            "email": "alice@contoso.example",
            "email_verified": True,
        }
        claims = {name: value for name, value in (usual | self.claims).items() if value is not ...}
        header = {"alg": "RS256", "kid": "key-1"} | self.header
        header = {name: value for name, value in header.items() if value is not ...}
        algorithms = ["RS256", "PS256", "ES256", "HS256", "RS512", "none"]
        return jwt.encode(header, claims, self.signer, algorithms=algorithms)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(str(request.url))
        if self.failure is not None and str(request.url).endswith(self.failing):
            return self.failure
        if request.url.path.endswith("openid-configuration"):
            usual: dict[str, Any] = {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": "https://tokens.example/token",
                "jwks_uri": "https://keys.example/keys",
            }
            return _json(usual | self.description)
        if request.url.path.endswith("/keys"):
            keys = [key.as_dict(private=False) | self.key_changes for key in self.published]
            return _json({"keys": keys})
        self.headers.append(request.headers)
        self.forms.append({k: v[0] for k, v in parse_qs(request.content.decode()).items()})
        return _json({"id_token": self.id_token or self.token(), "access_token": "x"})


def _json(body: Any) -> httpx2.Response:
    return httpx2.Response(200, content=json.dumps(body).encode())
