"""Who and what the directory knows: tenants, people, applications."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from simulator.mailbox.store import Mailbox


@dataclass(slots=True)
class Tenant:
    """An organisation: what its administrators granted counts for everyone in it."""

    id: str
    name: str
    domain: str
    granted: dict[str, set[str]] = field(default_factory=dict)  # client id -> delegated scopes
    roles: dict[str, set[str]] = field(default_factory=dict)  # client id -> application roles
    principals: set[str] = field(default_factory=set)  # apps that are present in the tenant


@dataclass(slots=True)
class Person:
    """Somebody with an account, and with a mailbox unless `has_mailbox` is off."""

    id: str
    name: str
    address: str
    tenant: Tenant
    mailbox: Mailbox
    admin: bool = False
    enabled: bool = True
    has_mailbox: bool = True
    consents: dict[str, set[str]] = field(default_factory=dict)  # client id -> scopes

    @property
    def nickname(self) -> str:
        """The part before the @."""
        return self.address.partition("@")[0]

    def granted(self, client_id: str) -> set[str]:
        """Every delegated scope that counts for this person: the person's own and the tenant's."""
        return self.consents.get(client_id, set()) | self.tenant.granted.get(client_id, set())


@dataclass(slots=True)
class App:
    """An application registration. A secret maps to its expiry, None for never."""

    client_id: str
    name: str
    redirect_uris: list[str]
    secrets: dict[str, datetime | None] = field(default_factory=dict)
    certificates: list[str] = field(default_factory=list)  # PEM
    only_tenant: str | None = None
    enabled: bool = True
