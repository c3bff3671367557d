"""An event as somebody else may see it, whom its calendar is shared with."""

from __future__ import annotations

from typing import Any

from simulator.directory import Person
from simulator.graph.calendar.event_wire import event_wire
from simulator.graph.wire import Style
from simulator.mailbox.item import Instance
from simulator.mailbox.locations import NOWHERE
from simulator.mailbox.sharing import OWNER, SEES_PRIVATE

DETAILS: dict[str, Any] = {
    "body": {"contentType": "html", "content": ""}, "bodyPreview": "", "attendees": [],
    "onlineMeeting": None, "categories": [],
}  # fmt: skip
TEXTS = ("body", "bodyPreview")
PRIVATE = {**DETAILS, "subject": "", "location": NOWHERE, "locations": []}


def seen_wire(person: Person, instance: Instance, style: Style) -> dict[str, Any]:
    """A whole event, or the block of time that is left of it for others."""
    wire = event_wire(person, instance, style)
    if style.basic:
        return {name: value for name, value in wire.items() if name not in TEXTS}
    if style.role == OWNER:
        return wire
    private = wire["sensitivity"] in ("private", "confidential")
    if private and style.role not in SEES_PRIVATE:
        return {**wire, **PRIVATE}
    return {**wire, **DETAILS} if style.role == "limitedRead" else wire
