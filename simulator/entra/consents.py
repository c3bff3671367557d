"""Consent: what is granted already, who may grant the rest, and when it begins to count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from simulator.directory import App, Consent, Person, Request, Tenant
from simulator.registration import ADMIN_ONLY_SCOPES
from simulator.world import World


def wanted(person: Person, app: App, scopes: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes that are asked for: `.default` means the registration's, until there are some."""
    if ".default" not in scopes:
        return scopes
    named = tuple(each for each in scopes if each != ".default")
    return named if person.granted(app.client_id) else tuple(dict.fromkeys((*named, *app.scopes)))


def missing(person: Person, app: App, scopes: tuple[str, ...]) -> list[str]:
    """What of these neither the person nor the tenant has consented to yet."""
    granted = person.granted(app.client_id)
    return [each for each in wanted(person, app, scopes) if each not in granted]


def needs_admin(scopes: list[str], policy: str) -> bool:
    """May only an administrator grant this?"""
    if policy != "user":
        return bool(scopes)
    return any(each in ADMIN_ONLY_SCOPES for each in scopes)


def give(
    world: World, app: App, tenant: Tenant, scopes: Iterable[str], *,
    person: Person | None = None, roles: Iterable[str] = (),
) -> None:  # fmt: skip
    """Consent of one person, or of an administrator for the whole tenant. It may take a while."""
    whose = person.id if person else None
    delay = int(world.switches.position("identity.consent_delay", whose))
    at = world.now() + timedelta(seconds=delay)
    consent = Consent(at, app.client_id, whose, frozenset(scopes), frozenset(roles))
    tenant.coming.append(consent)
    settle(world)


def ask_admin(world: World, app: App, person: Person, scopes: list[str], reason: str) -> None:
    """Note a member's request for approval, once for each application."""
    tenant = person.tenant
    asked = Request(person.id, app.client_id, tuple(scopes), reason, world.now())
    others = [each for each in tenant.requests if not _alike(each, asked)]
    tenant.requests = [*others, asked]


def _alike(one: Request, other: Request) -> bool:
    return (one.person, one.client_id) == (other.person, other.client_id)


def settle(world: World) -> None:
    """Let every consent count whose time has come."""
    now = world.now()
    for tenant in world.tenants.values():
        for consent in [each for each in tenant.coming if each.at <= now]:
            tenant.coming.remove(consent)
            _count(world, tenant, consent)


def _count(world: World, tenant: Tenant, consent: Consent) -> None:
    client = consent.client_id
    tenant.principals.add(client)
    holder = world.people[consent.person].consents if consent.person else tenant.granted
    holder.setdefault(client, set()).update(consent.scopes)
    if consent.roles:
        tenant.roles.setdefault(client, set()).update(consent.roles)
