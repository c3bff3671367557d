"""One row of the tables of Entra's numbered errors."""

from dataclasses import dataclass

from m365.errors import MicrosoftError


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers that mean the same to us. `who` can end it: person, administrator or nobody."""

    numbers: frozenset[int]
    error: type[MicrosoftError]
    who: str
    what: str
    why: str
    todo: str


def family(
    numbers: str, error: type[MicrosoftError], who: str, what: str, why: str, todo: str
) -> Family:
    """One row of a table; `numbers` are written as Microsoft prints them, space between."""
    return Family(frozenset(map(int, numbers.split())), error, who, what, why, todo)
