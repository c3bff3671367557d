"""A person with a browser at the simulated sign-in, and an application that uses Authlib."""

from __future__ import annotations

import re
from typing import Any

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client

CLIENT_ID = "10c57e90-0000-4000-8000-00000000a990"
SECRET = "simulated-secret"
REDIRECT = "http://127.0.0.1:8080/connect/microsoft/callback"
CONTOSO = "c0a70500-0000-4000-8000-00000000c050"
SCOPE = (
    "openid profile email offline_access User.Read MailboxSettings.Read "
    "Calendars.ReadWrite Contacts.ReadWrite"
)
PERSON = re.compile(r'name="person" value="([^"]+)"')


def control(base: str, act: str, wish: dict[str, Any]) -> None:
    """One of the simulator's control addresses."""
    httpx2.post(f"{base}/_control/{act}", json=wish).raise_for_status()


class Someone:
    """One of the simulated people."""

    def __init__(self, base: str, address: str) -> None:
        self.base = base
        self.address = address

    def client(self, **more: Any) -> OAuth2Client:
        """The application's OAuth client."""
        return OAuth2Client(
            CLIENT_ID, SECRET, redirect_uri=REDIRECT, scope=SCOPE,
            code_challenge_method="S256", token_endpoint_auth_method="client_secret_post", **more,
        )  # fmt: skip

    def at(self, purpose: str, tenant: str = "organizations") -> str:
        """An address of Entra."""
        return f"{self.base}/{tenant}/oauth2/v2.0/{purpose}"

    def consented(self, client: OAuth2Client) -> dict[str, Any]:
        """The tokens that follow once this person has signed in and accepted."""
        verifier = generate_token(48)
        address, state = client.create_authorization_url(
            self.at("authorize"), code_verifier=verifier, nonce="a nonce", login_hint=self.address
        )
        back = self._accept(address)
        return dict(
            client.fetch_token(
                self.at("token"), authorization_response=back, code_verifier=verifier, state=state
            )
        )

    def _accept(self, address: str) -> str:
        choice: dict[str, str] = {}
        for _ in range(2):
            method = "POST" if choice else "GET"
            page = httpx2.request(method, address, data=choice)
            if page.status_code == 302:
                return page.headers["Location"]
            person = PERSON.search(page.text)
            assert person, page.text
            choice = {"person": person[1], "decision": "accept"}
        raise AssertionError("the sign-in does not end")
