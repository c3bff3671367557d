"""Reading a calendar by way of its group, as some clients walk down from /calendarGroups."""

from __future__ import annotations

from functools import wraps

from flask import Response

from simulator.graph.address import DELTAS, READ_BASIC, Address, Handler
from simulator.graph.calendar import delta, events, views
from simulator.graph.calendar.calendars import OWN, group_number
from simulator.graph.call import Call
from simulator.refused import item_not_found

PLACE = "/calendarGroups/<group>/calendars/<calendar>"
READS: dict[str, Handler] = {
    "calendarView": views.calendar_view,
    "events": events.collection,
    "events/<event>": events.show,
    "events/<event>/instances": views.instances,
    **{f"calendarView/{name}": delta.calendar_delta for name in DELTAS},
    **{f"events/{name}": delta.events_delta for name in DELTAS},
}


def _in_group(handler: Handler) -> Handler:
    """The same answer, for a calendar that is in the group of the address."""

    @wraps(handler)
    def answer(call: Call, group: str, **parts: str) -> Response:
        if group_number(call, group) != OWN:
            raise item_not_found()
        return handler(call, **parts)

    return answer


ADDRESSES = [
    Address("GET", f"{PLACE}/{name}", _in_group(handler), READ_BASIC)
    for name, handler in READS.items()
]
