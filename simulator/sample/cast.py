"""Who is there: a named cast, invented colleagues, and people from outside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple


class SamplePerson(NamedTuple):
    """Somebody to be."""

    name: str
    address: str
    zone: str
    admin: bool = False


CAST = (
    SamplePerson("Alice Ardent", "alice@contoso.example", "W. Europe Standard Time"),
    SamplePerson("Bob Brook", "bob@contoso.example", "GMT Standard Time"),
    SamplePerson("Carol Chen", "carol@contoso.example", "Eastern Standard Time", admin=True),
    SamplePerson("Dave Dunn", "dave@fabrikam.example", "Pacific Standard Time"),
    SamplePerson("Erin Ellis", "erin@contoso.example", "India Standard Time"),
)
ZONES = (
    "Romance Standard Time", "W. Europe Standard Time", "GMT Standard Time",
    "Eastern Standard Time", "Central Standard Time", "Tokyo Standard Time",
)  # fmt: skip
FIRST = (
    "Frank", "Grace", "Heidi", "Ivan", "Judy", "Karl", "Lena", "Mallory", "Nils", "Olivia",
    "Peggy", "Quentin", "Rupert", "Sybil", "Trent", "Ursula", "Victor", "Wendy", "Xenia", "Yves",
)  # fmt: skip
LAST = (
    "Fisher", "Gruber", "Hansen", "Ito", "Jansen", "Kowalski", "Lindt", "Moreau", "Novak", "Okafor",
    "Petit", "Quinn", "Rossi", "Silva", "Tanaka", "Ueda", "Vogel", "Weber", "Xu", "Young",
)  # fmt: skip
# Customers and suppliers: no mailbox here.
OUTSIDERS = (
    ("Kim Keller", "kim.keller@woodgrove.example"),
    ("Luca Longo", "luca.longo@tailspin.example"),
    ("Mia Marsh", "mia.marsh@adatum.example"),
)


def sample_people(number: int) -> Iterator[SamplePerson]:
    """The named cast first, then invented colleagues."""
    yield from CAST[:number]
    for each in islice(range(number), len(CAST), None):
        name, address = _invented(each - len(CAST))
        yield SamplePerson(name, address, ZONES[each % len(ZONES)])


def _invented(number: int) -> tuple[str, str]:
    first = FIRST[number % len(FIRST)]
    last = LAST[(number + number // len(FIRST)) % len(LAST)]
    again = number // (len(FIRST) * len(LAST))
    more = str(again + 1) if again else ""
    return f"{first} {last}{more}", f"{first}.{last}{more}@contoso.example".lower()
