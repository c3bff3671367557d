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
from portal.tables.connections import (
    Calendar,
    Connection,
    ConsentRequest,
    HeldEvent,
    Lease,
    Notice,
    Subscription,
    Window,
)
from portal.tables.events import Event, TimelineRow
from portal.tables.meetings import (
    Change,
    Conflict,
    Invitee,
    Link,
    Meeting,
    MeetingException,
)

__all__ = [
    "Account",
    "Audit",
    "Calendar",
    "Change",
    "Conflict",
    "Connection",
    "ConsentRequest",
    "Event",
    "HeldEvent",
    "Invitee",
    "Lease",
    "Link",
    "Meeting",
    "MeetingException",
    "Notice",
    "Person",
    "Registration",
    "SessionRow",
    "Setting",
    "SignInFailure",
    "Subscription",
    "Table",
    "TimelineRow",
    "Window",
]
