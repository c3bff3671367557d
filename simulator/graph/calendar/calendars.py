"""Calendars and their groups: list, get, create, change, delete."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator import exchange
from simulator.graph.calendar.calendar_wire import CALENDARS, COLORS, calendar_wire
from simulator.graph.calendar.shared import mount_of, mounts_of, shared_answer
from simulator.graph.call import Call, answer, json_body
from simulator.graph.odata import listed, page, selected, shaped
from simulator.graph.wire import version_key
from simulator.mailbox.ids import CALENDAR_GROUP, ItemId
from simulator.mailbox.item import master_of
from simulator.mailbox.sharing import unshare
from simulator.mailbox.store import Calendar
from simulator.refused import (
    access_denied,
    bad_id,
    bad_request,
    name_taken,
    not_simulated,
    unreadable,
)

READ_ONLY = CALENDARS.properties - {"name", "color"}
NAME_MOST = 255
# Name and class of the groups Outlook begins with; the third holds what others share.
GROUPS = (
    ("My Calendars", "0006f0b7-0000-0000-c000-000000000046"),
    ("Other Calendars", "0006f0b8-0000-0000-c000-000000000046"),
    ("People's Calendars", "0006f0b9-0000-0000-c000-000000000046"),
)
OWN, SHARED = 1, 3


def named_calendar(call: Call, calendar: str | None) -> Calendar:
    """The calendar an address names; the default one where it names none."""
    return call.person.mailbox.calendar_of(calendar)


def collection(call: Call) -> Response:
    """All calendars of the mailbox and all that others share with it, in pages of ten."""
    return _listed(call, _own(call) + mounts_of(call))


def show(call: Call, calendar: str | None = None) -> Response:
    """One calendar."""
    mount = mount_of(call, calendar)
    if mount is not None:
        return _whole(call, shared_answer(call, mount))
    return _whole(call, calendar_wire(call.person, named_calendar(call, calendar)))


def create(call: Call) -> Response:
    """A new calendar; its name must be new in the mailbox."""
    wire = _checked(json_body())
    if "name" not in wire:
        raise bad_request("A calendar needs a name.", "ErrorInvalidParameter")
    _refuse_namesake(call, wire["name"])
    made = call.person.mailbox.add_calendar(wire["name"], color=wire.get("color", "auto"))
    return _whole(call, calendar_wire(call.person, made), 201)


def change(call: Call, calendar: str | None = None) -> Response:
    """Change name or colour."""
    if mount_of(call, calendar) is not None:
        raise not_simulated("PATCH of a calendar that somebody else shares")
    found, wire = named_calendar(call, calendar), _checked(json_body())
    if wire.get("name", found.name).lower() != found.name.lower():
        _refuse_namesake(call, wire["name"])
    found.name = wire.get("name", found.name)
    found.color = wire.get("color", found.color)
    found.version += 1
    return _whole(call, calendar_wire(call.person, found))


def delete(call: Call, calendar: str) -> Response:
    """Delete a calendar with its events; a colleague's own stays with the colleague."""
    mailbox, mount = call.person.mailbox, mount_of(call, calendar)
    if mount is not None:
        del mailbox.mounts[mount]
        return Response(status=204)
    found = mailbox.calendar_of(calendar)
    if found is mailbox.default_calendar:
        raise bad_request("The default calendar cannot be deleted.")
    if not found.can_edit:
        raise access_denied("This calendar cannot be deleted.")
    for item in [each for each in mailbox.items.values() if each.calendar == found.number]:
        exchange.erase_event(call.world, call.person, master_of(item))
    for address in list(found.shares):
        unshare(call.person, found, call.world.find_person(address), address)
    mailbox.remove_calendar(found)
    return Response(status=204)


def groups(call: Call) -> Response:
    """The groups of the calendar list."""
    person = call.person
    wires = [
        {
            "id": person.mailbox.mint.write(ItemId(CALENDAR_GROUP, number)),
            "name": name,
            "classId": class_id,
            "changeKey": version_key(person, number, 0),
        }
        for number, (name, class_id) in enumerate(GROUPS, start=1)
    ]
    shown, notes = page(call, wires)
    value = [selected(each) for each in shown]
    return answer({"@odata.context": f"{call.context}/calendarGroups", **notes, "value": value})


def of_group(call: Call, group: str) -> Response:
    """The calendars of one group."""
    number = group_number(call, group)
    if number == OWN:
        return _listed(call, _own(call))
    return _listed(call, mounts_of(call) if number == SHARED else [])


def group_number(call: Call, group: str) -> int:
    """Which group an id means."""
    found = call.person.mailbox.mint.read(group)
    if found is None or found.kind != CALENDAR_GROUP:
        raise bad_id()
    return found.number


def _own(call: Call) -> list[dict[str, Any]]:
    return [calendar_wire(call.person, each) for each in call.person.mailbox.calendars.values()]


def _listed(call: Call, wires: list[dict[str, Any]]) -> Response:
    shown, notes = listed(call, CALENDARS, wires)
    value = [shaped(call, CALENDARS, each, each) for each in shown]
    return answer({"@odata.context": f"{call.context}/calendars", **notes, "value": value})


def _whole(call: Call, wire: dict[str, Any], status: int = 200) -> Response:
    shown = shaped(call, CALENDARS, wire, wire)
    return answer({"@odata.context": f"{call.context}/calendars/$entity", **shown}, status)


def _checked(wire: dict[str, Any]) -> dict[str, str]:
    """Name and colour of a body; what is read-only is left alone as Exchange leaves it."""
    found = {}
    for key, value in wire.items():
        if key == "name":
            found[key] = _name(value)
        elif key == "color":
            found[key] = _color(value)
        elif key not in READ_ONLY and "@" not in key:
            raise unreadable(
                f"The property '{key}' does not exist on type 'microsoft.graph.calendar'."
            )
    return found


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise unreadable("The property 'name' must be a string.")
    if not value.strip() or len(value) > NAME_MOST:
        raise bad_request("The name of the calendar is not valid.", "ErrorInvalidParameter")
    return value


def _color(value: Any) -> str:
    if value not in COLORS:
        raise unreadable(f"Requested value '{value}' of 'color' was not found.")
    return str(value)


def _refuse_namesake(call: Call, name: str) -> None:
    held = call.person.mailbox.calendars.values()
    if any(each.name.lower() == name.lower() for each in held):
        raise name_taken()
