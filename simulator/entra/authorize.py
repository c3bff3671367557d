"""The sign-in pages: pick a person, consent, or hear that an administrator must approve."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request
from werkzeug.datastructures import MultiDict

from simulator.directory import App, Person, Tenant
from simulator.entra.errors import EntraRefused
from simulator.entra.grants import CODE_LIFE, Code
from simulator.entra.scopes import missing, needs_admin, read_scopes
from simulator.entra.tenants import app_named, check_audience, tenant_named
from simulator.graph.call import base_address, world
from simulator.pages import page_answer
from simulator.registration import SCOPES
from simulator.world import World

PROMPTS = ("", "login", "none", "consent", "select_account")
SIGNED_IN = "simulated_entra"


class Stopped(Exception):
    """An error that goes back to the application by redirect."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Asking:
    """One authorization request, checked."""

    app: App
    tenant: Tenant | None
    scopes: tuple[str, ...]
    query: MultiDict[str, str]

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes: an address that is registered."""
        return self.query["redirect_uri"]

    @property
    def prompt(self) -> str:
        """The wished prompt, or nothing."""
        return self.query.get("prompt", "")


def authorize(tenant: str) -> Response:
    """GET and POST /{tenant}/oauth2/v2.0/authorize. The pages post to the address they have."""
    everyone = world()
    with everyone.lock:
        try:
            app, at = _known(everyone, tenant)
        except EntraRefused as refusal:
            return _error_page(refusal)
        try:
            return _stepped(everyone, _asking(app, at))
        except EntraRefused as refusal:
            if refusal.number == 50020:
                return _error_page(refusal)
            return _back({"error": refusal.error, "error_description": refusal.text})
        except Stopped as stop:
            return _back({"error": stop.error, "error_description": stop.description})


def _known(everyone: World, tenant: str) -> tuple[App, Tenant | None]:
    # Without a registered redirect address nothing may be sent back: errors stay on this page.
    at = tenant_named(everyone, tenant)
    app = app_named(everyone, request.args.get("client_id"))
    check_audience(app, at)
    if request.args.get("redirect_uri") not in app.redirect_uris:
        asked = request.args.get("redirect_uri")
        raise EntraRefused(50011, f"The redirect URI '{asked}' is not registered.")
    return app, at


def _asking(app: App, at: Tenant | None) -> Asking:
    query = request.args
    kind = query.get("response_type")
    if kind != "code":
        raise EntraRefused(700054 if kind else 900144, "response_type")
    if query.get("response_mode", "query") not in ("query", "form_post", "fragment"):
        raise EntraRefused(9002313, "response_mode")
    if query.get("prompt", "") not in PROMPTS:
        raise EntraRefused(9002313, "prompt")
    if query.get("code_challenge_method", "plain") not in ("plain", "S256"):
        raise EntraRefused(9002313, "code_challenge_method")
    if "code_challenge" in query and not 43 <= len(query["code_challenge"]) <= 128:
        raise EntraRefused(501491)
    if query.get("prompt") == "select_account" and query.get("login_hint"):
        raise EntraRefused(9002313, "select_account and login_hint exclude each other.")
    return Asking(app, at, read_scopes(query.get("scope", ""), base_address()), query)


def _stepped(everyone: World, asking: Asking) -> Response:
    person = _signed_in(everyone, asking)
    if person is None:
        return _pick_page(everyone, asking)
    if asking.tenant is not None and person.tenant is not asking.tenant:
        raise EntraRefused(50020, f"'{person.address}', '{asking.tenant.name}'.")
    if not person.enabled:
        raise EntraRefused(50057)
    lacking = missing(person, asking.app, asking.scopes)
    decision = request.form.get("decision")
    if decision == "cancel":
        raise EntraRefused(65004)
    if needs_admin(lacking, everyone.consent_policy) and not person.admin:
        return _approval(asking, person, lacking, decision)
    if decision == "accept":
        _consent(person, asking)
    elif lacking or asking.prompt == "consent":
        return _consent_page(asking, person)
    return _signed(_finish(everyone, asking, person), person)


def _signed_in(everyone: World, asking: Asking) -> Person | None:
    chosen = request.form.get("person")
    if chosen:
        return everyone.people.get(chosen)
    if asking.prompt == "none":
        person = everyone.people.get(request.cookies.get(SIGNED_IN, ""))
        if person is None:
            raise EntraRefused(50058)
        if missing(person, asking.app, asking.scopes):
            raise Stopped("interaction_required", "AADSTS65001: Consent is needed.")
        return person
    if asking.prompt in ("login", "select_account"):
        return None
    hinted = everyone.find_person(asking.query.get("login_hint") or "")
    return hinted if hinted and asking.query["login_hint"] != hinted.nickname else None


def _approval(asking: Asking, person: Person, lacking: list[str], decision: str | None) -> Response:
    if decision == "back":
        raise EntraRefused(90094)
    return page_answer(
        "entra_approval.html", app=asking.app, person=person,
        scopes=[SCOPES[each] for each in lacking],
    )  # fmt: skip


def _consent(person: Person, asking: Asking) -> None:
    scopes = {each for each in asking.scopes if each != ".default"}
    person.tenant.principals.add(asking.app.client_id)
    person.consents.setdefault(asking.app.client_id, set()).update(scopes)
    if person.admin and request.form.get("for_everyone"):
        person.tenant.granted.setdefault(asking.app.client_id, set()).update(scopes)


def _finish(everyone: World, asking: Asking, person: Person) -> Response:
    query = asking.query
    code = Code(
        person=person.id,
        tenant=person.tenant.id,
        client_id=asking.app.client_id,
        redirect_uri=asking.redirect_uri,
        scopes=asking.scopes,
        nonce=query.get("nonce"),
        challenge=query.get("code_challenge"),
        challenge_method=query.get("code_challenge_method", "plain"),
        expires=everyone.now() + CODE_LIFE,
    )
    return _back({"code": everyone.grants.issue_code(code), "session_state": person.id})


def _signed(response: Response, person: Person) -> Response:
    response.set_cookie(SIGNED_IN, person.id, httponly=True, samesite="Lax")
    return response


def _back(answer: dict[str, str]) -> Response:
    """Back to the application, in the way it asked for."""
    if "state" in request.args:
        answer["state"] = request.args["state"]
    address, mode = request.args["redirect_uri"], request.args.get("response_mode", "query")
    if mode == "form_post":
        return page_answer("entra_post.html", address=address, answer=answer)
    joint = "#" if mode == "fragment" else "&" if "?" in address else "?"
    return make_response(redirect(f"{address}{joint}{urlencode(answer)}", code=302))


def _pick_page(everyone: World, asking: Asking) -> Response:
    people = sorted(everyone.people.values(), key=lambda each: (each.tenant.name, each.name))
    own = [each for each in people if asking.tenant in (None, each.tenant)]
    others = [each for each in people if each not in own]
    return page_answer("entra_pick.html", app=asking.app, own=own, others=others)


def _consent_page(asking: Asking, person: Person) -> Response:
    scopes = [SCOPES[each] for each in asking.scopes if each in SCOPES]
    return page_answer("entra_consent.html", app=asking.app, person=person, scopes=scopes)


def _error_page(refusal: EntraRefused) -> Response:
    response = page_answer("entra_error.html", refusal=refusal)
    response.status_code = 400
    return response
