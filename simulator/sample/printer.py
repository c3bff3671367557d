"""Makes sample events by the hundred thousand.

They do not go through what a request body has to go through, and what two of them say alike is one
object: words of an event are always replaced, never changed in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal

from simulator.directory import Person
from simulator.exchange.answers import Answer
from simulator.exchange.deliver import copy_for, received, take_series
from simulator.exchange.meeting import recipient
from simulator.mailbox import online
from simulator.mailbox.item import Item, When, master_of
from simulator.mailbox.recurrence import read_recurrence
from simulator.mailbox.words import NEVER, NO_ANSWER, kept, read_words
from simulator.mailbox.writing import new_uid
from simulator.zones import aware

Words = dict[str, Any]
Response = Answer | Literal["notResponded"]
SHOWN = {"accepted": "busy", "tentativelyAccepted": "tentative", "notResponded": "tentative"}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited, and what they answered; without a mailbox when from outside."""

    name: str
    address: str
    response: Response
    person: Person | None = None


class Printer:
    """Puts events into mailboxes as if they had been there for long."""

    def __init__(self, now: datetime) -> None:
        self.yesterday = now - timedelta(days=1)
        self.words = cache(_plain_words)
        self.attendee = cache(self._attendee)
        self.status = cache(self._status)

    def event(
        self,
        person: Person,
        words: Words,
        when: When,
        days_ahead: int,
        *,
        recurrence: Words | None = None,
        calendar: int = 1,
    ) -> Item:
        """An event in somebody's calendar, written down some days before it takes place."""
        mailbox = person.mailbox
        number = mailbox.next_number()
        made = min(aware(when.starts) - timedelta(days=days_ahead), self.yesterday)
        item = Item(
            number=number,
            calendar=calendar,
            uid=new_uid(mailbox, number),
            created=made,
            modified=made,
            words=words,
            when=when,
            home=mailbox.home,
        )
        if recurrence:
            self._repeat(item, recurrence)
        if words.get("isOnlineMeeting"):
            item.words = dict(words)
            online.settle(item.words, item.uid)
        mailbox.stock(item)
        return item

    def _repeat(self, item: Item, wire: Words) -> None:
        recurrence = read_recurrence(wire)
        item.when = item.when.on(next(recurrence.dates()), item.home)
        item.repattern(recurrence)
        item.created = item.modified = min(item.created, self.yesterday)

    def deliver(self, organizer: Person, item: Item, guests: Sequence[Guest]) -> None:
        """Put copies into the calendars of those who did not decline."""
        host = recipient(organizer.name, organizer.address)
        alike: dict[Response, Words] = {}
        for guest in guests:
            if guest.person is None or guest.response == "declined":
                continue
            own = self._own(guest.response)
            if guest.response not in alike:
                alike[guest.response] = {
                    **received(master_of(item), host, guest.person, None), **own,
                }  # fmt: skip
            copy = copy_for(master_of(item), alike[guest.response], guest.person)
            copy.created = copy.modified = item.created
            if item.recurrence:
                copy.repattern(item.recurrence)
                take_series(copy, item, host, guest.person)
                for each in copy.exceptions.values():
                    each.words = {**each.words, **own}
                    each.modified = self.yesterday
            guest.person.mailbox.stock(copy)

    def invite(self, words: Words, guests: Sequence[Guest]) -> Words:
        """The words of a meeting with these guests."""
        attendees = [self.attendee(each.name, each.address, each.response) for each in guests]
        return {**words, "attendees": attendees}

    def from_outside(
        self, words: Words, host: tuple[str, str], to: Person, said: Response
    ) -> Words:
        """The words of an invitation from somebody without a mailbox here."""
        attendees = [self.attendee(to.name, to.address, said)]
        organizer = {"organizer": recipient(*host), "attendees": attendees}
        return {**words, **organizer, **self._own(said)}

    def _own(self, response: Response) -> Words:
        return {"responseStatus": self.status(response), "showAs": SHOWN[response]}

    def _status(self, response: Response) -> Words:
        when = NEVER if response == "notResponded" else f"{self.yesterday:%Y-%m-%dT%H:%M:%SZ}"
        return {"response": response, "time": when}

    def _attendee(self, name: str, address: str, response: Response) -> Words:
        status = NO_ANSWER if response == "notResponded" else self.status(response)
        return {"type": "required", "status": status, **recipient(name, address)}


def _plain_words(title: str, **more: Any) -> Words:
    room = more.pop("room", "")
    return kept(read_words({"subject": title, "location": {"displayName": room}, **more}))


def timed(person: Person, day: date, at: time, minutes: int) -> When:
    """A span in the zone of somebody's mailbox."""
    mailbox = person.mailbox
    begins = datetime.combine(day, at)
    ends = begins + timedelta(minutes=minutes)
    return When.written(begins, ends, zone=mailbox.zone, home=mailbox.home)


def whole_days(person: Person, first: date, days: int) -> When:
    """Whole days in somebody's own zone."""
    mailbox = person.mailbox
    begins = datetime.combine(first, time())
    ends = begins + timedelta(days=days)
    return When.written(begins, ends, zone=mailbox.zone, home=mailbox.home, all_day=True)


def later(when: When, hours: int) -> When:
    """The same span some hours later."""
    step, seconds = timedelta(hours=hours), hours * 3600
    return replace(
        when,
        start=when.start + step,
        end=when.end + step,
        starts=when.starts + seconds,
        ends=when.ends + seconds,
    )
