"""What may be asked about contacts and their folders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.graph.things import Field, Things, by_path
from simulator.mailbox.contact_words import EXTENSIONS, LISTS, POSTAL, POSTAL_PARTS, SLOTS, TEXTS
from simulator.mailbox.contacts import Contact, ContactFolder


def _word(name: str) -> Callable[[Contact], Any]:
    return lambda contact: contact.words.get(name)


def _part(name: str, part: str) -> Callable[[Contact], Any]:
    return lambda contact: (contact.words.get(name) or {}).get(part)


def _created(contact: Contact) -> Any:
    return contact.created


def _modified(contact: Contact) -> Any:
    return contact.modified


def _folder_name(folder: ContactFolder) -> str:
    return folder.name


MAIL = {"address": by_path("address"), "name": by_path("name")}
CONTACTS = Things(
    "microsoft.graph.contact",
    frozenset(
        {
            "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "parentFolderId",
            "birthday", "emailAddresses", "photo", *EXTENSIONS, *TEXTS, *LISTS, *POSTAL, *SLOTS,
        }
    ),
    {
        **{name: Field(_word(name)) for name in TEXTS},
        **{name: Field(_word(name), "members", {"": by_path("")}) for name in LISTS},
        **{f"{name}/{part}": Field(_part(name, part)) for name in POSTAL for part in POSTAL_PARTS},
        "emailAddresses": Field(_word("emailAddresses"), "members", MAIL),
        "createdDateTime": Field(_created, "moment"),
        "lastModifiedDateTime": Field(_modified, "moment"),
    },
)  # fmt: skip
FOLDERS = Things(
    "microsoft.graph.contactFolder",
    frozenset({"id", "displayName", "parentFolderId"}),
    {"displayName": Field(_folder_name)},
)
