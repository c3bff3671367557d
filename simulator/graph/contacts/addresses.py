"""The addresses of contacts."""

from __future__ import annotations

from simulator.graph.address import DELTAS, READ_CONTACTS, WRITE_CONTACTS, Address
from simulator.graph.contacts import delta, folders, people

FOLDER = "/contactFolders/<folder>"


def _in_place(place: str) -> list[Address]:
    """What is below the mailbox, which means the default folder, and below a named folder."""
    one = f"{place}/contacts/<contact>"
    return [
        Address("GET", f"{place}/contacts", people.collection, READ_CONTACTS),
        Address("POST", f"{place}/contacts", people.create, WRITE_CONTACTS),
        *(
            Address("GET", f"{place}/contacts/{each}", delta.contacts, READ_CONTACTS)
            for each in DELTAS
        ),
        Address("GET", one, people.show, READ_CONTACTS),
        Address("PATCH", one, people.change, WRITE_CONTACTS),
        Address("DELETE", one, people.delete, WRITE_CONTACTS),
    ]


ADDRESSES = [
    *_in_place(""),
    *_in_place(FOLDER),
    Address("GET", "/contactFolders", folders.collection, READ_CONTACTS),
    Address("POST", "/contactFolders", folders.create, WRITE_CONTACTS),
    *(Address("GET", f"/contactFolders/{each}", delta.folders, READ_CONTACTS) for each in DELTAS),
    Address("GET", FOLDER, folders.show, READ_CONTACTS),
    Address("PATCH", FOLDER, folders.change, WRITE_CONTACTS),
    Address("DELETE", FOLDER, folders.delete, WRITE_CONTACTS),
    Address("GET", f"{FOLDER}/childFolders", folders.collection, READ_CONTACTS),
    Address("POST", f"{FOLDER}/childFolders", folders.create, WRITE_CONTACTS),
]
