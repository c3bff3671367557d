"""The addresses of subscriptions."""

from __future__ import annotations

from simulator.graph.address import READ, READ_CONTACTS, Address
from simulator.graph.notices import subscriptions

ONE = "/subscriptions/<subscription>"
ANY = (*READ, *READ_CONTACTS)

# Creating and renewing may call the notification address, which may well call back.
ADDRESSES = [
    Address("GET", "/subscriptions", subscriptions.collection, ANY, "service"),
    Address("POST", "/subscriptions", subscriptions.create, ANY, "service", unlocked=True),
    Address("GET", ONE, subscriptions.show, ANY, "service"),
    Address("PATCH", ONE, subscriptions.renew, ANY, "service", unlocked=True),
    Address("DELETE", ONE, subscriptions.delete, ANY, "service"),
    Address("POST", f"{ONE}/reauthorize", subscriptions.reauthorize, ANY, "service", unlocked=True),
]
