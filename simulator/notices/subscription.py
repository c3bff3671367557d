"""A subscription: who asked, what for, where to, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from simulator.notices.news import News, Thing


@dataclass(frozen=True, slots=True)
class Target:
    """What is watched: all events or contacts of a mailbox, or those of one place in it."""

    thing: Thing
    place: int | None = None

    def covers(self, news: News) -> bool:
        """Does this change concern it?"""
        return news.thing == self.thing and self.place in (None, news.place)


@dataclass(slots=True)
class Subscription:
    """One subscription. `person` is the object id of the mailbox's owner."""

    id: str
    person: str
    tenant: str
    client_id: str
    creator: str  # object id of the person or the service principal that asked
    delegated: bool
    consented: bool  # was there a consent that may be withdrawn?
    permissions: tuple[str, ...]  # of which one has to stay granted
    resource: str
    target: Target
    change_type: str
    url: str
    lifecycle_url: str | None
    client_state: str | None
    expires: datetime
    token_ends: datetime
    immutable: bool
    tls: str
    warned: datetime | None = None  # the latest end that a lifecycle notice spoke of

    def wants(self, change: str) -> bool:
        """Was this kind of change asked for?"""
        return change in self.change_type.split(",")

    def same_wish(self, other: Subscription) -> bool:
        """Does the other one ask for the same on behalf of the same caller?"""
        return (
            self.client_id == other.client_id
            and self.creator == other.creator
            and self.person == other.person
            and self.target == other.target
            and set(self.change_type.split(",")) == set(other.change_type.split(","))
        )
