"""The zones that the mailbox server knows, by Windows or by IANA names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Response
from tzlocal import windows_tz

from simulator.graph.call import Call, answer
from simulator.refused import bad_request
from simulator.zones import find_zone

STANDARDS = {"windows": windows_tz.win_tz, "iana": windows_tz.tz_win}
WINTER = datetime(2026, 1, 15, tzinfo=UTC)


def windows(call: Call) -> Response:
    """By Windows names."""
    return _answer(call, "windows")


def by_standard(call: Call, standard: str) -> Response:
    """By the names of the standard in the address."""
    if standard.lower() not in STANDARDS:
        raise bad_request(f"Requested value '{standard}' was not found.", "BadRequest")
    return _answer(call, standard.lower())


def _answer(call: Call, standard: str) -> Response:
    kind = f"{call.base}/v1.0/$metadata#Collection(microsoft.graph.timeZoneInformation)"
    return answer({"@odata.context": kind, "value": _zones(standard)})


@lru_cache(maxsize=2)
def _zones(standard: str) -> list[dict[str, Any]]:
    """Every zone of a standard by its offset in winter, as Outlook lists them."""
    found = []
    for alias in STANDARDS[standard]:
        zone = find_zone(alias)
        if zone is not None:
            found.append((WINTER.replace(tzinfo=zone).utcoffset() or timedelta(), alias))
    return [
        {"alias": alias, "displayName": f"({_offset(offset)}) {alias}"}
        for offset, alias in sorted(found)
    ]


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if not minutes:
        return "UTC"
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
