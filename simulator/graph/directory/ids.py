"""translateExchangeIds: from normal ids to immutable ones and back."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.graph.call import Call, answer, json_body
from simulator.mailbox.ids import CONTACT, IMMUTABLE, IMMUTABLE_CONTACT, NORMAL
from simulator.mailbox.store import Mailbox
from simulator.refused import Refused, bad_id, bad_request, not_simulated, unreadable

IDS_MOST = 1000
FORMS = {"restId": False, "restImmutableEntryId": True}
ELSEWHERE = ("entryId", "ewsId", "immutableEntryId")
IMMUTABLE_KINDS = {NORMAL: False, IMMUTABLE: True, CONTACT: False, IMMUTABLE_CONTACT: True}


def translate(call: Call) -> Response:
    """Each id in the other form, or what is wrong with it."""
    wire = json_body()
    ids = wire.get("inputIds")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise unreadable("The property 'inputIds' must be a list of strings.")
    if len(ids) > IDS_MOST:
        raise bad_request(f"No more than {IDS_MOST} ids can be translated at once.")
    source, target = _form(wire, "sourceIdType"), _form(wire, "targetIdType")
    value = [_translated(call.person.mailbox, each, source, target) for each in ids]
    kind = f"{call.base}/v1.0/$metadata#Collection(microsoft.graph.convertIdResult)"
    return answer({"@odata.context": kind, "value": value})


def _form(wire: dict[str, Any], name: str) -> bool:
    if wire.get(name) in ELSEWHERE:
        raise not_simulated(f"translateExchangeIds with {name} {wire[name]}")
    if wire.get(name) not in FORMS:
        raise unreadable(f"Requested value '{wire.get(name)}' of '{name}' was not found.")
    return FORMS[wire[name]]


def _translated(mailbox: Mailbox, text: str, source: bool, target: bool) -> dict[str, Any]:
    try:
        return {"sourceId": text, "targetId": _other_form(mailbox, text, source, target)}
    except Refused as refused:
        problem = {"code": refused.code, "message": refused.message}
        return {"sourceId": text, "targetId": None, "errorDetails": problem}


def _other_form(mailbox: Mailbox, text: str, source: bool, target: bool) -> str:
    item_id = mailbox.mint.read(text)
    if item_id is None or IMMUTABLE_KINDS.get(item_id.kind, source) != source:
        raise bad_id()
    if item_id.kind in (NORMAL, IMMUTABLE):
        return mailbox.id_of(mailbox.find(text), immutable=target)
    if item_id.kind in (CONTACT, IMMUTABLE_CONTACT):
        contact = mailbox.contacts.find(text)
        return mailbox.contacts.contact_id(contact.number, contact.moves, immutable=target)
    return text  # calendars and folders have one constant id
