"""Contacts: list, get, create, change, delete, in the default folder or in a named one."""

from __future__ import annotations

from flask import Response, request

from simulator.graph.call import Call, answer, json_body
from simulator.graph.contacts.fields import CONTACTS
from simulator.graph.contacts.wire import contact_etag, contact_wire
from simulator.graph.odata import listed, shaped
from simulator.mailbox.contact_words import read_contact
from simulator.mailbox.contacts import Contact
from simulator.refused import conflict, item_not_found


def contact_in(call: Call, contact: str, folder: str | None = None) -> Contact:
    """The contact an address names, in the folder it names, or in any for none."""
    book = call.person.mailbox.contacts
    found = book.find(contact)
    if folder and book.folder_of(folder).number != found.folder:
        raise item_not_found()
    return found


def _whole(call: Call, contact: Contact, status: int = 200) -> Response:
    wire = shaped(call, CONTACTS, contact, contact_wire(call.person, contact, call.style))
    return answer({"@odata.context": f"{call.context}/contacts/$entity", **wire}, status)


def _matched(call: Call, contact: Contact) -> Contact:
    """Refuse with 412 when If-Match names another version."""
    wanted = request.headers.get("If-Match", "*").strip()
    if wanted not in ("*", contact_etag(call.person, contact)):
        raise conflict()
    return contact


def collection(call: Call, folder: str | None = None) -> Response:
    """The contacts of one folder, without those of folders inside it."""
    book = call.person.mailbox.contacts
    shown, notes = listed(call, CONTACTS, book.within(book.folder_of(folder)))
    value = [
        shaped(call, CONTACTS, each, contact_wire(call.person, each, call.style)) for each in shown
    ]
    return answer({"@odata.context": f"{call.context}/contacts", **notes, "value": value})


def create(call: Call, folder: str | None = None) -> Response:
    """A new contact."""
    book = call.person.mailbox.contacts
    made = book.add(book.folder_of(folder), read_contact(json_body()))
    response = _whole(call, made, 201)
    contact_id = book.contact_id(made.number, made.moves, immutable=call.style.immutable)
    response.headers["Location"] = f"{call.base}/v1.0/users/{call.person.id}/contacts/{contact_id}"
    return response


def show(call: Call, contact: str, folder: str | None = None) -> Response:
    """One contact."""
    return _whole(call, contact_in(call, contact, folder))


def change(call: Call, contact: str, folder: str | None = None) -> Response:
    """Change what the body names."""
    found = _matched(call, contact_in(call, contact, folder))
    call.person.mailbox.contacts.change(found, read_contact(json_body(), found.words))
    return _whole(call, found)


def delete(call: Call, contact: str, folder: str | None = None) -> Response:
    """Delete a contact."""
    call.person.mailbox.contacts.remove(_matched(call, contact_in(call, contact, folder)))
    return Response(status=204)
