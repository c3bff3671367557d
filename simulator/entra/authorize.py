"""The authorization endpoint: somebody signs in, consents, and goes back with a code."""

from __future__ import annotations

from uuid import uuid5

from flask import Response, request

from simulator.current import base_address, current_world
from simulator.directory import Person
from simulator.entra import consents, policy
from simulator.entra.aadsts import ON_THE_PAGE
from simulator.entra.answers import back, client_info, refusal_answer, refusal_page
from simulator.entra.asking import Asking, answer_mode, asking, known_app
from simulator.entra.errors import EntraRefused
from simulator.entra.grants import CODE_LIFE, Code
from simulator.entra.id_token import Issue, id_token
from simulator.entra.policy import NEEDS_MORE
from simulator.entra.scopes import words
from simulator.entra.sessions import Browser, Session
from simulator.entra.sign_in import Door, check_membership, signed_in, standing_of
from simulator.entra.tenants import check_audience
from simulator.pages import page_answer
from simulator.registration import SCOPES
from simulator.world import SPACE, World


def authorize(tenant: str) -> Response:
    """GET and POST /{tenant}/oauth2/v2.0/authorize. The pages post to the address they have."""
    world = current_world()
    with world.lock:
        consents.settle(world)
        try:
            app, at = known_app(world, tenant, request.args)
        except EntraRefused as refusal:
            return refusal_page(world, refusal)
        browser = Browser(world.sessions)
        try:
            asked = asking(app, at, request.args, base_address(), world.now())
            response = _stepped(world, browser, asked)
        except EntraRefused as refusal:
            response = _refused(world, refusal)
        return browser.stamp(response, stay=bool(request.form.get("stay")))


def _refused(world: World, refusal: EntraRefused) -> Response:
    silent = request.args.get("prompt") == "none"
    if refusal.number in ON_THE_PAGE and not silent:
        return refusal_page(world, refusal)
    return _back(refusal_answer(world, refusal))


def _back(answer: dict[str, str]) -> Response:
    return back(answer_mode(request.args), answer)


def _stepped(world: World, browser: Browser, asked: Asking) -> Response:
    query = asked.query
    door = Door(
        asked.app, asked.tenant, asked.prompt, query.get("login_hint", ""),
        query.get("domain_hint", ""), asked.newer_than,
    )  # fmt: skip
    session = signed_in(world, browser, door)
    if isinstance(session, Response):
        return session
    person = world.people[session.person]
    check_membership(person, door)
    check_audience(asked.app, person.tenant)
    policy.check_account(asked.app, person)
    page = _second_factor(world, asked, session, person) or _consented(world, asked, person)
    return page or _finish(world, asked, session, person)


def _second_factor(
    world: World, asked: Asking, session: Session, person: Person
) -> Response | None:
    """The page that asks for a second factor, where one is needed and was not given yet."""
    approval = request.form.get("approval")
    if approval == "approve":
        session.strong = True
    if approval == "deny":
        raise EntraRefused(500121)
    try:
        policy.check_conditions(world, person, standing_of(session))
        lacking = asked.strong and not session.strong
    except EntraRefused as refusal:
        if refusal.number not in NEEDS_MORE.values() or asked.prompt == "none":
            raise
        lacking = True
    if not lacking:
        return None
    return page_answer("entra_second_factor.html", app=asked.app, person=person)


def _consented(world: World, asked: Asking, person: Person) -> Response | None:
    """The page that asks for consent, or for an administrator's, where it is needed."""
    lacking = consents.missing(person, asked.app, asked.scopes)
    decision = request.form.get("decision")
    if lacking and asked.prompt == "none":
        raise EntraRefused(65001, error="interaction_required")
    if decision == "cancel":
        raise EntraRefused(65004)
    if consents.needs_admin(lacking, world.consent_policy) and not person.admin:
        return _approval(world, asked, person, lacking)
    if decision == "accept":
        _consent(world, asked, person)
        return None
    if not lacking and asked.prompt != "consent":
        return None
    shown = words(SCOPES, consents.wanted(person, asked.app, asked.scopes))
    return page_answer("entra_consent.html", app=asked.app, person=person, scopes=shown)


def _approval(world: World, asked: Asking, person: Person, lacking: list[str]) -> Response:
    may_ask = world.consent_policy == "request"
    decision, sent = request.form.get("decision"), False
    if decision == "back":
        raise EntraRefused(90095 if may_ask else 90094)
    if decision == "request" and may_ask:
        reason = request.form.get("reason", "").strip()
        consents.ask_admin(world, asked.app, person, lacking, reason)
        sent = True
    return page_answer(
        "entra_approval.html", app=asked.app, person=person, may_ask=may_ask, sent=sent,
        scopes=words(SCOPES, lacking),
    )  # fmt: skip


def _consent(world: World, asked: Asking, person: Person) -> None:
    scopes = [
        each for each in consents.wanted(person, asked.app, asked.scopes) if each != ".default"
    ]
    consents.give(world, asked.app, person.tenant, scopes, person=person)
    if person.admin and request.form.get("for_everyone"):
        consents.give(world, asked.app, person.tenant, scopes)


def _finish(world: World, asked: Asking, session: Session, person: Person) -> Response:
    query, app = asked.query, asked.app
    if app.client_id not in session.apps:
        session.apps.append(app.client_id)
    standing = standing_of(session)
    state = str(uuid5(SPACE, f"{session.sid}/{app.client_id}"))
    answer: dict[str, str] = {}
    if "code" in asked.kinds:
        code = Code(
            person=person.id,
            tenant=person.tenant.id,
            client_id=app.client_id,
            redirect_uri=query["redirect_uri"],
            scopes=asked.scopes,
            nonce=query.get("nonce"),
            challenge=query.get("code_challenge"),
            challenge_method=query.get("code_challenge_method", "plain"),
            expires=world.now() + CODE_LIFE,
            standing=standing,
            says_when=asked.says_when,
        )
        answer["code"] = world.grants.issue_code(code)
    if "id_token" in asked.kinds:
        issue = Issue(
            person, app, asked.scopes, standing, base_address(), query["nonce"],
            code=answer.get("code"), says_when=asked.says_when,
        )  # fmt: skip
        answer["id_token"] = id_token(world, issue)
    if query.get("client_info") == "1":
        answer["client_info"] = client_info(person)
    return _back({**answer, "session_state": state})
