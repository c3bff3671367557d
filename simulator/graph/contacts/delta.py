"""Changes of contacts, folder by folder, and of the folders themselves."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from simulator.graph.call import Call, Wire
from simulator.graph.contacts.wire import contact_wire, folder_wire
from simulator.graph.tokens import Scope
from simulator.graph.tracking import Track, dead, tracked
from simulator.mailbox.changes import Unit
from simulator.mailbox.contacts import DEFAULT_FOLDER, Contact, ContactChange


class Book:
    """What both sources share: an address book as it is now."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.book = call.person.mailbox.contacts
        self.seq = self.newest = self.book.seq
        self.forgotten = self.book.forgotten

    def address(self) -> str:
        """A first call needs no query."""
        return ""

    def removed(self, name: str) -> Wire:
        """Something that left."""
        reason = self.call.world.switches.position("delta.reason", self.call.person.id)
        return {"id": name, "@removed": {"reason": reason}}


class ContactSource(Book):
    """The contacts of one folder. An entry is a contact, or an id that left."""

    context = "Collection(contact)"

    def __init__(self, call: Call, scope: Scope) -> None:
        super().__init__(call)
        (self.folder,) = scope

    def units(self, since: int, after: int) -> Iterator[Unit]:
        """What the folder holds, or what became of it."""
        if since:
            for number, changes in sorted(self.book.since(since, self.folder).items()):
                if number > after:
                    yield Unit(number, self._became(number, changes))
            return
        for contact in self.book.within(self.book.folders[self.folder]):
            if contact.number > after:
                yield Unit(contact.number, [contact])

    def wires(self, unit: Unit) -> list[Wire]:
        """Whole contacts."""
        person, style = self.call.person, self.call.style
        return [
            contact_wire(person, entry, style)
            if isinstance(entry, Contact)
            else self.removed(entry)
            for entry in unit.entries
        ]

    def _became(self, number: int, changes: list[ContactChange]) -> list[Contact | str]:
        """The ids it had here before, then the contact itself where it is here."""
        held = self.book.contacts.get(number)
        here = [held] if held and held.folder == self.folder else []
        live = {self._id(number, each.moves) for each in here}
        gone = dict.fromkeys(self._id(number, each.moves) for each in changes)
        return [*(each for each in gone if each not in live), *here]

    def _id(self, number: int, moves: int) -> str:
        return self.book.contact_id(number, moves, immutable=self.call.style.immutable)


class FolderSource(Book):
    """All folders but the default one. An entry is the number of a folder."""

    context = "Collection(contactFolder)"

    def __init__(self, call: Call, scope: Scope) -> None:
        super().__init__(call)

    def units(self, since: int, after: int) -> Iterator[Unit]:
        """The folders that are there, or that changed."""
        found = self.book.since(since, None) if since else self.book.folders
        for number in sorted(found):
            if number > after and number != DEFAULT_FOLDER:
                yield Unit(number, [number])

    def wires(self, unit: Unit) -> list[Wire]:
        """Whole folders."""
        held = self.book.folders.get(unit.number)
        if held is None:
            return [self.removed(self.book.folder_id(unit.number))]
        return [folder_wire(self.call.person, held)]


def contacts(call: Call, folder: str | None = None) -> Response:
    """A round over the contacts of one folder."""
    number = call.person.mailbox.contacts.folder_of(folder).number

    def source(call: Call, scope: Scope) -> ContactSource:
        if scope != (number,):
            raise dead(call)
        return ContactSource(call, scope)

    return tracked(call, Track("contacts", lambda: (number,), source, selects=True))


def folders(call: Call) -> Response:
    """A round over all folders but the default one."""
    return tracked(call, Track("contactFolders", tuple, FolderSource, selects=True))
