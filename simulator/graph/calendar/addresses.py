"""The addresses of calendars, of what is in them, and of sharing and free times."""

from __future__ import annotations

from simulator.graph.address import DELTAS, READ, READ_BASIC, WRITE, Address, Handler
from simulator.graph.calendar import (
    actions,
    calendars,
    delta,
    events,
    extensions,
    grouped,
    permissions,
    reminders,
    schedule,
    suggestions,
    views,
)

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
SHARED = ("Calendars.Read.Shared", "Calendars.ReadWrite.Shared")
REMINDERS = "/reminderView(startDateTime='<start>',endDateTime='<end>')"


def _calendar(place: str) -> list[Address]:
    """What a calendar itself offers, the default one and a named one alike."""
    sharing = f"{place}/calendarPermissions"
    return [
        Address("GET", place, calendars.show, READ_BASIC),
        Address("PATCH", place, calendars.change, WRITE),
        Address("POST", f"{place}/getSchedule", schedule.show, READ_BASIC),
        Address("GET", sharing, permissions.collection, READ),
        Address("POST", sharing, permissions.create, WRITE),
        Address("GET", f"{sharing}/<permission>", permissions.show, READ),
        Address("PATCH", f"{sharing}/<permission>", permissions.change, WRITE),
        Address("DELETE", f"{sharing}/<permission>", permissions.delete, WRITE),
    ]


def _in_place(place: str) -> list[Address]:
    """What is below the mailbox, the default calendar and a named calendar alike."""
    one = f"{place}/events/<event>"
    return [
        Address("GET", f"{place}/calendarView", views.calendar_view, READ_BASIC),
        *(
            Address("GET", f"{place}/{things}/{name}", tracked, READ_BASIC)
            for things, tracked in TRACKED.items()
            for name in DELTAS
        ),
        Address("GET", f"{place}/events", events.collection, READ_BASIC),
        Address("POST", f"{place}/events", events.create, WRITE),
        Address("GET", one, events.show, READ_BASIC),
        Address("PATCH", one, events.change, WRITE),
        Address("DELETE", one, events.delete, WRITE),
        Address("GET", f"{one}/instances", views.instances, READ_BASIC),
        Address("GET", f"{one}/extensions", extensions.collection, READ),
        Address("POST", f"{one}/extensions", extensions.create, WRITE),
        Address("GET", f"{one}/extensions/<extension>", extensions.show, READ),
        Address("PATCH", f"{one}/extensions/<extension>", extensions.change, WRITE),
        Address("DELETE", f"{one}/extensions/<extension>", extensions.delete, WRITE),
        *(Address("POST", f"{one}/{name}", action, WRITE) for name, action in ACTIONS.items()),
    ]


ADDRESSES = [
    Address("GET", "/events/<event>/calendar", events.its_calendar, READ_BASIC),
    *(address for place in PLACES for address in _in_place(place)),
    Address("GET", "/calendars", calendars.collection, READ_BASIC),
    Address("POST", "/calendars", calendars.create, WRITE),
    Address("DELETE", "/calendars/<calendar>", calendars.delete, WRITE),
    Address("GET", "/calendarGroups", calendars.groups, READ_BASIC),
    Address("GET", "/calendarGroups/<group>/calendars", calendars.of_group, READ_BASIC),
    Address("POST", "/findMeetingTimes", suggestions.suggest, SHARED),
    Address("GET", REMINDERS, reminders.view, READ),
    *_calendar("/calendar"),
    *_calendar("/calendars/<calendar>"),
    *grouped.ADDRESSES,
]
