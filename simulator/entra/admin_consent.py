"""Consent of an administrator for a whole tenant: the older address and the newer one."""

from __future__ import annotations

from flask import Response, request

from simulator.current import base_address, current_world
from simulator.directory import App, Person, Tenant
from simulator.entra import consents
from simulator.entra.answers import back, refusal_answer, refusal_page
from simulator.entra.asking import known_app
from simulator.entra.errors import EntraRefused
from simulator.entra.scopes import long_names, read_scopes, words
from simulator.entra.sessions import Browser
from simulator.entra.sign_in import Door, check_membership, signed_in
from simulator.entra.tenants import check_audience
from simulator.pages import page_answer
from simulator.registration import ROLES, SCOPES
from simulator.world import World


def older(tenant: str) -> Response:
    """GET and POST /{tenant}/adminconsent: everything the registration asks for."""
    return _asked(tenant, newer=False)


def newer(tenant: str) -> Response:
    """GET and POST /{tenant}/v2.0/adminconsent: the named scopes, or all by `.default`."""
    return _asked(tenant, newer=True)


def _asked(tenant: str, *, newer: bool) -> Response:
    world = current_world()
    with world.lock:
        consents.settle(world)
        browser = Browser(world.sessions)
        try:
            app, at = _known(world, tenant, newer=newer)
            response = _stepped(world, browser, app, at, newer=newer)
        except EntraRefused as refusal:
            response = refusal_page(world, refusal)
        return browser.stamp(response, stay=bool(request.form.get("stay")))


def _known(world: World, tenant: str, *, newer: bool) -> tuple[App, Tenant | None]:
    if newer and tenant.lower() == "common":
        raise EntraRefused(90019, "Use the tenant's id, its domain or 'organizations'.")
    return known_app(world, tenant, request.args)


def _stepped(
    world: World, browser: Browser, app: App, at: Tenant | None, *, newer: bool
) -> Response:
    try:
        scopes, roles = _permissions(app, newer=newer)
    except EntraRefused as refusal:
        return _failed(world, refusal, newer=newer)
    door = Door(app, at)
    session = signed_in(world, browser, door)
    if isinstance(session, Response):
        return session
    person = world.people[session.person]
    check_membership(person, door)
    check_audience(app, person.tenant)
    if not person.enabled:
        raise EntraRefused(50057)
    return _decided(world, app, person, (scopes, roles), newer=newer)


def _permissions(app: App, *, newer: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Delegated scopes and application roles; the latter come by `.default` alone."""
    if not newer:
        return app.scopes, app.roles
    asked = read_scopes(request.args.get("scope", ""), base_address())
    if ".default" not in asked:
        return asked, ()
    if len(asked) > 1:
        raise EntraRefused(70011, "'.default' stands alone.")
    return app.scopes, app.roles


def _decided(
    world: World, app: App, person: Person,
    wanted: tuple[tuple[str, ...], tuple[str, ...]], *, newer: bool,
) -> Response:  # fmt: skip
    scopes, roles = wanted
    decision = request.form.get("decision")
    if decision == "cancel":
        return _failed(world, EntraRefused(65004), newer=newer)
    if decision == "back" or (decision == "accept" and not person.admin):
        return _failed(world, EntraRefused(90093), newer=newer)
    if not person.admin:
        return page_answer(
            "entra_approval.html", app=app, person=person, may_ask=False, sent=False,
            scopes=words(SCOPES, scopes),
        )  # fmt: skip
    if decision != "accept":
        return page_answer(
            "entra_admin_consent.html", app=app, person=person,
            scopes=words(SCOPES, scopes), roles=words(ROLES, roles),
        )  # fmt: skip
    consents.give(world, app, person.tenant, scopes, roles=roles)
    answer = {"admin_consent": "True", "tenant": person.tenant.id}
    if newer:
        answer["scope"] = long_names(scopes)
    return back("query", answer)


def _failed(world: World, refusal: EntraRefused, *, newer: bool) -> Response:
    """The two shapes of a failure: the older address has a word of its own."""
    said = refusal_answer(world, refusal)
    answer = {"error": said["error"], "error_description": said["error_description"]}
    if newer:
        return back("query", {**answer, "admin_consent": "True"})
    return back("query", {**answer, "error": "permission_denied"})
