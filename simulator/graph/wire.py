"""What every thing of Graph has in common as an answer shows it: style, moments, change keys."""

from __future__ import annotations

from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from simulator.directory import Person
from simulator.zones import wall_time

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is to look: what the Prefer header asked for."""

    zone_name: str = "UTC"
    zone: ZoneInfo = UTC_ZONE
    text_bodies: bool = False
    unsafe_bodies: bool = False
    immutable: bool = False
    page_size: int | None = None
    base: str = ""
    role: str = "owner"  # what the calendar is to whoever looks
    basic: bool = False  # whether the token lets through no more than the basics


def stamp(moment: datetime) -> str:
    """A UTC timestamp with Graph's seven digits."""
    # Whole pages of events are stamped; strftime takes many times as long.
    return f"{moment.isoformat(timespec='microseconds')[:26]}0Z"


@lru_cache(maxsize=16384)
def _wall_text(seconds: int, zone: ZoneInfo) -> str:
    return f"{wall_time(seconds, zone).isoformat()}.0000000"


def moment_wire(seconds: int, style: Style) -> dict[str, str]:
    """UTC seconds in the wished zone."""
    return {"dateTime": _wall_text(seconds, style.zone), "timeZone": style.zone_name}


def version_key(person: Person, number: int, version: int) -> str:
    """The change key of one version of one thing."""
    packed = person.id[:8].encode() + number.to_bytes(4, "big") + version.to_bytes(6, "big")
    return b2a_base64(packed, newline=False).decode()


def owner_wire(person: Person) -> dict[str, str]:
    """A person as an e-mail address."""
    return {"name": person.name, "address": person.address}
