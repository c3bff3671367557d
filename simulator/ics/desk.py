"""Where the events of a file are written down: one mailbox, its default calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from simulator.directory import Person
from simulator.ics.lines import Component
from simulator.ics.people import known_to_the_store
from simulator.ics.report import Report
from simulator.ics.when import Span, Unreadable, moment
from simulator.ics.words import words
from simulator.ics.zones import Zones
from simulator.mailbox import writing
from simulator.mailbox.item import Instance, Item
from simulator.refused import Refused

CROSSING = "ErrorOccurrenceCrossingBoundary"


def of_its_own(uid: str, day: date) -> str:
    """The UID of an event that was a date of this series, which keeps its UID for itself."""
    return f"{uid}/{day}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Writes without mailing anybody: an import is no invitation."""

    person: Person
    zones: Zones
    report: Report

    def single(self, event: Component, uid: str, span: Span, *, lone: int = 0) -> Item:
        """One event. `lone` is the original date of an occurrence whose series is elsewhere."""
        item = self._create(event, uid, span.wire(), lone)
        self.report.singles += 1
        return item

    def series(self, event: Component, uid: str, span: Span, recurrence: dict[str, Any]) -> Item:
        """A whole series."""
        item = self._create(event, uid, {**span.wire(), "recurrence": recurrence}, 0)
        self.report.series += 1
        return item

    def _create(self, event: Component, uid: str, when: dict[str, Any], lone: int) -> Item:
        mailbox = self.person.mailbox
        wire = {**words(event, self.report), **when}
        made = writing.create(mailbox, mailbox.default_calendar, wire, uid=uid, lone=lone).instance
        self._complete(event, made)
        item = made.item
        item.created = self._written(event, "CREATED") or item.created
        item.modified = self._written(event, "LAST-MODIFIED") or item.modified
        return item

    def differ(self, event: Component, uid: str, instance: Instance, span: Span) -> None:
        """Let one occurrence differ; what Outlook does not let move so far becomes an event."""
        mailbox = self.person.mailbox
        wire = {**words(event, self.report, instance.words), **span.wire()}
        try:
            changed = writing.change(mailbox, instance, wire)
        except Refused as problem:
            if problem.code != CROSSING:
                raise
            self.report.note(
                event.number,
                "Outlook moves no occurrence past its neighbour: it was made an event of its own.",
            )
            self.leave_out(instance)
            self.single(event, of_its_own(uid, date.fromordinal(instance.ordinal)), span)
            return
        self._complete(event, changed)
        self.report.changed += 1

    def leave_out(self, instance: Instance) -> None:
        """Take one occurrence out of its series."""
        writing.delete(self.person.mailbox, instance)
        self.report.deleted += 1

    def _complete(self, event: Component, instance: Instance) -> None:
        instance.words.update(known_to_the_store(event, self.person, instance.words))

    def _written(self, event: Component, name: str) -> datetime | None:
        line = event.first(name)
        if line is None:
            return None
        try:
            found = moment(line, self.zones)
        except Unreadable as problem:
            self.report.note(problem.line, str(problem))
            return None
        return min(datetime.fromtimestamp(found.seconds, UTC), self.person.mailbox.now())
