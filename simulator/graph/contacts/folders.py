"""Folders of contacts: list, get, create, rename, delete."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.graph.call import Call, answer, json_body
from simulator.graph.contacts.fields import FOLDERS
from simulator.graph.contacts.wire import folder_wire
from simulator.graph.odata import listed, shaped
from simulator.mailbox.contacts import ContactFolder
from simulator.refused import bad_request, unreadable

WRITABLE = {"displayName", "id", "parentFolderId"}


def _whole(call: Call, folder: ContactFolder, status: int = 200) -> Response:
    wire = shaped(call, FOLDERS, folder, folder_wire(call.person, folder))
    return answer({"@odata.context": f"{call.context}/contactFolders/$entity", **wire}, status)


def _name(wire: dict[str, Any]) -> str:
    strange = [name for name in wire if name not in WRITABLE and "@" not in name]
    if strange:
        raise unreadable(
            f"The property '{strange[0]}' does not exist on type 'microsoft.graph.contactFolder'."
        )
    name = wire.get("displayName")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("A folder needs a display name.", "ErrorInvalidParameter")
    return name


def collection(call: Call, folder: str | None = None) -> Response:
    """The folders directly below one; those below the default folder, which is not listed."""
    book = call.person.mailbox.contacts
    shown, notes = listed(call, FOLDERS, book.below(book.folder_of(folder)))
    value = [shaped(call, FOLDERS, each, folder_wire(call.person, each)) for each in shown]
    return answer({"@odata.context": f"{call.context}/contactFolders", **notes, "value": value})


def create(call: Call, folder: str | None = None) -> Response:
    """A new folder below the default one or below a named one."""
    book = call.person.mailbox.contacts
    return _whole(call, book.add_folder(_name(json_body()), book.folder_of(folder)), 201)


def show(call: Call, folder: str) -> Response:
    """One folder, by its id or as `contacts` for the default one."""
    return _whole(call, call.person.mailbox.contacts.folder_of(folder))


def change(call: Call, folder: str) -> Response:
    """Rename a folder."""
    book = call.person.mailbox.contacts
    found = book.folder_of(folder)
    book.rename(found, _name(json_body()))
    return _whole(call, found)


def delete(call: Call, folder: str) -> Response:
    """Delete a folder with everything in it."""
    book = call.person.mailbox.contacts
    book.remove_folder(book.folder_of(folder))
    return Response(status=204)
