"""The settings of a mailbox: zone, language, working hours, automatic replies."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.directory import Person
from simulator.graph.call import Call, answer, json_body
from simulator.graph.odata import selected
from simulator.mailbox.settings import DEFAULTS, HOURS, read_settings
from simulator.world import World

# Hours kept by an old client carry the offsets of their zone instead of its name.
CUSTOM_ZONE = {
    "@odata.type": "#microsoft.graph.customTimeZone",
    "name": "Customized Time Zone",
    "bias": -60,
    "standardOffset": {
        "time": "03:00:00.0000000", "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 10,
        "year": 0,
    },
    "daylightOffset": {
        "daylightBias": -60, "time": "02:00:00.0000000", "dayOccurrence": 5,
        "dayOfWeek": "sunday", "month": 3, "year": 0,
    },
}  # fmt: skip


def zone_of(world: World, person: Person) -> str:
    """The mailbox's zone as its settings tell it."""
    empty = world.switches.position("mailboxes.empty_zone", person.id)
    return "" if empty else person.mailbox.zone


def hours_wire(world: World, person: Person) -> dict[str, Any]:
    """The working hours."""
    hours = {**HOURS, "timeZone": {"name": person.mailbox.zone}}
    hours |= person.mailbox.settings.get("workingHours", {})
    if world.switches.position("mailboxes.custom_hours", person.id):
        hours["timeZone"] = CUSTOM_ZONE
    return hours


def settings_wire(world: World, person: Person) -> dict[str, Any]:
    """All settings."""
    return {
        **DEFAULTS,
        **person.mailbox.settings,
        "timeZone": zone_of(world, person),
        "workingHours": hours_wire(world, person),
    }


def show(call: Call) -> Response:
    """All settings, or those selected."""
    wire = selected(settings_wire(call.world, call.person), always=())
    return answer({"@odata.context": f"{call.context}/mailboxSettings", **wire})


def change(call: Call) -> Response:
    """Change what the body names; the answer tells no more than that."""
    found = read_settings(json_body(), settings_wire(call.world, call.person))
    mailbox = call.person.mailbox
    mailbox.zone = found.get("timeZone", mailbox.zone)
    mailbox.settings |= {name: value for name, value in found.items() if name != "timeZone"}
    now = settings_wire(call.world, call.person)
    wire = {name: now[name] for name in found}
    return answer({"@odata.context": f"{call.context}/mailboxSettings", **wire})


def time_zone(call: Call) -> Response:
    """The zone alone."""
    context = f"{call.context}/mailboxSettings/timeZone"
    return answer({"@odata.context": context, "value": zone_of(call.world, call.person)})
