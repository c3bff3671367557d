"""The addresses of Graph that are simulated. Everything else answers 501, naming itself."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from time import sleep

from flask import Blueprint, Response, g, request

from simulator.directory import Person
from simulator.entra.grants import Access
from simulator.graph.access import check
from simulator.graph.address import Address, Handler
from simulator.graph.calendar import addresses as calendar
from simulator.graph.call import (
    Call,
    base_address,
    bearer,
    error_answer,
    failure_answer,
    preferred,
    request_id,
    world,
)  # fmt: skip
from simulator.graph.contacts import addresses as contacts
from simulator.graph.directory import addresses as directory
from simulator.graph.notices import addresses as notices
from simulator.refused import Refused, not_simulated

log = logging.getLogger(__name__)
bp = Blueprint("graph", __name__, url_prefix="/v1.0")

OWNERS = ("/me", "/users/<user>")
METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
ADDRESSES = [*calendar.ADDRESSES, *contacts.ADDRESSES, *directory.ADDRESSES, *notices.ADDRESSES]


class Asked(Exception):
    """An answer that the fault switches put in the place of the real one."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def _owner(user: str | None, access: Access) -> Person:
    """Whose mailbox or profile the address means."""
    everyone = world()
    if user is None:
        if access.person is None:
            raise Refused(
                400, "BadRequest",
                "/me request is only valid with delegated authentication flow.",
            )  # fmt: skip
        return everyone.people[access.person]
    person = everyone.find_person(user) if "@" in user or user in everyone.people else None
    if person is None or person.tenant.id != access.tenant:
        raise Refused(404, "Request_ResourceNotFound", f"Resource '{user}' does not exist.")
    return person


def _enter(address: Address, user: str | None) -> Call:
    access = bearer()
    if address.kind == "service":
        person = world().people.get(access.person or "")
    else:
        person = _owner(user, access)
    failure = world().faults.failure_for(request.path, person.id if person else None)
    if failure:
        raise Asked(failure_answer(failure))
    check(address, access, person)
    style, applied = preferred(request.headers.get("Prefer", ""), base_address())
    g.preferences = applied
    return Call(world(), access, person, style)


def _view(address: Address) -> Handler:
    """The handler with latency, token, permission, faults and the world's lock around it."""

    def view(user: str | None = None, **parts: str) -> Response:
        sleep(world().latency_ms / 1000)
        with world().lock:
            call = _enter(address, user)
        with nullcontext() if address.unlocked else world().lock:
            return address.handler(call, **parts)

    return view


def _add(address: Address) -> None:
    owners = ("",) if address.kind == "service" else OWNERS
    view = _view(address)
    for owner in owners:
        rule = owner + address.rule
        name = f"{address.method} {rule}".replace(".", "_")
        bp.add_url_rule(rule, name, view, methods=[address.method])


for _address in ADDRESSES:
    _add(_address)


@bp.route("/", defaults={"rest": ""}, methods=METHODS)
@bp.route("/<path:rest>", methods=METHODS)
def elsewhere(rest: str) -> Response:
    """Everything of Graph that is not here."""
    log.warning("not simulated: %s /v1.0/%s", request.method, rest)
    raise not_simulated(f"{request.method} /v1.0/{rest}")


@bp.errorhandler(Refused)
def refused(refusal: Refused) -> Response:
    """Graph's error body for everything that is refused."""
    return error_answer(refusal)


@bp.errorhandler(Asked)
def asked(wanted: Asked) -> Response:
    """The failure that was asked for."""
    return wanted.response


@bp.after_request
def headers(response: Response) -> Response:
    """The headers that every answer of Graph carries."""
    ours = request.headers.get("client-request-id")
    response.headers["request-id"] = request_id()
    response.headers["client-request-id"] = ours or request_id()
    response.headers["x-ms-ags-diagnostic"] = '{"ServerInfo":{"DataCenter":"Simulator"}}'
    response.headers["Cache-Control"] = "private"
    applied = g.get("preferences")
    if applied and response.status_code < 300:
        response.headers["Preference-Applied"] = ", ".join(applied)
    return response
