"""Who calls the token endpoint: secret in the body, Basic, or a signed assertion."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import unquote_plus

from simulator.directory import App
from simulator.entra.errors import EntraRefused
from simulator.entra.keys import assertion_claims
from simulator.entra.tenants import app_named
from simulator.world import World

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SKEW = 300


def authenticated(
    world: World, form: Mapping[str, str], authorization: str, audiences: set[str]
) -> App:
    """The application that proved itself; refused with the matching AADSTS number."""
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if authorization.lower().startswith("basic "):
        client_id, secret = _basic(authorization[6:])
    if form.get("client_assertion"):
        return _by_assertion(world, form, audiences)
    if not client_id:
        raise EntraRefused(900144, "client_id")
    app = app_named(world, client_id)
    if not secret:
        raise EntraRefused(7000218)
    if secret not in app.secrets:
        raise EntraRefused(7000215)
    expires = app.secrets[secret]
    if expires is not None and expires <= world.now():
        raise EntraRefused(7000222)
    return app


def _basic(encoded: str) -> tuple[str, str]:
    try:
        client_id, _, secret = b64decode(encoded).decode().partition(":")
    except ValueError as problem:
        raise EntraRefused(9002313) from problem
    return unquote_plus(client_id), unquote_plus(secret)


def _by_assertion(world: World, form: Mapping[str, str], audiences: set[str]) -> App:
    if form.get("client_assertion_type") != ASSERTION:
        raise EntraRefused(9002313, "client_assertion_type")
    for app in world.apps.values():
        claims = assertion_claims(form["client_assertion"], app.certificates)
        if claims is None:
            continue
        if claims.get("iss") != app.client_id or claims.get("sub") != app.client_id:
            raise EntraRefused(700027, "iss and sub must be the client id.")
        if claims.get("aud") not in audiences:
            raise EntraRefused(700027, "aud must be the token endpoint.")
        now = world.now().timestamp()
        if not claims.get("nbf", 0) - SKEW <= now <= claims.get("exp", 0) + SKEW:
            raise EntraRefused(700024)
        return app_named(world, app.client_id)
    raise EntraRefused(700027)
