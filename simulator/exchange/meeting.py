"""Who takes part in a meeting, and what became of their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from simulator.directory import Person
from simulator.mailbox.item import Divergence, Instance, Item
from simulator.mailbox.store import Mailbox
from simulator.mailbox.words import NO_ANSWER

Attendees = list[dict[str, Any]]


def is_organizer(person: Person, instance: Instance) -> bool:
    """Does the mailbox's owner organise it?"""
    organizer = instance.words.get("organizer")
    return not organizer or organizer["emailAddress"]["address"].lower() == person.address.lower()


def organizer_of(person: Person, instance: Instance) -> dict[str, Any]:
    """Who organises it, as answers name a recipient; the mailbox's owner unless it was received."""
    return instance.words.get("organizer") or recipient(person.name, person.address)


@lru_cache(maxsize=4096)
def recipient(name: str, address: str) -> dict[str, Any]:
    """A person as a recipient: one object for all copies that name the same person."""
    return {"emailAddress": {"name": name, "address": address}}


def address_of(attendee: dict[str, Any]) -> str:
    """The address by which an attendee is known, whatever its capitals."""
    return str(attendee["emailAddress"]["address"]).lower()


def invitees(instance: Instance) -> dict[str, str]:
    """The attendees' addresses, in small letters and as they were written."""
    attendees = instance.words.get("attendees") or ()
    return {address_of(each): each["emailAddress"]["address"] for each in attendees}


def exceptions_of(instance: Instance) -> list[Instance]:
    """The exceptions of a master, by date; of anything else none."""
    item = instance.item
    return [] if instance.ordinal else [item.occurrence(each) for each in sorted(item.exceptions)]


def unanswered(attendees: Attendees) -> Attendees:
    """The same people, with no answer and no proposal."""
    return [
        {"type": each["type"], "status": NO_ANSWER, "emailAddress": each["emailAddress"]}
        for each in attendees
    ]


def answered(
    attendees: Attendees, person: Person, status: dict[str, str], proposed: dict[str, Any] | None
) -> Attendees:
    """The list with somebody's answer on it."""
    own = person.address.lower()
    answer = {"status": status, **({"proposedNewTime": proposed} if proposed else {})}
    return [
        {"type": each["type"], "emailAddress": each["emailAddress"], **answer}
        if address_of(each) == own
        else each
        for each in attendees
    ]


def guest(name: str, address: str) -> dict[str, Any]:
    """Somebody whom others than the organiser brought along."""
    return {"type": "optional", "status": NO_ANSWER, **recipient(name, address)}


def relist(
    mailbox: Mailbox, item: Item, ordinal: int, listed: Callable[[Attendees], Attendees]
) -> None:
    """Write the organiser's list anew: of one occurrence, or of the event with its exceptions."""
    if ordinal:
        diverge(mailbox, item, ordinal, {"attendees": listed(_list(item.occurrence(ordinal)))})
        return
    mailbox.remember(item)
    item.words = {**item.words, "attendees": listed(item.words.get("attendees") or [])}
    mailbox.touch(item)
    for each in item.exceptions:
        diverge(mailbox, item, each, {"attendees": listed(_list(item.occurrence(each)))})


def diverge(mailbox: Mailbox, item: Item, ordinal: int, words: dict[str, Any]) -> None:
    """Give one occurrence words of its own; its time stays."""
    mailbox.remember(item)
    found = item.occurrence(ordinal)
    item.exceptions[ordinal] = Divergence({**found.words, **words}, found.when, 0, mailbox.now())
    mailbox.touch(item, ordinal)


def _list(instance: Instance) -> Attendees:
    return instance.words.get("attendees") or []


def besides(attendees: Attendees, added: Attendees, removed: Iterable[str]) -> Attendees:
    """The list with some more people and without some others (addresses in small letters)."""
    gone = {*removed, *(address_of(each) for each in added)}
    return [*(each for each in attendees if address_of(each) not in gone), *added]
