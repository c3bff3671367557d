"""Writing to a mailbox as Exchange does it: the rules, and the mails that follow from a write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.directory import Person
from simulator.mailbox import writing
from simulator.mailbox.item import Instance
from simulator.mailbox.store import Calendar
from simulator.mailbox.words import MAILED
from simulator.refused import bad_request

if TYPE_CHECKING:
    from simulator.world import World


def create_event(
    world: World, person: Person, calendar: Calendar, wire: dict[str, Any]
) -> Instance:
    """Create an event; invitations go out at once."""
    written = writing.create(person.mailbox, calendar, wire)
    if not written.repeated:
        _mail(world, person, written.instance, "invitation", addresses(written.instance))
    return written.instance


def change_event(
    world: World, person: Person, instance: Instance, wire: dict[str, Any]
) -> Instance:
    """Change an event; its invitees hear of it where Exchange would tell them."""
    before = addresses(instance)
    changed = writing.change(person.mailbox, instance, wire)
    told = wire.keys() & MAILED
    after = addresses(changed)
    if is_organizer(person, changed) and told:
        _mail(world, person, changed, "cancellation", before - after)
        _mail(world, person, changed, "invitation", after - before)
        if told != {"attendees"}:
            _mail(world, person, changed, "update", before & after)
    return changed


def delete_event(world: World, person: Person, instance: Instance) -> None:
    """Delete an event; an organiser's invitees get a cancellation."""
    told = addresses(instance) if is_organizer(person, instance) else set()
    _mail(world, person, instance, "cancellation", told)
    writing.delete(person.mailbox, instance)


def cancel_event(world: World, person: Person, instance: Instance) -> None:
    """Cancel a meeting; refused to anybody but its organiser."""
    if not is_organizer(person, instance):
        raise bad_request(
            "Your request can't be completed. You need to be an organizer to cancel a meeting."
        )
    delete_event(world, person, instance)


def is_organizer(person: Person, instance: Instance) -> bool:
    """Does the mailbox's owner organise it?"""
    organizer = instance.words.get("organizer")
    return not organizer or organizer["emailAddress"]["address"] == person.address


def addresses(instance: Instance) -> set[str]:
    """The addresses of its attendees."""
    attendees = instance.words.get("attendees") or ()
    return {each["emailAddress"]["address"] for each in attendees}


def _mail(world: World, person: Person, instance: Instance, kind: str, to: set[str]) -> None:
    event_id = person.mailbox.id_of(instance, immutable=True)
    world.mail(person, sorted(to), kind, instance.words.get("subject", ""), event_id)
