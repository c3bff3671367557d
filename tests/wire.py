"""Holds answers of Graph against `graph-openapi.yaml`, Microsoft's own types.

`check` judges one answer; `validating` wraps a WSGI application so that the first answer of each
(operation, status, set of keys) is judged as it passes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

SPECIFICATION = Path(__file__).with_name("graph-openapi.yaml")
SCHEMAS = "#/components/schemas/"
PERMISSION = "microsoft.graph.calendarPermission"
GROUPED = "/me/calendarGroups/{calendarGroup-id}/calendars/{calendar-id}"
EVENTS = "microsoft.graph.eventCollectionResponse"
EVENT_CHANGES = "microsoft.graph.eventDeltaResponse"
# What Graph serves and the specification leaves out; None: there is nothing to judge by.
BESIDE = {
    "/me/events/{event-id}/calendar": "microsoft.graph.calendar",
    "/me/mailboxSettings/timeZone": None,
    "/me/calendar/calendarPermissions/{calendarPermission-id}": PERMISSION,
    "/me/calendars/{calendar-id}/calendarPermissions/{calendarPermission-id}": PERMISSION,
    f"{GROUPED}/calendarView": EVENTS,
    f"{GROUPED}/calendarView/delta": EVENT_CHANGES,
    f"{GROUPED}/events": EVENTS,
    f"{GROUPED}/events/delta": EVENT_CHANGES,
    f"{GROUPED}/events/{{event-id}}": "microsoft.graph.event",
    f"{GROUPED}/events/{{event-id}}/instances": EVENTS,
    "/me/calendar/events/{event-id}/extensions": None,
    "/me/calendar/events/{event-id}/extensions/{extension-id}": None,
    **{
        f"/me/calendar/events/{{event-id}}/{action}": None
        for action in (
            "accept", "tentativelyAccept", "decline", "cancel", "forward", "dismissReminder",
            "snoozeReminder", "permanentDelete",
        )
    },
}  # fmt: skip
# Methods that Graph has at an address and the specification leaves out.
METHODS_BESIDE = {
    ("POST", "/me/contactFolders/{contactFolder-id}/childFolders"): "microsoft.graph.contactFolder",
}
EMPTY = (202, 204)


class NotGraph(AssertionError):
    """An answer that Microsoft's types do not allow."""


def _as_json_schema(node: Any) -> Any:
    # OpenAPI 3.0 says `nullable` where JSON Schema says a second type.
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    if node.get("nullable") and isinstance(node.get("type"), str):
        plain["type"] = [node["type"], "null"]
    return plain


@lru_cache(maxsize=1)
def _specification() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with SPECIFICATION.open(encoding="utf-8") as stream:
        return dict(yaml.load(stream, loader))  # noqa: S506 - both loaders are safe ones


@lru_cache(maxsize=1)
def _schemas() -> dict[str, Any]:
    return {"schemas": _as_json_schema(_specification()["components"]["schemas"])}


@lru_cache(maxsize=256)
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference, "components": _schemas()})


@lru_cache(maxsize=1)
def _operations() -> list[tuple[re.Pattern[str], str]]:
    paths = [*_specification()["paths"], *BESIDE]
    # Fixed words win over parameters: /me/events/delta is not an event called delta.
    paths.sort(key=lambda path: (path.count("{"), -len(path)))
    return [(_pattern(path), path) for path in paths]


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def operation(path: str) -> str:
    """The path of the specification that a request path belongs to."""
    inner = path.partition("/v1.0")[2]
    inner = re.sub(r"/(microsoft\.graph\.)?delta(\(\))?$", "/delta", inner)
    as_me = re.sub(r"^/users/[^/]+/", "/me/", inner)
    for pattern, known in _operations():
        if pattern.fullmatch(inner) or pattern.fullmatch(as_me):
            return known
    raise NotGraph(f"{path} is not an operation of the specification")


