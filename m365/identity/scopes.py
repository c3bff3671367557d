"""Which permissions are asked for, when, and what each lets the portal do: the one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["off", "read", "read_write"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission. `purpose`: sign_in, connection, calendar, contacts, suggestions or lookup.
    `words`: what it allows, as a person reads it before going to Microsoft. `of_the_app`: what it
    allows the portal itself, as an administrator reads it; empty: it is not asked for so.
    """

    name: str
    purpose: str
    words: str
    level: Level | None = None
    of_the_app: str = ""
    role_id: str = ""  # Graph's own id of the application permission

    @property
    def exchange_role(self) -> str:
        """What RBAC for Applications calls it; empty where it is not about mailboxes."""
        return f"Application {self.name}" if self.of_the_app and self.purpose != "lookup" else ""


SCOPES = (
    Scope("openid", "sign_in", "Know who you are at Microsoft"),
    Scope("profile", "sign_in", "See your name"),
    Scope("email", "sign_in", "See your e-mail address"),
    Scope("User.Read", "sign_in", "Read your basic profile"),
    Scope("offline_access", "connection", "Keep working while you are not signed in"),
    Scope(
        "MailboxSettings.Read",
        "connection",
        "See your time zone and working hours",
        of_the_app="Read the time zone of each mailbox",
        role_id="40f97065-369a-49f4-947c-6a255697ae91",
    ),
    Scope(
        "Calendars.Read",
        "calendar",
        "See your calendars and their events",
        "read",
        of_the_app="Read the calendars of each mailbox",
        role_id="798ee544-9d2d-430c-a058-570e29e34338",
    ),
    Scope(
        "Calendars.ReadWrite",
        "calendar",
        "See your calendars, and add, change and delete events in them",
        "read_write",
        of_the_app="Read the calendars of each mailbox, and write events into them",
        role_id="ef54d2bf-783f-4e0f-bca1-3210c0444d99",
    ),
    Scope("Contacts.Read", "contacts", "See your contacts", "read"),
    Scope("Contacts.ReadWrite", "contacts", "See and change your contacts", "read_write"),
    Scope("User.ReadBasic.All", "suggestions", "Find colleagues by name when you invite them"),
    Scope(
        "User.Read.All",
        "lookup",
        "See the profiles of everybody in your organisation",
        of_the_app="Find the account of each person by their address",
        role_id="df021288-bdef-4463-88db-98f22de89214",
    ),
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


def scopes_of_the_app(calendar: Level = "read_write") -> tuple[Scope, ...]:
    """The application permissions that connect people without their doing anything."""
    return tuple(
        scope
        for scope in SCOPES
        if scope.of_the_app and (scope.level is None or scope.level == calendar)
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
