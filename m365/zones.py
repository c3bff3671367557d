"""Zones and times as Microsoft writes them: Windows names beside IANA ones, seven decimals.

`tzlocal.windows_tz` is a table its library does not promise to keep; it is read here alone.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tzlocal.windows_tz import tz_win, win_tz

from m365.errors import BadAnswer

# The years Exchange itself can hold; others cannot be moved between zones without overflow.
FIRST_YEAR, LAST_YEAR = 1601, 4500
_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)


@cache
def _iana_names() -> dict[str, str]:
    """Every name we take, lower case, with the IANA name it stands for."""
    names = {name.casefold(): name for name in available_timezones()}
    names |= {name.casefold(): name for name in tz_win}
    names |= {windows.casefold(): iana for windows, iana in win_tz.items()}
    for local in ("localtime", "factory", "posixrules"):  # of this machine, of nowhere
        names.pop(local, None)
    return names | {"tzone://microsoft/utc": "Etc/UTC", "z": "Etc/UTC"}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone of a Windows or IANA name. None for custom zones, display texts and nonsense."""
    iana = _iana_names().get((name or "").strip().casefold())
    return _zone(iana) if iana else None


def to_windows(iana: str) -> str | None:
    """The Windows name of an IANA zone, which Graph takes without fail; None when it has none."""
    return tz_win.get(iana)


def parse_instant(text: str) -> datetime:
    """An instant with offset, like 2026-03-01T08:15:30.1234567Z, in UTC. BadAnswer if not."""
    stamp = _naive(text)
    offset = _STAMP.fullmatch(text)
    if offset is None or offset[4] is None:
        raise BadAnswer("time_without_offset")
    if offset[4] == "Z":
        return stamp.replace(tzinfo=UTC)
    hours, minutes = int(offset[4][1:3]), int(offset[4][4:])
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if offset[4][0] == "-" else 1)
    return (stamp - ahead).replace(tzinfo=UTC)


def parse_zoned(text: str, zone_name: str | None) -> datetime:
    """Graph's dateTimeTimeZone (local time and the name of its zone) in UTC. BadAnswer if not."""
    found = _STAMP.fullmatch(text)
    if found is not None and found[4] is not None:
        return parse_instant(text)
    zone = zone_of(zone_name)
    if zone is None:
        raise BadAnswer("zone_unknown")
    return _naive(text).replace(tzinfo=zone).astimezone(UTC)


def parse_date(text: str) -> date:
    """The date of an all-day boundary: the words before the T, in whatever zone they stand."""
    return _naive(text).date()


def _naive(text: str) -> datetime:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise BadAnswer("time_unreadable")
    try:
        stamp = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError as error:
        raise BadAnswer("time_unreadable") from error
    if not FIRST_YEAR <= stamp.year <= LAST_YEAR:
        raise BadAnswer("year_out_of_range")
    return stamp.replace(microsecond=int((found[3] or "0")[:6].ljust(6, "0")))
