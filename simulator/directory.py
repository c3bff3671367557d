"""Who and what the directory knows: tenants, people, applications."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator import registration
from simulator.mailbox.store import Mailbox


@dataclass(frozen=True, slots=True)
class Request:
    """A member asked an administrator to approve an application."""

    person: str  # object id
    client_id: str
    scopes: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """Permissions on their way: they count from `at` on. `person` is None for a whole tenant."""

    at: datetime
    client_id: str
    person: str | None
    scopes: frozenset[str]
    roles: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tenant:
    """An organisation: what its administrators granted counts for everyone in it."""

    id: str
    name: str
    domain: str
    granted: dict[str, set[str]] = field(default_factory=dict)  # client id -> delegated scopes
    roles: dict[str, set[str]] = field(default_factory=dict)  # client id -> application roles
    principals: set[str] = field(default_factory=set)  # apps that are present in the tenant
    disabled: set[str] = field(default_factory=set)  # apps whose sign-in is switched off here
    # client id -> people who may use it; an app that is not named is open to everybody
    assigned: dict[str, set[str]] = field(default_factory=dict)
    # client id -> people whose mailboxes its roles are limited to; not named: every mailbox
    access_policy: dict[str, set[str]] = field(default_factory=dict)
    # client id -> role -> people whose mailboxes it reaches though its tokens carry no roles
    mailbox_scopes: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    coming: list[Consent] = field(default_factory=list)


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
    guest_mail: str | None = None  # a guest's own address, elsewhere
    profile: dict[str, Any] = field(default_factory=dict)  # Graph properties beyond the usual

    @property
    def mail(self) -> str | None:
        """The address mail reaches; nobody's without a mailbox, a guest's own elsewhere."""
        return self.guest_mail or (self.address if self.has_mailbox else None)

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
    # What the registration asks for; `.default` and an administrator's consent mean all of it.
    scopes: tuple[str, ...] = registration.APP_SCOPES
    roles: tuple[str, ...] = registration.APP_ROLES
    id_tokens: bool = False  # may the authorization endpoint answer with id_tokens?
    public: bool = False  # an app on a device, which cannot keep a secret
    optional_claims: tuple[str, ...] = ()
    logout_address: str | None = None  # told by the browser when somebody signs out
