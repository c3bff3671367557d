"""$batch: up to twenty calls in one, each answered as if it had come alone."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec
from flask import Response, current_app, request

from simulator.graph.address import Address
from simulator.graph.astray import BREAKS
from simulator.graph.call import Call, Wire, answer, json_body, request_id
from simulator.refused import Refused, bad_request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CROWD = "simulator.crowd"  # in a member's WSGI environment: how often its batch calls a mailbox
MOST = 20
LEFT_OUT = ("content-length", "date", "request-id", "client-request-id", "x-ms-ags-diagnostic")
OWN_ONLY = ("HTTP_PREFER", "HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_CLIENT_REQUEST_ID")
FAILED_DEPENDENCY = "The request failed because a request it depends on failed."


def together(call: Call) -> Response:
    """The answers to all members, each with its own status, headers and body."""
    members = _members(json_body())
    crowd: Counter[str] = Counter()
    done: dict[str, Wire] = {}
    for member in members:
        done[member["id"]] = _outcome(member, done, crowd)
    responses = list(done.values())
    owner = call.owner.id if call.owner else None
    if call.world.switches.position("wire.batch_order", owner) == "shuffled":
        random.Random(f"{call.world.seed}/{request_id()}").shuffle(responses)
    return answer({"responses": responses})


def _malformed(message: str) -> Refused:
    return bad_request(message, "BadRequest")


def _members(envelope: Wire) -> list[Wire]:
    """The members of an envelope that is in order; 400 for any other."""
    members = envelope.get("requests")
    if not isinstance(members, list) or not members or not all(map(_is_whole, members)):
        raise _malformed("Invalid batch payload format.")
    if len(members) > MOST:
        raise _malformed(f"Number of batch request steps exceeds the maximum value of {MOST}.")
    known: list[str] = []
    for member in members:
        problem = _problem(member, known)
        if problem:
            raise _malformed(problem)
        known.append(member["id"])
    if not _one_or_other(members):
        raise _malformed("Batch should be either fully sequential or fully parallel.")
    return members


def _is_whole(member: Any) -> bool:
    if not isinstance(member, dict):
        return False
    headers, waits = member.get("headers") or {}, member.get("dependsOn") or []
    return (
        all(isinstance(member.get(key), str) and member[key] for key in ("id", "method", "url"))
        and isinstance(headers, dict)
        and isinstance(waits, list)
        and all(isinstance(text, str) for text in (*headers.values(), *waits))
    )


def _problem(member: Wire, known: list[str]) -> str | None:
    name, url = member["id"], member["url"]
    headers = {key.lower() for key in member.get("headers") or {}}
    if name in known:
        return "Duplicate request Id found."
    if "://" in url.partition("?")[0] or url.lstrip("/").lower().startswith("$batch"):
        return f"Invalid url for request Id: {name}"
    if not set(member.get("dependsOn") or []) <= set(known):
        return f"Invalid dependency for request Id: {name}"
    if member.get("body") is not None and "content-type" not in headers:
        return f"Write request id : {name} does not contain Content-Type header or body."
    return None


def _one_or_other(members: list[Wire]) -> bool:
    """All at once, one after the other, or all that wait for the same one."""
    waits = [tuple(each.get("dependsOn") or ()) for each in members]
    in_a_row = all(
        wait == (before["id"],) for before, wait in zip(members, waits[1:], strict=False)
    )
    return in_a_row or len(set(filter(None, waits))) <= 1


def _outcome(member: Wire, done: dict[str, Wire], crowd: Counter[str]) -> Wire:
    waits = member.get("dependsOn") or ()
    if any(done[other]["status"] >= 400 for other in waits):
        return _failed(member, 424, "FailedDependency", FAILED_DEPENDENCY)
    environ = _environ(member)
    if not waits:
        environ[CROWD] = crowd
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's
    # The context of the application is its own, too: what a call notes in `g` is of that call.
    with app.app_context(), app.request_context(environ):
        response = app.full_dispatch_request()
        if BREAKS in environ:
            return _failed(member, 504, "UnknownError", "")
        headers = {k: v for k, v in response.headers.items() if k.lower() not in LEFT_OUT}
        found = {"id": member["id"], "status": response.status_code, "headers": headers}
        return {**found, **_body_of(response)}


def _failed(member: Wire, status: int, code: str, message: str) -> Wire:
    headers = {"Content-Type": "application/json"}
    body = {"error": {"code": code, "message": message}}
    return {"id": member["id"], "status": status, "headers": headers, "body": body}


def _body_of(response: Response) -> Wire:
    content = response.get_data()
    if not content:
        return {}
    body = _json_of(content) if response.is_json else None
    return {"body": b64encode(content).decode() if body is None else body}


def _json_of(content: bytes) -> msgspec.Raw | None:
    """JSON as it stands, with all that was damaged on purpose; None for what is none."""
    try:
        return msgspec.Raw(json.dumps(json.loads(content)).encode())
    except RecursionError:
        return msgspec.Raw(content)  # too deep for this reader, and perhaps not for another
    except ValueError:
        return None


def _environ(member: Wire) -> WSGIEnvironment:
    """The call around this one, turned into the member's own."""
    version = request.path.rpartition("/")[0]
    path, _, query = member["url"].partition("?")
    content = b"" if member.get("body") is None else json.dumps(member["body"]).encode()
    kept = {key: value for key, value in request.environ.items() if _is_shared(key)}
    own = {
        "REQUEST_METHOD": member["method"].upper(),
        "PATH_INFO": f"{version}/{unquote(path, 'latin-1').lstrip('/')}",
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
    }
    return {**kept, **own, **dict(_header_words(member.get("headers") or {}))}


def _is_shared(key: str) -> bool:
    # Flask, Werkzeug and the simulator leave notes in it about the outer call alone.
    noted = key.startswith(("werkzeug.", "flask.", "simulator."))
    return not noted and key not in OWN_ONLY and key != "CONTENT_TYPE"


def _header_words(headers: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in headers.items():
        word = name.upper().replace("-", "_")
        if word == "CONTENT_TYPE":
            yield word, text
        elif word not in ("AUTHORIZATION", "HOST"):
            yield f"HTTP_{word}", text


ENVELOPE = Address("POST", "/$batch", together, (), kind="service", unlocked=True)