def _expected(method: str, known: str, status: int) -> str | None:
    """The reference of the schema an answer must fit; None where it has no body."""
    if known in BESIDE:
        name = None if status in EMPTY else BESIDE[known]
        return f"{SCHEMAS}{name}" if name else None
    # The specification has every path twice, and this table once.
    beside = METHODS_BESIDE.get((method, known.replace("/users/{user-id}/", "/me/")))
    if beside:
        return f"{SCHEMAS}{beside}"
    described = _specification()["paths"][known].get(method.lower(), {}).get("responses", {})
    if str(status) not in described:
        raise NotGraph(f"{method} {known} never answers {status}")
    content = described[str(status)].get("content")
    if not content:
        return None
    schema = content["application/json"]["schema"]
    if "$ref" not in schema:
        raise NotGraph(f"{method} {known}: a schema without a name is not checked here")
    return str(schema["$ref"])


def check(method: str, path: str, status: int, body: Any) -> None:
    """Judge one answer; `path` as requested, `body` decoded (None for an empty one)."""
    if status >= 400:
        reference: str | None = f"{SCHEMAS}graphError"
    else:
        reference = _expected(method, operation(path), status)
    if reference is None:
        if status in EMPTY and body:
            raise NotGraph(f"{method} {path}: {status} has a body")
        return
    problem = next(_validator(reference).iter_errors(body), None)
    if problem is not None:
        place = "/".join(str(each) for each in problem.absolute_path)
        raise NotGraph(f"{method} {path} {status} at {place}: {problem.message[:300]}")
    if reference.endswith("DeltaResponse"):
        _check_links(path, body)


def check_type(name: str, body: Any) -> None:
    """Judge what Graph sends of its own accord by one of Microsoft's types."""
    problem = next(_validator(f"{SCHEMAS}microsoft.graph.{name}").iter_errors(body), None)
    if problem is not None:
        raise NotGraph(f"{name} at {list(problem.absolute_path)}: {problem.message[:300]}")


def _check_links(path: str, body: dict[str, Any]) -> None:
    links = [key for key in ("@odata.nextLink", "@odata.deltaLink") if key in body]
    if len(links) != 1:
        raise NotGraph(f"{path}: a delta page has exactly one link, this one has {links}")


def _keys(body: Any) -> frozenset[str]:
    """The keys of an answer and of its items, without regard to how many there are."""
    if not isinstance(body, dict):
        return frozenset()
    found = set(body)
    items = body.get("value")
    for each in items if isinstance(items, list) else ():
        found |= {f"value.{key}" for key in each} if isinstance(each, dict) else set()
    return frozenset(found)


# The kinds of answers that this process has judged: operation, status, keys.
_JUDGED: set[tuple[str, str, int, frozenset[str]]] = set()


class Validating:
    """WSGI middleware: a `NotGraph` surfaces in the client that asked, and is kept in `faults`
    for the case that the client swallows it.
    """

    def __init__(self, inner: Callable[..., Iterable[bytes]], *, every: bool) -> None:
        self._inner = inner
        self._every = every
        self.faults: list[NotGraph] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Pass the request on and look at what comes back."""
        if not environ["PATH_INFO"].startswith("/v1.0/"):
            return self._inner(environ, start)
        status: list[int] = []

        def begin(line: str, headers: Any, exc_info: Any = None) -> Any:
            status[:] = [int(line.split()[0])]
            return start(line, headers, exc_info) if exc_info else start(line, headers)

        content = b"".join(self._inner(environ, begin))
        try:
            self._judge(environ["REQUEST_METHOD"], environ["PATH_INFO"], status[0], content)
        except NotGraph as fault:
            self.faults.append(fault)
            raise
        return [content]

    def _judge(self, method: str, path: str, status: int, content: bytes) -> None:
        body = json.loads(content) if content else None
        known = path if status >= 400 else operation(path)
        seen = (method, known if status < 400 else "", status, _keys(body))
        if self._every or seen not in _JUDGED:
            check(method, path, status, body)
            _JUDGED.add(seen)


def validating(app: Any, *, every: bool = False) -> Any:
    """Wrap a Flask application's WSGI side; `every` judges all answers, not just new kinds."""
    app.wsgi_app = Validating(app.wsgi_app, every=every)
    return app
