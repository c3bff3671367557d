"""The token endpoint: three grants, each with Entra's own refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import Response, request

from simulator.current import base_address, current_world
from simulator.directory import App, Person, Tenant
from simulator.entra import consents, pkce, policy
from simulator.entra.answers import client_info
from simulator.entra.clients import authenticated
from simulator.entra.errors import EntraRefused, token_error
from simulator.entra.grants import Code, Refresh, Standing
from simulator.entra.id_token import Issue, id_token
from simulator.entra.scopes import GRAPH, granted_text, read_scopes
from simulator.entra.tenants import check_audience, tenant_named
from simulator.world import World

Form = Mapping[str, str]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What a code or a refresh token stands for, and what is asked for with it now."""

    scopes: tuple[str, ...]
    asked: tuple[str, ...]
    standing: Standing
    nonce: str | None = None
    renewed: bool = False  # by a refresh token
    says_when: bool = False


def token(tenant: str) -> Response:
    """POST /{tenant}/oauth2/v2.0/token."""
    world = current_world()
    world.wait(world.latency_ms / 1000)
    with world.lock:
        try:
            return _issued(world, tenant, request.form)
        except EntraRefused as refusal:
            return token_error(refusal, world)


def _issued(world: World, tenant: str, form: Form) -> Response:
    wait = world.switches.strikes("identity.throttled")
    if wait:
        return _throttled(world, int(wait))
    failure = world.faults.token_failure()
    if failure:
        raise EntraRefused(failure.number, "This failure was asked for.")
    if "Origin" in request.headers:
        raise EntraRefused(9002326)
    consents.settle(world)
    at = tenant_named(world, tenant)
    authorization = request.headers.get("Authorization", "")
    app = authenticated(world, form, authorization, _audiences(tenant, at))
    check_audience(app, at)
    grant = GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        raise EntraRefused(70003 if form.get("grant_type") else 900144, "grant_type")
    answer = grant(world, at, app, form)
    response = Response(msgspec.json.encode(answer), content_type="application/json")
    response.headers["Cache-Control"] = "no-store, no-cache"
    response.headers["Pragma"] = "no-cache"
    return response


def _throttled(world: World, seconds: int) -> Response:
    response = token_error(EntraRefused(90055), world)
    response.headers["Retry-After"] = str(seconds)
    return response


def _audiences(tenant: str, at: Tenant | None) -> set[str]:
    base = base_address()
    names = {tenant, at.id, at.domain} if at else {tenant}
    return {
        f"{base}/{name}/{rest}" for name in names for rest in ("oauth2/v2.0/token", "v2.0")
    }  # fmt: skip


def _by_code(world: World, at: Tenant | None, app: App, form: Form) -> Answer:
    code = _live_code(world, app, form)
    if at is not None and at.id != code.tenant:
        raise EntraRefused(700005)
    if form.get("redirect_uri") != code.redirect_uri:
        raise EntraRefused(50011)
    pkce.check(code.challenge, code.challenge_method, form.get("code_verifier"))
    person = world.people[code.person]
    asked = _admitted(world, app, person, form, code.scopes, code.standing)
    code.redeemed = True
    held = Held(code.scopes, asked, code.standing, code.nonce, says_when=code.says_when)
    return _user_tokens(world, person, app, held)


def _live_code(world: World, app: App, form: Form) -> Code:
    code = world.grants.codes.get(form.get("code", ""))
    if code is None or code.client_id != app.client_id:
        raise EntraRefused(70000 if form.get("code") else 900144, "code")
    if code.redeemed:
        raise EntraRefused(54005)
    if code.expires <= world.now():
        raise EntraRefused(70008)
    return code


