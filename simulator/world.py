"""The world the simulator shows: tenants, people, mailboxes, grants and faults, behind one lock.

Tests act on it directly, as if somebody sat at Outlook or at the Entra admin centre.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID, uuid5

from simulator import registration
from simulator.clock import Clock, wall_clock
from simulator.directory import App, Person, Tenant
from simulator.entra.admin import AdminCentre
from simulator.entra.grants import Grants
from simulator.entra.keys import KeyRing
from simulator.entra.sessions import Sessions
from simulator.exchange import Mail
from simulator.faults.catalogue import CATALOGUE
from simulator.faults.strikes import Cut, Failure, Faults
from simulator.faults.switches import Position, Switchboard
from simulator.graph.throttle import Gate
from simulator.idp.desk import IdentityProvider
from simulator.mailbox.store import Mailbox
from simulator.notices.office import Notices
from simulator.notices.post import Post, plain_post
from simulator.outlook.hands import Hand

SPACE = UUID("1f6a1e6e-2f61-4b43-9f3e-0f8bb8b2f4b1")
OF_THE_PROCESS = ("lock", "post", "wait")  # what --state does not keep
ConsentPolicy = Literal["user", "admin_only", "request"]


@dataclass
class World(Hand, AdminCentre):
    """Everything behind the simulated addresses. Its methods are safe from any thread.

    What people do at Outlook comes from `Hand`, what administrators do from `AdminCentre`; what
    befalls everybody (switches, failures, dead cursors) is here.
    """

    seed: int = 1
    now: Callable[[], datetime] = wall_clock
    latency_ms: int = 0
    consent_policy: ConsentPolicy = "user"
    tenants: dict[str, Tenant] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    gate: Gate = field(default_factory=Gate)
    wait: Callable[[float], None] = time.sleep  # seconds
    switches: Switchboard = field(default_factory=lambda: Switchboard(CATALOGUE))
    post: Post = plain_post  # how notifications leave; nobody holds the lock meanwhile
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.clock = self.now if isinstance(self.now, Clock) else Clock(self.now)
        self.now = self.clock
        self.random = random.Random(self.seed)
        self._ids = random.Random(f"{self.seed}/ids")
        self.grants = Grants(self.random, self.clock)
        self._known: dict[str, Person] = {}
        self.notices = Notices(self)
        self.sessions = Sessions(self.clock, self.seed)
        self.signing = KeyRing(self.clock)
        self.idp = IdentityProvider(self.clock, self.seed)
        for tenant_id, (name, domain) in registration.TENANTS.items():
            self.tenants[tenant_id] = Tenant(tenant_id, name, domain)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in OF_THE_PROCESS}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self.lock, self.post, self.wait = threading.RLock(), plain_post, time.sleep
        self.switches.catalogue = CATALOGUE

    @classmethod
    def seeded(
        cls,
        seed: int = 1,
        people: int = 6,
        events: int = 600,
        now: Callable[[], datetime] = wall_clock,
    ) -> World:
        """A world with sample people and a plausible year; the same for the same seed.

        `events` counts occurrences from 6 months back to 18 months ahead, for each mailbox; with
        none the address books are empty, too.
        """
        from simulator.sample import fill

        world = cls(seed=seed, now=now)
        world.register_app()
        fill(world, people=people, events=events)
        return world

    def add_person(
        self,
        name: str,
        address: str,
        *,
        zone: str = "W. Europe Standard Time",
        admin: bool = False,
        aliases: Iterable[str] = (),
    ) -> Person:
        """A new person with an empty mailbox; the tenant follows from the address.

        Mail to an alias reaches the person too.
        """
        with self.lock:
            domain = address.partition("@")[2]
            tenant = next(one for one in self.tenants.values() if one.domain == domain)
            object_id = str(uuid5(SPACE, f"{self.seed}/{address}"))
            mailbox = Mailbox(object_id, zone, self.clock, self.switches)
            mailbox.add_calendar("Calendar")
            person = Person(object_id, name, address, tenant, mailbox, admin)
            self.people[object_id] = person
            for each in (address, *aliases, person.nickname):
                self._known.setdefault(each.lower(), person)
            return person

    def find_person(self, who: str | Person) -> Person | None:
        """By object id, address or alias (any case) or the part before the @."""
        if isinstance(who, Person):
            return who
        return self.people.get(who) or self._known.get(who.lower())

    def person(self, who: str | Person) -> Person:
        """Like `find_person`, for callers who know that the person is there."""
        found = self.find_person(who)
        if found is None:
            raise KeyError(who)
        return found

    def expire_delta_tokens(self, who: str) -> None:
        """Let every delta cursor of the mailbox die: 410 SyncStateNotFound."""
        with self.lock:
            self.person(who).mailbox.token_epoch += 1

    def turn(
        self, switch: str, position: Position, who: str | None = None, *, times: int | None = None
    ) -> None:
        """Turn a fault switch, for everybody or for one person; see `simulator.faults`."""
        with self.lock:
            whose = self.person(who).id if who else None
            self.switches.turn(switch, position, whose, times=times)

    def new_id(self) -> str:
        """A GUID from the seed, for what needs one that nobody chose."""
        return str(UUID(int=self._ids.getrandbits(128), version=4))

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

    def drop_next(self, times: int = 1, *, after_effect: bool, path_contains: str = "") -> None:
        """Break the next matching connections, with the effect done or not."""
        with self.lock:
            self.faults.cuts.append(Cut(times, after_effect, path_contains))

    def today(self) -> date:
        """The UTC date of the world's clock."""
        return self.now().astimezone(UTC).date()
