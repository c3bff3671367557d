"""Time zone names as Exchange takes them: Windows ids, UTC and IANA names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import windows_tz

from simulator.refused import Refused

NO_TIME = timedelta()
UTC_NAMES = {"utc", "tzone://microsoft/utc"}


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone behind a Windows or IANA name, or None when Exchange would not know it."""
    if name.lower() in UTC_NAMES:
        return ZoneInfo("UTC")
    if name in windows_tz.win_tz:
        return ZoneInfo(windows_tz.win_tz[name])
    if name in windows_tz.tz_win:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            return None
    return None


def zone_named(name: str) -> ZoneInfo:
    """Like `find_zone`, refusing an unknown name the way Graph does."""
    zone = find_zone(name)
    if zone is None:
        raise Refused(
            400,
            "TimeZoneNotSupportedException",
            "A valid TimeZone value must be specified. "
            f"The following TimeZone value is not supported: '{name}'.",
        )
    return zone


def is_iana(name: str) -> bool:
    """Is this a name of the IANA list and none of Windows?"""
    return name in windows_tz.tz_win and name not in windows_tz.win_tz and name != "UTC"


def windows_name(name: str) -> str:
    """The name Windows has for an IANA zone; other names stay as they are."""
    return windows_tz.tz_win[name] if is_iana(name) else name


@lru_cache(maxsize=2)
def supported_zones(standard: str = "Windows") -> tuple[tuple[str, str], ...]:
    """Alias and display name of every zone a mailbox may be set to, by distance from UTC."""
    names = windows_tz.tz_win if standard == "Iana" else windows_tz.win_tz
    found = []
    for name in names:
        zone = find_zone(name)
        if zone is not None:
            found.append((_standard_offset(zone), name, zone.key))
    return tuple((name, _display(offset, key)) for offset, name, key in sorted(found))


def _standard_offset(zone: ZoneInfo) -> int:
    winter = datetime(2026, 1, 15, tzinfo=zone)
    offset, summer = winter.utcoffset(), winter.dst()
    return int(((offset or NO_TIME) - (summer or NO_TIME)).total_seconds() // 60)


def _display(offset: int, key: str) -> str:
    city = key.rpartition("/")[2].replace("_", " ")
    if key in ("UTC", "Etc/UTC", "Etc/GMT"):
        return "(UTC) Coordinated Universal Time"
    hours, minutes = divmod(abs(offset), 60)
    return f"(UTC{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}) {city}"


def instant(wall: datetime, zone: ZoneInfo) -> int:
    """UTC seconds of a wall-clock time.

    A time inside a spring gap moves forward by the gap; of a doubled autumn hour the first counts.
    """
    return int(wall.replace(tzinfo=zone, fold=0).timestamp())


def wall_time(seconds: int, zone: ZoneInfo) -> datetime:
    """The naive wall-clock time of UTC seconds in `zone`."""
    return datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)


def aware(seconds: int) -> datetime:
    """UTC seconds as an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)
