"""What an administrator of Exchange does about applications: which mailboxes they reach."""

from __future__ import annotations

from collections.abc import Iterable

from simulator import registration
from simulator.acting import Acting
from simulator.directory import Tenant


class Reach(Acting):
    """Limits an application's own permissions to some mailboxes, or grants it some."""

    tenants: dict[str, Tenant]

    def limit_app(
        self,
        people: Iterable[str],
        client_id: str = registration.CLIENT_ID,
        tenant_id: str = registration.CONTOSO,
    ) -> None:
        """An application access policy: the roles of its tokens count for these mailboxes only."""
        with self.lock:
            allowed = {self.person(each).id for each in people}
            self.tenants[tenant_id].access_policy[client_id] = allowed

    def unlimit_app(
        self, client_id: str = registration.CLIENT_ID, tenant_id: str = registration.CONTOSO
    ) -> None:
        """Remove the application access policy."""
        with self.lock:
            self.tenants[tenant_id].access_policy.pop(client_id, None)

    def scope_app(
        self,
        roles: Iterable[str],
        people: Iterable[str],
        client_id: str = registration.CLIENT_ID,
        tenant_id: str = registration.CONTOSO,
    ) -> None:
        """RBAC for Applications: these roles for these mailboxes, though tokens do not carry them.

        It replaces what was scoped for the application before, and adds to what Entra granted.
        """
        with self.lock:
            tenant = self.tenants[tenant_id]
            tenant.principals.add(client_id)
            reached = {self.person(each).id for each in people}
            tenant.mailbox_scopes[client_id] = {each: set(reached) for each in roles}
