"""The addresses of calendars and events."""

from __future__ import annotations

from simulator.graph.address import DELTAS, READ, WRITE, Address, Handler
from simulator.graph.calendar import actions, delta, events, extensions, grouped, places, views

PLACES = ("", "/calendar", "/calendars/<calendar>")
TRACKED: dict[str, Handler] = {
    "calendarView": delta.calendar_delta,
    "events": delta.events_delta,
}
ACTIONS: dict[str, Handler] = {
    "accept": actions.accept,
    "tentativelyAccept": actions.tentatively_accept,
    "decline": actions.decline,
    "cancel": actions.cancel,
    "forward": actions.forward,
    "dismissReminder": actions.dismiss_reminder,
    "snoozeReminder": actions.snooze_reminder,
    "permanentDelete": actions.erase,
}


def _in_place(place: str) -> list[Address]:
    """What is below the mailbox, the default calendar and a named calendar alike."""
    one = f"{place}/events/<event>"
    return [
        Address("GET", f"{place}/calendarView", views.calendar_view, READ),
        *(
            Address("GET", f"{place}/{things}/{name}", tracked, READ)
            for things, tracked in TRACKED.items()
            for name in DELTAS
        ),
        Address("GET", f"{place}/events", events.collection, READ),
        Address("POST", f"{place}/events", events.create, WRITE),
        Address("GET", one, events.show, READ),
        Address("PATCH", one, events.change, WRITE),
        Address("DELETE", one, events.delete, WRITE),
        Address("GET", f"{one}/instances", views.instances, READ),
        Address("GET", f"{one}/extensions", extensions.collection, READ),
        Address("POST", f"{one}/extensions", extensions.create, WRITE),
        Address("GET", f"{one}/extensions/<extension>", extensions.show, READ),
        Address("PATCH", f"{one}/extensions/<extension>", extensions.change, WRITE),
        Address("DELETE", f"{one}/extensions/<extension>", extensions.delete, WRITE),
        *(Address("POST", f"{one}/{name}", action, WRITE) for name, action in ACTIONS.items()),
    ]


ADDRESSES = [
    Address("GET", "/events/<event>/calendar", events.its_calendar, READ),
    *(address for place in PLACES for address in _in_place(place)),
    *places.ADDRESSES,
    *grouped.ADDRESSES,
]
