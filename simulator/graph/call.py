"""One call of Graph: who calls, for whom, in which style; and the answers it may get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from flask import Response, g, request

from simulator.current import current_world
from simulator.directory import Person
from simulator.entra.grants import Access
from simulator.faults.strikes import Failure
from simulator.faults.wire import NO_TOKEN
from simulator.graph.wire import Style
from simulator.refused import Refused, access_denied, unreadable
from simulator.world import World
from simulator.zones import zone_named

PREFERENCE = re.compile(r'\s*([A-Za-z.-]+)\s*=\s*(?:"([^"]*)"|([^,;\s]+))')
MOST_PER_PAGE = 1000
BODY_MOST = 4 * 1024 * 1024

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler knows of the request."""

    world: World
    access: Access
    owner: Person | None  # nobody, where an application calls an address without an owner
    style: Style

    @property
    def person(self) -> Person:
        """Whose mailbox or profile the address means."""
        if self.owner is None:
            raise LookupError("this address has no owner")
        return self.owner

    @property
    def base(self) -> str:
        """The address of the simulator, from the request itself."""
        return self.style.base

    @property
    def context(self) -> str:
        """The beginning of every @odata.context."""
        return f"{self.style.base}/v1.0/$metadata#users('{self.person.id}')"


def request_id() -> str:
    """The id of this request, the same in the headers and in an error's body."""
    if "request_id" not in g:
        g.request_id = current_world().new_id()
    return cast(str, g.request_id)


def bearer() -> Access:
    """The access token behind the request; 401 without a valid one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(401, "InvalidAuthenticationToken", "Access token is empty.")
    access = current_world().grants.valid_access(token.strip())
    if access is None:
        raise Refused(401, "InvalidAuthenticationToken", NO_TOKEN)
    return access


def require(held: frozenset[str], *any_of: str, code: str = "ErrorAccessDenied") -> None:
    """Refuse with 403 unless one of these permissions is held."""
    if not held & set(any_of):
        raise access_denied(code=code)


def preferred(header: str, base: str) -> tuple[Style, list[str]]:
    """The style a Prefer header asks for, and the preferences that were applied."""
    wishes = {name.lower(): quoted or bare for name, quoted, bare in PREFERENCE.findall(header)}
    applied: list[str] = []
    zone_name = wishes.get("outlook.timezone", "UTC")
    zone = zone_named(zone_name)
    if "outlook.timezone" in wishes:
        applied.append(f'outlook.timezone="{zone_name}"')
    text = wishes.get("outlook.body-content-type", "").lower() == "text"
    if "outlook.body-content-type" in wishes:
        applied.append(f'outlook.body-content-type="{"text" if text else "html"}"')
    unsafe = "outlook.allow-unsafe-html" in header.lower()
    if unsafe:
        applied.append("outlook.allow-unsafe-html")
    immutable = wishes.get("idtype", "").lower() == "immutableid"
    if immutable:
        applied.append('IdType="ImmutableId"')
    wish = wishes.get("odata.maxpagesize", "")
    size = min(int(wish), MOST_PER_PAGE) if wish.isdecimal() and int(wish) > 0 else None
    if size:
        applied.append(f"odata.maxpagesize={size}")
    return Style(zone_name, zone, text, unsafe, immutable, size, base), applied


def json_body() -> Wire:
    """The request's JSON object; 400 for anything else, 413 above 4 MB."""
    raw = request.get_data()
    if len(raw) > BODY_MOST:
        raise Refused(413, "RequestEntityTooLarge", "The request is larger than 4 MB.")
    try:
        body = msgspec.json.decode(raw or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise unreadable("Unable to read JSON request payload.") from problem
    if not isinstance(body, dict):
        raise unreadable("Unable to read JSON request payload: an object is expected.")
    return body


def answer(wire: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    content = msgspec.json.encode(wire)
    kind = "application/json; odata.metadata=minimal; odata.streaming=true"
    return Response(content, status, headers, content_type=kind)


def error_answer(refused: Refused) -> Response:
    """The error body of Graph."""
    date = current_world().now().strftime("%Y-%m-%dT%H:%M:%S")
    ours = request.headers.get("client-request-id") or request_id()
    inner = {"date": date, "request-id": request_id(), "client-request-id": ours}
    wire = {"error": {"code": refused.code, "message": refused.message, "innerError": inner}}
    response = answer(wire, refused.status, refused.headers)
    if refused.status == 401:
        usual = 'Bearer realm="", error="invalid_token"'
        response.headers["WWW-Authenticate"] = refused.challenge or usual
    return response


def failure_answer(failure: Failure) -> Response:
    """The answer somebody asked for: `Faults` decided that this call fails."""
    response = error_answer(Refused(failure.status, failure.code, "This failure was asked for."))
    if failure.retry_after is not None:
        response.headers["Retry-After"] = failure.retry_after
    return response
