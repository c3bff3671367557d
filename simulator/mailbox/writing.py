"""What happens when somebody creates, changes or deletes an event.

The same rules hold for Graph and for the Outlook page; each refusal carries Graph's code.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid5

from simulator.mailbox import online, series
from simulator.mailbox.checks import misfit
from simulator.mailbox.extended import Extended, read_extended, read_extensions
from simulator.mailbox.ids import GLOBAL_ID
from simulator.mailbox.item import Divergence, Instance, Item, When, master_of
from simulator.mailbox.store import Calendar, Mailbox
from simulator.mailbox.when import read_when
from simulator.mailbox.words import WHEN, kept, name_in, read_words
from simulator.refused import Refused, access_denied, bad_request

TICKS_BEFORE_1970 = 116_444_736_000_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """An event after a write, and whether it was there before."""

    instance: Instance
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a PATCH asks for, read and judged."""

    wire: dict[str, Any]
    words: dict[str, Any]
    when: When
    extended: Extended


def create(
    mailbox: Mailbox, calendar: Calendar, wire: dict[str, Any], *, uid: str = "", lone: int = 0
) -> Written:
    """A new event. A `transactionId` seen before gives the event it made then, or a conflict.

    `uid` and `lone` are for what comes from elsewhere and is known by an iCalUId already.
    """
    check_writable(mailbox, calendar)
    check_room(mailbox)
    transaction = wire.get("transactionId")
    if not isinstance(transaction, str | None):
        raise misfit("transactionId", "Edm.String")
    known = mailbox.by_transaction.get(transaction or "")
    if known is not None:
        return _again(mailbox, mailbox.items[known])
    words, extended, extensions = read_words(wire), read_extended(wire), read_extensions(wire)
    when = read_when(mailbox, wire)
    number, now = mailbox.next_number(), mailbox.now()
    item = Item(
        number=number,
        calendar=calendar.number,
        uid=uid or new_uid(mailbox, number),
        created=now,
        modified=now,
        words=_as_kept(mailbox, words),
        when=when,
        home=mailbox.home,
        transaction_id=transaction or None,
        lone=lone,
    )
    if extended or extensions:
        item.extended, item.extensions = extended, extensions
    if wire.get("recurrence") is not None:
        series.begin(item, wire["recurrence"])
    online.settle(item.words, item.uid)
    mailbox.put(item)
    return Written(master_of(item))


def _again(mailbox: Mailbox, item: Item) -> Written:
    if mailbox.switches.strikes("writes.repeat", mailbox.key) == "conflict":
        raise Refused(
            409, "ErrorIrresolvableConflict",
            "An event with the same transactionId exists already.",
        )  # fmt: skip
    return Written(master_of(item), repeated=True)


def check_writable(mailbox: Mailbox, calendar: Calendar) -> None:
    """Refuse to write to a calendar that can only be read."""
    denied = mailbox.switches.strikes("writes.read_only", mailbox.key)
    if denied or not calendar.can_edit:
        raise access_denied()


def check_room(mailbox: Mailbox) -> None:
    """Refuse to put anything more into a full mailbox."""
    full = mailbox.switches.strikes("writes.mailbox_full", mailbox.key)
    if full == "403":
        raise Refused(
            403, "ErrorQuotaExceeded",
            "The message store has reached its maximum size. You can no longer save items.",
        )  # fmt: skip
    if full == "507":
        raise Refused(507, "quotaLimitReached", "The mailbox has reached its quota limit.")


def new_uid(mailbox: Mailbox, number: int) -> str:
    """The iCalUId of a new event: the same in every mailbox that gets a copy.

    A global object id: its class, no date, the moment, and sixteen bytes of its own.
    """
    unique = uuid5(online.FAMILY, f"{mailbox.key}/{number}").hex.upper()
    ticks = int(mailbox.now().timestamp()) * 10_000_000 + TICKS_BEFORE_1970
    moment = ticks.to_bytes(8, "little").hex().upper()
    return f"{GLOBAL_ID}00000000{moment}{'0' * 16}10000000{unique}"


def _as_kept(mailbox: Mailbox, words: dict[str, Any]) -> dict[str, Any]:
    if "attendees" in words and mailbox.switches.position("writes.rewrite", mailbox.key):
        words["attendees"] = [_named_by_address(each) for each in words["attendees"]]
    return kept(words)


def _named_by_address(attendee: dict[str, Any]) -> dict[str, Any]:
    address = attendee["emailAddress"]["address"]
    return {**attendee, "emailAddress": {"name": name_in(address), "address": address}}


