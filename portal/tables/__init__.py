"""All tables of the portal."""

from portal.tables.accounts import (
    Account,
    Audit,
    Person,
    Registration,
    SessionRow,
    Setting,
    SignInFailure,
)
from portal.tables.base import Table
from portal.tables.connections import Calendar, Connection, ConsentRequest, Lease, Window
from portal.tables.events import Event
from portal.tables.meetings import Change, Conflict, Invitee, Link, Meeting

__all__ = [
    "Account",
    "Audit",
    "Calendar",
    "Change",
    "Conflict",
    "Connection",
    "ConsentRequest",
    "Event",
    "Invitee",
    "Lease",
    "Link",
    "Meeting",
    "Person",
    "Registration",
    "SessionRow",
    "Setting",
    "SignInFailure",
    "Table",
    "Window",
]
