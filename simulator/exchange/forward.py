"""Passing a meeting on to more people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.directory import Person
from simulator.exchange.answers import organizers_own
from simulator.exchange.events import announce
from simulator.exchange.mails import letter
from simulator.exchange.meeting import Attendees, besides, guest, invitees, organizer_of, relist
from simulator.mailbox.item import Instance
from simulator.refused import bad_recipient

if TYPE_CHECKING:
    from simulator.world import World


def forward_event(
    world: World, person: Person, instance: Instance, to: Iterable[str], comment: str = ""
) -> None:
    """Invite more people to a meeting; an organiser who did not do it gets a notice."""
    addresses = {each.lower(): each for each in to}
    if not addresses or not all("@" in each for each in addresses):
        raise bad_recipient()
    host = organizer_of(person, instance)["emailAddress"]["address"]
    organizer = world.find_person(host)
    meeting = organizers_own(organizer, instance)
    if organizer and meeting:
        listed = invitees(meeting).keys() | {host.lower()}
        new = [_guest(world, each) for key, each in addresses.items() if key not in listed]
        _add(organizer, meeting, new)
        holder, source = organizer, meeting
    else:
        holder, source = person, instance
    if organizer is not person:
        world.mails.append(letter(person, host, "forward notice", source, comment, held_by=holder))
    announce(
        world, holder, source, "invitation", addresses.values(), sender=person, comment=comment
    )


def _guest(world: World, address: str) -> dict[str, object]:
    known = world.find_person(address)
    return guest(known.name if known else address, address)


def _add(organizer: Person, meeting: Instance, new: Attendees) -> None:
    def listed(attendees: Attendees) -> Attendees:
        return besides(attendees, new, ())

    if new:
        relist(organizer.mailbox, meeting.item, meeting.ordinal, listed)
