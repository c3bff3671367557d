"""Into a colleague's calendar: by the owner's address, or by the copy in one's own list."""

from __future__ import annotations

from dataclasses import replace
from inspect import signature
from typing import Any

from simulator.directory import Person
from simulator.entra.grants import Access
from simulator.graph.address import Address
from simulator.graph.calendar.calendar_wire import shared_wire
from simulator.graph.call import Call
from simulator.mailbox.ids import CALENDAR, ItemId
from simulator.mailbox.sharing import READERS, WRITERS, role_of
from simulator.mailbox.store import Calendar
from simulator.refused import Refused, access_denied
from simulator.world import World

SHARED_READ = {"Calendars.Read.Shared", "Calendars.ReadWrite.Shared"}
SHARED_WRITE = {"Calendars.ReadWrite.Shared"}
ITSELF = "/calendars/<calendar>"
INSIDE = ("/calendarView", "/calendar/", "/calendars/<calendar>", "/events")
PERMISSIONS = "/calendarPermissions"


def mount_of(call: Call, calendar: str | None) -> int | None:
    """The number of a shared calendar in one's own list, None for a calendar of one's own."""
    item_id = call.person.mailbox.mint.read(calendar) if calendar else None
    if item_id is None or item_id.kind != CALENDAR:
        return None
    return item_id.number if item_id.number in call.person.mailbox.mounts else None


def mounts_of(call: Call) -> list[dict[str, Any]]:
    """What others share with a mailbox."""
    return [shared_answer(call, number) for number in call.person.mailbox.mounts]


def shared_answer(call: Call, mount: int) -> dict[str, Any]:
    """One shared calendar as it shows in one's own list."""
    owner, calendar = _behind(call, mount)
    name = call.person.mailbox.mint.write(ItemId(CALENDAR, mount))
    return shared_wire(name, owner, calendar, role_of(owner, calendar, call.person))


def _behind(call: Call, mount: int) -> tuple[Person, Calendar]:
    owner_id, number = call.person.mailbox.mounts[mount]
    owner = call.world.people[owner_id]
    return owner, owner.mailbox.calendars[number]


def opened(call: Call, address: Address, parts: dict[str, str]) -> tuple[Call, dict[str, str]]:
    """The call as the owner's mailbox has to answer it; unchanged where nothing is shared."""
    viewer = call.world.people.get(call.access.person or "")
    if call.owner is None or viewer is None or address.kind != "mailbox":
        return call, parts
    if viewer is call.owner:
        mount = mount_of(call, parts.get("calendar"))
        if mount is None or address.rule == ITSELF:
            return call, parts
        owner, calendar = _behind(call, mount)
        _refuse_old_sharing(call.world, viewer)
    else:
        owner = call.owner
        calendar = owner.mailbox.calendar_of(parts.get("calendar"))
    role = _admitted(call.access, address, role_of(owner, calendar, viewer))
    style = replace(call.style, role=role)
    inside = {**parts, "calendar": owner.mailbox.calendar_id(calendar)}
    return replace(call, owner=owner, style=style), inside


def may_be_shared(address: Address) -> bool:
    """Is this an address at which a colleague may act for the owner?"""
    rule = address.rule
    inside = rule == "/calendar" or rule.startswith(INSIDE)
    takes_calendar = "calendar" in signature(address.handler).parameters
    return inside and takes_calendar and not rule.partition(PERMISSIONS)[1]


def _admitted(access: Access, address: Address, role: str) -> str:
    reads = address.method == "GET"
    allowed = role in (READERS if reads else WRITERS)
    scoped = access.permissions & (SHARED_READ if reads else SHARED_WRITE)
    if not (may_be_shared(address) and allowed and scoped):
        raise access_denied()
    return role


def _refuse_old_sharing(world: World, viewer: Person) -> None:
    if world.switches.strikes("mailboxes.old_sharing", viewer.id):
        raise Refused(
            500,
            "ErrorInternalServerTransientError",
            "An internal server error occurred. Try again later.",
        )
