"""Time zone names as Exchange takes them: Windows ids, UTC and IANA names."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import windows_tz

from simulator.refused import Refused

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
