"""The addresses of Graph that are simulated. Everything else answers 501, naming itself."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from simulator.current import base_address, current_world
from simulator.graph import batch
from simulator.graph.access import check, owner_of, reads_basics
from simulator.graph.address import Address, Handler
from simulator.graph.astray import Asked, arrived, befall, delay
from simulator.graph.calendar import addresses as calendar
from simulator.graph.calendar.shared import opened
from simulator.graph.call import Call, bearer, error_answer, failure_answer, preferred, request_id
from simulator.graph.contacts import addresses as contacts
from simulator.graph.directory import addresses as directory
from simulator.graph.notices import addresses as notices
from simulator.graph.throttle import enter_mailbox
from simulator.refused import Refused, not_simulated

log = logging.getLogger(__name__)
VERSIONS = ("/v1.0", "/beta")
bp = Blueprint("graph", __name__, url_prefix="/v1.0")
beta = Blueprint("graph_beta", __name__, url_prefix="/beta")

OWNERS = ("/me", "/users/<user>")
METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
ADDRESSES = [
    *calendar.ADDRESSES, *contacts.ADDRESSES, *directory.ADDRESSES, *notices.ADDRESSES,
    batch.ENVELOPE,
]  # fmt: skip
WRITES = ("POST", "PATCH", "PUT")


def _enter(address: Address, user: str | None) -> Call:
    world = current_world()
    access = bearer()
    if address.kind == "service":
        person = world.people.get(access.person or "")
    else:
        person = owner_of(user, access)
    failure = world.faults.failure_for(request.path, person.id if person else None)
    if failure:
        raise Asked(failure_answer(failure))
    if address.any_of:
        check(address, access, person)
    style, applied = preferred(request.headers.get("Prefer", ""), base_address())
    g.preferences = applied
    return Call(world, access, person, replace(style, basic=reads_basics(access)))


def _lane(address: Address, call: Call) -> AbstractContextManager[None]:
    # Only Exchange counts how much is asked of a mailbox; the directory has limits of its own.
    if address.kind != "mailbox":
        return nullcontext()
    upload = (request.content_length or 0) if address.method in WRITES else 0
    crowd = request.environ.get(batch.CROWD)
    return enter_mailbox(call.world, call.access, call.person.id, upload=upload, crowd=crowd)


def _view(address: Address) -> Handler:
    """The handler with token, permission, faults, limits, delay and the world's lock around it."""

    def view(user: str | None = None, **parts: str) -> Response:
        world = current_world()
        with world.lock:
            call = _enter(address, user)
            whose = call.owner.id if call.owner else None
            befall(world, whose)
            call, parts = opened(call, address, parts)
            lane = _lane(address, call)
        with lane:
            delay(world, whose)
            with nullcontext() if address.unlocked else world.lock:
                return arrived(world, whose, address.handler(call, **parts))

    return view


def _envelope() -> Response:
    # Only its members are late, refused or throttled: each passes the guard above.
    with current_world().lock:
        call = _enter(batch.ENVELOPE, None)
    return batch.ENVELOPE.handler(call)


def _map() -> Map:
    """Every simulated address, below each owner it may have, with what answers there.

    One for all applications: a map takes a good part of a second to make.
    """
    rules = []
    for address in ADDRESSES:
        view = _envelope if address is batch.ENVELOPE else _view(address)
        rules += [
            Rule(f"/v1.0{owner}{address.rule}", methods=[address.method], endpoint=view)
            for owner in (("",) if address.kind == "service" else OWNERS)
        ]
    return Map(rules, merge_slashes=False)


MAP = _map()


@bp.route("/", defaults={"rest": ""}, methods=METHODS, provide_automatic_options=False)
@bp.route("/<path:rest>", methods=METHODS, provide_automatic_options=False)
def graph(rest: str) -> Response:
    """Whatever is asked of Graph; what is not here answers 501."""
    try:
        view, parts = MAP.bind("").match(request.path, request.method)
    except MethodNotAllowed as problem:
        if _never(request.method, set(problem.valid_methods or ())):
            raise not_allowed() from problem
        raise _missing() from problem
    except NotFound as problem:
        raise _missing() from problem
    if any(part.startswith("$") for part in parts.values()):
        raise _missing()  # $count, $value, $ref: segments of OData, and no id of anything
    response: Response = view(**parts)
    return response


def _never(method: str, allowed: set[str]) -> bool:
    # A collection or an action takes POST, and neither is changed or deleted as such.
    if "POST" in allowed:
        return method in ("PUT", "GET", "PATCH", "DELETE")
    return method == "PUT" or (method == "POST" and "DELETE" in allowed)


def not_allowed() -> Refused:
    """The 405 for a method that Graph itself does not know at this address."""
    return Refused(
        405, "BadRequest", "Specified HTTP method is not allowed for the request target."
    )


def _missing() -> Refused:
    log.warning("not simulated: %s %s", request.method, request.path)
    return not_simulated(f"{request.method} {request.path}")


@beta.route("/", defaults={"rest": ""}, methods=METHODS, provide_automatic_options=False)
@beta.route("/<path:rest>", methods=METHODS, provide_automatic_options=False)
def beta_elsewhere(rest: str) -> Response:
    """The beta version: none of it is here."""
    raise _missing()


def refused(refusal: Refused) -> Response:
    """Graph's error body for everything that is refused."""
    return error_answer(refusal)


def asked(wanted: Asked) -> Response:
    """The failure that was asked for."""
    return wanted.response


def unforeseen(problem: HTTPException) -> Response | HTTPException:
    """What Flask itself refuses, in Graph's words below Graph's addresses."""
    if not request.path.startswith(VERSIONS) or problem.code is None or problem.code < 400:
        return problem
    if problem.code == 405:
        refusal = not_allowed()
    elif isinstance(problem, NotFound):
        refusal = _missing()
    else:
        code = "BadRequest" if problem.code < 500 else "UnknownError"
        refusal = Refused(problem.code, code, problem.description or "")
    return headers(refused(refusal))


def headers(response: Response) -> Response:
    """The headers that every answer of Graph carries."""
    ours = request.headers.get("client-request-id")
    if not g.get("no_request_id"):
        response.headers["request-id"] = request_id()
        response.headers["client-request-id"] = ours or request_id()
    response.headers["x-ms-ags-diagnostic"] = '{"ServerInfo":{"DataCenter":"Simulator"}}'
    response.headers["Cache-Control"] = "private"
    applied = g.get("preferences")
    if applied and response.status_code < 300:
        response.headers["Preference-Applied"] = ", ".join(applied)
    return response


for _blueprint in (bp, beta):
    _blueprint.register_error_handler(Refused, refused)
    _blueprint.register_error_handler(Asked, asked)
    _blueprint.after_request(headers)
