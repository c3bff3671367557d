"""Notifications and notices as they are sent."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID, uuid5

from simulator.directory import Person
from simulator.graph.wire import stamp, version_key
from simulator.notices.news import ChangeType, News
from simulator.notices.subscription import Subscription

Lifecycle = Literal["reauthorizationRequired", "subscriptionRemoved", "missed"]
Forgery = Literal["client_state", "subscription"]
Wire = dict[str, Any]

COLLECTIONS = {"event": "Events", "contact": "Contacts"}
TYPES = {"event": "#Microsoft.Graph.Event", "contact": "#Microsoft.Graph.Contact"}


def change_wire(
    person: Person, subscription: Subscription, news: News, change: ChangeType, serial: int
) -> Wire:
    """One change. `serial` tells apart what is said several times about it."""
    item_id = news.immutable_id if subscription.immutable else news.normal_id
    resource = f"Users/{person.id}/{COLLECTIONS[news.thing]}/{item_id}"
    said = f"{news.thing}/{news.number}/{news.version}/{change}/{serial}"
    return {
        # Made of what it says: when a notification goes out must not decide later ids.
        "id": str(uuid5(UUID(subscription.id), said)),
        **_head(subscription),
        "changeType": change,
        "resource": resource,
        "resourceData": {
            "@odata.type": TYPES[news.thing],
            "@odata.id": resource,
            "@odata.etag": f'W/"{version_key(person, news.number, news.version)}"',
            "id": item_id,
        },
    }


def lifecycle_wire(subscription: Subscription, event: Lifecycle) -> Wire:
    """One notice about the subscription itself."""
    return {**_head(subscription), "lifecycleEvent": event}


def invented_wire(subscription: Subscription) -> Wire:
    """A change that nobody made, of a thing that is not there."""
    thing = subscription.target.thing
    resource = f"Users/{subscription.person}/{COLLECTIONS[thing]}/invented"
    return {
        "id": str(uuid5(UUID(subscription.id), "invented")),
        **_head(subscription),
        "changeType": "updated",
        "resource": resource,
        "resourceData": {"@odata.type": TYPES[thing], "@odata.id": resource, "id": "invented"},
    }


def forged_wire(wire: Wire, how: Forgery) -> Wire:
    """The same as somebody would write it who does not know the secret or the subscription."""
    if how == "client_state":
        return {**wire, "clientState": "guessed"}
    return {**wire, "subscriptionId": str(uuid5(UUID(wire["subscriptionId"]), "forged"))}


def _head(subscription: Subscription) -> Wire:
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": stamp(subscription.expires),
        "clientState": subscription.client_state,
        "tenantId": subscription.tenant,
    }
