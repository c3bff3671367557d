"""The address book of a mailbox: folders, contacts, and every change in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, NamedTuple

from simulator.mailbox.changes import KEPT
from simulator.mailbox.ids import CONTACT, CONTACT_FOLDER, IMMUTABLE_CONTACT, IdMint, ItemId
from simulator.refused import access_denied, bad_id, item_not_found, name_taken

ROOT, DEFAULT_FOLDER = 0, 1
WELL_KNOWN = "contacts"
Kind = Literal["created", "updated", "deleted"]


@dataclass(slots=True)
class Contact:
    """A contact as Exchange keeps it. `words` holds the Graph properties that were given."""

    number: int
    folder: int
    created: datetime
    modified: datetime
    words: dict[str, Any]
    version: int = 1
    moves: int = 0


@dataclass(slots=True)
class ContactFolder:
    """A folder of contacts; the default one lies below the root of the mailbox."""

    number: int
    name: str
    parent: int


HEARD = "heard"


class ContactChange(NamedTuple):
    """Something happened to a contact in a folder, or to a folder (`contact` 0)."""

    seq: int
    kind: Kind
    folder: int
    contact: int
    moves: int


@dataclass(slots=True)
class AddressBook:
    """What one person keeps of other people. Callers hold the world's lock."""

    mint: IdMint
    now: Callable[[], datetime]
    heard: Callable[[ContactChange], None]  # told of every change of a contact
    folders: dict[int, ContactFolder] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    changes: list[ContactChange] = field(default_factory=list)
    forgotten: int = 0
    seq: int = 1
    numbers: int = 0

    def __getstate__(self) -> dict[str, object]:
        # Who is told is the mailbox around it, which says so again by itself.
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != HEARD}

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def __post_init__(self) -> None:
        self.folders[DEFAULT_FOLDER] = ContactFolder(DEFAULT_FOLDER, "Contacts", ROOT)
        self.numbers = DEFAULT_FOLDER

    def folder_id(self, number: int) -> str:
        """Folders have one constant id each."""
        return self.mint.write(ItemId(CONTACT_FOLDER, number))

    def folder_of(self, text: str | None) -> ContactFolder:
        """The folder with this id or well-known name; the default one for None."""
        if text is None or text.lower() == WELL_KNOWN:
            return self.folders[DEFAULT_FOLDER]
        item_id = self.mint.read(text)
        if item_id is None or item_id.kind != CONTACT_FOLDER:
            raise bad_id()
        if item_id.number not in self.folders:
            raise item_not_found()
        return self.folders[item_id.number]

    def contact_id(self, number: int, moves: int, *, immutable: bool) -> str:
        """The id of a contact; the normal one changes with its folder."""
        if immutable:
            return self.mint.write(ItemId(IMMUTABLE_CONTACT, number))
        return self.mint.write(ItemId(CONTACT, number, moves))

    def find(self, text: str) -> Contact:
        """The contact with this id, in either form; refused when gone."""
        item_id = self.mint.read(text)
        if item_id is None or item_id.kind not in (CONTACT, IMMUTABLE_CONTACT):
            raise bad_id()
        contact = self.contacts.get(item_id.number)
        if contact is None or (item_id.kind == CONTACT and item_id.moves != contact.moves):
            raise item_not_found()
        return contact

    def within(self, folder: ContactFolder) -> list[Contact]:
        """The contacts of one folder, oldest first."""
        return [each for each in self.contacts.values() if each.folder == folder.number]

    def below(self, folder: ContactFolder) -> list[ContactFolder]:
        """The folders directly inside a folder."""
        return [each for each in self.folders.values() if each.parent == folder.number]

    def add(self, folder: ContactFolder, words: dict[str, Any]) -> Contact:
        """A new contact."""
        moment = self.now()
        contact = Contact(self._number(), folder.number, moment, moment, words)
        self.contacts[contact.number] = contact
        self._touch(contact, "created")
        return contact

    def change(self, contact: Contact, words: dict[str, Any]) -> None:
        """Give a contact other words; what is not named stays."""
        contact.words = {**contact.words, **words}
        self._touch(contact, "updated")

    def remove(self, contact: Contact) -> None:
        """Delete a contact."""
        del self.contacts[contact.number]
        self._touch(contact, "deleted")

    def move(self, contact: Contact, folder: ContactFolder) -> None:
        """Put a contact in another folder: its normal id changes, its immutable id does not."""
        self._touch(contact, "deleted")
        contact.folder = folder.number
        contact.moves += 1
        self._touch(contact, "created")

    def add_folder(self, name: str, parent: ContactFolder) -> ContactFolder:
        """A new folder; its name must be new among its neighbours."""
        self._refuse_namesake(name, parent.number)
        folder = ContactFolder(self._number(), name, parent.number)
        self.folders[folder.number] = folder
        self._log("created", folder.number, 0, 0)
        return folder

    def rename(self, folder: ContactFolder, name: str) -> None:
        """Give a folder another name; the default one keeps its own."""
        self._refuse_default(folder)
        if name != folder.name:
            self._refuse_namesake(name, folder.parent)
        folder.name = name
        self._log("updated", folder.number, 0, 0)

    def remove_folder(self, folder: ContactFolder) -> None:
        """Delete a folder with all that is in it; the default one stays."""
        self._refuse_default(folder)
        for child in self.below(folder):
            self.remove_folder(child)
        for contact in self.within(folder):
            self.remove(contact)
        del self.folders[folder.number]
        self._log("deleted", folder.number, 0, 0)

    def since(self, seq: int, folder: int | None) -> dict[int, list[ContactChange]]:
        """Later changes of the contacts of a folder, by contact; of all folders for None."""
        found: dict[int, list[ContactChange]] = {}
        for change in self.changes:
            if change.seq <= seq:
                continue
            if folder is None and not change.contact:
                found.setdefault(change.folder, []).append(change)
            elif change.folder == folder and change.contact:
                found.setdefault(change.contact, []).append(change)
        return found

    def settle(self) -> None:
        """Forget how it came about: whoever looks first sees it as it is."""
        self.changes.clear()
        self.forgotten = self.seq

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def _touch(self, contact: Contact, kind: Kind) -> None:
        contact.modified = self.now()
        contact.version = self._log(kind, contact.folder, contact.number, contact.moves)

    def _log(self, kind: Kind, folder: int, contact: int, moves: int) -> int:
        self.seq += 1
        change = ContactChange(self.seq, kind, folder, contact, moves)
        self.changes.append(change)
        if contact:
            self.heard(change)
        if len(self.changes) > KEPT:
            self.forgotten = self.changes[KEPT // 2].seq
            del self.changes[: KEPT // 2 + 1]
        return self.seq

    def _refuse_default(self, folder: ContactFolder) -> None:
        if folder.number == DEFAULT_FOLDER:
            raise access_denied("A default folder cannot be renamed, moved or deleted.")

    def _refuse_namesake(self, name: str, parent: int) -> None:
        if any(
            each.parent == parent and each.name.lower() == name.lower()
            for each in self.folders.values()
        ):
            raise name_taken()
