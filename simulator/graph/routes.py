"""The addresses of Graph that are simulated. Everything else answers 501, naming itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import cast
from uuid import uuid4

from flask import Blueprint, Response, g, request

from simulator.directory import Person
from simulator.entra.grants import Access
from simulator.graph import events, people, views
from simulator.graph.call import (
    Call,
    base_address,
    bearer,
    error_answer,
    failure_answer,
    preferred,
    require,
    world,
)  # fmt: skip
from simulator.refused import Refused, not_simulated

log = logging.getLogger(__name__)
bp = Blueprint("graph", __name__, url_prefix="/v1.0")

Handler = Callable[..., Response]
READ = ("Calendars.Read", "Calendars.ReadWrite")
WRITE = ("Calendars.ReadWrite",)
SETTINGS = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")
OWNERS = ("/me", "/users/<user>")
CALENDARS = ("", "/calendar", "/calendars/<calendar>")
DELTAS = ("delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()")


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


def _enter(user: str | None, permissions: tuple[str, ...], *, mailbox: bool) -> Call:
    access = bearer()
    person = _owner(user, access)
    failure = world().faults.failure_for(request.path, person.id)
    if failure:
        raise Asked(failure_answer(failure))
    if mailbox:
        require(access, *permissions)
        if access.person not in (None, person.id):
            raise Refused(403, "ErrorAccessDenied", "Access is denied to the requested resource.")
        if not person.has_mailbox:
            raise Refused(
                404, "MailboxNotEnabledForRESTAPI",
                "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
            )  # fmt: skip
    else:
        require(access, *permissions, code="Authorization_RequestDenied")
    style, applied = preferred(request.headers.get("Prefer", ""), base_address())
    g.preferences = applied
    return Call(world(), access, person, style)


class Asked(Exception):
    """An answer that the fault switches put in the place of the real one."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def guarded(permissions: tuple[str, ...], *, mailbox: bool = True) -> Callable[[Handler], Handler]:
    """Wrap a handler: latency, token, permission, faults and the world's lock around it."""

    def wrap(handler: Handler) -> Handler:
        @wraps(handler)
        def view(user: str | None = None, **parts: str) -> Response:
            time.sleep(world().latency_ms / 1000)
            with world().lock:
                call = _enter(user, permissions, mailbox=mailbox)
                return handler(call, **parts)

        return cast(Handler, view)

    return wrap


def _route(rule: str, method: str, handler: Handler, permissions: tuple[str, ...]) -> None:
    mailbox = permissions is not PROFILE
    for number, owner in enumerate(OWNERS):
        name = f"{handler.__name__}-{method}-{number}-{rule}".replace(".", "_")
        view = guarded(permissions, mailbox=mailbox)(handler)
        bp.add_url_rule(owner + rule, name, view, methods=[method])


PROFILE = ("User.Read", "User.ReadBasic.All", "User.Read.All")
_route("", "GET", people.show, PROFILE)
_route("/mailboxSettings", "GET", people.settings, SETTINGS)
_route("/mailboxSettings/timeZone", "GET", people.time_zone, SETTINGS)
_route("/calendars", "GET", people.calendars, READ)
_route("/events/<event>/calendar", "GET", events.its_calendar, READ)
for _place in CALENDARS:
    if _place:
        _route(_place, "GET", people.calendar, READ)
    _route(f"{_place}/calendarView", "GET", views.calendar_view, READ)
    for _delta in DELTAS:
        _route(f"{_place}/calendarView/{_delta}", "GET", views.calendar_delta, READ)
    _route(f"{_place}/events", "GET", events.collection, READ)
    _route(f"{_place}/events", "POST", events.create, WRITE)
    _route(f"{_place}/events/<event>", "GET", events.show, READ)
    _route(f"{_place}/events/<event>", "PATCH", events.change, WRITE)
    _route(f"{_place}/events/<event>", "DELETE", events.delete, WRITE)
    _route(f"{_place}/events/<event>/instances", "GET", views.instances, READ)
    _route(f"{_place}/events/<event>/cancel", "POST", events.cancel, WRITE)


@bp.route("/", defaults={"rest": ""}, methods=["GET", "POST", "PATCH", "PUT", "DELETE"])
@bp.route("/<path:rest>", methods=["GET", "POST", "PATCH", "PUT", "DELETE"])
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
    request_id = str(uuid4())
    ours = request.headers.get("client-request-id")
    response.headers["request-id"] = request_id
    response.headers["client-request-id"] = ours or request_id
    response.headers["x-ms-ags-diagnostic"] = '{"ServerInfo":{"DataCenter":"Simulator"}}'
    response.headers["Cache-Control"] = "private"
    applied = g.get("preferences")
    if applied and response.status_code < 300:
        response.headers["Preference-Applied"] = ", ".join(applied)
    return response
