"""What a calendar shows in a span: calendarView, its delta, and the instances of a series."""

from __future__ import annotations

from flask import Response

from simulator.graph.calendar.delta import first_place, place_in_query, round_answer
from simulator.graph.calendar.events import event_in
from simulator.graph.calendar.fields import event_answer, events_of, span_asked
from simulator.graph.call import Call, answer
from simulator.graph.directory.people import named_calendar
from simulator.graph.odata import listed
from simulator.mailbox.item import Instance
from simulator.refused import bad_request


def _listed(call: Call, instances: list[Instance], name: str) -> Response:
    shown, notes = listed(call, events_of(call), instances)
    value = [event_answer(call, each) for each in shown]
    return answer({"@odata.context": f"{call.context}/{name}", **notes, "value": value})


def calendar_view(call: Call, calendar: str | None = None) -> Response:
    """Single events, occurrences and exceptions that touch the span; never masters."""
    chosen = named_calendar(call, calendar)
    return _listed(call, call.person.mailbox.view(chosen, *span_asked()), "calendarView")


def calendar_delta(call: Call, calendar: str | None = None) -> Response:
    """A round of changes; the first one tells everything."""
    place = place_in_query(call)
    chosen = named_calendar(call, calendar)
    return round_answer(call, place or first_place(call, chosen, *span_asked()))


def instances(call: Call, event: str, calendar: str | None = None) -> Response:
    """The occurrences and exceptions of a series in the span, with all their properties."""
    item = event_in(call, event, calendar).item
    if not item.recurrence:
        raise bad_request("The event is not a series master.", "ErrorInvalidRequest")
    return _listed(call, item.instances(*span_asked()), "instances")
