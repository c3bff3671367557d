"""The token endpoint: three grants, each with Entra's own refusals."""

from __future__ import annotations

import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from uuid import uuid5

import msgspec
from flask import Response, request

from simulator.directory import App, Person, Tenant
from simulator.entra.clients import authenticated
from simulator.entra.errors import EntraRefused, token_error
from simulator.entra.grants import Code
from simulator.entra.keys import signing_key
from simulator.entra.scopes import GRAPH, granted_text, missing, read_scopes
from simulator.entra.tenants import check_audience, issuer, tenant_named
from simulator.graph.call import base_address, world
from simulator.world import SPACE, World

Form = Mapping[str, str]
Answer = dict[str, Any]


def token(tenant: str) -> Response:
    """POST /{tenant}/oauth2/v2.0/token."""
    everyone = world()
    time.sleep(everyone.latency_ms / 1000)
    with everyone.lock:
        try:
            return _issued(everyone, tenant, request.form)
        except EntraRefused as refusal:
            return token_error(refusal, everyone)


def _issued(everyone: World, tenant: str, form: Form) -> Response:
    failure = everyone.faults.token_failure()
    if failure:
        raise EntraRefused(failure.number, "This failure was asked for.")
    at = tenant_named(everyone, tenant)
    base = base_address()
    names = {tenant, at.id, at.domain} if at else {tenant}
    audiences = {f"{base}/{name}/oauth2/v2.0/token" for name in names}
    audiences |= {f"{base}/{name}/v2.0" for name in names}
    authorization = request.headers.get("Authorization", "")
    app = authenticated(everyone, form, authorization, audiences)
    check_audience(app, at)
    grant = GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        raise EntraRefused(70003 if form.get("grant_type") else 900144, "grant_type")
    response = Response(
        msgspec.json.encode(grant(everyone, at, app, form)), content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store, no-cache"
    response.headers["Pragma"] = "no-cache"
    return response


def _by_code(everyone: World, at: Tenant | None, app: App, form: Form) -> Answer:
    code = everyone.grants.codes.get(form.get("code", ""))
    if code is None or code.client_id != app.client_id:
        raise EntraRefused(70000)
    if code.redeemed:
        raise EntraRefused(54005)
    if code.expires <= everyone.now():
        raise EntraRefused(70008)
    if at is not None and at.id != code.tenant:
        raise EntraRefused(700005)
    if form.get("redirect_uri") != code.redirect_uri:
        raise EntraRefused(50011)
    _check_verifier(code, form.get("code_verifier"))
    code.redeemed = True
    person = everyone.people[code.person]
    _check_person(person)
    answer = _user_tokens(everyone, person, app, code.scopes)
    if "openid" in code.scopes:
        answer["id_token"] = _id_token(everyone, person, app, code)
    return answer


def _check_verifier(code: Code, verifier: str | None) -> None:
    if code.challenge is None:
        return
    if not verifier:
        raise EntraRefused(501481, "code_verifier is missing.")
    digest = hashlib.sha256(verifier.encode()).digest()
    hashed = urlsafe_b64encode(digest).rstrip(b"=").decode()
    if code.challenge != (hashed if code.challenge_method == "S256" else verifier):
        raise EntraRefused(501481)


def _check_person(person: Person) -> None:
    if not person.enabled:
        raise EntraRefused(50057)


def _by_refresh(everyone: World, at: Tenant | None, app: App, form: Form) -> Answer:
    held = everyone.grants.refresh.get(form.get("refresh_token", ""))
    if held is None or held.client_id != app.client_id:
        raise EntraRefused(70000)
    person = everyone.people[held.person]
    _check_person(person)
    if everyone.grants.is_revoked(held):
        raise EntraRefused(50173)
    if everyone.grants.is_stale(held):
        raise EntraRefused(700082)
    if at is not None and at.id != held.tenant:
        raise EntraRefused(700005)
    asked = read_scopes(form.get("scope") or " ".join(held.scopes), base_address())
    if not person.granted(app.client_id) or missing(person, app, asked):
        raise EntraRefused(65001)
    return _user_tokens(everyone, person, app, held.scopes)


def _user_tokens(everyone: World, person: Person, app: App, scopes: tuple[str, ...]) -> Answer:
    tenant, granted = person.tenant.id, person.granted(app.client_id)
    access, life = everyone.grants.issue_access(
        person.id, tenant, app.client_id, frozenset(granted)
    )
    answer: Answer = {
        "token_type": "Bearer",
        "scope": granted_text(granted),
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": access,
    }
    if "offline_access" in scopes:
        answer["refresh_token"] = everyone.grants.issue_refresh(
            person.id, tenant, app.client_id, scopes
        )
    return answer


def _id_token(everyone: World, person: Person, app: App, code: Code) -> str:
    now = int(everyone.now().timestamp())
    claims: dict[str, Any] = {
        "aud": app.client_id,
        "iss": issuer(base_address(), person.tenant),
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "rh": "1.AXoA.",
        "sub": uuid5(SPACE, f"{app.client_id}/{person.id}").hex,
        "tid": person.tenant.id,
        "uti": uuid5(SPACE, f"{person.id}/{now}").hex[:22],
        "ver": "2.0",
    }
    if code.nonce:
        claims["nonce"] = code.nonce
    if "profile" in code.scopes:
        claims |= {
            "oid": person.id, "name": person.name, "preferred_username": person.address,
        }  # fmt: skip
    if "email" in code.scopes and person.has_mailbox:
        claims["email"] = person.address
    return signing_key().sign(claims | everyone.faults.claims_now())


def _by_client(everyone: World, at: Tenant | None, app: App, form: Form) -> Answer:
    if at is None:
        raise EntraRefused(50059)
    scope = form.get("scope", "")
    if scope not in (f"{GRAPH}.default", f"{base_address()}/.default"):
        raise EntraRefused(70011, f"'{scope}' is not one resource with .default.")
    if app.client_id not in at.principals:
        raise EntraRefused(700016, f"Directory '{at.name}'.")
    roles = frozenset(at.roles.get(app.client_id, ()))
    access, life = everyone.grants.issue_access(None, at.id, app.client_id, roles)
    return {
        "token_type": "Bearer", "expires_in": life, "ext_expires_in": life,
        "access_token": access,
    }  # fmt: skip


GRANTS = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "client_credentials": _by_client,
}
