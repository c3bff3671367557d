"""/me, /users/{id}, mailbox settings and the list of calendars."""

from __future__ import annotations

from flask import Response

from simulator.graph.calendar.wire import calendar_wire
from simulator.graph.call import Call, answer
from simulator.graph.directory.wire import mailbox_settings_wire, user_wire
from simulator.graph.odata import page, selected
from simulator.mailbox.store import Calendar


def named_calendar(call: Call, calendar: str | None) -> Calendar:
    """The calendar an address names; the default one where it names none."""
    mailbox = call.person.mailbox
    return mailbox.default_calendar if calendar is None else mailbox.calendar_of(calendar)


def show(call: Call) -> Response:
    """A profile."""
    context = f"{call.base}/v1.0/$metadata#users/$entity"
    return answer({"@odata.context": context, **selected(user_wire(call.person))})


def settings(call: Call) -> Response:
    """Zone, language, working hours."""
    wire = selected(mailbox_settings_wire(call.person))
    wire.pop("id", None)
    return answer({"@odata.context": f"{call.context}/mailboxSettings", **wire})


def time_zone(call: Call) -> Response:
    """The zone alone."""
    zone = call.person.mailbox.zone
    return answer({"@odata.context": f"{call.context}/mailboxSettings/timeZone", "value": zone})


def calendars(call: Call) -> Response:
    """All calendars of the mailbox, in pages."""
    shown, notes = page(call, list(call.person.mailbox.calendars.values()))
    value = [selected(calendar_wire(call.person, each)) for each in shown]
    return answer({"@odata.context": f"{call.context}/calendars", **notes, "value": value})


def calendar(call: Call, calendar: str | None = None) -> Response:
    """One calendar."""
    wire = selected(calendar_wire(call.person, named_calendar(call, calendar)))
    return answer({"@odata.context": f"{call.context}/calendars/$entity", **wire})
