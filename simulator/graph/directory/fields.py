"""What may be asked about people of the directory."""

from __future__ import annotations

import re
from typing import Any

from simulator.graph.directory.wire import BASIC, EMPTY, SINGLE, USUAL
from simulator.graph.things import Field, Test, Things, by_path
from simulator.refused import Refused

TEXTS = (
    "displayName", "givenName", "surname", "mail", "userPrincipalName", "mailNickname",
    "jobTitle", "department", "companyName", "city", "country", "officeLocation", "usageLocation",
    "userType", "preferredLanguage",
)  # fmt: skip
LISTS = ("proxyAddresses", "otherMails", "businessPhones")
SEARCHED = ("displayName", "mail", "userPrincipalName", "givenName", "surname", "mailNickname")
PIECES = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\(|\)|AND|OR)\s*')


def _search(text: str) -> Test:
    """`"displayName:kim" OR "mail:kim"`, with AND and parentheses."""
    pieces = PIECES.findall(text)
    if not pieces or PIECES.sub("", text):
        raise _unreadable(text)
    test, rest = _either(pieces)
    if rest:
        raise _unreadable(text)
    return test


def _either(pieces: list[str]) -> tuple[Test, list[str]]:
    test, rest = _both(pieces)
    while rest and rest[0] == "OR":
        other, rest = _both(rest[1:])
        test = _joined(any, test, other)
    return test, rest


def _both(pieces: list[str]) -> tuple[Test, list[str]]:
    test, rest = _clause(pieces)
    while rest and rest[0] == "AND":
        other, rest = _clause(rest[1:])
        test = _joined(all, test, other)
    return test, rest


def _joined(how: Any, first: Test, second: Test) -> Test:
    return lambda person: bool(how((first(person), second(person))))


def _clause(pieces: list[str]) -> tuple[Test, list[str]]:
    head, rest = (pieces[0], pieces[1:]) if pieces else ("", [])
    if head == "(":
        test, rest = _either(rest)
        if not rest or rest[0] != ")":
            raise _unreadable("(")
        return test, rest[1:]
    name, colon, wanted = head.strip('"').partition(":")
    if not head.startswith('"') or not colon or name not in SEARCHED:
        raise _unreadable(head)
    return _begins(name, wanted.lower()), rest


def _begins(name: str, wanted: str) -> Test:
    """The display name is searched word by word, all else from its beginning."""

    def test(person: Any) -> bool:
        value = (person.get(name) or "").lower()
        if name != "displayName":
            return bool(value.startswith(wanted))
        words = re.split(r"\W+", value)
        return all(any(word.startswith(each) for word in words) for each in wanted.split())

    return test


def _unreadable(text: str) -> Refused:
    return Refused(400, "Request_BadRequest", f"Syntax error in '{text}' of the option '$search'.")


def _resembles(text: str) -> Test:
    """Does every word of the search begin a part of the name or of the address?"""
    wanted = text.strip('"').lower().split()

    def test(person: Any) -> bool:
        address = person["scoredEmailAddresses"][0]["address"]
        parts = f"{person['displayName']} {re.sub('[@.]', ' ', address)} {address}".lower()
        return all(any(part.startswith(each) for part in parts.split()) for each in wanted)

    return test


def _flag(person: Any) -> Any:
    return person["accountEnabled"]


USERS = Things(
    "microsoft.graph.user",
    frozenset(
        {
            *BASIC, *USUAL, *EMPTY, *SINGLE, *TEXTS, *LISTS, "accountEnabled", "externalUserState",
            "createdDateTime", "identities", "manager", "aboutMe", "birthday", "mySite",
        }
    ),
    {
        "id": by_path("id", "exact"),
        **{name: by_path(name) for name in TEXTS},
        **{name: by_path(name, "members", {"": by_path("")}) for name in LISTS},
        "accountEnabled": Field(_flag, "flag"),
    },
    search=_search,
)  # fmt: skip
PEOPLE = Things(
    "microsoft.graph.person",
    frozenset({"id", "displayName", "givenName", "surname", "userPrincipalName", "personType",
               "scoredEmailAddresses", "companyName", "jobTitle", "department", "imAddress",
               "phones", "isFavorite", "birthday", "officeLocation", "personNotes"}),
    {"displayName": by_path("displayName"), "personType/class": by_path("personType/class"),
     "personType/subclass": by_path("personType/subclass")},
    search=_resembles,
)  # fmt: skip
