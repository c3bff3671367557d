"""Who may use an application: the account, the assignment, and conditional access."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid5

from simulator.directory import App, Person
from simulator.entra.errors import EntraRefused
from simulator.entra.grants import Standing
from simulator.world import SPACE, World

# Positions of identity.conditional_access. The first kind is met by a second factor.
NEEDS_MORE = {"mfa": 50076, "mfa_expired": 50078, "mfa_enrol": 50079, "external": 50158}
BLOCKS = {
    "risk": 50131, "device": 53000, "domain": 53001, "unapproved_app": 53002, "blocked": 53003,
    "security_policy": 530032, "security_defaults": 530035,
}  # fmt: skip


def check_account(app: App, person: Person) -> None:
    """Refuse a disabled account, a disabled application, and whoever is not assigned to it."""
    tenant = person.tenant
    if not person.enabled:
        raise EntraRefused(50057, f"'{person.address}'.")
    if app.client_id in tenant.disabled:
        raise EntraRefused(7000112, f"Application '{app.client_id}' ({app.name}).")
    assigned = tenant.assigned.get(app.client_id)
    if assigned is not None and person.id not in assigned:
        raise EntraRefused(50105, f"'{person.address}', application '{app.name}'.")


def check_conditions(world: World, person: Person, standing: Standing) -> None:
    """Refuse what conditional access does not let pass with this sign-in."""
    position = str(world.switches.position("identity.conditional_access", person.id))
    if position in BLOCKS:
        raise EntraRefused(BLOCKS[position])
    if position in NEEDS_MORE and not standing.strong:
        raise EntraRefused(NEEDS_MORE[position], claims=_challenge(person))
    if is_too_old(world, person, standing):
        raise EntraRefused(70043)


def is_too_old(world: World, person: Person, standing: Standing) -> bool:
    """Does sign-in frequency demand a newer sign-in than this?"""
    hours = int(world.switches.position("identity.sign_in_frequency", person.id))
    return hours > 0 and world.now() - standing.since > timedelta(hours=hours)


def _challenge(person: Person) -> str:
    policy = str(uuid5(SPACE, f"{person.tenant.id}/policy"))
    wanted = {"capolids": {"essential": True, "values": [policy]}}
    return json.dumps({"access_token": wanted}, separators=(",", ":"))
