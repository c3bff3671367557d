"""Somebody's hand at sharing a calendar, and the invitation of guests."""

from __future__ import annotations

from abc import abstractmethod

from simulator import registration
from simulator.acting import Acting
from simulator.directory import Person
from simulator.mailbox.sharing import share


class SharingHand(Acting):
    """Acts on who sees what. Calendars are named by name."""

    @abstractmethod
    def add_person(self, name: str, address: str) -> Person:
        """A new person with an empty mailbox."""

    def add_guest(self, name: str, mail: str, tenant_id: str = registration.CONTOSO) -> Person:
        """Somebody from outside in the directory of a tenant: no mailbox, an address elsewhere."""
        with self.lock:
            domain = registration.TENANTS[tenant_id][1]
            guest = self.add_person(name, f"{mail.replace('@', '_')}#EXT#@{domain}")
            guest.guest_mail, guest.has_mailbox = mail, False
            return guest

    def share_calendar(
        self, who: str, other: str, role: str = "read", calendar: str | None = None
    ) -> None:
        """Let a colleague into a calendar, the default one unless named."""
        with self.lock:
            owner, viewer = self.person(who), self.person(other)
            share(owner, owner.mailbox.calendar_named(calendar), viewer, viewer.address, role)
