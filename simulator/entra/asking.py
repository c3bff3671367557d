"""An authorization request: what may be asked for, and what is refused before anybody signs in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.directory import App, Tenant
from simulator.entra import pkce
from simulator.entra.answers import MODES
from simulator.entra.errors import EntraRefused
from simulator.entra.scopes import read_scopes
from simulator.entra.tenants import app_named, check_audience, tenant_named
from simulator.world import World

PROMPTS = ("", "login", "none", "consent", "select_account")
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asking:
    """One authorization request, checked."""

    app: App
    tenant: Tenant | None
    kinds: frozenset[str]  # of what comes back: code, id_token
    scopes: tuple[str, ...]
    newer_than: datetime | None  # a claims challenge: an older sign-in is not enough
    strong: bool  # a claims challenge: a second factor is wanted
    says_when: bool  # with max_age the id_token tells when the person signed in
    query: Query

    @property
    def prompt(self) -> str:
        """The wished prompt, or nothing."""
        return self.query.get("prompt", "")


def known_app(world: World, tenant: str, query: Query) -> tuple[App, Tenant | None]:
    """The application and the tenant. Without these two nothing may be sent back by redirect."""
    at = tenant_named(world, tenant)
    app = app_named(world, query.get("client_id"))
    check_audience(app, at)
    check_redirect(app, query.get("redirect_uri"))
    return app, at


def check_redirect(app: App, address: str | None) -> None:
    """Refuse a redirect address that is not registered, character by character."""
    if address not in app.redirect_uris:
        raise EntraRefused(50011, f"The redirect URI '{address}' is not registered.")


def answer_mode(query: Query) -> str:
    """How the answer travels: as asked for, or as the response type has it by default."""
    asked = query.get("response_mode", "")
    if asked in MODES:
        return asked
    return "fragment" if "id_token" in query.get("response_type", "").split() else "query"


def asking(app: App, at: Tenant | None, query: Query, base: str, now: datetime) -> Asking:
    """The checked request; what is wrong with it goes back to the application."""
    if query.get("domain_hint", "").lower() == "consumers":
        raise EntraRefused(9002332)
    kinds = _kinds(app, query)
    _check_mode(kinds, query)
    _check_prompt(query)
    pkce.check_challenge(query.get("code_challenge"), query.get("code_challenge_method", "plain"))
    scopes = read_scopes(query.get("scope", ""), base)
    if "id_token" in kinds:
        if not query.get("nonce"):
            raise EntraRefused(900144, "nonce")
        if "openid" not in scopes:
            raise EntraRefused(70011, "An id_token needs the scope 'openid'.")
    challenge = _challenge(query.get("claims"))
    newer_than = _moment(challenge.get("nbf")) or _not_before(query, now)
    strong = "capolids" in challenge or "acrs" in challenge
    return Asking(app, at, kinds, scopes, newer_than, strong, "max_age" in query, query)


def _kinds(app: App, query: Query) -> frozenset[str]:
    kinds = frozenset(query.get("response_type", "").split())
    if not kinds:
        raise EntraRefused(900144, "response_type")
    if "token" in kinds:
        raise EntraRefused(700051)
    if kinds != {"code"} and not (app.id_tokens and kinds <= {"code", "id_token"}):
        raise EntraRefused(700054)
    return kinds


def _check_mode(kinds: frozenset[str], query: Query) -> None:
    mode = query.get("response_mode")
    if mode is None:
        return
    if mode not in MODES:
        raise EntraRefused(9002313, "response_mode")
    if mode == "query" and "id_token" in kinds:
        raise EntraRefused(70007, "'query' must not carry an id_token.")


def _check_prompt(query: Query) -> None:
    prompt = query.get("prompt", "")
    if prompt not in PROMPTS:
        raise EntraRefused(9002313, "prompt")
    if prompt == "select_account" and query.get("login_hint"):
        raise EntraRefused(9002313, "select_account and login_hint exclude each other.")


def _challenge(text: str | None) -> dict[str, Any]:
    """What the `claims` parameter wants of the access token."""
    if not text:
        return {}
    try:
        wanted = json.loads(text)
        found = (wanted.get("access_token") or {}) if isinstance(wanted, dict) else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise EntraRefused(9002313, "claims must be a JSON object.")
    return found


def _not_before(query: Query, now: datetime) -> datetime | None:
    """Microsoft takes `max_age` without documenting it."""
    try:
        return now - timedelta(seconds=int(query["max_age"])) if "max_age" in query else None
    except (ValueError, OverflowError) as problem:
        raise EntraRefused(9002313, "max_age") from problem


def _moment(wanted: Any) -> datetime | None:
    if not isinstance(wanted, dict):
        return None
    try:
        return datetime.fromtimestamp(int(wanted["value"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError) as problem:
        raise EntraRefused(9002313, "claims: nbf has no value.") from problem