def _by_refresh(world: World, at: Tenant | None, app: App, form: Form) -> Answer:
    held = world.grants.refresh.get(form.get("refresh_token", ""))
    if held is None or held.client_id != app.client_id:
        raise EntraRefused(70000 if form.get("refresh_token") else 900144, "refresh_token")
    person = world.people[held.person]
    refused = world.switches.strikes("identity.refresh", person.id)
    if refused != "taken":
        raise EntraRefused(int(refused))
    if not person.enabled:
        raise EntraRefused(50057)
    _check_alive(world, held)
    if at is not None and at.id != held.tenant:
        raise EntraRefused(700005)
    asked = _admitted(world, app, person, form, held.scopes, held.standing)
    return _user_tokens(world, person, app, Held(held.scopes, asked, held.standing, renewed=True))


def _check_alive(world: World, held: Refresh) -> None:
    if world.grants.is_revoked(held):
        raise EntraRefused(50173)
    if world.grants.is_stale(held):
        raise EntraRefused(700082)


def _admitted(
    world: World, app: App, person: Person, form: Form, held: tuple[str, ...],
    standing: Standing,
) -> tuple[str, ...]:  # fmt: skip
    """The scopes that are asked for, once nothing stands against it."""
    policy.check_account(app, person)
    policy.check_conditions(world, person, standing)
    if app.client_id not in person.tenant.principals:
        raise EntraRefused(700016, f"Directory '{person.tenant.name}'.")
    asked = read_scopes(form.get("scope") or " ".join(held), base_address())
    granted = person.granted(app.client_id)
    if not granted or any(each not in granted for each in asked if each != ".default"):
        raise EntraRefused(65001, f"Application '{app.client_id}' ({app.name}).")
    return asked


def _user_tokens(world: World, person: Person, app: App, held: Held) -> Answer:
    tenant, granted = person.tenant.id, frozenset(person.granted(app.client_id))
    if world.switches.position("identity.scopes") == "asked" and ".default" not in held.asked:
        granted &= set(held.asked)
    access, life = world.grants.issue_access(person.id, tenant, app.client_id, granted)
    answer: Answer = {
        "token_type": "Bearer",
        "scope": granted_text(granted),
        **_lifetime(world, life),
        "access_token": access,
    }
    kept = held.renewed and world.switches.strikes("identity.keeps_refresh", person.id)
    if "offline_access" in held.scopes and not kept:
        answer["refresh_token"] = world.grants.issue_refresh(
            person.id, tenant, app.client_id, held.scopes, held.standing
        )
    if "openid" in held.asked:
        issue = Issue(
            person, app, held.asked, held.standing, base_address(), held.nonce, access=access,
            says_when=held.says_when,
        )  # fmt: skip
        answer["id_token"] = id_token(world, issue)
    if request.form.get("client_info") == "1":
        answer["client_info"] = client_info(person)
    return answer


def _lifetime(world: World, life: int) -> Answer:
    said: int | str = str(life) if world.switches.strikes("identity.text_lifetime") else life
    return {"expires_in": said, "ext_expires_in": said}


def _by_client(world: World, at: Tenant | None, app: App, form: Form) -> Answer:
    if at is None:
        raise EntraRefused(50059)
    scope = form.get("scope", "")
    if len(scope.split()) > 1:
        raise EntraRefused(700022, f"'{scope}'.")
    if scope not in (f"{GRAPH}.default", f"{base_address()}/.default"):
        raise EntraRefused(70011, f"'{scope}' is not one resource with .default.")
    if app.client_id not in at.principals:
        raise EntraRefused(700016, f"Directory '{at.name}'.")
    if app.client_id in at.disabled:
        raise EntraRefused(7000112, f"Application '{app.client_id}' ({app.name}).")
    if app.public:
        raise EntraRefused(7000218)
    roles = frozenset(at.roles.get(app.client_id, ()))
    access, life = world.grants.issue_access(None, at.id, app.client_id, roles)
    return {"token_type": "Bearer", **_lifetime(world, life), "access_token": access}


GRANTS = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "client_credentials": _by_client,
}
