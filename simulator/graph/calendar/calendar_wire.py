"""Calendars in the shape Graph answers them: own ones, and those that others share."""

from __future__ import annotations

from typing import Any

from simulator.directory import Person
from simulator.graph.things import Field, Things, by_path
from simulator.graph.wire import owner_wire, version_key
from simulator.mailbox.sharing import SEES_PRIVATE, WRITERS
from simulator.mailbox.store import Calendar

COLORS = {
    "auto": "", "lightBlue": "#a6d1f5", "lightGreen": "#87d28e", "lightOrange": "#fcab73",
    "lightGray": "#c0c0c0", "lightYellow": "#f8d98b", "lightTeal": "#4adacc",
    "lightPink": "#f08cc0", "lightBrown": "#cba287", "lightRed": "#f88c9b", "maxColor": "",
}  # fmt: skip
CALENDARS = Things(
    "microsoft.graph.calendar",
    frozenset({
        "id", "name", "color", "hexColor", "isDefaultCalendar", "changeKey", "canShare",
        "canViewPrivateItems", "canEdit", "isTallyingResponses", "isRemovable", "owner",
        "allowedOnlineMeetingProviders", "defaultOnlineMeetingProvider", "calendarPermissions",
        "calendarView", "events", "singleValueExtendedProperties", "multiValueExtendedProperties",
    }),
    {
        "id": by_path("id", "exact"),
        "name": by_path("name"),
        "owner/address": by_path("owner/address"),
        **{
            name: by_path(name, "flag")
            for name in ("canEdit", "canShare", "isDefaultCalendar", "isRemovable")
        },
        "color": Field(by_path("color").read, "exact"),
    },
)  # fmt: skip


def calendar_wire(person: Person, calendar: Calendar) -> dict[str, Any]:
    """A calendar of one's own."""
    mailbox = person.mailbox
    is_default = calendar is mailbox.default_calendar
    return {
        "id": mailbox.calendar_id(calendar),
        "name": calendar.name,
        "color": calendar.color,
        "hexColor": COLORS[calendar.color],
        "isDefaultCalendar": is_default,
        "changeKey": version_key(person, calendar.number, calendar.version),
        "canShare": calendar.can_edit,
        "canViewPrivateItems": True,
        "canEdit": calendar.can_edit,
        "isTallyingResponses": is_default,
        "isRemovable": calendar.can_edit and not is_default,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"] if calendar.can_edit else [],
        "defaultOnlineMeetingProvider": "teamsForBusiness" if calendar.can_edit else "unknown",
        "owner": owner_wire(person),
    }


def shared_wire(calendar_id: str, owner: Person, calendar: Calendar, role: str) -> dict[str, Any]:
    """A colleague's calendar as it shows among those of whoever it is shared with."""
    writes = role in WRITERS
    is_default = calendar is owner.mailbox.default_calendar
    return {
        **calendar_wire(owner, calendar),
        "id": calendar_id,
        "name": owner.name if is_default else calendar.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": False,
        "canShare": False,
        "canViewPrivateItems": role in SEES_PRIVATE,
        "canEdit": writes,
        "isTallyingResponses": False,
        "isRemovable": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"] if writes else [],
        "defaultOnlineMeetingProvider": "teamsForBusiness" if writes else "unknown",
    }
