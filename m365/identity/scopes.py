"""Which permissions are asked for, when, and what each lets the portal do: the one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["off", "read", "read_write"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission. `purpose`: sign_in, connection, calendar, contacts or suggestions.
    `words`: what it allows, as a person reads it before going to Microsoft.
    """

    name: str
    purpose: str
    words: str
    level: Level | None = None


SCOPES = (
    Scope("openid", "sign_in", "Know who you are at Microsoft"),
    Scope("profile", "sign_in", "See your name"),
    Scope("email", "sign_in", "See your e-mail address"),
    Scope("User.Read", "sign_in", "Read your basic profile"),
    Scope("offline_access", "connection", "Keep working while you are not signed in"),
    Scope("MailboxSettings.Read", "connection", "See your time zone and working hours"),
    Scope("Calendars.Read", "calendar", "See your calendars and their events", "read"),
    Scope(
        "Calendars.ReadWrite",
        "calendar",
        "See your calendars, and add, change and delete events in them",
        "read_write",
    ),
    Scope("Contacts.Read", "contacts", "See your contacts", "read"),
    Scope("Contacts.ReadWrite", "contacts", "See and change your contacts", "read_write"),
    Scope("User.ReadBasic.All", "suggestions", "Find colleagues by name when you invite them"),
)
# Not permissions of Graph: Microsoft need not repeat them in what it granted.
_UNSPOKEN = frozenset({"openid", "profile", "email", "offline_access"})
_GRAPH = "https://graph.microsoft.com/"


def scopes_for(
    calendar: Level = "off", contacts: Level = "off", *, suggestions: bool = False
) -> tuple[Scope, ...]:
    """The permissions of a connection with these choices, in the order of the table.

    With neither calendar nor contacts these are the ones of a plain sign-in.
    """
    connecting = calendar != "off" or contacts != "off"
    levels = {"calendar": calendar, "contacts": contacts}
    wanted = {
        "sign_in": True,
        "connection": connecting,
        "suggestions": connecting and suggestions,
    }
    return tuple(
        scope
        for scope in SCOPES
        if wanted.get(scope.purpose)
        or (scope.level is not None and levels.get(scope.purpose) == scope.level)
    )


def names(scopes: Iterable[Scope]) -> tuple[str, ...]:
    return tuple(scope.name for scope in scopes)


def lacking(granted: Iterable[str], wanted: Iterable[Scope]) -> tuple[Scope, ...]:
    """The wanted permissions that were not granted. Write covers read; case does not matter."""
    held = {name.casefold() for name in granted}
    held |= {name.replace(".readwrite", ".read") for name in held}
    return tuple(
        scope
        for scope in wanted
        if scope.name not in _UNSPOKEN and scope.name.casefold() not in held
    )


def parse_scopes(text: str) -> frozenset[str]:
    """The scope field of a token answer; short and full names of Graph are the same."""
    return frozenset(name.removeprefix(_GRAPH) for name in text.split())
