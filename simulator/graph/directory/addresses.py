"""The addresses of people and mailbox settings."""

from __future__ import annotations

from simulator.graph.address import PROFILE, SETTINGS, Address
from simulator.graph.directory import people

ADDRESSES = [
    Address("GET", "", people.show, PROFILE, kind="profile"),
    Address("GET", "/mailboxSettings", people.settings, SETTINGS),
    Address("GET", "/mailboxSettings/timeZone", people.time_zone, SETTINGS),
]
