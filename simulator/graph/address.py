"""An address of Graph: its rule, who may call it, and what answers there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Response

Handler = Callable[..., Response]
# mailbox: below /me and /users/{id}, needs an Exchange mailbox
# profile: below /me and /users/{id}, speaks of the directory only
# service: has no owner; its handler gets a `Call` whose person is the caller (None for an app)
Kind = Literal["mailbox", "profile", "service"]

# What reaches shared calendars reaches the own ones, too.
WRITE = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared")
READ = ("Calendars.Read", "Calendars.Read.Shared", *WRITE)
BASIC = ("Calendars.ReadBasic", "Calendars.ReadBasic.All")
READ_BASIC = (*BASIC, *READ)
READ_CONTACTS = ("Contacts.Read", "Contacts.ReadWrite")
WRITE_CONTACTS = ("Contacts.ReadWrite",)
SETTINGS = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")
WRITE_SETTINGS = ("MailboxSettings.ReadWrite",)
PROFILE = ("User.Read", "User.ReadBasic.All", "User.Read.All")
# How change tracking is named at the end of an address.
DELTAS = ("delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()")


@dataclass(frozen=True, slots=True)
class Address:
    """One address and method. `any_of` are the permissions of which one is enough.

    A handler runs under the world's lock unless `unlocked`: then it takes the lock itself, since
    it has to call somebody on the network meanwhile.
    """

    method: str
    rule: str
    handler: Handler
    any_of: tuple[str, ...]
    kind: Kind = "mailbox"
    unlocked: bool = False
