"""Contacts: about a dozen for each person, with the oddities real address books have."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from simulator.directory import Person

LEGACY = "/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn="
OUTSIDE = (
    ("Kim", "Lindqvist", "Northwind", "Buyer"),
    ("Ravi", "Menon", "Northwind", "Sales"),
    ("Noor", "Haddad", "Litware", "Consultant"),
    ("Tom", "Okada", "Litware", "Engineer"),
    ("Marta", "Sala", "Wingtip", "Partner"),
    ("Jan", "de Wit", "Wingtip", "Partner"),
    ("Ana", "Costa", "Adatum", "Lawyer"),
)
FAMILY = (("Mum", "1958-04-12"), ("Sam", "1990-09-30"))
SUPPLIERS = "Suppliers"


def fill_contacts(person: Person, colleagues: list[tuple[str, str]], source: random.Random) -> None:
    """An address book for a person who knows these colleagues (name, address)."""
    book = person.mailbox.contacts
    suppliers = book.add_folder(SUPPLIERS, book.folder_of(None))
    for words in (*_outside(source), *_colleagues(colleagues), *_family(), _nameless()):
        known = book.add(book.folder_of(None), words)
        known.created -= timedelta(days=source.randint(30, 900))
        known.modified = known.created
    for given, family, company, title in source.sample(OUTSIDE, 2):
        book.add(suppliers, _business(f"{given[0]}.", family, f"{company} Supplies", title))
    book.settle()


def _outside(source: random.Random) -> list[dict[str, Any]]:
    return [_business(*each) for each in source.sample(OUTSIDE, 5)]


def _business(given: str, family: str, company: str, title: str) -> dict[str, Any]:
    name = f"{given} {family}"
    host = f"{company.lower().replace(' ', '-')}.example"
    address = f"{given.strip('.')}.{family.replace(' ', '')}@{host}".lower()
    return {
        "displayName": name, "givenName": given, "surname": family, "fileAs": f"{family}, {given}",
        "companyName": company, "jobTitle": title,
        "emailAddresses": [{"name": name, "address": address}],
    }  # fmt: skip


def _colleagues(colleagues: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Colleagues picked from the directory; the first by the address only Exchange can use."""
    found = []
    for place, (name, address) in enumerate(colleagues[:3]):
        held = address if place else f"{LEGACY}{address.partition('@')[0]}"
        entry = {"name": name, "address": held}
        found.append({"displayName": name, "fileAs": name, "emailAddresses": [entry]})
    return found


def _family() -> list[dict[str, Any]]:
    return [
        {
            "displayName": name,
            "fileAs": name,
            "birthday": f"{day}T11:59:00Z",
            "categories": ["Family"],
        }
        for name, day in FAMILY
    ]


def _nameless() -> dict[str, Any]:
    office = {"name": "office@adatum.example", "address": "office@adatum.example"}
    return {"displayName": "", "fileAs": "", "companyName": "Adatum", "emailAddresses": [office]}
