"""What administrators do about applications: register, grant, approve, switch off, remove."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from simulator import registration
from simulator.acting import Acting
from simulator.directory import App, Person, Tenant


class Applications(Acting):
    """Acts on registrations, and on what tenants and people granted to them."""

    now: Callable[[], datetime]
    apps: dict[str, App]
    tenants: dict[str, Tenant]
    people: dict[str, Person]

    def register_app(
        self,
        client_id: str = registration.CLIENT_ID,
        secret: str | None = registration.CLIENT_SECRET,
        redirect_uris: Iterable[str] = registration.REDIRECT_URIS,
        *,
        secret_expires: datetime | None = None,
        certificate_pem: str | None = None,
        only_tenant: str | None = None,
        home_tenant: str = registration.CONTOSO,
        name: str = registration.APP_NAME,
    ) -> App:
        """Register an application, or replace its registration. It is present in its home tenant.

        `only_tenant` makes it single-tenant. What else it has is changed on the answer.
        """
        with self.lock:
            app = App(client_id, name, list(redirect_uris), only_tenant=only_tenant)
            app.secrets = {secret: secret_expires} if secret else {}
            app.certificates = [certificate_pem] if certificate_pem else []
            self.apps[client_id] = app
            self.tenants[only_tenant or home_tenant].principals.add(client_id)
            return app

    def expire_secrets(self, client_id: str = registration.CLIENT_ID) -> None:
        """Let every secret of the application run out at this moment: AADSTS7000222."""
        with self.lock:
            app = self.apps[client_id]
            app.secrets = dict.fromkeys(app.secrets, self.now())

    def renew_secrets(self, client_id: str = registration.CLIENT_ID) -> None:
        """Let every secret of the application count again, for good."""
        with self.lock:
            app = self.apps[client_id]
            app.secrets = dict.fromkeys(app.secrets)

    def grant_roles(
        self,
        roles: Iterable[str],
        tenant_id: str = registration.CONTOSO,
        client_id: str = registration.CLIENT_ID,
    ) -> None:
        """Application permissions, as an administrator grants them for a whole tenant."""
        with self.lock:
            tenant = self.tenants[tenant_id]
            tenant.principals.add(client_id)
            tenant.roles[client_id] = set(roles)

    def grant_consent(
        self, who: str, scopes: Iterable[str], client_id: str = registration.CLIENT_ID
    ) -> None:
        """Consent given by this person earlier."""
        with self.lock:
            person = self.person(who)
            person.consents.setdefault(client_id, set()).update(scopes)
            person.tenant.principals.add(client_id)

    def withdraw_consent(self, who: str, client_id: str = registration.CLIENT_ID) -> None:
        """Take the person's consent away: the next refresh fails with AADSTS65001."""
        with self.lock:
            self.person(who).consents.pop(client_id, None)

    def remove_app(
        self,
        tenant_id: str = registration.CONTOSO,
        client_id: str = registration.CLIENT_ID,
    ) -> None:
        """Delete the application from a tenant, with all that was granted: AADSTS700016."""
        with self.lock:
            tenant = self.tenants[tenant_id]
            tenant.principals.discard(client_id)
            for held in (tenant.granted, tenant.roles, tenant.mailbox_scopes):
                held.pop(client_id, None)
            for person in self.people.values():
                if person.tenant is tenant:
                    person.consents.pop(client_id, None)

    def switch_off_app(
        self,
        tenant_id: str = registration.CONTOSO,
        client_id: str = registration.CLIENT_ID,
        *,
        off: bool = True,
    ) -> None:
        """“Enabled for users to sign-in? No”: AADSTS7000112 until it is switched on again."""
        with self.lock:
            held = self.tenants[tenant_id].disabled
            (held.add if off else held.discard)(client_id)

    def require_assignment(
        self,
        people: Iterable[str] | None,
        tenant_id: str = registration.CONTOSO,
        client_id: str = registration.CLIENT_ID,
    ) -> None:
        """Only these people may use it, others get AADSTS50105; None: everybody may again."""
        with self.lock:
            assigned = self.tenants[tenant_id].assigned
            assigned.pop(client_id, None)
            if people is not None:
                assigned[client_id] = {self.person(each).id for each in people}

    def decide_request(
        self, who: str, client_id: str = registration.CLIENT_ID, *, approve: bool = True
    ) -> None:
        """Answer a member's request for approval; approving grants it for the whole tenant."""
        with self.lock:
            person = self.person(who)
            tenant = person.tenant
            request = next(
                each for each in tenant.requests
                if (each.person, each.client_id) == (person.id, client_id)
            )  # fmt: skip
            tenant.requests.remove(request)
            if approve:
                tenant.principals.add(client_id)
                tenant.granted.setdefault(client_id, set()).update(request.scopes)
