"""What administrators do at Entra: register applications, grant, revoke, disable."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from simulator import registration
from simulator.directory import App, Person, Tenant
from simulator.entra.grants import Grants
from simulator.entra.reach import Reach
from simulator.faults.strikes import Faults, TokenFailure


class AdminCentre(Reach, ABC):
    """Acts on tenants, applications and accounts without the network."""

    lock: threading.RLock
    apps: dict[str, App]
    tenants: dict[str, Tenant]
    grants: Grants
    faults: Faults

    @abstractmethod
    def person(self, who: str | Person) -> Person:
        """Whom a name means; the world knows."""

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

        `only_tenant` makes it single-tenant.
        """
        with self.lock:
            app = App(client_id, name, list(redirect_uris), only_tenant=only_tenant)
            app.secrets = {secret: secret_expires} if secret else {}
            app.certificates = [certificate_pem] if certificate_pem else []
            self.apps[client_id] = app
            self.tenants[only_tenant or home_tenant].principals.add(client_id)
            return app

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

    def revoke(self, who: str) -> None:
        """End all sessions: refresh tokens die with AADSTS50173, access tokens live on."""
        with self.lock:
            self.grants.revoke(self.person(who).id)

    def withdraw_consent(self, who: str, client_id: str = registration.CLIENT_ID) -> None:
        """Take the person's consent away: the next refresh fails with AADSTS65001."""
        with self.lock:
            self.person(who).consents.pop(client_id, None)

    def disable(self, who: str) -> None:
        """Disable the account: AADSTS50057 at the next refresh."""
        with self.lock:
            self.person(who).enabled = False

    def expire_access_tokens(self, who: str) -> None:
        """Make the person's access tokens invalid at once; refresh tokens live on."""
        with self.lock:
            self.grants.drop_access(self.person(who).id)

    def take_mailbox(self, who: str) -> None:
        """Leave the person without a mailbox: MailboxNotEnabledForRESTAPI."""
        with self.lock:
            self.person(who).has_mailbox = False

    def fail_next_token(self, number: int, *, times: int = 1) -> None:
        """Refuse the next token requests with an AADSTS number."""
        with self.lock:
            self.faults.token_failures.append(TokenFailure(number, times))

    def forge_next_id_token(self, **claims: Any) -> None:
        """Put wrong claims (iss, nonce, aud, tid …) into the next id_token."""
        with self.lock:
            self.faults.forged_claims.update(claims)
