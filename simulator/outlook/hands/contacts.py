"""Somebody's hand at the address book of Outlook."""

from __future__ import annotations

from typing import Any

from simulator.acting import Acting
from simulator.graph.contacts.wire import contact_wire
from simulator.graph.wire import Style
from simulator.mailbox.contact_words import read_contact
from simulator.mailbox.contacts import AddressBook, ContactFolder

PLAIN = Style(immutable=True)


class ContactHand(Acting):
    """Acts on contacts. Ids are immutable ids, folders are named by name."""

    def add_contact(self, who: str, *, folder: str | None = None, **graph: Any) -> str:
        """A new contact with these Graph properties; answers its id."""
        with self.lock:
            book = self._book(who)
            made = book.add(_folder(book, folder), read_contact(graph))
            return book.contact_id(made.number, made.moves, immutable=True)

    def change_contact(self, who: str, contact_id: str, **graph: Any) -> None:
        """Change Graph properties of a contact."""
        with self.lock:
            book = self._book(who)
            contact = book.find(contact_id)
            book.change(contact, read_contact(graph, contact.words))

    def delete_contact(self, who: str, contact_id: str) -> None:
        """Delete a contact."""
        with self.lock:
            book = self._book(who)
            book.remove(book.find(contact_id))

    def move_contact(self, who: str, contact_id: str, folder: str | None = None) -> None:
        """Drag a contact into another folder, the default one unless named."""
        with self.lock:
            book = self._book(who)
            book.move(book.find(contact_id), _folder(book, folder))

    def add_contact_folder(self, who: str, name: str, parent: str | None = None) -> str:
        """A new folder below another; answers its id."""
        with self.lock:
            book = self._book(who)
            return book.folder_id(book.add_folder(name, _folder(book, parent)).number)

    def contacts(self, who: str, folder: str | None = None) -> list[dict[str, Any]]:
        """The contacts of a folder as Graph would answer them (immutable ids)."""
        with self.lock:
            person, book = self.person(who), self._book(who)
            return [
                contact_wire(person, each, PLAIN) for each in book.within(_folder(book, folder))
            ]

    def _book(self, who: str) -> AddressBook:
        return self.person(who).mailbox.contacts


def _folder(book: AddressBook, name: str | None) -> ContactFolder:
    if name is None:
        return book.folder_of(None)
    return next(each for each in book.folders.values() if each.name == name)
