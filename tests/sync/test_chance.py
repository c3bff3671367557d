"""Edits in Outlook by chance, under each way in which rounds misbehave: the cache is the list."""

import random
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portal.tables import Event
from simulator.refused import Refused
from tests.sync.desk import Desk

SWITCHES: list[tuple[str, Any]] = [
    ("delta.empty_pages", 2),
    ("delta.page_size", 3),
    ("delta.repeats", True),
    ("delta.replays", True),
    ("delta.unchanged", 5),
    ("delta.masters", "missing"),
    ("delta.masters", "missing_later"),
    ("delta.orphans", True),
    ("delta.exceptions", "slim"),
    ("delta.resend", "master_and_exception"),
    ("delta.resend", "exception"),
    ("delta.silent_deletes", True),
    ("delta.lost_series", "with_occurrences"),
    ("delta.reason", "changed"),
    ("delta.link_age", 2),
    ("delta.dead_code", "ErrorInvalidUrlQuery"),
]
EDITS = 14
UNTOLD = ("delta.silent_deletes", "delta.orphans")  # only the daily comparison helps


class Hand:
    """Somebody at Outlook who does this and that."""

    def __init__(self, desk: Desk, seed: str) -> None:
        self.desk, self.world = desk, desk.world
        self.random = random.Random(seed)  # noqa: S311 - repeatable
        self.ids: list[str] = []

    def act(self) -> None:
        deeds = [self.add, self.add_series, self.move, self.rename, self.delete, self.drag]
        deeds += [self.change_one, self.delete_one, self.change_pattern, self.move]
        with suppress(Refused):  # what Outlook does not allow
            self.random.choice(deeds)()

    def moment(self) -> Any:
        day = self.random.randint(-150, 400)
        if self.random.random() < 0.2:
            return date(2026, 11, 18) + timedelta(days=day)
        return self.desk.now + timedelta(days=day, hours=self.random.randint(0, 23))

    def add(self) -> None:
        self.ids.append(self.world.add_event("alice", "Single", self.moment()))

    def add_series(self) -> None:
        start = self.desk.now + timedelta(days=self.random.randint(-100, 200))
        self.ids.append(
            self.world.add_event("alice", "Series", start, recurrence=self.pattern(start.date()))
        )

    def pattern(self, first: date) -> dict[str, Any]:
        every, count = self.random.randint(1, 9), self.random.randint(2, 25)
        return {
            "pattern": {"type": "daily", "interval": every},
            "range": {
                "type": "numbered", "startDate": str(first), "numberOfOccurrences": count,
            },
        }  # fmt: skip

    def chosen(self) -> dict[str, Any] | None:
        event_id = self.random.choice(self.ids) if self.ids else ""
        found: dict[str, Any] | None = self.world.event("alice", event_id) if event_id else None
        return found

    def move(self) -> None:
        event = self.chosen()
        if event and event["type"] == "singleInstance":
            at = self.moment()
            long = timedelta(hours=1) if isinstance(at, datetime) else timedelta(days=1)
            self.world.move_event("alice", event["id"], at, at + long)

    def rename(self) -> None:
        if event := self.chosen():
            self.world.rename_event("alice", event["id"], f"Title {self.random.random()}")

    def delete(self) -> None:
        if event := self.chosen():
            self.world.delete_event("alice", event["id"])

    def drag(self) -> None:
        if event := self.chosen():
            where = self.random.choice(["Calendar", "Projects"])
            self.world.move_to_calendar("alice", event["id"], where)

    def occurrence(self) -> str | None:
        first = self.desk.now - timedelta(days=160)
        shown = self.world.view("alice", first, first + timedelta(days=600))
        ids = [one["id"] for one in shown if one.get("seriesMasterId") in self.ids]
        return self.random.choice(ids) if ids else None

    def change_one(self) -> None:
        if one := self.occurrence():
            self.world.rename_event("alice", one, f"Other {self.random.random()}")

    def delete_one(self) -> None:
        if one := self.occurrence():
            self.world.delete_event("alice", one)

    def change_pattern(self) -> None:
        event = self.chosen()
        if event and event["type"] == "seriesMaster":
            first = date.fromisoformat(event["start"]["dateTime"][:10])
            recurrence = self.random.choice([None, self.pattern(first)])
            self.world.change_event("alice", event["id"], {"recurrence": recurrence})


def differences(desk: Desk) -> dict[str, Any]:
    """Rows that Outlook does not show, what it shows that is no row, and other titles."""
    first, last = desk.windows()[0].starts_at, desk.windows()[-1].ends_at
    shown = {one["id"]: one for one in desk.world.view("alice", first, last)}
    rows = {row.graph_id: row for row in desk.rows(Event)}
    held = {graph_id: row for graph_id, row in rows.items() if row.kind != "master"}
    return {
        "ghosts": sorted(held.keys() - shown.keys()),
        "missing": [shown[one]["subject"] for one in sorted(shown.keys() - held.keys())],
        "titles": [
            (title_of(held[one], rows), shown[one]["subject"])
            for one in held.keys() & shown.keys()
            if title_of(held[one], rows) != shown[one]["subject"]
        ],
    }


def title_of(row: Event, rows: dict[str, Event]) -> str | None:
    if row.title is not None or row.series_id not in rows:
        return row.title
    return rows[row.series_id].title


@pytest.mark.parametrize(("switch", "position"), SWITCHES)
def test_after_edits_by_chance_the_cache_is_the_list(
    connected: Desk, switch: str, position: Any
) -> None:
    connected.world.turn(switch, position, "alice")
    hand = Hand(connected, f"{switch} {position}")

    for _ in range(3):
        for _ in range(EDITS):
            hand.act()
        connected.look()
    for _ in range(5 if switch in UNTOLD else 1):
        connected.look(hours=6)
    connected.look_everywhere()

    assert differences(connected) == {"ghosts": [], "missing": [], "titles": []}
