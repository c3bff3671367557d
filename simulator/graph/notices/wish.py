"""What somebody asks of a subscription, read and refused as Graph does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from simulator.directory import Person
from simulator.graph.access import NOT_YOURS, owner_of
from simulator.graph.address import READ, READ_CONTACTS
from simulator.graph.call import Call, Wire
from simulator.notices.subscription import Target
from simulator.refused import Refused, access_denied, not_simulated, unreadable

CHANGES = {"created", "updated", "deleted"}
TLS = ("v1_0", "v1_1", "v1_2", "v1_3")
SHORTEST = timedelta(minutes=45)
STATE_MOST = 128
PROPERTIES = {
    "id", "applicationId", "changeType", "clientState", "creatorId", "encryptionCertificate",
    "encryptionCertificateId", "expirationDateTime", "includeResourceData",
    "latestSupportedTlsVersion", "lifecycleNotificationUrl", "notificationQueryOptions",
    "notificationUrl", "notificationUrlAppId", "resource",
}  # fmt: skip
RESOURCE = re.compile(
    r"/?(?:me|users(?:/(?P<user>[^/()']+)|\('(?P<quoted>[^']+)'\)))/"
    r"(?P<rest>[^?]+?)/?(?P<query>\?.*)?",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"(?:(?P<kind>calendars|contactFolders)/(?P<place>[^/]+)/|calendar/)?(?P<items>events|contacts)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A resource that may be subscribed to, and the permissions of which one is needed."""

    person: Person
    target: Target
    any_of: tuple[str, ...]


def invalid(message: str) -> Refused:
    """A 400 as the notification service words it."""
    return Refused(400, "InvalidRequest", message)


def text_of(wire: Wire, name: str, *, needed: bool = False) -> str | None:
    """A string of the body; refused when it is something else, or missing though needed."""
    value = wire.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value:
        raise invalid(f"Invalid value or missing property '{name}' in the subscription request.")
    return value


def watched(call: Call, resource: str) -> Watched:
    """What a resource means; refused where Graph does not offer it."""
    found = RESOURCE.fullmatch(resource)
    if found is None:
        raise invalid(f"Resource '{resource}' is not supported for subscriptions.")
    if found["query"]:
        raise not_simulated(f"a subscription with a query: {resource}")
    rest = found["rest"]
    if "calendarview" in rest.lower():
        raise invalid("Subscriptions to calendarView are not supported; use events.")
    place = PLACE.fullmatch(rest)
    if place is None:
        raise not_simulated(f"a subscription to {resource}")
    person = _owner(call, found["user"] or found["quoted"])
    if place["items"].lower() == "contacts":
        return Watched(person, _contact_target(person, place, resource), READ_CONTACTS)
    return Watched(person, _calendar_target(person, place, resource), READ)


def _calendar_target(person: Person, place: re.Match[str], resource: str) -> Target:
    if (place["kind"] or "calendars").lower() != "calendars":
        raise invalid(f"Resource '{resource}' is not supported for subscriptions.")
    if place["place"]:
        return Target("event", person.mailbox.calendar_of(place["place"]).number)
    if place[0].lower().startswith("calendar/"):
        return Target("event", person.mailbox.default_calendar.number)
    return Target("event")


def _contact_target(person: Person, place: re.Match[str], resource: str) -> Target:
    if place[0].lower() == "contacts":
        return Target("contact")
    if (place["kind"] or "").lower() != "contactfolders":
        raise invalid(f"Resource '{resource}' is not supported for subscriptions.")
    return Target("contact", person.mailbox.contacts.folder_of(place["place"]).number)


def _owner(call: Call, user: str | None) -> Person:
    person = owner_of(user, call.access)
    if call.owner is not None and call.owner.id != person.id:
        raise access_denied(NOT_YOURS)
    return person


def change_type(wire: Wire) -> str:
    """`created,updated,deleted`, or some of them, as it was written."""
    text = str(text_of(wire, "changeType", needed=True)).replace(" ", "")
    if not set(text.split(",")) <= CHANGES:
        raise invalid(f"The value '{text}' of 'changeType' is not supported for this resource.")
    return text


def address(wire: Wire, name: str, *, needed: bool = False) -> str | None:
    """A notification address: HTTPS, or plain HTTP to this machine, where no certificate is."""
    url = text_of(wire, name, needed=needed)
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        host = None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))):
        raise invalid(
            f"The '{name}' must be an absolute HTTPS address "
            "(the simulator also takes http:// to a loopback address)."
        )
    return url


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def client_state(wire: Wire) -> str | None:
    """The secret that every notification brings back."""
    text = text_of(wire, "clientState")
    if text and len(text) > STATE_MOST:
        raise invalid(f"The 'clientState' must not be longer than {STATE_MOST} characters.")
    return text


def expiry(call: Call, person: Person, wire: Wire) -> datetime:
    """Until when it is to live: what is too short becomes longer, what is too long is refused."""
    text, now = str(text_of(wire, "expirationDateTime", needed=True)), call.world.now()
    try:
        wished = datetime.fromisoformat(text)
    except ValueError as problem:
        raise invalid(f"'{text}' is no valid 'expirationDateTime'.") from problem
    if wished.tzinfo is None:
        wished = wished.replace(tzinfo=UTC)
    if wished <= now:
        raise invalid("Subscription expiration must be in the future.")
    longest = int(call.world.switches.position("notices.longest", person.id))
    if wished > now + timedelta(minutes=longest):
        raise invalid(f"Subscription expiration can only be {longest} minutes in the future.")
    return max(wished.astimezone(UTC), now + min(SHORTEST, timedelta(minutes=longest)))


def tls_version(wire: Wire) -> str:
    """The newest TLS the address is said to speak."""
    text = text_of(wire, "latestSupportedTlsVersion") or "v1_2"
    if text not in TLS:
        raise invalid(f"The value '{text}' of 'latestSupportedTlsVersion' is not supported.")
    return text


def refuse_unknown(wire: Wire) -> None:
    """A misspelt property is refused rather than left aside."""
    for name in wire:
        if name not in PROPERTIES and "@" not in name:
            raise unreadable(
                f"The property '{name}' does not exist on type 'microsoft.graph.subscription'."
            )


def refuse_content(wire: dict[str, Any]) -> None:
    """Notifications that carry encrypted content are beyond this simulator."""
    for name in ("includeResourceData", "encryptionCertificate", "notificationQueryOptions"):
        if wire.get(name):
            raise not_simulated(f"a subscription with {name}")
