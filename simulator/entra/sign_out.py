"""The end of a session in the browser. Refresh tokens outlive it."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Response, make_response, redirect, request

from simulator.current import base_address, current_world
from simulator.directory import App
from simulator.entra.answers import refusal_page
from simulator.entra.errors import EntraRefused
from simulator.entra.id_token import login_hint
from simulator.entra.sessions import Browser, Session
from simulator.entra.tenants import issuer, tenant_named
from simulator.pages import POLICY, page_answer
from simulator.world import World


def sign_out(tenant: str) -> Response:
    """GET and POST /{tenant}/oauth2/v2.0/logout."""
    world = current_world()
    with world.lock:
        try:
            tenant_named(world, tenant)
        except EntraRefused as refusal:
            return refusal_page(world, refusal)
        browser = Browser(world.sessions)
        ended = _meant(browser, request.values.get("logout_hint"))
        told = [address for each in ended for address in _to_tell(world, each)]
        for session in ended:
            browser.sign_out(session)
        return browser.stamp(_answer(_return_address(world), told))


def _meant(browser: Browser, hint: str | None) -> list[Session]:
    """The session that the hint names; all of them without one."""
    named = [each for each in browser.sessions if hint == login_hint(each.person)]
    return named or list(browser.sessions)


def _to_tell(world: World, session: Session) -> list[str]:
    """The front-channel addresses of the applications that the session signed in to."""
    apps = [world.apps[each] for each in session.apps if each in world.apps]
    tenant = world.people[session.person].tenant
    query = urlencode({"iss": issuer(base_address(), tenant), "sid": session.sid})
    return [_with(each.logout_address, query) for each in apps if each.logout_address]


def _return_address(world: World) -> str | None:
    """Where to go afterwards: only to an address that some application registered."""
    address = request.values.get("post_logout_redirect_uri")
    if address is None or not any(_registered(each, address) for each in world.apps.values()):
        return None
    state = request.values.get("state")
    return _with(address, urlencode({"state": state})) if state is not None else address


def _registered(app: App, address: str) -> bool:
    return address in app.redirect_uris


def _with(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"


def _answer(address: str | None, told: list[str]) -> Response:
    if address and not told:
        return make_response(redirect(address, code=302))
    response = page_answer("entra_signed_out.html", address=address, told=told)
    origins = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in told})
    if origins:
        response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src {' '.join(origins)}"
    return response
