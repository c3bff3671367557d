"""Somebody's hand at a calendar: events added, moved, answered, looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from simulator import exchange
from simulator.acting import Acting
from simulator.directory import Person
from simulator.graph.calendar.event_wire import event_wire
from simulator.graph.wire import Style
from simulator.mailbox import writing
from simulator.mailbox.item import Instance, master_of
from simulator.mailbox.store import Calendar
from simulator.mailbox.words import NEVER, name_in
from simulator.refused import Refused
from simulator.zones import wall_time, zone_named

if TYPE_CHECKING:
    from simulator.world import World

Moment = datetime | date
Response = exchange.Answer | Literal["notResponded"]
ANSWERED = dict.fromkeys(get_args(exchange.Answer), "2024-01-01T09:00:00Z") | {
    "notResponded": NEVER
}
SHOWN = {"accepted": "busy", "declined": "free"}
PLAIN = Style(immutable=True)


class EventHand(Acting):
    """Acts on events. Ids are immutable ids.

    Moments are aware datetimes, naive wall-clock times of the mailbox's zone, or, for all-day
    events, dates (the end date exclusive).
    """

    def add_event(
        self,
        who: str,
        title: str,
        start: Moment,
        end: Moment | None = None,
        *,
        zone: str | None = None,
        attendees: Iterable[str] = (),
        organizer: str | None = None,
        response: Response = "accepted",
        calendar: str | None = None,
        **graph: Any,
    ) -> str:
        """A new event, one hour (or one day) long without `end`; answers its id.

        `organizer` is somebody else's address for a received invitation, and `response` what was
        answered. `graph` holds further Graph properties (`location`, `recurrence`, `showAs` …).
        """
        with self.lock:
            person = self.person(who)
            chosen = person.mailbox.calendar_named(calendar)
            wire = {"subject": title, **graph, **self._span(person, start, end, zone)}
            if organizer:
                attendees = (person.address, *attendees)
            wire["attendees"] = [{"emailAddress": self._named(one)} for one in attendees]
            if organizer:
                made = self._invitation(person, organizer, response, chosen, wire)
            else:
                made = exchange.create_event(self._world, person, chosen, wire)
            return person.mailbox.id_of(made, immutable=True)

    def _invitation(
        self,
        person: Person,
        organizer: str,
        response: Response,
        calendar: Calendar,
        wire: dict[str, Any],
    ) -> Instance:
        host = self._world.find_person(organizer)
        if host is None:
            made = writing.create(person.mailbox, calendar, wire).instance
            made.item.words.update(invited_by(organizer, response))
            return made
        theirs = exchange.create_event(self._world, host, host.mailbox.default_calendar, wire)
        copy = master_of(person.mailbox.items[person.mailbox.by_uid[theirs.item.uid]])
        if calendar.number != copy.item.calendar:
            person.mailbox.move(copy.item, calendar)
        if response != "notResponded":
            exchange.answer_event(self._world, person, copy, response)
        return copy

    def move_event(
        self,
        who: str,
        event_id: str,
        start: Moment,
        end: Moment | None = None,
        *,
        zone: str | None = None,
    ) -> None:
        """Move an event or one occurrence; without `end` it keeps its length."""
        with self.lock:
            person = self.person(who)
            found = person.mailbox.find(event_id)
            end = end or start + (found.when.end - found.when.start)
            self._change(person, found, self._span(person, start, end, zone))

    def rename_event(self, who: str, event_id: str, title: str) -> None:
        """Give an event, a series or one occurrence another title."""
        self.change_event(who, event_id, {"subject": title})

    def change_event(self, who: str, event_id: str, graph: dict[str, Any]) -> None:
        """Change Graph properties of an event, a series or one occurrence."""
        with self.lock:
            person = self.person(who)
            self._change(person, person.mailbox.find(event_id), graph)

    def delete_event(self, who: str, event_id: str) -> None:
        """Delete an event, a whole series or one occurrence."""
        with self.lock:
            person = self.person(who)
            exchange.delete_event(self._world, person, person.mailbox.find(event_id))

    def answer_event(
        self,
        who: str,
        event_id: str,
        answer: exchange.Answer,
        comment: str = "",
        send: bool = True,
        proposed: dict[str, Any] | None = None,
    ) -> None:
        """Answer an invitation by the id of one's own copy; see `exchange.answer_event`."""
        with self.lock:
            person = self.person(who)
            found = person.mailbox.find(event_id)
            exchange.answer_event(self._world, person, found, answer, comment, send, proposed)

    def cancel_event(self, who: str, event_id: str, comment: str = "") -> None:
        """Call off a meeting one organises, or one occurrence of it."""
        with self.lock:
            person = self.person(who)
            found = person.mailbox.find(event_id)
            exchange.cancel_event(self._world, person, found, comment)

    def forward_event(self, who: str, event_id: str, to: Iterable[str], comment: str = "") -> None:
        """Pass a meeting on to more people."""
        with self.lock:
            person = self.person(who)
            found = person.mailbox.find(event_id)
            exchange.forward_event(self._world, person, found, to, comment)

    def copy_of(self, who: str, organizer: str, event_id: str) -> str | None:
        """The id of somebody's copy of a meeting, by its id at the organiser's; None without."""
        with self.lock:
            uid = self.person(organizer).mailbox.find(event_id).item.uid
            mailbox = self.person(who).mailbox
            number = mailbox.by_uid.get(uid)
            if number is None:
                return None
            return mailbox.id_of(master_of(mailbox.items[number]), immutable=True)

    def move_to_calendar(self, who: str, event_id: str, calendar: str) -> None:
        """Drag an event into the calendar of this name."""
        with self.lock:
            person = self.person(who)
            item = person.mailbox.find(event_id).item
            person.mailbox.move(item, person.mailbox.calendar_named(calendar))

    def event(self, who: str, event_id: str) -> dict[str, Any] | None:
        """One event as Graph would answer it (immutable ids, UTC), or None when it is gone."""
        with self.lock:
            person = self.person(who)
            try:
                return event_wire(person, person.mailbox.find(event_id), PLAIN)
            except Refused:
                return None

    def events(self, who: str, calendar: str | None = None) -> list[dict[str, Any]]:
        """Single events and masters of a calendar, the default one unless named, by start."""
        with self.lock:
            person = self.person(who)
            chosen = person.mailbox.calendar_named(calendar)
            items = [
                each for each in person.mailbox.items.values() if each.calendar == chosen.number
            ]
            items.sort(key=lambda each: each.when.starts)
            return [event_wire(person, master_of(each), PLAIN) for each in items]

    def view(
        self, who: str, start: datetime, end: datetime, calendar: str | None = None
    ) -> list[dict[str, Any]]:
        """Single events and occurrences that touch the span (aware), by start."""
        with self.lock:
            person = self.person(who)
            chosen = person.mailbox.calendar_named(calendar)
            low, high = int(start.timestamp()), int(end.timestamp())
            found = person.mailbox.view(chosen, low, high)
            return [event_wire(person, each, PLAIN) for each in found]

    def _named(self, address: str) -> dict[str, str]:
        """Outlook puts in the names of people it knows."""
        known = self._world.find_person(address)
        return {"address": address, "name": known.name if known else address}

    @property
    def _world(self) -> World:
        return cast("World", self)

    def _change(self, person: Person, instance: Instance, graph: dict[str, Any]) -> None:
        exchange.change_event(self._world, person, instance, graph)

    def _span(
        self, person: Person, start: Moment, end: Moment | None, zone: str | None
    ) -> dict[str, Any]:
        name = zone or person.mailbox.zone
        all_day = not isinstance(start, datetime)
        end = end or start + (timedelta(days=1) if all_day else timedelta(hours=1))
        return {"start": _wall(start, name), "end": _wall(end, name), "isAllDay": all_day}


def _wall(moment: Moment, zone: str) -> dict[str, str]:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    elif moment.tzinfo is not None:
        moment = wall_time(int(moment.astimezone(UTC).timestamp()), zone_named(zone))
    return {"dateTime": moment.isoformat(timespec="seconds"), "timeZone": zone}


def invited_by(address: str, response: Response) -> dict[str, Any]:
    """The words that make an event an invitation received from somebody else."""
    return {
        "organizer": {"emailAddress": {"name": name_in(address), "address": address}},
        "responseStatus": {"response": response, "time": ANSWERED[response]},
        "showAs": SHOWN.get(response, "tentative"),
    }
