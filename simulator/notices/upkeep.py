"""When a subscription has to be renewed, when it pauses, when it loses its ground."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulator.notices.subscription import Subscription

if TYPE_CHECKING:
    from simulator.directory import Person
    from simulator.world import World

WARNED_BEFORE = timedelta(minutes=15)


def end_to_warn_of(subscription: Subscription, now: datetime) -> datetime | None:
    """The end of token or subscription that is near and that nobody spoke of yet."""
    near = [
        end
        for end in (subscription.token_ends, subscription.expires)
        if now >= end - WARNED_BEFORE and (subscription.warned is None or end > subscription.warned)
    ]
    return max(near, default=None)


def is_paused(world: World, subscription: Subscription, moment: datetime) -> bool:
    """Was the notice about the end of its token left without an answer?"""
    warned, end = subscription.warned, subscription.token_ends
    if warned is None or warned < end or moment < end:
        return False
    return bool(world.switches.position("notices.pauses", subscription.person))


def is_withdrawn(world: World, subscription: Subscription) -> bool:
    """Is the account, its mailbox or the consent that it stands on gone?"""
    person = world.people[subscription.person]
    if not (person.enabled and person.has_mailbox):
        return True
    granted = granted_to(person, subscription.client_id, delegated=subscription.delegated)
    return subscription.consented and granted.isdisjoint(subscription.permissions)


def granted_to(person: Person, client_id: str, *, delegated: bool) -> set[str]:
    """What an application may do here: on the person's behalf, or by itself."""
    return person.granted(client_id) if delegated else person.tenant.roles.get(client_id, set())
