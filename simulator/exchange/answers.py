"""Answers to invitations: what they do to the copy, and what the organiser hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from simulator.directory import Person
from simulator.exchange.deliver import whole_copy
from simulator.exchange.mails import letter
from simulator.exchange.meeting import (
    Attendees,
    answered,
    diverge,
    guest,
    invitees,
    is_organizer,
    organizer_of,
    relist,
)
from simulator.mailbox import writing
from simulator.mailbox.item import Instance, master_of
from simulator.refused import Refused, bad_request
from simulator.zones import aware

if TYPE_CHECKING:
    from simulator.world import World

Answer = Literal["accepted", "tentativelyAccepted", "declined"]


def answer_event(
    world: World,
    person: Person,
    instance: Instance,
    answer: Answer,
    comment: str = "",
    send: bool = True,
    proposed: dict[str, Any] | None = None,
) -> None:
    """Answer an invitation to an event, a series or one occurrence.

    With `send` off nobody hears of it. `proposed` is another time, as Graph's timeSlot. A declined
    copy goes to Deleted Items.
    """
    _check(person, instance, answer, send=send, proposed=proposed)
    slot = _slot(person, proposed) if proposed else None
    status = {"response": answer, "time": f"{person.mailbox.now():%Y-%m-%dT%H:%M:%SZ}"}
    host = organizer_of(person, instance)["emailAddress"]["address"]
    organizer = world.find_person(host)
    meeting = organizers_own(organizer, instance)
    if send:
        held_by = organizer if meeting else person
        world.mails.append(
            letter(person, host, answer, meeting or instance, comment, held_by=held_by)
        )
    if answer == "declined":
        writing.delete(person.mailbox, instance)
    else:
        _keep(person, instance, status, _shown(answer, meeting))
    if send and meeting and organizer:
        uninvited = person.address.lower() not in invitees(meeting)
        more = [guest(person.name, person.address)] if uninvited else []

        def listed(attendees: Attendees) -> Attendees:
            return answered([*attendees, *more], person, status, slot)

        relist(organizer.mailbox, meeting.item, meeting.ordinal, listed)


def _check(
    person: Person, instance: Instance, answer: Answer, *, send: bool, proposed: Any
) -> None:
    words = instance.words
    if is_organizer(person, instance):
        raise _impossible("You can't respond to this meeting because you're the meeting organizer.")
    if words.get("isCancelled"):
        raise _impossible("The meeting has been canceled by its organizer.")
    if send and not words.get("responseRequested", True):
        raise _impossible("The meeting organizer hasn't requested a response.")
    if not proposed:
        return
    if answer == "accepted":
        raise _impossible("A new time cannot be proposed when the meeting is accepted.")
    if not send:
        raise _impossible("A new time can be proposed only when a response is sent.")
    if not words.get("allowNewTimeProposals", True):
        raise _impossible("The meeting organizer does not allow new time proposals.")


def _slot(person: Person, proposed: dict[str, Any]) -> dict[str, Any]:
    when = writing.read_when(person.mailbox, {"start": None, "end": None, **proposed})
    return {
        name: {"dateTime": f"{aware(seconds):%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}
        for name, seconds in (("start", when.starts), ("end", when.ends))
    }


def _impossible(reason: str) -> Refused:
    return bad_request(f"Your request can't be completed. {reason}")


def organizers_own(organizer: Person | None, copy: Instance) -> Instance | None:
    """What a copy is a copy of, where the organiser has a mailbox here and still has it."""
    item = organizer and whole_copy(organizer.mailbox, copy.item.uid)
    if not item:
        return None
    ordinal = copy.ordinal or copy.item.lone
    if not ordinal:
        return master_of(item)
    return item.occurrence(ordinal) if item.has(ordinal) else None


def _shown(answer: Answer, meeting: Instance | None) -> str:
    """Accepted time is shown as the organiser means it, usually as busy."""
    if answer == "tentativelyAccepted":
        return "tentative"
    return str(meeting.words.get("showAs", "busy")) if meeting else "busy"


def _keep(person: Person, copy: Instance, status: dict[str, str], shown: str) -> None:
    mailbox, item = person.mailbox, copy.item
    own = {"responseStatus": status, "showAs": shown}
    if not copy.ordinal:
        mailbox.remember(item)
        item.words = {**item.words, **own}
        mailbox.touch(item)
    for ordinal in [copy.ordinal] if copy.ordinal else list(item.exceptions):
        if not item.occurrence(ordinal).words.get("isCancelled"):
            diverge(mailbox, item, ordinal, own)