def change(mailbox: Mailbox, instance: Instance, wire: dict[str, Any]) -> Instance:
    """PATCH: only what the body names changes. An occurrence becomes an exception."""
    check_writable(mailbox, mailbox.calendars[instance.item.calendar])
    check_room(mailbox)
    if wire.get("transactionId", instance.item.transaction_id) != instance.item.transaction_id:
        raise bad_request(
            "Your request can't be completed. ClientId/TransactionId is immutable and cannot be "
            "updated."
        )
    if "extensions" in wire:
        raise bad_request("Open extensions are changed at their own address.")
    asked = Change(
        wire,
        read_words(wire),
        read_when(mailbox, wire, instance.when) if wire.keys() & WHEN else instance.when,
        read_extended(wire),
    )
    if instance.ordinal:
        return _diverge(mailbox, instance, asked)
    return _change_item(mailbox, instance.item, asked)


def _merge(mailbox: Mailbox, old: dict[str, Any], asked: Change, meeting: str) -> dict[str, Any]:
    new = asked.words
    words = {**old, **new}
    if "attendees" in new:
        words["attendees"] = _with_answers(new["attendees"], old.get("attendees") or ())
    words.pop("isDraft", None)
    if asked.wire.keys() & WHEN:
        for name in ("originalStartTimeZone", "originalEndTimeZone"):
            words.pop(name, None)
    renews = mailbox.switches.position("writes.meeting_block", mailbox.key) == "alternates"
    online.settle_change(old, words, new, f"{meeting}/{mailbox.seq}", renews=renews)
    return _as_kept(mailbox, words)


def _with_answers(
    attendees: list[dict[str, Any]], before: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Whoever stays invited keeps the answer given before."""
    known = {each["emailAddress"]["address"].lower(): each for each in before}
    found = []
    for each in attendees:
        old = known.get(each["emailAddress"]["address"].lower(), {})
        answer = {key: old[key] for key in ("status", "proposedNewTime") if key in old}
        found.append({**each, **answer})
    return found


def _change_item(mailbox: Mailbox, item: Item, asked: Change) -> Instance:
    words, merged = item.words, _merge(mailbox, item.words, asked, item.uid)
    before = (item.when, item.recurrence)
    keeps = mailbox.switches.position("writes.move_of_series", mailbox.key) == "kept"

    def apply() -> None:
        item.when = asked.when
        try:
            series.repeat(item, asked.wire, moved=asked.when != before[0], keeps=keeps)
        except Refused:
            item.when, item.recurrence = before
            raise
        item.words = merged
        if asked.extended:
            item.extended = {**item.extended, **asked.extended}

    mailbox.rewrite(item, apply)
    series.inherit(mailbox, item, words)
    return master_of(item)


def _diverge(mailbox: Mailbox, instance: Instance, asked: Change) -> Instance:
    item, ordinal = instance.item, instance.ordinal
    if asked.wire.get("recurrence"):
        raise bad_request("An occurrence has no recurrence of its own.")
    if asked.when != instance.when:
        series.check_neighbours(item, ordinal, asked.when.starts)
    merged = _merge(mailbox, instance.words, asked, f"{item.uid}/{ordinal}")
    divergence = replace(own_divergence(mailbox, instance), words=merged, when=asked.when)
    if asked.extended:
        divergence.extended = {**divergence.extended, **asked.extended}
    if mailbox.switches.strikes("writes.lost_on_occurrence", mailbox.key):
        shown = copy(item)
        shown.exceptions = {**item.exceptions, ordinal: divergence}
        return shown.occurrence(ordinal)
    mailbox.remember(item)
    item.exceptions[ordinal] = divergence
    mailbox.touch(item, ordinal)
    return item.occurrence(ordinal)


def own_divergence(mailbox: Mailbox, instance: Instance) -> Divergence:
    """The exception behind an occurrence, or what it would be if it became one as it is."""
    return instance.divergence or Divergence(
        instance.words, instance.when, instance.version, mailbox.now()
    )


def delete(mailbox: Mailbox, instance: Instance) -> None:
    """Delete an event, a whole series or one occurrence."""
    check_writable(mailbox, mailbox.calendars[instance.item.calendar])
    if not instance.ordinal:
        mailbox.remove(instance.item)
        return
    mailbox.remember(instance.item)
    instance.item.cancel(instance.ordinal)
    # The master counts as changed: the rest of the series is sent again, without this one.
    mailbox.touch(instance.item)
