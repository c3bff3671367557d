"""How much an application may ask for: of a mailbox, and of the directory."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from simulator.faults.wire import LOST_STORE
from simulator.refused import Refused, access_denied

if TYPE_CHECKING:
    from simulator.entra.grants import Access
    from simulator.world import World

PARALLEL_IN_BATCH = 4
SHORT_WAIT = 2  # seconds, where nobody knows how long it will take
UNITS_BY_SIZE = ((50, 3500), (500, 5000))  # people in the tenant below, units
UNITS_LARGE = 8000
TOLD_FROM = 0.8  # part of the units used

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one application may use of one mailbox in a span; the switch says how much."""

    switch: str
    name: str
    span: timedelta
    unit: int = 1


REQUESTS = Allowance("wire.requests", "RequestCount", timedelta(minutes=10))
UPLOADS = Allowance("wire.upload_mb", "Upload", timedelta(minutes=5), 1024 * 1024)
UNITS = Allowance("wire.directory_units", "ResourceUnit", timedelta(seconds=10))


@dataclass(slots=True)
class Used:
    """What was used of an allowance in the span that ends at `until`."""

    until: datetime
    amount: int = 0


@dataclass(slots=True)
class Gate:
    """What every application used. Callers hold the world's lock."""

    under_way: dict[Key, int] = field(default_factory=dict)
    used: dict[Key, Used] = field(default_factory=dict)
    tally: dict[str | None, int] = field(default_factory=dict)  # calls by mailbox

    def __reduce__(self) -> Any:
        # What is under way ends with the process; what was used in ten minutes is soon forgotten.
        return Gate, ()

    def spend(self, allowance: Allowance, whose: Key, now: datetime, amount: int) -> Used:
        """Note an amount and return what is used in the present span, this included."""
        key = (allowance.switch, *whose)
        used = self.used.get(key)
        if used is None or used.until <= now:
            used = self.used[key] = Used(now + allowance.span)
        used.amount += amount
        return used


class Lane:
    """A place among the calls under way, given back at the end of a `with`."""

    __slots__ = ("_key", "_world")

    def __init__(self, world: World, key: Key) -> None:
        self._world, self._key = world, key
        under_way = world.gate.under_way
        under_way[key] = under_way.get(key, 0) + 1

    def __enter__(self) -> None:
        """Nothing to do: the place was taken under the world's lock."""

    def __exit__(self, *ended: object) -> None:
        """Give the place back."""
        with self._world.lock:
            under_way = self._world.gate.under_way
            under_way[self._key] -= 1
            if not under_way[self._key]:
                del under_way[self._key]


def enter_mailbox(
    world: World, access: Access, person: str, *, upload: int, crowd: dict[str, int] | None
) -> AbstractContextManager[None]:
    """Count a call in a mailbox (object id), refused when it is one too many.

    It is under way until the `with` ends. `crowd` counts for the batch the call came in.
    """
    _spend(world, REQUESTS, access, person, 1)
    if upload:
        _spend(world, UPLOADS, access, person, upload)
    if crowd is not None and world.switches.position("wire.batch_overflow", person):
        crowd[person] = crowd.get(person, 0) + 1
        if crowd[person] > PARALLEL_IN_BATCH:
            raise _too_many(world, person)
    most = int(world.switches.position("wire.concurrency", person))
    if not most:
        return nullcontext()
    per_app = world.switches.position("wire.concurrency_scope", person) == "app"
    key = (access.client_id, "" if per_app else person)
    if world.gate.under_way.get(key, 0) >= most:
        raise _too_many(world, person)
    return Lane(world, key)


def _spend(world: World, allowance: Allowance, access: Access, person: str, amount: int) -> None:
    now = world.now()
    most = int(world.switches.position(allowance.switch, person)) * allowance.unit
    used = world.gate.spend(allowance, (access.client_id, person), now, amount)
    if most and used.amount > most:
        raise _over(world, person, allowance.name, (used.until - now).total_seconds())


def _too_many(world: World, person: str) -> Refused:
    if world.switches.position("wire.concurrency_answer", person) == "403":
        return access_denied(LOST_STORE)
    return _over(world, person, "MailboxConcurrency", SHORT_WAIT)


def _over(world: World, person: str | None, limit: str, wait: float) -> Refused:
    message = f"Application is over its {limit} limit."
    return Refused(429, "ApplicationThrottled", message, headers=wait_headers(world, person, wait))


def directory_units(base: int, *, select: bool, expand: bool, top: int | None) -> int:
    """What a query of the directory costs; `base` is 2 for users."""
    few = top is not None and top < 20
    return max(1, base - select + expand - few)


def charge_directory(world: World, access: Access, units: int) -> dict[str, str]:
    """Spend units of the directory; the answer's headers about it. Callers hold the lock.

    Refused with 429 once what the tenant has for ten seconds is used up.
    """
    now = world.now()
    most = int(world.switches.position(UNITS.switch)) or _units_of(world, access.tenant)
    used = world.gate.spend(UNITS, (access.client_id, access.tenant), now, units)
    headers = {"x-ms-resource-unit": str(units)}
    if used.amount >= most * TOLD_FROM:
        headers["x-ms-throttle-limit-percentage"] = f"{used.amount / most:.2f}"
    if used.amount > most:
        scope = f"Tenant_Application/ReadWrite/{access.client_id}/{access.tenant}"
        headers |= {
            "x-ms-throttle-scope": scope,
            "x-ms-throttle-information": "ResourceUnitLimitExceeded",
            **wait_headers(world, None, (used.until - now).total_seconds()),
        }
        raise Refused(429, "TooManyRequests", "Too many requests.", headers=headers)
    return headers


def _units_of(world: World, tenant: str) -> int:
    people = sum(each.tenant.id == tenant for each in world.people.values())
    return next((units for below, units in UNITS_BY_SIZE if people < below), UNITS_LARGE)


def wait_headers(world: World, person: str | None, wait: float) -> dict[str, str]:
    """Retry-After, in the form that the person's switch asks for; or no header."""
    form = str(world.switches.position("wire.retry_after", person))
    if form == "missing":
        return {}
    return {"Retry-After": _told(form, max(1, -int(-wait // 1)), world.now())}


def _told(form: str, seconds: int, now: datetime) -> str:
    then = (now + timedelta(seconds=seconds)).replace(microsecond=0)
    told = {"one": "1", "fraction": f"{seconds}.128", "date": format_datetime(then, usegmt=True)}
    if form == "iso_date":
        return then.strftime("%Y-%m-%dT%H:%M:%SZ")
    return told.get(form, str(seconds))
