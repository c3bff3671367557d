"""How reading misbehaves, whatever is read."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES = (
    Switch(
        "reads.delay",
        "Changes show late",
        "So many seconds pass until a change shows in lists, views and rounds.",
        kind="number",
        default=0,
    ),
    Switch(
        "reads.stale",
        "An event is read as it was",
        "For so many seconds after a change, reading an event by its id gives the old version.",
        kind="number",
        default=0,
    ),
    Switch(
        "reads.lost_stamps",
        "Selections lose the times of creation and change",
        "A calendar view that selects createdDateTime or lastModifiedDateTime answers neither.",
        quirks=(26,),
    ),
)
