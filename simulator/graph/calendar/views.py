"""What a calendar shows in a span: calendarView, its delta, and the instances of a series."""

from __future__ import annotations

from flask import Response

from simulator.graph.calendar.delta import first_place, place_in_query, round_answer
from simulator.graph.calendar.events import event_in
from simulator.graph.call import Call, answer
from simulator.graph.directory.people import named_calendar
from simulator.graph.odata import event_answer, filtered, moment_of, ordered, page
from simulator.mailbox.item import Instance
from simulator.refused import bad_request

DAYS_MOST = 1825


def _span() -> tuple[int, int]:
    low, high = moment_of("startDateTime"), moment_of("endDateTime")
    if high < low:
        raise bad_request("The end of the range lies before its start.", "ErrorInvalidParameter")
    if high - low > DAYS_MOST * 86400:
        raise bad_request(
            "The range between the start and end dates is greater than the allowed range. "
            f"Maximum number of days: {DAYS_MOST}"
        )
    return low, high


def _listed(call: Call, instances: list[Instance], name: str) -> Response:
    shown, notes = page(call, ordered(filtered(call.person, instances)))
    value = [event_answer(call, each) for each in shown]
    return answer({"@odata.context": f"{call.context}/{name}", **notes, "value": value})


def calendar_view(call: Call, calendar: str | None = None) -> Response:
    """Single events, occurrences and exceptions that touch the span; never masters."""
    chosen = named_calendar(call, calendar)
    return _listed(call, call.person.mailbox.view(chosen, *_span()), "calendarView")


def calendar_delta(call: Call, calendar: str | None = None) -> Response:
    """A round of changes; the first one tells everything."""
    place = place_in_query(call)
    chosen = named_calendar(call, calendar)
    return round_answer(call, place or first_place(call, chosen, *_span()))


def instances(call: Call, event: str, calendar: str | None = None) -> Response:
    """The occurrences and exceptions of a series in the span, with all their properties."""
    item = event_in(call, event, calendar).item
    if not item.recurrence:
        raise bad_request("The event is not a series master.", "ErrorInvalidRequest")
    return _listed(call, item.instances(*_span()), "instances")
