"""Ids as Exchange makes them: long, case-sensitive, with `=`, `-` and `_`, opaque to clients.

A normal id changes when an item moves between calendars; an immutable one does not.
"""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha512

NORMAL, IMMUTABLE, CALENDAR = 0, 1, 2
CONTACT, IMMUTABLE_CONTACT, CONTACT_FOLDER = 8, 9, 10
CALENDAR_GROUP = 11
PREFIX = {
    NORMAL: "AAMkA", IMMUTABLE: "AAkAL", CALENDAR: "AAMkA",
    CONTACT: "AAMkA", IMMUTABLE_CONTACT: "AAkAL", CONTACT_FOLDER: "AAMkA",
    CALENDAR_GROUP: "AAMkA",
}  # fmt: skip
# kind, moves, generation of the pattern, number of the item, original date of the occurrence
LAYOUT = struct.Struct(">BBHIIxxxxxxxx")
MAILBOX_CHARS = 88
# How every iCalUId begins that Exchange has made itself.
GLOBAL_ID = "040000008200E00074C5B7101A82E008"


@dataclass(frozen=True, slots=True)
class ItemId:
    """What an id says. `ordinal` is the original date of an occurrence, 0 for other items."""

    kind: int
    number: int
    moves: int = 0
    generation: int = 0
    ordinal: int = 0


class IdMint:
    """Makes and reads the ids of one mailbox."""

    def __init__(self, mailbox: str) -> None:
        self._mailbox = urlsafe_b64encode((sha512(mailbox.encode()).digest() * 2)[:66]).decode()

    def write(self, item: ItemId) -> str:
        """The id text, 121 characters."""
        packed = LAYOUT.pack(item.kind, item.moves, item.generation, item.number, item.ordinal)
        return PREFIX[item.kind] + self._mailbox + urlsafe_b64encode(packed).decode()

    def read(self, text: str) -> ItemId | None:
        """What the id says, or None for a malformed one or one of another mailbox."""
        head, tail = text[:5], text[5:]
        if not tail.startswith(self._mailbox):
            return None
        try:
            packed = urlsafe_b64decode(tail[MAILBOX_CHARS:])
            kind, moves, generation, number, ordinal = LAYOUT.unpack(packed)
        except (ValueError, struct.error):
            return None
        if PREFIX.get(kind) != head:
            return None
        return ItemId(kind, number, moves, generation, ordinal)
