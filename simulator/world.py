"""The world the simulator shows: tenants, people, mailboxes, grants and faults, behind one lock.

Tests act on it directly, as if somebody sat at Outlook or at the Entra admin centre.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from simulator import registration
from simulator.directory import App, Person, Tenant
from simulator.entra.grants import Grants
from simulator.faults import Cut, Failure, Faults, TokenFailure
from simulator.mailbox.store import Mailbox
from simulator.outlook.hand import Hand

SPACE = UUID("1f6a1e6e-2f61-4b43-9f3e-0f8bb8b2f4b1")
ConsentPolicy = Literal["user", "admin_only"]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail Exchange would have sent: to one address, about one event."""

    at: datetime
    sender: str
    to: str
    kind: Literal["invitation", "update", "cancellation"]
    subject: str
    event_id: str


def wall_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass
class World(Hand):
    """Everything behind the simulated addresses. Its methods are safe from any thread."""

    seed: int = 1
    now: Callable[[], datetime] = wall_clock
    latency_ms: int = 0
    consent_policy: ConsentPolicy = "user"
    tenants: dict[str, Tenant] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.grants = Grants(self.random, lambda: self.now())
        for tenant_id, (name, domain) in registration.TENANTS.items():
            self.tenants[tenant_id] = Tenant(tenant_id, name, domain)

    @classmethod
    def seeded(
        cls,
        seed: int = 1,
        people: int = 6,
        events: int = 600,
        now: Callable[[], datetime] = wall_clock,
    ) -> World:
        """A world with sample people and a plausible year; the same for the same seed.

        `events` counts occurrences from 6 months back to 18 months ahead, for each mailbox.
        """
        from simulator.sample import fill

        world = cls(seed=seed, now=now)
        world.register_app()
        fill(world, people=people, events=events)
        return world

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

    def add_person(
        self,
        name: str,
        address: str,
        *,
        zone: str = "W. Europe Standard Time",
        admin: bool = False,
    ) -> Person:
        """A new person with an empty mailbox; the tenant follows from the address."""
        with self.lock:
            domain = address.partition("@")[2]
            tenant = next(one for one in self.tenants.values() if one.domain == domain)
            object_id = str(uuid5(SPACE, f"{self.seed}/{address}"))
            mailbox = Mailbox(object_id, zone, lambda: self.now())
            mailbox.add_calendar("Calendar")
            person = Person(object_id, name, address, tenant, mailbox, admin)
            self.people[object_id] = person
            return person

    def find_person(self, who: str | Person) -> Person | None:
        """By object id, address (any case) or the part before the @."""
        if isinstance(who, Person):
            return who
        if who in self.people:
            return self.people[who]
        wanted = who.lower()
        for person in self.people.values():
            if wanted in (person.address.lower(), person.nickname.lower()):
                return person
        return None

    def person(self, who: str | Person) -> Person:
        """Like `find_person`, for callers who know that the person is there."""
        found = self.find_person(who)
        if found is None:
            raise KeyError(who)
        return found

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

    def expire_delta_tokens(self, who: str) -> None:
        """Let every delta cursor of the mailbox die: 410 SyncStateNotFound."""
        with self.lock:
            self.person(who).mailbox.token_epoch += 1

    def fail_next(
        self,
        status: int,
        code: str,
        *,
        retry_after: str | None = None,
        times: int = 1,
        path_contains: str = "",
        person: str | None = None,
    ) -> None:
        """Answer the next matching Graph calls with an error."""
        with self.lock:
            whose = self.person(person).id if person else None
            self.faults.failures.append(
                Failure(status, code, retry_after, times, path_contains, whose)
            )

    def fail_next_token(self, number: int, *, times: int = 1) -> None:
        """Refuse the next token requests with an AADSTS number."""
        with self.lock:
            self.faults.token_failures.append(TokenFailure(number, times))

    def drop_next(self, times: int = 1, *, after_effect: bool, path_contains: str = "") -> None:
        """Break the next matching connections, with the effect done or not."""
        with self.lock:
            self.faults.cuts.append(Cut(times, after_effect, path_contains))

    def forge_next_id_token(self, **claims: Any) -> None:
        """Put wrong claims (iss, nonce, aud, tid …) into the next id_token."""
        with self.lock:
            self.faults.forged_claims.update(claims)

    def mail(self, person: Person, to: Iterable[str], kind: Any, subject: str, event: str) -> None:
        """Note mails in the sent-mail log."""
        own = person.address.lower()
        for address in to:
            if address.lower() != own:
                self.mails.append(Mail(self.now(), person.address, address, kind, subject, event))

    def today(self) -> date:
        """The UTC date of the world's clock."""
        return self.now().astimezone(UTC).date()
