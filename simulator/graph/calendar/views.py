"""What a calendar shows in a span: calendarView, and the instances of a series."""

from __future__ import annotations

from flask import Response, request

from simulator.graph.calendar.calendars import named_calendar
from simulator.graph.calendar.events import event_in
from simulator.graph.calendar.fields import event_answer, events_of, span_asked
from simulator.graph.call import Call, answer
from simulator.graph.odata import listed
from simulator.mailbox.item import Instance
from simulator.refused import bad_request

STAMPS = ("createdDateTime", "lastModifiedDateTime")


def _listed(call: Call, instances: list[Instance], name: str) -> Response:
    shown, notes = listed(call, events_of(call), instances)
    value = [event_answer(call, each) for each in shown]
    lost = call.world.switches.position("reads.lost_stamps", call.person.id)
    if lost and "$select" in request.args:
        value = [{key: each[key] for key in each if key not in STAMPS} for each in value]
    return answer({"@odata.context": f"{call.context}/{name}", **notes, "value": value})


def calendar_view(call: Call, calendar: str | None = None) -> Response:
    """Single events, occurrences and exceptions that touch the span; never masters."""
    chosen = named_calendar(call, calendar)
    found = call.person.mailbox.reader().view(chosen, *span_asked())
    return _listed(call, found, "calendarView")


def instances(call: Call, event: str, calendar: str | None = None) -> Response:
    """The occurrences and exceptions of a series in the span, with all their properties."""
    found = event_in(call, event, calendar)
    item = found.item
    if found.ordinal or not item.recurrence:
        raise bad_request("The event is not a series master.", "ErrorInvalidRequest")
    seen = call.person.mailbox.reader().item(item.number) or item
    return _listed(call, seen.instances(*span_asked()), "instances")
