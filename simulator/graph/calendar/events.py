"""Events: list, get, create, change, delete."""

from __future__ import annotations

from copy import copy

from flask import Response, request

from simulator import exchange
from simulator.graph.calendar.calendar_wire import calendar_wire
from simulator.graph.calendar.calendars import named_calendar
from simulator.graph.calendar.event_wire import etag
from simulator.graph.calendar.fields import event_answer, events_of
from simulator.graph.call import Call, answer, json_body
from simulator.graph.odata import listed
from simulator.mailbox.item import Instance, master_of
from simulator.mailbox.online import without_address
from simulator.refused import Refused, access_denied, conflict, item_not_found


def event_in(call: Call, event: str, calendar: str | None = None) -> Instance:
    """The event an address names, in the calendar it names."""
    return _in_calendar(call, call.person.mailbox.find(event), calendar)


def _in_calendar(call: Call, found: Instance, calendar: str | None) -> Instance:
    if calendar and named_calendar(call, calendar).number != found.item.calendar:
        raise item_not_found()
    return found


def _whole(call: Call, instance: Instance, status: int = 200) -> Response:
    wire = event_answer(call, instance)
    return answer({"@odata.context": f"{call.context}/events/$entity", **wire}, status)


def _matched(call: Call, instance: Instance) -> Instance:
    """Refuse with 412 when If-Match names another version, or when a switch says so."""
    wanted = {each.strip() for each in request.headers.get("If-Match", "*").split(",")}
    mailbox = call.person.mailbox
    if not wanted & {"*", etag(call.person, instance)} or mailbox.switches.strikes(
        "writes.conflict", mailbox.key
    ):
        raise conflict()
    return instance


def collection(call: Call, calendar: str | None = None) -> Response:
    """Single events and masters, without occurrences."""
    chosen = named_calendar(call, calendar)
    masters = [master_of(each) for each in call.person.mailbox.reader().held(chosen)]
    shown, notes = listed(call, events_of(call), masters)
    value = [event_answer(call, each) for each in shown]
    return answer({"@odata.context": f"{call.context}/events", **notes, "value": value})


def create(call: Call, calendar: str | None = None) -> Response:
    """A new event: 201, also when its transactionId made it earlier."""
    chosen = named_calendar(call, calendar)
    made = exchange.create_event(call.world, call.person, chosen, json_body())
    response = _whole(call, _first_seen(call, made), 201)
    event_id = call.person.mailbox.id_of(made, immutable=call.style.immutable)
    response.headers["Location"] = f"{call.base}/v1.0/users/{call.person.id}/events/{event_id}"
    return response


def _first_seen(call: Call, made: Instance) -> Instance:
    """A new event as its create answers it: Teams may not have been asked yet."""
    mailbox = call.person.mailbox
    late = made.words.get("onlineMeeting") and mailbox.switches.strikes(
        "writes.join_address_late", mailbox.key
    )
    if not late:
        return made
    shown = copy(made.item)
    shown.words = without_address(made.words)
    return master_of(shown)


def show(call: Call, event: str, calendar: str | None = None) -> Response:
    """One event."""
    try:
        found = _in_calendar(call, call.person.mailbox.find_as_read(event), calendar)
    except Refused as refusal:
        found = _deleted(call, event, refusal, "writes.deleted_get")
    return _whole(call, found)


def _deleted(call: Call, event: str, refusal: Refused, switch: str) -> Instance:
    """What was deleted lately, where a switch lets it matter; the refusal otherwise."""
    mailbox = call.person.mailbox
    if refusal.status != 404 or mailbox.switches.strikes(switch, mailbox.key) == "not_found":
        raise refusal
    return mailbox.find_deleted(event)


def change(call: Call, event: str, calendar: str | None = None) -> Response:
    """Change what the body names."""
    instance = _matched(call, event_in(call, event, calendar))
    return _whole(call, exchange.change_event(call.world, call.person, instance, json_body()))


def delete(call: Call, event: str, calendar: str | None = None) -> Response:
    """Delete an event, a series or an occurrence."""
    try:
        found = event_in(call, event, calendar)
    except Refused as refusal:
        _deleted(call, event, refusal, "writes.deleted_again")
        raise access_denied() from refusal
    instance = _matched(call, found)
    exchange.delete_event(call.world, call.person, instance)
    return Response(status=204)


def its_calendar(call: Call, event: str) -> Response:
    """The calendar that holds an event."""
    mailbox = call.person.mailbox
    held = mailbox.calendars[event_in(call, event).item.calendar]
    context = f"{call.context}/calendars/$entity"
    return answer({"@odata.context": context, **calendar_wire(call.person, held)})
