"""The addresses of people and mailbox settings."""

from __future__ import annotations

from simulator.graph.address import PROFILE, SETTINGS, WRITE_SETTINGS, Address
from simulator.graph.directory import ids, people, relevant, settings, timezones

DIRECTORY = PROFILE[1:]
STANDARD = "TimeZoneStandard=microsoft.graph.timeZoneStandard'<standard>'"

ADDRESSES = [
    Address("GET", "", people.show, PROFILE, kind="profile"),
    Address("GET", "/users", people.collection, DIRECTORY, kind="service"),
    Address("GET", "/people", relevant.collection, ("People.Read", "People.Read.All")),
    Address("GET", "/mailboxSettings", settings.show, SETTINGS),
    Address("PATCH", "/mailboxSettings", settings.change, WRITE_SETTINGS),
    Address("GET", "/mailboxSettings/timeZone", settings.time_zone, SETTINGS),
    Address("GET", "/outlook/supportedTimeZones", timezones.windows, PROFILE),
    Address("GET", f"/outlook/supportedTimeZones({STANDARD})", timezones.by_standard, PROFILE),
    Address("POST", "/translateExchangeIds", ids.translate, PROFILE),
]
