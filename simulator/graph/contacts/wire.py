"""Contacts and their folders in the shape Graph answers them."""

from __future__ import annotations

from typing import Any

from simulator.directory import Person
from simulator.graph.wire import Style, stamp, version_key
from simulator.mailbox.contact_words import LISTS, POSTAL, SLOTS, TEXTS
from simulator.mailbox.contacts import Contact, ContactFolder


def contact_etag(person: Person, contact: Contact) -> str:
    """The entity tag that If-Match is compared with."""
    return f'W/"{version_key(person, contact.number, contact.version)}"'


# What a contact answers of which nobody has said anything.
UNSAID: dict[str, Any] = {
    "birthday": None,
    **dict.fromkeys(TEXTS),
    **{name: [] for name in (*LISTS, "emailAddresses")},
    **dict.fromkeys(SLOTS),
    **{name: {} for name in POSTAL},
}


def contact_wire(person: Person, contact: Contact, style: Style) -> dict[str, Any]:
    """A whole contact: every property comes, empty or not."""
    book, words = person.mailbox.contacts, contact.words
    key = version_key(person, contact.number, contact.version)
    return {
        "@odata.etag": f'W/"{key}"',
        "id": book.contact_id(contact.number, contact.moves, immutable=style.immutable),
        "createdDateTime": stamp(contact.created),
        "lastModifiedDateTime": stamp(contact.modified),
        "changeKey": key,
        "parentFolderId": book.folder_id(contact.folder),
        **UNSAID,
        **words,
        **dict(zip(SLOTS, words.get("emailAddresses", ()), strict=False)),
    }


def folder_wire(person: Person, folder: ContactFolder) -> dict[str, Any]:
    """A folder of contacts."""
    book = person.mailbox.contacts
    return {
        "id": book.folder_id(folder.number),
        "parentFolderId": book.folder_id(folder.parent),
        "displayName": folder.name,
    }
