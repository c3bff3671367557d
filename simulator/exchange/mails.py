"""The sent-mail log: what Exchange would have sent, one entry for each recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from simulator.directory import Person
from simulator.mailbox.item import Instance, day_text

Kind = Literal[
    "invitation",
    "update",
    "cancellation",
    "accepted",
    "tentativelyAccepted",
    "declined",
    "forward notice",
]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail Exchange would have sent: to one address, about one event."""

    at: datetime
    sender: str
    to: str
    kind: Kind
    subject: str
    event_id: str  # the organiser's immutable id, where the organiser has a mailbox here
    comment: str = ""
    occurrence: str = ""  # the original date, for a mail about one occurrence


def letter(
    sender: Person,
    to: str,
    kind: Kind,
    about: Instance,
    comment: str = "",
    *,
    held_by: Person | None = None,
) -> Mail:
    """A mail about an event in the calendar of `held_by`, the sender's own unless said."""
    mailbox = (held_by or sender).mailbox
    return Mail(
        at=mailbox.now(),
        sender=sender.address,
        to=to,
        kind=kind,
        subject=about.words.get("subject", ""),
        event_id=mailbox.id_of(about, immutable=True),
        comment=comment,
        occurrence=day_text(about.ordinal) if about.ordinal else "",
    )
