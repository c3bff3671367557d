"""Who calls the token endpoint: secret in the body, Basic, or a signed assertion."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import unquote_plus

from simulator.directory import App
from simulator.entra import assertion
from simulator.entra.errors import EntraRefused
from simulator.entra.tenants import app_named
from simulator.world import World


def authenticated(
    world: World, form: Mapping[str, str], authorization: str, audiences: Collection[str]
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
    if app.public:
        if secret:
            raise EntraRefused(700025)
        return app
    _check_secret(app, secret, world.now())
    return app


def _check_secret(app: App, secret: str | None, now: datetime) -> None:
    if not secret:
        raise EntraRefused(7000218)
    if secret not in app.secrets:
        raise EntraRefused(7000215, f"Application '{app.client_id}'.")
    expires = app.secrets[secret]
    if expires is not None and expires <= now:
        raise EntraRefused(7000222, f"Application '{app.client_id}'.")


def _basic(encoded: str) -> tuple[str, str]:
    try:
        client_id, _, secret = b64decode(encoded).decode().partition(":")
    except ValueError as problem:
        raise EntraRefused(9002313, "The Authorization header cannot be read.") from problem
    return unquote_plus(client_id), unquote_plus(secret)


def _by_assertion(world: World, form: Mapping[str, str], audiences: Collection[str]) -> App:
    if form.get("client_assertion_type") != assertion.KIND:
        raise EntraRefused(9002313, "client_assertion_type")
    text = form["client_assertion"]
    client_id = assertion.named_client(text)
    if form.get("client_id", client_id) != client_id:
        raise EntraRefused(700027, "client_id and the assertion differ.")
    app = app_named(world, client_id)
    assertion.check(text, app, audiences, world.now())
    return app
