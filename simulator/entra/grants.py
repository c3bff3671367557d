"""What Entra hands out and remembers: codes, refresh tokens, access tokens."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=90)
LETTERS = string.ascii_letters + string.digits + "-_"
PRUNE_ABOVE = 2000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the sign-in behind a grant."""

    since: datetime
    strong: bool = False  # with a second factor
    sid: str = ""


@dataclass(slots=True)
class Code:
    """An authorization code on its way from the browser to the application."""

    person: str
    tenant: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    challenge: str | None
    challenge_method: str
    expires: datetime
    standing: Standing
    redeemed: bool = False
    says_when: bool = False  # the id_token tells when the person signed in


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token: it stays valid when it is used, each use gives a further one."""

    person: str
    tenant: str
    client_id: str
    scopes: tuple[str, ...]
    issued: datetime
    sessions: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Access:
    """An access token: a person's (scopes) or an application's own (roles, no person)."""

    person: str | None
    tenant: str
    client_id: str
    permissions: frozenset[str]
    expires: datetime


class Grants:
    """Issues secrets from a seeded source, so that a run repeats. Callers hold the lock."""

    def __init__(self, source: random.Random, now: Callable[[], datetime]) -> None:
        self._random = source
        self._now = now
        self._sessions: dict[str, int] = {}
        self.codes: dict[str, Code] = {}
        self.refresh: dict[str, Refresh] = {}
        self.access: dict[str, Access] = {}

    def _secret(self, prefix: str, length: int) -> str:
        return prefix + "".join(self._random.choices(LETTERS, k=length))

    def issue_code(self, code: Code) -> str:
        """A long code, as the real ones are: clients must not cap its length."""
        text = self._secret("1.AX", 1100)
        self.codes[text] = code
        return text

    def issue_refresh(
        self, person: str, tenant: str, client_id: str, scopes: tuple[str, ...],
        standing: Standing | None = None,
    ) -> str:  # fmt: skip
        """A refresh token with a fresh 90 days."""
        text = self._secret("1.AXoA", 900)
        now, sessions = self._now(), self._sessions.get(person, 0)
        behind = standing or Standing(now)
        self.refresh[text] = Refresh(person, tenant, client_id, scopes, now, sessions, behind)
        return text

    def issue_access(
        self, person: str | None, tenant: str, client_id: str, permissions: frozenset[str]
    ) -> tuple[str, int]:
        """An access token and the seconds it lives: 60 to 90 minutes, as the real service draws."""
        life = self._random.randint(3600, 5400)
        text = self._secret("eyJ0eXAiOiJKV1QiLCJub25jZSI6", 1200)
        expires = self._now() + timedelta(seconds=life)
        if len(self.access) > PRUNE_ABOVE:
            now = self._now()
            self.access = {key: one for key, one in self.access.items() if one.expires > now}
        self.access[text] = Access(person, tenant, client_id, permissions, expires)
        return text, life

    def valid_access(self, text: str) -> Access | None:
        """The access token, unless unknown or expired."""
        found = self.access.get(text)
        return found if found and found.expires > self._now() else None

    def revoke(self, person: str) -> None:
        """End the person's sessions: refresh tokens issued before are refused."""
        self._sessions[person] = self._sessions.get(person, 0) + 1

    def is_revoked(self, token: Refresh) -> bool:
        """Was the session behind this refresh token ended?"""
        return token.sessions != self._sessions.get(token.person, 0)

    def is_stale(self, token: Refresh) -> bool:
        """Has it not been used for 90 days?"""
        return self._now() - token.issued > REFRESH_LIFE

    def drop_access(self, person: str) -> None:
        """Forget the person's access tokens."""
        self.access = {key: one for key, one in self.access.items() if one.person != person}
