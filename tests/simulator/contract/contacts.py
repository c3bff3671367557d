"""Every address of contacts and their folders, below {owner}."""

from __future__ import annotations

from simulator.graph.contacts.addresses import DELTAS
from tests.simulator.contract.case import Case

WHOLE = {
    "givenName": "Kim", "surname": "Lind", "middleName": "A.", "title": "Dr", "jobTitle": "Buyer",
    "emailAddresses": [{"name": "Kim", "address": "kim@northwind.example"}],
    "businessPhones": ["+46 8 000 00"], "mobilePhone": "+46 70 000 00", "children": ["Ada"],
    "businessAddress": {"street": "Street 1", "city": "Lund", "countryOrRegion": "Sweden"},
    "birthday": "1974-07-22T00:00:00Z", "categories": ["Blue"], "personalNotes": "Met in Lund",
    "tertiaryEmailAddress": {"address": "k@home.example"},
}  # fmt: skip


def _in_place(place: str) -> list[Case]:
    here = f"{{owner}}{place}/contacts"
    return [
        Case("POST", here, WHOLE, 201, {"contact": "id"}),
        Case("GET", f"{here}?$top=5&$count=true"),
        *(Case("GET", f"{here}/{delta}") for delta in DELTAS),
        Case("GET", f"{here}/{{contact}}"),
        Case("PATCH", f"{here}/{{contact}}", {"nickName": "Kimmy"}),
        Case("DELETE", f"{here}/{{contact}}", status=204),
        Case("GET", f"{here}/delta"),
    ]


CASES = [
    *_in_place(""),
    Case("POST", "{owner}/contactFolders", {"displayName": "Suppliers"}, 201, {"folder": "id"}),
    *_in_place("/contactFolders/{folder}"),
    Case("POST", "{owner}/contactFolders/{folder}/childFolders", {"displayName": "Old"}, 201),
    Case("GET", "{owner}/contactFolders/{folder}/childFolders"),
    Case("GET", "{owner}/contactFolders"),
    *(Case("GET", f"{{owner}}/contactFolders/{delta}") for delta in DELTAS),
    Case("GET", "{owner}/contactFolders/{folder}"),
    Case("PATCH", "{owner}/contactFolders/{folder}", {"displayName": "Sellers"}),
    Case("DELETE", "{owner}/contactFolders/{folder}", status=204),
]
