"""What the provider knows: its clients, the codes on their way, and what it says about people."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from simulator.directory import Person
from simulator.entra.grants import LETTERS
from simulator.entra.keys import KeyRing

CLIENT_ID = "lockstep"
CLIENT_SECRET = "simulated-provider-secret"  # noqa: S105 - printed for everyone who tries the demo
CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = 3600
SPACE = UUID("0a4c6d5e-0d1b-4f0e-9f5c-3b2f6f1d7a11")


@dataclass(slots=True)
class Client:
    """An application. Without registered addresses it may be sent back to any on this machine."""

    secret: str
    redirect_uris: list[str] = field(default_factory=list)

    def may_return_to(self, address: str) -> bool:
        """Whether people may be sent back there."""
        return address in self.redirect_uris or (not self.redirect_uris and _is_here(address))


@dataclass(frozen=True, slots=True)
class Code:
    """A sign-in on its way to the application."""

    person: str
    client_id: str
    redirect_uri: str
    nonce: str | None
    challenge: str | None
    verified: bool
    expires: datetime
    says_when: bool = False  # max_age was asked: the id_token tells when the person signed in


class IdentityProvider:
    """Callers hold the world's lock. Tests turn its attributes."""

    def __init__(self, now: Callable[[], datetime], seed: int) -> None:
        self._now = now
        self._random = random.Random(f"{seed}/idp")
        self.clients = {CLIENT_ID: Client(CLIENT_SECRET)}
        self.codes: dict[str, Code] = {}
        self.keys = KeyRing(now)
        self.email_verified = True
        self.claims: dict[str, dict[str, Any]] = {}  # by person's id: what is said beside the rest
        self.forged: dict[str, Any] = {}  # claims of the next id_token
        self.names_itself = True  # in its answers, as RFC 9207 asks

    def issue_code(self, code: Code) -> str:
        """A code that works once."""
        text = "".join(self._random.choices(LETTERS, k=64))
        self.codes[text] = code
        return text

    def spend(self, text: str) -> Code | None:
        """The sign-in behind a code that is still good."""
        code = self.codes.pop(text, None)
        return code if code is not None and code.expires > self._now() else None

    def id_token(self, code: Code, person: Person, *, issuer: str) -> str:
        """Signed, and right in every way unless a test wants it wrong."""
        now = int(self._now().timestamp())
        claims: dict[str, Any] = {
            "iss": issuer,
            "sub": subject(person),
            "aud": code.client_id,
            "iat": now,
            "exp": now + TOKEN_LIFE,
            "name": person.name,
            "email": person.address,
            "email_verified": self.email_verified and code.verified,
            "groups": ["staff", *(["administrators"] if person.admin else [])],
        }
        claims |= {"nonce": code.nonce} if code.nonce else {}
        # Nobody stays signed in here: whoever comes has signed in just now.
        claims |= {"auth_time": now} if code.says_when else {}
        claims |= self.claims.get(person.id, {}) | self.forged
        self.forged = {}
        return self.keys.signing.sign({key: one for key, one in claims.items() if one is not None})


def subject(person: Person) -> str:
    """The person as this provider knows them; Entra has another word for them."""
    return uuid5(SPACE, person.id).hex


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
