"""The fault switches, for somebody who wants to see how an application takes trouble."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from flask import Response, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from simulator.current import current_world
from simulator.faults.switches import Position, Switch, UnknownSwitch
from simulator.outlook.room import bp, person_named
from simulator.pages import page_answer
from simulator.world import World

AREAS = {
    "wire": "On the way", "delta": "Change tracking", "reads": "Reading", "writes": "Writing",
    "mailboxes": "Mailboxes", "notices": "Notifications", "identity": "Sign-in and tokens",
    "access": "Access to mailboxes",
}  # fmt: skip

# What an administrator or fate does to somebody, once.
ACTS: dict[str, tuple[str, Callable[[World, str], None]]] = {
    "revoke": ("End all sessions", World.revoke),
    "withdraw": ("Take consent away", World.withdraw_consent),
    "expire": ("Let access tokens expire", World.expire_access_tokens),
    "disable": ("Disable the account", World.disable),
    "enable": ("Enable the account again", World.enable),
    "cursors": ("Let all change links die", World.expire_delta_tokens),
}


@bp.get("/trouble")
def trouble() -> Response:
    """Every switch by area, and where it stands."""
    return _page()


@bp.post("/trouble")
def turn() -> AnyResponse:
    """{switch, position, who, times}: turn one. `act` says what else: `back` undoes it, `all`
    undoes all, and one of ACTS happens to `who` once.
    """
    world = current_world()
    form, board = request.form, world.switches
    person = person_named(form["who"]) if form.get("who") else None
    try:
        with world.lock:
            if form.get("act") == "all":
                board.all_back()
            elif form.get("act") in ACTS and person:
                ACTS[form["act"]][1](world, person.id)
                return redirect(
                    url_for("outlook.trouble", done=form["act"], to=person.id), code=303
                )
            elif form.get("act") == "back":
                board.back(form.get("switch", ""), person.id if person else None)
            else:
                _turn(form.get("switch", ""), person.id if person else None)
    except (UnknownSwitch, ValueError) as problem:
        return _page(str(problem))
    return redirect(url_for("outlook.trouble") + f"#{form.get('switch', '')}", code=303)


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
        acts=ACTS, done=ACTS.get(request.args.get("done", "")),
        to=world.people.get(request.args.get("to", "")),
    )  # fmt: skip
    response.status_code = 422 if problem else 200
    return response


def _order(switch: Switch) -> tuple[int, str]:
    known = list(AREAS)
    return (known.index(switch.area) if switch.area in known else len(known), switch.area)
