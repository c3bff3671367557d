"""The steps of a sign-in: which account, by picking one or typing its address, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, request

from simulator.directory import App, Person, Tenant
from simulator.entra import policy
from simulator.entra.errors import EntraRefused
from simulator.entra.grants import Standing
from simulator.entra.sessions import Browser, Session
from simulator.pages import page_answer
from simulator.world import World

NO_ADDRESS = "Enter a valid email address."
UNKNOWN = "This username may be incorrect. Make sure you typed it correctly, or pick an account."


@dataclass(frozen=True, slots=True)
class Door:
    """What the pages of a sign-in need to know of the request behind them."""

    app: App
    tenant: Tenant | None
    prompt: str = ""
    hint: str = ""
    domain: str = ""
    newer_than: datetime | None = None


def standing_of(session: Session) -> Standing:
    """What a grant remembers of the session it came from."""
    return Standing(session.since, session.strong, session.sid)


def signed_in(world: World, browser: Browser, door: Door) -> Session | Response:
    """The session to go on with, or the page that asks for it."""
    if request.method == "POST":
        return _posted(world, browser, door)
    usable = [
        each for each in browser.sessions
        if _is_fresh(world, door, each) and _fits(door, world.people[each.person])
    ]  # fmt: skip
    hinted = _hinted(world, door)
    if door.prompt == "none":
        return _silent(usable, hinted, door)
    if door.prompt in ("login", "select_account"):
        return _address_page(door) if door.hint else _pick_page(world, browser, door)
    if hinted:
        known = next((each for each in usable if each.person == hinted.id), None)
        return known or browser.sign_in(hinted)
    if door.hint:
        return _address_page(door)
    return usable[0] if len(usable) == 1 else _pick_page(world, browser, door)


def check_membership(person: Person, door: Door) -> None:
    """Refuse somebody of another tenant at a tenant's own address."""
    if door.tenant is not None and person.tenant is not door.tenant:
        raise EntraRefused(50020, f"'{person.address}', tenant '{door.tenant.name}'.")


def _posted(world: World, browser: Browser, door: Door) -> Session | Response:
    form = request.form
    if form.get("step") == "address":
        return _address_page(door)
    if form.get("step") == "pick":
        return _pick_page(world, browser, door)
    if "address" in form:
        return _typed(world, browser, door, form["address"].strip())
    person = world.people.get(form.get("person", ""))
    if person is None:
        return _pick_page(world, browser, door)
    # A later step of the same sign-in goes on with the session that its first step began.
    held = browser.of(person) if "decision" in form or "approval" in form else None
    return held if held and _is_fresh(world, door, held) else browser.sign_in(person)


def _typed(world: World, browser: Browser, door: Door, address: str) -> Session | Response:
    if not address:
        return _address_page(door, problem=NO_ADDRESS)
    person = _of_address(world, address)
    if person is None:
        return _address_page(door, typed=address, problem=UNKNOWN)
    return browser.sign_in(person)


def _silent(usable: list[Session], hinted: Person | None, door: Door) -> Session:
    if hinted:
        usable = [each for each in usable if each.person == hinted.id]
    if not usable or (door.hint and not hinted):
        raise EntraRefused(50058)
    if len(usable) > 1:
        raise EntraRefused(16000)
    return usable[0]


def _is_fresh(world: World, door: Door, session: Session) -> bool:
    """Is the sign-in new enough for conditional access, and for what the request wants?"""
    if policy.is_too_old(world, world.people[session.person], standing_of(session)):
        return False
    return door.newer_than is None or session.since >= door.newer_than


def _fits(door: Door, person: Person) -> bool:
    """Is it somebody whom this address could let in?"""
    named = door.domain.lower() if "." in door.domain else person.tenant.domain
    return door.tenant in (None, person.tenant) and named == person.tenant.domain


def _of_address(world: World, address: str) -> Person | None:
    found = world.find_person(address)
    return found if found and found.address.lower() == address.lower() else None


def _hinted(world: World, door: Door) -> Person | None:
    return _of_address(world, door.hint) if door.hint else None


def _pick_page(world: World, browser: Browser, door: Door) -> Response:
    people = sorted(world.people.values(), key=lambda each: (each.tenant.name, each.name))
    here = [each for each in people if browser.of(each)]
    rest = [each for each in people if each not in here]
    own = [each for each in rest if _fits(door, each)]
    others = [each for each in rest if each not in own]
    return page_answer("entra_pick.html", app=door.app, here=here, own=own, others=others)


def _address_page(door: Door, *, typed: str = "", problem: str = "") -> Response:
    shown = typed or door.hint
    return page_answer("entra_address.html", app=door.app, typed=shown, problem=problem)
