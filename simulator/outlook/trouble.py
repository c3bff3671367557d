"""The fault switches, for somebody who wants to see how an application takes trouble."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from flask import Response, abort, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from simulator.current import current_world
from simulator.faults.switches import Position, Switch, UnknownSwitch
from simulator.outlook.room import bp, person_named
from simulator.pages import page_answer
from simulator.world import ConsentPolicy, World

AREAS = {
    "wire": "On the way", "delta": "Change tracking", "reads": "Reading", "writes": "Writing",
    "mailboxes": "Mailboxes", "notices": "Notifications", "identity": "Sign-in and tokens",
    "access": "Access to mailboxes",
}  # fmt: skip

# What an administrator or fate does to somebody, once.
TO_SOMEBODY: dict[str, tuple[str, Callable[[World, str], None]]] = {
    "revoke": ("End all sessions", World.revoke),
    "withdraw": ("Take consent away", World.withdraw_consent),
    "expire": ("Let access tokens expire", World.expire_access_tokens),
    "disable": ("Disable the account", World.disable),
    "enable": ("Enable the account again", World.enable),
    "cursors": ("Let all change links die", World.expire_delta_tokens),
}
# What is done to the registered application and to the keys that sign for everybody.
TO_ALL: dict[str, tuple[str, Callable[[World], None]]] = {
    "secrets": ("Let the application’s secrets run out", World.expire_secrets),
    "renew": ("Renew the application’s secrets", World.renew_secrets),
    "roll": ("Change the signing keys", World.roll_keys),
}
POLICIES: dict[ConsentPolicy, str] = {
    "user": "Everybody", "admin_only": "Administrators only",
    "request": "Administrators; others may ask them",
}  # fmt: skip


@bp.get("/trouble")
def trouble() -> Response:
    """Every switch by area, and where it stands."""
    return _page()


@bp.post("/trouble")
def turn() -> AnyResponse:
    """{switch, position, who, times}: turn one, for everybody or for somebody."""
    key = request.form.get("switch", "")
    try:
        with current_world().lock:
            _turn(key, _whose())
    except (UnknownSwitch, ValueError) as problem:
        return _page(str(problem))
    return _again(key)


@bp.post("/trouble/back")
def turn_back() -> AnyResponse:
    """{switch, who}: undo one choice; without a switch, all of them."""
    board, key = current_world().switches, request.form.get("switch", "")
    try:
        with current_world().lock:
            board.back(key, _whose()) if key else board.all_back()
    except UnknownSwitch as problem:
        return _page(str(problem))
    return _again(key)


@bp.post("/trouble/somebody")
def happen_to_somebody() -> AnyResponse:
    """{act, who}: one of TO_SOMEBODY, once."""
    chosen = request.form.get("act", "")
    _, act = TO_SOMEBODY.get(chosen) or abort(400)
    person = person_named(request.form.get("who", ""))
    act(current_world(), person.id)
    return _again(done=chosen, to=person.address)


@bp.post("/trouble/all")
def happen_to_all() -> AnyResponse:
    """{act}: one of TO_ALL, once."""
    chosen = request.form.get("act", "")
    _, act = TO_ALL.get(chosen) or abort(400)
    act(current_world())
    return _again(done=chosen)


@bp.post("/trouble/consent")
def choose_consent() -> AnyResponse:
    """{policy}: who may consent to an application."""
    chosen = next((each for each in POLICIES if each == request.form.get("policy")), None)
    current_world().consent_policy = chosen or abort(400)
    return _again()


def _whose() -> str | None:
    return person_named(request.form["who"]).id if request.form.get("who") else None


def _again(key: str = "", *, done: str = "", to: str = "") -> AnyResponse:
    """Back to the page: at the switch that was turned, or with what was done to whom."""
    address = url_for("outlook.trouble", done=done or None, to=to or None, _anchor=key or None)
    return redirect(address, code=303)


def _done() -> str:
    """What the address says was done, in words; nothing for what nobody does."""
    chosen, person = (
        request.args.get("done", ""),
        current_world().find_person(request.args.get("to", "")),
    )
    if chosen in TO_SOMEBODY and person:
        return f"{TO_SOMEBODY[chosen][0]}: done, for {person.name}."
    return f"{TO_ALL[chosen][0]}: done." if chosen in TO_ALL else ""


def _turn(key: str, person: str | None) -> None:
    board, times = current_world().switches, request.form.get("times", "")
    position = _position(board.catalogue.get(key), request.form.get("position", ""))
    board.turn(key, position, person, times=int(times) if times else None)


def _position(switch: Switch | None, text: str) -> Position:
    if switch is None or switch.kind == "choice":
        return text
    return text == "on" if switch.kind == "flag" else int(text)


def _page(problem: str = "") -> Response:
    world = current_world()
    with world.lock:
        by_area = sorted(world.switches.catalogue.values(), key=_order)
        areas = [(AREAS.get(a, a), list(some)) for a, some in groupby(by_area, lambda s: s.area)]
        chosen = [
            (world.switches.catalogue[key], world.people.get(person or ""), setting)
            for (key, person), setting in world.switches.chosen.items()
        ]
        people = sorted(world.people.values(), key=lambda each: each.name)
    response = page_answer(
        "outlook_trouble.html", areas=areas, chosen=chosen, people=people, problem=problem,
        to_somebody=TO_SOMEBODY, to_all=TO_ALL, policies=POLICIES, policy=world.consent_policy,
        done=_done(),
    )  # fmt: skip
    response.status_code = 422 if problem else 200
    return response


def _order(switch: Switch) -> tuple[int, str]:
    known = list(AREAS)
    return (known.index(switch.area) if switch.area in known else len(known), switch.area)
