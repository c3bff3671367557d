"""/me/people: whom a person deals with, the likeliest first."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Response

from simulator.directory import Person
from simulator.graph.call import Call, answer
from simulator.graph.directory.fields import PEOPLE
from simulator.graph.odata import listed, shaped
from simulator.mailbox.contacts import Contact

ORGANIZATION = {"class": "Person", "subclass": "OrganizationUser"}
PERSONAL = {"class": "Person", "subclass": "PersonalContact"}


def collection(call: Call) -> Response:
    """Colleagues and contacts that can be written to; `$search` is lenient."""
    shown, notes = listed(call, PEOPLE, _ranked(call))
    value = [shaped(call, PEOPLE, each, each) for each in shown]
    return answer({"@odata.context": f"{call.context}/people", **notes, "value": value})


def _ranked(call: Call) -> list[dict[str, Any]]:
    me = call.person
    colleagues = [
        _colleague(each)
        for each in call.world.people.values()
        if each.tenant is me.tenant and each is not me and each.mail and each.enabled
    ]
    known = {each["userPrincipalName"].lower() for each in colleagues}
    book = me.mailbox.contacts
    contacts = [_contact(me, each) for each in book.contacts.values() if _writable(each, known)]
    # Whoever is in the address book is dealt with more often than the average colleague.
    found = sorted(contacts, key=_name) + sorted(colleagues, key=_name)
    for place, each in enumerate(found):
        each["scoredEmailAddresses"][0]["relevanceScore"] = float(len(found) - place)
    return found


def _name(wire: dict[str, Any]) -> str:
    return str(wire["displayName"])


def _writable(contact: Contact, known: set[str]) -> bool:
    address = _address(contact)
    return "@" in address and address.lower() not in known


def _address(contact: Contact) -> str:
    addresses = contact.words.get("emailAddresses") or [{"address": ""}]
    return str(addresses[0]["address"])


def _wire(key: str, name: str, address: str, kind: dict[str, str], more: Any) -> dict[str, Any]:
    scored = {"address": address, "relevanceScore": 0.0, "selectionLikelihood": "notSpecified"}
    return {
        "id": key,
        "displayName": name,
        "givenName": None,
        "surname": None,
        "jobTitle": None,
        "companyName": None,
        "userPrincipalName": None,
        **more,
        "phones": [],
        "personType": kind,
        "scoredEmailAddresses": [scored],
    }


def _colleague(person: Person) -> dict[str, Any]:
    given, _, family = person.name.partition(" ")
    more = {
        "givenName": given,
        "surname": family,
        "companyName": person.tenant.name,
        "userPrincipalName": person.address,
    }
    return _wire(person.id, person.name, str(person.mail), ORGANIZATION, more)


def _contact(person: Person, contact: Contact) -> dict[str, Any]:
    words, address = contact.words, _address(contact)
    more = {name: words.get(name) for name in ("givenName", "surname", "jobTitle", "companyName")}
    name = words.get("displayName") or words.get("companyName") or address
    key = str(uuid5(NAMESPACE_URL, f"{person.id}/{contact.number}"))
    return _wire(key, name, address, PERSONAL, more)
