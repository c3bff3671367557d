"""Files for a mailbox, and what came of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.ics import Report, load
from simulator.world import World

SAMPLES = Path(__file__).with_name("samples")
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC)
EVENT = "UID:one\nDTSTAMP:20261101T000000Z\nSUMMARY:One"


def sample(world: World, name: str) -> Report:
    """Load one of the files in Alice's mailbox (W. Europe)."""
    return load(world, "alice", (SAMPLES / name).read_bytes(), name)


def calendar(*components: str, head: str = "VERSION:2.0") -> bytes:
    """A calendar with these components, in lines of LF."""
    return "\n".join(["BEGIN:VCALENDAR", head, *components, "END:VCALENDAR", ""]).encode()


def event(*lines: str) -> str:
    """An event called One, with these lines from line 7 of a calendar on."""
    return "\n".join(["BEGIN:VEVENT", EVENT, *lines, "END:VEVENT"])


def bring(world: World, *components: str) -> Report:
    """Load a calendar with these components in Alice's mailbox."""
    return load(world, "alice", calendar(*components), "a.ics")


def seen(world: World) -> list[dict[str, Any]]:
    """Everything in her calendar, by start."""
    return world.view("alice", FIRST, LAST)


def starts(world: World) -> list[str]:
    """When it begins, UTC."""
    return [one["start"]["dateTime"][:16] for one in seen(world)]
