"""getSchedule: the free and busy times of people, as far as they share them."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.graph.calendar.busy import Busy, Span, availability_view, busy_times, read_span
from simulator.graph.call import Call, answer, json_body
from simulator.graph.directory.settings import hours_wire
from simulator.graph.wire import moment_wire
from simulator.mailbox.checks import number
from simulator.mailbox.sharing import role_of
from simulator.refused import bad_request, unreadable

DAYS_MOST, SCHEDULES_MOST = 62, 20
MINUTES_LEAST, MINUTES_USUAL, MINUTES_MOST = 5, 30, 1440
INFO_WORKER = "Microsoft.Exchange.InfoWorker.Common.Availability"


def show(call: Call, calendar: str | None = None) -> Response:
    """Each schedule, or what is wrong with it; one wrong address spoils no other."""
    call.person.mailbox.calendar_of(calendar)
    wire = json_body()
    schedules, minutes = _schedules(wire), _minutes(wire)
    span = read_span(wire.get("startTime"), wire.get("endTime"))
    value = [_schedule(call, address, span, minutes) for address in schedules]
    kind = f"{call.base}/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)"
    return answer({"@odata.context": kind, "value": value})


def _schedules(wire: dict[str, Any]) -> list[str]:
    found = wire.get("schedules", wire.get("Schedules"))
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise unreadable("The property 'schedules' must be a list of strings.")
    if not 1 <= len(found) <= SCHEDULES_MOST:
        raise bad_request(f"A request asks for 1 to {SCHEDULES_MOST} schedules.")
    return found


def _minutes(wire: dict[str, Any]) -> int:
    name = "availabilityViewInterval"
    minutes = number(name, wire.get(name, MINUTES_USUAL))
    if not MINUTES_LEAST <= minutes <= MINUTES_MOST:
        raise bad_request(
            f"The interval must lie between {MINUTES_LEAST} and {MINUTES_MOST} minutes.",
            "ErrorInvalidMergedFreeBusyInterval",
        )
    return minutes


def _schedule(call: Call, address: str, span: Span, minutes: int) -> dict[str, Any]:
    days = -(-(span.high - span.low) // 86400)
    if days > DAYS_MOST:
        return _problem(
            address, "5006",
            f"{INFO_WORKER}.TimeIntervalTooBigException: The requested time duration specified "
            "for FreeBusyViewOptions.TimeWindow is too long. The allowed limit = "
            f"{DAYS_MOST} days; the actual limit = {days} days.",
        )  # fmt: skip
    person = call.world.find_person(address) if "@" in address else None
    if person is None or not person.has_mailbox or person.tenant.id != call.access.tenant:
        return _problem(
            address, "5009",
            f"{INFO_WORKER}.MailRecipientNotFoundException: Unable to resolve e-mail address "
            f"{address} to an Active Directory object.",
        )  # fmt: skip
    calendar = person.mailbox.default_calendar
    found = busy_times(person, calendar, span, role_of(person, calendar, call.person))
    return {
        "scheduleId": address,
        "availabilityView": availability_view(found, span, minutes),
        "scheduleItems": [_item(call, each) for each in found],
        "workingHours": hours_wire(call.world, person),
    }


def _problem(address: str, code: str, message: str) -> dict[str, Any]:
    return {
        "scheduleId": address,
        "availabilityView": "",
        "scheduleItems": [],
        "error": {"message": message, "responseCode": code},
    }


def _item(call: Call, busy: Busy) -> dict[str, Any]:
    wire = {
        "status": busy.status,
        "start": moment_wire(busy.span.low, call.style),
        "end": moment_wire(busy.span.high, call.style),
    }
    if busy.subject is None:
        return wire
    return {"isPrivate": busy.private, "subject": busy.subject, "location": busy.location, **wire}
