"""Who may see how much of a calendar, and the calendars of others a mailbox shows."""

from __future__ import annotations

from simulator.directory import Person
from simulator.mailbox.store import Calendar

OWNER = "owner"
ROLES = (
    "none", "freeBusyRead", "limitedRead", "read", "write",
    "delegateWithoutPrivateEventAccess", "delegateWithPrivateEventAccess", "custom",
)  # fmt: skip
WRITERS = {"write", "delegateWithoutPrivateEventAccess", "delegateWithPrivateEventAccess", OWNER}
READERS = {"limitedRead", "read", *WRITERS}
SEES_PRIVATE = {"delegateWithPrivateEventAccess", OWNER}


def role_of(owner: Person, calendar: Calendar, viewer: Person | None) -> str:
    """What a calendar is to somebody; an application with the permission sees it all."""
    if viewer is None or viewer is owner:
        return OWNER
    if viewer.tenant is not owner.tenant:
        return "none"
    return calendar.shares.get(viewer.address.lower(), calendar.everyone)


def share(
    owner: Person, calendar: Calendar, viewer: Person | None, address: str, role: str
) -> None:
    """Share a calendar, or change how; it shows among the calendars of whoever may read it."""
    calendar.shares[address.lower()] = role
    if viewer is None or viewer.tenant is not owner.tenant:
        return
    mounts, place = viewer.mailbox.mounts, (owner.id, calendar.number)
    if role not in READERS:
        _unmount(viewer, place)
    elif place not in mounts.values():
        mounts[viewer.mailbox.next_calendar_number()] = place


def unshare(owner: Person, calendar: Calendar, viewer: Person | None, address: str) -> None:
    """Take a share back."""
    calendar.shares.pop(address.lower(), None)
    if viewer is not None:
        _unmount(viewer, (owner.id, calendar.number))


def _unmount(viewer: Person, place: tuple[str, int]) -> None:
    mounts = viewer.mailbox.mounts
    viewer.mailbox.mounts = {key: held for key, held in mounts.items() if held != place}
