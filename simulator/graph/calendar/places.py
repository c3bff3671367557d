"""The addresses of calendars themselves: lists, sharing, free and busy times."""

from __future__ import annotations

from simulator.graph.address import READ, READ_BASIC, WRITE, Address
from simulator.graph.calendar import calendars, permissions, reminders, schedule, suggestions

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


ADDRESSES = [
    Address("GET", "/calendars", calendars.collection, READ_BASIC),
    Address("POST", "/calendars", calendars.create, WRITE),
    Address("DELETE", "/calendars/<calendar>", calendars.delete, WRITE),
    Address("GET", "/calendarGroups", calendars.groups, READ),
    Address("GET", "/calendarGroups/<group>/calendars", calendars.of_group, READ),
    Address("POST", "/findMeetingTimes", suggestions.suggest, SHARED),
    Address("GET", REMINDERS, reminders.view, READ),
    *_calendar("/calendar"),
    *_calendar("/calendars/<calendar>"),
]
