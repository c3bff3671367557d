"""What is done with an event that is there: answers, cancelling, forwarding, reminders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from simulator import exchange
from simulator.graph.calendar.events import event_in
from simulator.graph.call import Call, json_body
from simulator.mailbox.checks import flag, text
from simulator.mailbox.when import read_when
from simulator.refused import bad_recipient, unreadable

Action = Callable[..., Response]


def _parameters() -> dict[str, Any]:
    # Microsoft's pages write `comment`, its SDKs `Comment`: the service takes either.
    return {name.lower(): value for name, value in json_body().items()}


def _text(parameters: dict[str, Any], name: str) -> str:
    value = parameters.get(name)
    return "" if value is None else text(name, value)


def _flag(parameters: dict[str, Any], name: str, *, default: bool) -> bool:
    value = parameters.get(name)
    return default if value is None else flag(name, value)


def _slot(parameters: dict[str, Any]) -> dict[str, Any] | None:
    value = parameters.get("proposednewtime")
    if not isinstance(value, dict | None):
        raise unreadable("The property 'proposedNewTime' is not a timeSlot.")
    return value


def _answer(given: exchange.Answer) -> Action:
    def action(call: Call, event: str, calendar: str | None = None) -> Response:
        instance, asked = event_in(call, event, calendar), _parameters()
        exchange.answer_event(
            call.world,
            call.person,
            instance,
            given,
            _text(asked, "comment"),
            _flag(asked, "sendresponse", default=True),
            _slot(asked),
        )
        return Response(status=202)

    return action


accept = _answer("accepted")
tentatively_accept = _answer("tentativelyAccepted")
decline = _answer("declined")


def cancel(call: Call, event: str, calendar: str | None = None) -> Response:
    """Cancel a meeting one organises; its invitees are told."""
    comment = _text(_parameters(), "comment")
    exchange.cancel_event(call.world, call.person, event_in(call, event, calendar), comment)
    return Response(status=202)


def forward(call: Call, event: str, calendar: str | None = None) -> Response:
    """Pass a meeting on to more people."""
    asked, instance = _parameters(), event_in(call, event, calendar)
    exchange.forward_event(
        call.world, call.person, instance, _recipients(asked), _text(asked, "comment")
    )
    return Response(status=202)


def _recipients(parameters: dict[str, Any]) -> list[str]:
    recipients = parameters.get("torecipients")
    if not isinstance(recipients, list):
        raise unreadable("The property 'toRecipients' must be a list.")
    try:
        return [str(each["emailAddress"]["address"]) for each in recipients]
    except (KeyError, TypeError) as problem:
        raise bad_recipient() from problem


def dismiss_reminder(call: Call, event: str, calendar: str | None = None) -> Response:
    """No more reminder."""
    exchange.dismiss_reminder(call.person, event_in(call, event, calendar))
    return Response(status=202)


def snooze_reminder(call: Call, event: str, calendar: str | None = None) -> Response:
    """Remind again at another time."""
    until, instance = _parameters().get("newremindertime"), event_in(call, event, calendar)
    read_when(call.person.mailbox, {"start": until, "end": until})
    exchange.snooze_reminder(call.person, instance)
    return Response(status=202)


def erase(call: Call, event: str, calendar: str | None = None) -> Response:
    """Delete an event for good."""
    exchange.erase_event(call.world, call.person, event_in(call, event, calendar))
    return Response(status=204)
