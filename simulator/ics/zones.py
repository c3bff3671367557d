"""Which zone a TZID means: by its name, by what the file says about it, or by its offsets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from dateutil import tz
from tzlocal import windows_tz

from simulator.ics.lines import Component
from simulator.ics.report import Report
from simulator.zones import find_zone

# Days on which zones with other rules differ: five days apart, over seven years.
STEP = timedelta(days=5)
DAYS = [datetime(2024, 1, 1, 12) + STEP * number for number in range(511)]  # noqa: DTZ001 - of no zone yet
HOURS = [timedelta(hours=number) for number in range(int(STEP / timedelta(hours=1)))]
CHANGES = 4  # compared hour by hour

Offsets = tuple[timedelta | None, ...]


@dataclass(slots=True)
class Zones:
    """The zones of one file. `home` is the mailbox's zone, where a file leaves it open."""

    home: str
    defined: dict[str, Component]
    report: Report
    known: dict[str, str | None] = field(default_factory=dict)

    def name(self, tzid: str, line: int) -> str | None:
        """A name that Exchange takes; None for a zone of the file's own that nobody knows."""
        if tzid not in self.known:
            self.known[tzid] = self._found(tzid, line)
        return self.known[tzid]

    def own(self, tzid: str) -> tzinfo:
        """The zone as the file defines it."""
        defined = self.defined[tzid]
        for line in (line for each in defined.children for line in each.all("RRULE")):
            # Anything more frequent would take for ever to follow from 1601 on.
            if "FREQ=YEARLY" not in line.raw.upper():
                raise ValueError("its clocks change otherwise than by the year")
        return _rules(defined.ical())

    def _found(self, tzid: str, line: int) -> str | None:
        for name in self._names(tzid):
            if find_zone(name):
                return name
        if tzid not in self.defined:
            self.report.note(
                line, f"The file does not say what zone {tzid!r} is: {self.home} was taken."
            )
            return self.home
        number = self.defined[tzid].number
        try:
            like = self._by_offsets(tzid)
        except (ValueError, KeyError, IndexError, TypeError) as problem:
            self.report.note(
                number, f"Zone {tzid!r} cannot be read ({problem}): {self.home} was taken."
            )
            return self.home
        if like is None:
            self.report.note(
                number, f"Outlook knows no zone like {tzid!r}: its times are kept as UTC."
            )
        return like

    def _names(self, tzid: str) -> Iterator[str]:
        yield tzid
        defined = self.defined.get(tzid)
        for line in defined.lines if defined else ():
            if line.name in ("X-LIC-LOCATION", "TZID-ALIAS-OF"):
                yield line.text.strip()
        # "/mozilla.org/20050126_1/Europe/Berlin"
        parts = tzid.split("/")
        yield from ("/".join(parts[number:]) for number in range(1, len(parts)))

    def _by_offsets(self, tzid: str) -> str | None:
        own = self.own(tzid)
        wanted = _offsets(own)
        for name in (self.home, *sorted(windows_tz.win_tz)):
            zone = find_zone(name)
            if zone and _of_known(name) == wanted and _same_hours(own, zone, wanted):
                return name
        return None


@lru_cache(maxsize=64)
def _rules(definition: str) -> tzinfo:
    found = tz.tzical(io.StringIO(f"{definition}\r\n")).get()
    if found is None:
        raise ValueError("no rules")
    return found


def _offsets(zone: tzinfo) -> Offsets:
    return tuple(day.replace(tzinfo=zone).utcoffset() for day in DAYS)


@lru_cache(maxsize=256)
def _of_known(name: str) -> Offsets:
    zone = find_zone(name)
    return _offsets(zone) if zone else ()


def _same_hours(own: tzinfo, known: tzinfo, offsets: Offsets) -> bool:
    """Do their clocks change in the same hours? Havana is New York but for that."""
    pairs = zip(DAYS, offsets, offsets[1:], strict=False)
    changes = [day for day, before, after in pairs if before != after]
    hours = (day + hour for day in changes[:CHANGES] for hour in HOURS)
    return all(
        hour.replace(tzinfo=own).utcoffset() == hour.replace(tzinfo=known).utcoffset()
        for hour in hours
        if _happens_once(hour, known)
    )


def _happens_once(wall: datetime, zone: tzinfo) -> bool:
    """Readers differ about hours that do not exist or come twice."""
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    return first.utcoffset() == second.utcoffset()
