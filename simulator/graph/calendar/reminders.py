"""reminderView: whose reminder goes off in a span."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.graph.calendar.event_wire import change_key
from simulator.graph.call import Call, answer
from simulator.graph.filters import seconds_of
from simulator.graph.wire import moment_wire
from simulator.mailbox.item import Instance
from simulator.mailbox.locations import NOWHERE
from simulator.mailbox.words import DEFAULTS
from simulator.refused import bad_request

# A reminder goes off two weeks before its event at most.
EARLIEST = 14 * 86400


def view(call: Call, start: str, end: str) -> Response:
    """Events of the default calendar that are reminded of in a span, in that order."""
    low, high = _moment(start), _moment(end)
    mailbox = call.person.mailbox
    found = mailbox.view(mailbox.default_calendar, low, high + EARLIEST)
    fires = sorted(
        ((_fires(each), each.item.number, each) for each in found if _reminds(each)),
        key=lambda row: row[:2],
    )
    value = [_wire(call, each, at) for at, _, each in fires if low <= at < high]
    kind = f"{call.base}/v1.0/$metadata#Collection(microsoft.graph.reminder)"
    return answer({"@odata.context": kind, "value": value})


def _moment(text: str) -> int:
    try:
        return seconds_of(text)
    except (ValueError, OverflowError) as problem:
        raise bad_request(f"'{text}' is not a valid date and time.") from problem


def _word(instance: Instance, name: str) -> Any:
    return instance.words.get(name, DEFAULTS[name])


def _reminds(instance: Instance) -> bool:
    return bool(_word(instance, "isReminderOn"))


def _fires(instance: Instance) -> int:
    return instance.starts - 60 * int(_word(instance, "reminderMinutesBeforeStart"))


def _wire(call: Call, instance: Instance, at: int) -> dict[str, Any]:
    person, style = call.person, call.style
    event_id = person.mailbox.id_of(instance, immutable=style.immutable)
    return {
        "eventId": event_id,
        "eventSubject": _word(instance, "subject"),
        "eventStartTime": moment_wire(instance.starts, style),
        "eventEndTime": moment_wire(instance.ends, style),
        "eventLocation": instance.words.get("location", NOWHERE),
        "eventWebLink": f"{style.base}/outlook/{person.address}/events/{event_id}",
        "changeKey": change_key(person, instance),
        "reminderFireTime": moment_wire(at, style),
    }
