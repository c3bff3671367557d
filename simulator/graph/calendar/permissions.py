"""calendarPermissions: whom a calendar is shared with, and how far."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import Response

from simulator.graph.calendar.calendars import named_calendar
from simulator.graph.call import Call, answer, json_body
from simulator.graph.odata import page, selected
from simulator.mailbox.sharing import ROLES, share, unshare
from simulator.mailbox.store import Calendar
from simulator.refused import bad_recipient, bad_request, item_not_found, unreadable

EVERYONE = "Default"
ORGANIZATION = "My Organization"
INSIDE_ROLES = [each for each in ROLES if each != "custom"]
EVERYONE_ROLES = ["none", "freeBusyRead", "limitedRead", "read", "write"]
OUTSIDE_ROLES = ["none", "freeBusyRead", "limitedRead", "read"]


def collection(call: Call, calendar: str | None = None) -> Response:
    """The whole organisation first, then everybody the calendar is shared with."""
    chosen = named_calendar(call, calendar)
    names = ["", *chosen.shares]
    shown, notes = page(call, [_wire(call, chosen, each) for each in names])
    value = [selected(each) for each in shown]
    return answer(
        {"@odata.context": f"{call.context}/calendarPermissions", **notes, "value": value}
    )


def create(call: Call, calendar: str | None = None) -> Response:
    """Share a calendar with somebody."""
    chosen, wire = named_calendar(call, calendar), json_body()
    entry = wire.get("emailAddress")
    address = entry.get("address") if isinstance(entry, dict) else None
    if not isinstance(address, str) or "@" not in address:
        raise bad_recipient()
    if address.lower() in chosen.shares or address.lower() == call.person.address.lower():
        raise bad_request("The user already has a permission on this calendar.")
    role = _role(wire, _allowed(call, address.lower()))
    share(call.person, chosen, call.world.find_person(address), address, role)
    return _whole(call, chosen, address.lower(), 201)


def show(call: Call, permission: str, calendar: str | None = None) -> Response:
    """One permission."""
    chosen = named_calendar(call, calendar)
    return _whole(call, chosen, _named(chosen, permission))


def change(call: Call, permission: str, calendar: str | None = None) -> Response:
    """Give somebody another role."""
    chosen = named_calendar(call, calendar)
    name = _named(chosen, permission)
    role = _role(json_body(), _allowed(call, name))
    if name:
        share(call.person, chosen, call.world.find_person(name), name, role)
    else:
        chosen.everyone = role
    return _whole(call, chosen, name)


def delete(call: Call, permission: str, calendar: str | None = None) -> Response:
    """Take a share back; that of the organisation can only be changed."""
    chosen = named_calendar(call, calendar)
    name = _named(chosen, permission)
    if not name:
        raise bad_request("The permission of the organization cannot be removed.")
    unshare(call.person, chosen, call.world.find_person(name), name)
    return Response(status=204)


def _id(name: str) -> str:
    return urlsafe_b64encode((name or EVERYONE).encode()).decode()


def _named(calendar: Calendar, permission: str) -> str:
    """The address behind a permission's id; empty for the organisation."""
    try:
        name = urlsafe_b64decode(permission).decode()
    except ValueError as problem:
        raise item_not_found() from problem
    if name == EVERYONE:
        return ""
    if name not in calendar.shares:
        raise item_not_found()
    return name


def _allowed(call: Call, name: str) -> list[str]:
    if not name:
        return EVERYONE_ROLES
    return INSIDE_ROLES if _inside(call, name) else OUTSIDE_ROLES


def _inside(call: Call, name: str) -> bool:
    return not name or name.endswith(f"@{call.person.tenant.domain}")


def _role(wire: dict[str, Any], allowed: list[str]) -> str:
    role = wire.get("role")
    if role not in ROLES:
        raise unreadable(f"Requested value '{role}' of 'role' was not found.")
    if role not in allowed:
        raise bad_request(f"The role '{role}' is not among the allowed roles.")
    return str(role)


def _wire(call: Call, calendar: Calendar, name: str) -> dict[str, Any]:
    known = call.world.find_person(name) if name else None
    entry = {"name": known.name if known else name, "address": name}
    return {
        "id": _id(name),
        "isRemovable": bool(name),
        "isInsideOrganization": _inside(call, name),
        "role": calendar.shares[name] if name else calendar.everyone,
        "allowedRoles": _allowed(call, name),
        "emailAddress": entry if name else {"name": ORGANIZATION},
    }


def _whole(call: Call, calendar: Calendar, name: str, status: int = 200) -> Response:
    context = f"{call.context}/calendar/calendarPermissions/$entity"
    return answer({"@odata.context": context, **_wire(call, calendar, name)}, status)
