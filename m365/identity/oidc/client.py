"""The way to a provider and back: authorization code with PKCE. It returns who it was."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from authlib.integrations.httpx_client import OAuth2Client

from m365.errors import BadAnswer, BadProof
from m365.identity.answers import refusal
from m365.identity.doctor import Finding
from m365.identity.keys import KeyMemory
from m365.identity.oidc import doctor
from m365.identity.oidc.discovery import Description, describe, keys_of
from m365.identity.oidc.id_token import ProviderUser, VerifyingKey, header_for, user_of
from m365.transport import Http, Lent, origin
from m365.wire.decode import decode

SCOPES = "openid profile email"
KEPT = timedelta(minutes=10)  # a description; its addresses change seldom, and with notice


@dataclass(frozen=True, slots=True)
class Provider:
    """`issuer`: exactly as the provider writes it. Without a secret PKCE alone proves who asks."""

    issuer: str
    client_id: str
    secret: str | None = field(default=None, repr=False)


class _TokenShape(msgspec.Struct):
    id_token: str | None = None


class OpenId:
    """Raises the errors of `m365.errors`: BadProof for a token that does not stand its checks."""

    def __init__(self, http: Http, *, clock: Callable[[], datetime]) -> None:
        self._http = http
        self._clock = clock
        self._keys = KeyMemory[VerifyingKey](clock)
        self._described: dict[str, tuple[Description, datetime]] = {}
        self._lock = threading.Lock()

    def sign_in_address(
        self,
        provider: Provider,
        *,
        redirect_uri: str,
        state: str,
        nonce: str,
        verifier: str,
        login_hint: str | None = None,
        prompt: str | None = None,
        max_age: int | None = None,
    ) -> str:
        """Where to send the person. `verifier`: PKCE, 43-128 characters, kept with the state.

        `max_age`: seconds since they last proved who they are; the token then says when.
        """
        found = self._description(provider.issuer)
        client = OAuth2Client(
            provider.client_id,
            redirect_uri=redirect_uri,
            scope=SCOPES,
            code_challenge_method="S256",
            transport=Lent(self._http, within=origin(found.authorization_endpoint)),
        )
        address, _ = client.create_authorization_url(
            found.authorization_endpoint,
            state=state,
            code_verifier=verifier,
            nonce=nonce,
            login_hint=login_hint,
            prompt=prompt,
            max_age=max_age,
        )
        return str(address)

    def redeem(
        self,
        provider: Provider,
        *,
        code: str,
        verifier: str,
        redirect_uri: str,
        nonce: str,
        named: str | None = None,
    ) -> ProviderUser:
        """Who signed in. Whether they may enter here is for the caller to say.

        `named`: the issuer that the answer itself names (RFC 9207), where it names one.
        """
        found = self._description(provider.issuer)
        must_name = found.authorization_response_iss_parameter_supported
        if named != provider.issuer and (named is not None or must_name):
            raise BadProof("answer_of_another")
        id_token = self._ask_token(
            provider, found, code=code, code_verifier=verifier, redirect_uri=redirect_uri
        )
        algorithm, key_id = header_for(id_token)
        key = self._keys.find(found.jwks_uri, key_id, lambda: keys_of(self._http, found))
        return user_of(
            id_token,
            key,
            algorithm=algorithm,
            issuer=provider.issuer,
            client_id=provider.client_id,
            nonce=nonce,
            now=self._clock(),
        )

    def check(self, provider: Provider, redirect_uri: str) -> list[Finding]:
        """Everything that can be tried without a person signing in, each with its outcome."""
        return doctor.check(self._http, provider.issuer, redirect_uri)

    def _description(self, issuer: str) -> Description:
        now = self._clock()
        with self._lock:
            held = self._described.get(issuer)
        if held is not None and now - held[1] < KEPT:
            return held[0]
        found = describe(self._http, issuer)
        with self._lock:
            self._described[issuer] = (found, now)
        return found

    def _ask_token(self, provider: Provider, found: Description, **request: Any) -> str:
        client = OAuth2Client(
            provider.client_id,
            client_secret=provider.secret,
            token_endpoint_auth_method=_proof(provider, found),
            transport=Lent(self._http, within=origin(found.token_endpoint)),
        )
        answers: list[str | None] = []

        def checked(response: Any) -> Any:
            # Before the library reads it: it would trip over a bad body.
            if response.status_code != 200:
                raise refusal(response.status_code, response.headers, response.content)
            answers.append(decode(response.content, _TokenShape).id_token)
            return response

        client.register_compliance_hook("access_token_response", checked)
        client.fetch_token(found.token_endpoint, grant_type="authorization_code", **request)
        if not answers:
            raise BadAnswer("token_missing")
        if not answers[-1]:
            raise BadProof("id_token_missing")
        return answers[-1]


def _proof(provider: Provider, found: Description) -> str:
    """How the portal proves at the token endpoint that it is the client."""
    if not provider.secret:
        return "none"
    methods = found.token_endpoint_auth_methods_supported
    return "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
