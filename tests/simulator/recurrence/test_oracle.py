"""2,000 generated series happen when python-dateutil says they do, and last as long as written."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import resolve_imaginary

from simulator.mailbox.recurrence import DAYS, INDEXES, NEEDS
from simulator.zones import zone_named
from tests.simulator.recurrence.series import HIGH, LOW, mailbox, moments, write

# North and south, half hours, a half-hour change, a pause in Ramadan, changes at midnight, none.
ZONES = (
    "Europe/Berlin", "Pacific Standard Time", "America/St_Johns", "Australia/Lord_Howe",
    "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "America/Santiago",
    "America/Havana", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Gaza",
    "Asia/Tehran", "India Standard Time", "Tokyo Standard Time", "America/Nuuk",
    "Europe/Dublin", "Pacific/Apia", "UTC",
)  # fmt: skip
EACH = 100
UNTIL = HIGH - timedelta(days=2)
# Around most changes of clocks, where mistakes would show.
EDGES = (time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 15), time(2, 45), time(3, 30))


def generated(zone: str) -> Iterator[tuple[datetime, dict[str, Any], bool]]:
    """Start, recurrence and all-day mark of series in this zone, the same at every run."""
    source = random.Random(zone)  # noqa: S311 - must repeat
    for number in range(EACH):
        day = LOW.date() + timedelta(days=31 + source.randrange(365 * 12))
        all_day = number % 10 == 0
        at = time() if all_day else source.choice((*EDGES, time(source.randrange(24), 10)))
        pattern = _pattern(source, tuple(NEEDS)[number % 6])
        start = datetime.combine(day, at)
        yield start, {"pattern": pattern, "range": _range(source, start)}, all_day


def _pattern(source: random.Random, kind: str) -> dict[str, Any]:
    # Every occurrence of fourteen years is compared, so the densest patterns are kept rarer.
    often = (1, 2, 3, 5, 9, 30) if kind == "daily" else (1, 1, 2, 3, 4, 7)
    pattern: dict[str, Any] = {"type": kind, "interval": source.choice(often)}
    if "days" in NEEDS[kind]:
        pattern["daysOfWeek"] = source.sample(DAYS, source.choice((1, 1, 2, 3, 5, 7)))
        pattern["firstDayOfWeek"] = source.choice(DAYS)
    if kind.startswith("relative"):
        pattern["index"] = source.choice(INDEXES)
    if kind.startswith("absolute"):
        pattern["dayOfMonth"] = source.choice((1, source.randint(2, 28), 29, 30, 31))
    if kind.endswith("Yearly"):
        pattern["month"] = source.choice((2, source.randint(1, 12)))
    return pattern


def _range(source: random.Random, start: datetime) -> dict[str, Any]:
    kind = source.choice(("endDate", "endDate", "noEnd", "numbered"))
    span: dict[str, Any] = {"type": kind, "startDate": start.date().isoformat()}
    if kind == "numbered":
        span["numberOfOccurrences"] = source.choice((1, 2, 7, 40, 200))
    if kind == "endDate":
        # Far enough for the rarest pattern to fall at least once: every seventh year.
        last = start.date() + timedelta(days=366 * 8 + source.randrange(900))
        span["endDate"] = last.isoformat()
    return span


def as_rule(recurrence: dict[str, Any]) -> str:
    """The iCalendar rule that means the same."""
    pattern, span = recurrence["pattern"], recurrence["range"]
    kind, day = pattern["type"], pattern.get("dayOfMonth", 0)
    frequency = next(
        name for name in ("daily", "weekly", "monthly", "yearly") if name in kind.lower()
    )
    parts = [f"FREQ={frequency.upper()}", f"INTERVAL={pattern['interval']}"]
    if "daysOfWeek" in pattern:
        parts.append("BYDAY=" + ",".join(each[:2].upper() for each in pattern["daysOfWeek"]))
        parts.append(f"WKST={pattern['firstDayOfWeek'][:2].upper()}")
    if "index" in pattern:
        parts.append(f"BYSETPOS={(1, 2, 3, 4, -1)[INDEXES.index(pattern['index'])]}")
    if day:
        days = range(min(day, 28), day + 1)
        parts.append("BYMONTHDAY=" + ",".join(map(str, days)))
        parts.append("BYSETPOS=-1")
    if "month" in pattern:
        parts.append(f"BYMONTH={pattern['month']}")
    if "endDate" in span:
        parts.append(f"UNTIL={span['endDate'].replace('-', '')}T235959")
    if "numberOfOccurrences" in span:
        parts.append(f"COUNT={span['numberOfOccurrences']}")
    return ";".join(parts)


def foretold(start: datetime, recurrence: dict[str, Any], zone: ZoneInfo) -> list[datetime]:
    """The starts by python-dateutil, UTC: local times, those inside a gap moved forward."""
    rule = rrulestr(as_rule(recurrence), dtstart=start)
    local = rule.between(datetime(2023, 1, 1), datetime(2037, 12, 31, 12), inc=True)  # noqa: DTZ001
    found = (resolve_imaginary(one.replace(tzinfo=zone)).astimezone(UTC) for one in local)
    return [one for one in found if one < UNTIL]


@pytest.mark.parametrize("zone", ZONES)
def test_series_happen_when_dateutil_says(zone: str) -> None:
    place, compared = mailbox(zone), 0

    for start, recurrence, all_day in generated(zone):
        length = timedelta(days=1) if all_day else timedelta(minutes=45)
        item = write(place, zone, start, length, recurrence, all_day=all_day)
        expected = foretold(start, recurrence, zone_named(zone))
        assert moments(item, UNTIL) == expected, (start, recurrence)
        compared += len(expected)

    assert len(place.items) == EACH
    assert compared > 20 * EACH
