"""Writing to a mailbox as Exchange does it: who hears of a write, by mail and in the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulator.directory import Person
from simulator.exchange.deliver import bring, withdraw
from simulator.exchange.mails import Kind, Mail, letter
from simulator.exchange.meeting import (
    besides,
    diverge,
    exceptions_of,
    invitees,
    is_organizer,
    organizer_of,
    unanswered,
)
from simulator.mailbox import writing
from simulator.mailbox.item import Instance
from simulator.mailbox.store import Calendar
from simulator.mailbox.words import MAILED, WHEN
from simulator.refused import bad_request

if TYPE_CHECKING:
    from simulator.world import World

TIMES = {*WHEN, "recurrence"}


def create_event(
    world: World, person: Person, calendar: Calendar, wire: dict[str, Any]
) -> Instance:
    """Create an event; invitations go out at once."""
    written = writing.create(person.mailbox, calendar, wire)
    if not written.repeated:
        invited = invitees(written.instance).values()
        announce(world, person, written.instance, "invitation", invited)
    return written.instance


def change_event(
    world: World, person: Person, instance: Instance, wire: dict[str, Any]
) -> Instance:
    """Change an event; its invitees hear of it where Exchange would tell them.

    Changes to a received copy stay in that copy.
    """
    before, time_before, words_before = invitees(instance), _time(instance), instance.words
    changed = writing.change(person.mailbox, instance, wire)
    new_time = _time(changed) != time_before
    told = _told(wire, words_before, changed.words, new_time=new_time)
    if told and is_organizer(person, changed):
        _spread(person, changed, before)
        if new_time and changed.words.get("attendees"):
            changed.words["attendees"] = unanswered(changed.words["attendees"])
        _tell(world, person, changed, before, told, new_time=new_time)
    return changed


def _told(
    wire: dict[str, Any], before: dict[str, Any], after: dict[str, Any], *, new_time: bool
) -> set[str]:
    """Of what a body names, that which invitees hear of: Exchange mails no change that is none."""
    named = wire.keys() & MAILED
    if "isDraft" in before:
        return named  # what was held back goes out now
    moved = named & TIMES if new_time else set()
    listed = named & {"attendees"}  # who of them hears depends on who is new
    reworded = {each for each in named - TIMES if before.get(each) != after.get(each)}
    return moved | listed | reworded


def _time(instance: Instance) -> tuple[object, ...]:
    """What answers are given to: the same moment said in another zone is no new time."""
    when, series = instance.when, None if instance.ordinal else instance.item.recurrence
    return (when, series) if series else (when.starts, when.ends, when.all_day)


def _spread(person: Person, changed: Instance, before: dict[str, str]) -> None:
    """Whoever joins or leaves a series joins or leaves its exceptions."""
    after = invitees(changed)
    if before.keys() == after.keys():
        return
    attendees = changed.words.get("attendees") or []
    added = [each for each in attendees if each["emailAddress"]["address"].lower() not in before]
    for exception in exceptions_of(changed):
        held = exception.words.get("attendees") or []
        crowd = besides(held, added, before.keys() - after.keys())
        diverge(person.mailbox, changed.item, exception.ordinal, {"attendees": crowd})


def _tell(
    world: World,
    person: Person,
    changed: Instance,
    before: dict[str, str],
    told: set[str],
    *,
    new_time: bool,
) -> None:
    after = invitees(changed)
    gone = {key: before[key] for key in before.keys() - after.keys()}
    call_off(world, person, changed, _cancellations(person, changed, gone.values()))
    new = [after[key] for key in after.keys() - before.keys()]
    announce(world, person, changed, "invitation", new)
    # When nothing but the list changed, those who stay on it are not bothered.
    if told != {"attendees"}:
        stayed = [after[key] for key in after.keys() & before.keys()]
        announce(world, person, changed, "update", stayed, new_time=new_time)
        for exception in exceptions_of(changed):
            own = invitees(exception)
            guests = [own[key] for key in own.keys() - before.keys() - after.keys()]
            announce(world, person, exception, "update", guests, new_time=new_time)


def announce(
    world: World,
    holder: Person,
    meeting: Instance,
    kind: Kind,
    to: Iterable[str],
    *,
    sender: Person | None = None,
    new_time: bool = False,
    comment: str = "",
) -> None:
    """Mail a meeting in the holder's calendar to people, and bring it into their calendars."""
    host = organizer_of(holder, meeting)
    for address in sorted(to):
        recipient = world.find_person(address)
        if recipient is holder:
            continue
        # A series is one mail, and each of its exceptions another.
        exceptions = [each for each in exceptions_of(meeting) if address.lower() in invitees(each)]
        world.mails += [
            letter(sender or holder, address, kind, each, comment, held_by=holder)
            for each in (meeting, *exceptions)
        ]
        if recipient and recipient.has_mailbox:
            bring(meeting, host, recipient, new_time=new_time)


def delete_event(world: World, person: Person, instance: Instance, comment: str = "") -> None:
    """Delete an event; an organiser's invitees get a cancellation."""
    _delete(world, person, instance, comment, keep=True)


def erase_event(world: World, person: Person, instance: Instance) -> None:
    """Delete an event so that not even Deleted Items has it."""
    _delete(world, person, instance, "", keep=False)


def _delete(world: World, person: Person, instance: Instance, comment: str, *, keep: bool) -> None:
    mails = []
    if is_organizer(person, instance):
        everybody = dict(invitees(instance))
        for exception in exceptions_of(instance):
            everybody |= invitees(exception)
        mails = _cancellations(person, instance, everybody.values(), comment)
    writing.delete(person.mailbox, instance)
    if not keep:
        person.mailbox.deleted.pop(instance.item.number, None)
    call_off(world, person, instance, mails)


def _cancellations(
    person: Person, meeting: Instance, to: Iterable[str], comment: str = ""
) -> list[Mail]:
    return [letter(person, each, "cancellation", meeting, comment) for each in sorted(to)]


def call_off(world: World, person: Person, meeting: Instance, mails: list[Mail]) -> None:
    """Send cancellations, and mark the copies of those who get them."""
    for mail in mails:
        recipient = world.find_person(mail.to)
        if recipient is person:
            continue
        world.mails.append(mail)
        if recipient and recipient.has_mailbox:
            ordinals = [meeting.ordinal, *(each.ordinal for each in exceptions_of(meeting))]
            for ordinal in ordinals:
                withdraw(recipient.mailbox, meeting.item.uid, ordinal)


def cancel_event(world: World, person: Person, instance: Instance, comment: str = "") -> None:
    """Cancel a meeting; refused to anybody but its organiser."""
    if not is_organizer(person, instance):
        raise bad_request(
            "Your request can't be completed. You need to be an organizer to cancel a meeting."
        )
    delete_event(world, person, instance, comment)
