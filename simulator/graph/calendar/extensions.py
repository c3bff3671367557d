"""Open extensions of an event: list, get, create, change, delete."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.graph.calendar.events import event_in
from simulator.graph.call import Call, answer, json_body
from simulator.mailbox import extensions
from simulator.mailbox.extended import extension_wire


def _context(call: Call, event: str) -> str:
    return f"{call.context}/events('{event}')/extensions"


def _one(call: Call, event: str, found: tuple[str, dict[str, Any]], status: int = 200) -> Response:
    context = f"{_context(call, event)}/$entity"
    return answer({"@odata.context": context, **extension_wire(*found)}, status)


def collection(call: Call, event: str, calendar: str | None = None) -> Response:
    """All of them, in the order in which they came."""
    held = event_in(call, event, calendar).extensions
    value = [extension_wire(name, values) for name, values in held.items()]
    return answer({"@odata.context": _context(call, event), "value": value})


def create(call: Call, event: str, calendar: str | None = None) -> Response:
    """A new one."""
    instance = event_in(call, event, calendar)
    return _one(call, event, extensions.add(call.person.mailbox, instance, json_body()), 201)


def show(call: Call, event: str, extension: str, calendar: str | None = None) -> Response:
    """One, by its name or its id."""
    return _one(call, event, extensions.find(event_in(call, event, calendar), extension))


def change(call: Call, event: str, extension: str, calendar: str | None = None) -> Response:
    """Change what the body names."""
    instance = event_in(call, event, calendar)
    changed = extensions.change(call.person.mailbox, instance, extension, json_body())
    return _one(call, event, changed)


def delete(call: Call, event: str, extension: str, calendar: str | None = None) -> Response:
    """Take it away."""
    extensions.remove(call.person.mailbox, event_in(call, event, calendar), extension)
    return Response(status=204)
