"""Series written into a mailbox, and the moments at which the simulator lets them happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.faults.catalogue import CATALOGUE
from simulator.faults.switches import Switchboard
from simulator.mailbox import writing
from simulator.mailbox.item import Item
from simulator.mailbox.store import Mailbox

LOW, HIGH = datetime(2023, 12, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)


def mailbox(zone: str) -> Mailbox:
    """An empty mailbox of somebody in this zone."""
    switches = Switchboard(CATALOGUE)
    made = Mailbox("somebody", zone, lambda: LOW, switches)
    made.add_calendar("Calendar")
    return made


def write(
    place: Mailbox, zone: str, start: datetime, length: timedelta, recurrence: dict[str, Any],
    *, all_day: bool = False,
) -> Item:  # fmt: skip
    """Create the series as Graph would be asked to."""
    wire = {
        "start": {"dateTime": start.isoformat(), "timeZone": zone},
        "end": {"dateTime": (start + length).isoformat(), "timeZone": zone},
        "isAllDay": all_day,
        "recurrence": recurrence,
    }
    return writing.create(place, place.default_calendar, wire).instance.item


def moments(item: Item, high: datetime = HIGH) -> list[datetime]:
    """When its occurrences start, UTC, as a calendar view would find them."""
    found = item.instances(int(LOW.timestamp()), int(high.timestamp()))
    if not item.when.all_day:
        assert {one.ends - one.starts for one in found} <= {item.when.length}
    return [datetime.fromtimestamp(one.starts, UTC) for one in found]
