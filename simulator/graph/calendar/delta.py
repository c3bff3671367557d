"""Changes of calendars: calendarView/delta over a window, and the events/delta of v1.0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from simulator.graph.calendar.calendars import named_calendar
from simulator.graph.calendar.event_wire import etag, removed_wire, slim_wire, span_wire
from simulator.graph.calendar.fields import span_asked
from simulator.graph.calendar.privacy import seen_wire
from simulator.graph.call import Call, Wire
from simulator.graph.odata import moment_of
from simulator.graph.tokens import Scope
from simulator.graph.tracking import Track, dead, tracked
from simulator.mailbox.changes import Removed, Unit
from simulator.mailbox.item import Instance, master_of
from simulator.mailbox.reader import Window
from simulator.mailbox.store import Calendar
from simulator.refused import Refused, bad_request
from simulator.zones import aware

TYPE = {"@odata.type": "#microsoft.graph.event"}
DAY = 86400


class Calendars:
    """What both sources share: a mailbox as a reader sees it."""

    context = "Collection(event)"

    def __init__(self, call: Call, calendar: int) -> None:
        mailbox = call.person.mailbox
        self.call = call
        self.mailbox = mailbox
        self.calendar = mailbox.calendars[calendar]
        self.reader = mailbox.reader()
        self.seq = self.reader.seq
        self.newest = mailbox.seq
        self.forgotten = mailbox.log.forgotten

    def turned(self, switch: str) -> Any:
        """Where a switch stands for the mailbox."""
        return self.call.world.switches.position(switch, self.call.person.id)

    def removed(self, entry: Removed) -> Wire:
        """An entry that left the view, or was never in it."""
        reason = str(self.turned("delta.reason"))
        return removed_wire(self.call.person, entry, self.call.style, reason)


class ViewSource(Calendars):
    """The window of a calendarView."""

    def __init__(self, call: Call, scope: Scope) -> None:
        calendar, low, high = scope
        super().__init__(call, calendar)
        self.window = Window(calendar, low, high)
        most = self.turned("delta.timeout_days")
        if most and high - low > most * DAY:
            raise Refused(504, "UnknownError", "")

    def units(self, since: int, after: int) -> Iterator[Unit]:
        """What the window shows, or what became of it."""
        if not since:
            found = self.reader.everything(self.window, after)
        else:
            resend = self.turned("delta.resend")
            found = self.reader.changed(self.window, since, after, resend)
        if not self.call.world.switches.chosen:
            return found
        distorted = (Unit(unit.number, self._distorted(unit.entries, since)) for unit in found)
        return (unit for unit in distorted if unit.entries)

    def _distorted(self, entries: list[Any], since: int) -> list[Any]:
        """The entries of a unit as the switches want them."""
        if self.turned("delta.orphans") and any(_is(each, "exception") for each in entries):
            return [each for each in entries if _is(each, "exception")]
        masters = self.turned("delta.masters")
        if masters == "missing" or (masters == "missing_later" and since):
            entries = [each for each in entries if not _is(each, "seriesMaster")]
        if self.turned("delta.silent_deletes"):
            entries = [each for each in entries if not _is_deleted(each)]
        if self.turned("delta.lost_series") == "with_occurrences":
            lost = [self.reader.lost_occurrences(self.window, e) for e in entries if _is_deleted(e)]
            entries = [*entries, *(each for some in lost for each in some)]
        return entries

    def wires(self, unit: Unit) -> list[Wire]:
        """Masters and single events whole, occurrences slim."""
        call, person, style = self.call, self.call.person, self.call.style
        first = unit.entries[0]
        master = "" if isinstance(first, Removed) else self._master_id(first)
        slim = {"occurrence", "exception"} if self.turned("delta.exceptions") == "slim" else SLIM
        wires: list[Wire] = []
        for entry in unit.entries:
            if isinstance(entry, Removed):
                wires.append(self.removed(entry))
            elif entry.kind in slim:
                master = master or self._master_id(entry)
                wires.append(slim_wire(person, entry, style, master))
            else:
                wires.append({**TYPE, **seen_wire(person, entry, call.style)})
        return _once(wires)

    def _master_id(self, entry: Instance) -> str:
        return self.mailbox.id_of(master_of(entry.item), immutable=self.call.style.immutable)

    def address(self) -> str:
        """The window, for a new first call."""
        low, high = (
            aware(each).strftime("%Y-%m-%dT%H:%M:%SZ")
            for each in (self.window.low, self.window.high)
        )
        return f"?startDateTime={low}&endDateTime={high}"


SLIM = frozenset({"occurrence"})


def _is(entry: Instance | Removed, kind: str) -> bool:
    return isinstance(entry, Instance) and entry.kind == kind


def _is_deleted(entry: Instance | Removed) -> bool:
    return isinstance(entry, Removed) and entry.deleted


def _once(wires: list[Wire]) -> list[Wire]:
    """An immutable id is not gone while its event is there under another normal id."""
    if not any("@removed" in each for each in wires):
        return wires
    there = {each["id"] for each in wires if "@removed" not in each}
    gone = {each["id"]: each for each in wires if "@removed" in each}
    kept = [each for name, each in gone.items() if name not in there]
    return [*(each for each in wires if "@removed" not in each), *kept]


class EventSource(Calendars):
    """The events of a calendar from a moment on, without an end."""

    def __init__(self, call: Call, scope: Scope) -> None:
        calendar, self.low = scope
        super().__init__(call, calendar)
        refused = self.turned("delta.events_link") == "refused"
        if refused and "$deltatoken" in request.args:
            raise bad_request("The delta token is not valid.", "InvalidDeltaToken")

    def units(self, since: int, after: int) -> Iterator[Unit]:
        """Single events and masters; those that changed and are gone as removed."""
        held = {each.number: each for each in self.reader.from_moment(self.calendar, self.low)}
        changed = self.mailbox.log.between(since, self.seq, self.calendar.number) if since else {}
        for number in sorted(changed if since else held):
            if number > after and number in held:
                yield Unit(number, [master_of(held[number])])
            elif number > after:
                last = changed[number][-1]
                deleted = self.reader.item(number) is None
                yield Unit(number, [Removed(number, 0, last.moves, 0, deleted)])

    def wires(self, unit: Unit) -> list[Wire]:
        """Only id, type, start and end."""
        return [
            self.removed(each) if isinstance(each, Removed) else self._slim(each)
            for each in unit.entries
        ]

    def _slim(self, entry: Instance) -> Wire:
        person, style = self.call.person, self.call.style
        return {
            **TYPE,
            "@odata.etag": etag(person, entry),
            "id": person.mailbox.id_of(entry, immutable=style.immutable),
            "type": entry.kind,
            **span_wire(entry, style),
        }

    def address(self) -> str:
        """The moment, for a new first call."""
        if not self.low:
            return ""
        return f"?startDateTime={aware(self.low):%Y-%m-%dT%H:%M:%SZ}"


def calendar_delta(call: Call, calendar: str | None = None) -> Response:
    """A round of changes over a window; the first one tells everything."""
    chosen = named_calendar(call, calendar)
    return tracked(
        call,
        Track("CalendarView", lambda: (chosen.number, *span_asked()), _within(chosen, ViewSource)),
    )


def events_delta(call: Call, calendar: str | None = None) -> Response:
    """A round of changes over all events; documented for beta only."""
    chosen = named_calendar(call, calendar)

    def begin() -> Scope:
        low = moment_of("startDateTime") if "startDateTime" in request.args else 0
        return chosen.number, low

    return tracked(call, Track("Events", begin, _within(chosen, EventSource)))


def _within(chosen: Calendar, kind: Any) -> Any:
    """The source of a token, which must speak of the calendar in the address."""

    def source(call: Call, scope: Scope) -> Any:
        if scope[0] != chosen.number:
            raise dead(call)
        return kind(call, scope)

    return source
