"""A calendar kept from delta rounds, by the rules for clients, to be held against the real one."""

from __future__ import annotations

from typing import Any

from tests.simulator.desk import IMMUTABLE, Graph

Event = dict[str, Any]
# What an occurrence has of its own; all else comes from its master.
OWN = ("id", "@odata.etag", "seriesMasterId", "type", "start", "end")
COMPARED = (
    *OWN, "subject", "body", "location", "attendees", "showAs", "isCancelled", "responseStatus",
    "sensitivity", "categories", "organizer", "isAllDay",
)  # fmt: skip


class Cache:
    """What one application knows of one window."""

    def __init__(self, graph: Graph, span: str, *, immutable: bool, size: int) -> None:
        self.graph, self.span = graph, span
        self.prefer = f"odata.maxpagesize={size}" + (f", {IMMUTABLE}" if immutable else "")
        self.rows: dict[str, Event] = {}
        self.link = f"/me/calendarView/delta?{span}"
        self.round: dict[str, Event] = {}

    def read_page(self) -> bool:
        """Take one page; true once it ended a round. Of several entries the last one counts."""
        page = self.graph.get(self.link, Prefer=self.prefer)
        for entry in page["value"]:
            self.round.pop(entry["id"], None)
            self.round[entry["id"]] = entry
        self.link = page.get("@odata.nextLink") or page["@odata.deltaLink"]
        if "@odata.deltaLink" not in page:
            return False
        self._apply()
        return True

    def catch_up(self) -> None:
        """Read to the end of the round."""
        while not self.read_page():
            pass

    def _apply(self) -> None:
        gone = {name for name, each in self.round.items() if "@removed" in each}
        there = {name: each for name, each in self.round.items() if name not in gone}
        # Whatever comes of a series replaces all that was known of it.
        replaced = gone | there.keys()
        replaced |= {each["seriesMasterId"] for each in there.values() if each["seriesMasterId"]}
        kept = {
            name: each
            for name, each in self.rows.items()
            if name not in replaced and each["seriesMasterId"] not in replaced
        }
        masters = {name: self.rows[name] for name in replaced - gone if name in self.rows}
        self.rows, self.round = {**masters, **kept, **there}, {}

    def seen(self) -> dict[str, Event]:
        """The view as the cache has it."""
        shown = [each for each in self.rows.values() if each["type"] != "seriesMaster"]
        return {each["id"]: _compared(self._completed(each)) for each in shown}

    def _completed(self, event: Event) -> Event:
        if event["type"] != "occurrence":
            return event
        return {**self.rows[event["seriesMasterId"]], **{name: event[name] for name in OWN}}

    def listed(self) -> dict[str, Event]:
        """The view as Graph lists it."""
        view = f"/me/calendarView?{self.span}&$top=1000"
        events = self.graph.get(view, Prefer=self.prefer)["value"]
        return {each["id"]: _compared(each) for each in events}


def _compared(event: Event) -> Event:
    return {name: event[name] for name in COMPARED}
