"""Everybody with the settings in force for them as things are, and as a proposal would have them.

The number of statements does not depend on the number of people.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import eligibility, policy
from portal.configuration import proposals, settings
from portal.configuration.choices import READ_WRITE
from portal.configuration.proposals import Proposal
from portal.configuration.resolution import Facts, Levels
from portal.policy import Policy
from portal.tables import Connection, Person


@dataclass(frozen=True, slots=True)
class Tie:
    """A connection that was not ended, as far as settings reach it."""

    id: int
    mode: str
    state: str
    cause: str | None
    username: str
    mailbox_address: str | None
    calendar_access: str
    good_at: datetime | None
    cut_off_at: datetime | None
    cut_off_why: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """One person with the settings in force before and after, days of notice left out."""

    id: int
    name: str
    facts: Facts
    addresses: tuple[str | None, ...]  # those that the list of domains is held against
    tie: Tie | None
    before: Policy
    after: Policy

    def may(self, chosen: Policy) -> bool:
        """Whether the integration is theirs to use."""
        return eligibility.why_not(chosen, list(self.addresses), is_lasting=True) is None

    def writes(self, chosen: Policy) -> bool:
        """Whether their meetings travel to their calendar."""
        granted = self.tie is not None and self.tie.calendar_access == READ_WRITE
        wanted = chosen.bidirectional and chosen.calendar_permission == READ_WRITE
        return granted and wanted and self.may(chosen)


@dataclass(frozen=True)
class Comparison:
    """Everybody before and after, and the levels they were resolved by."""

    proposal: Proposal
    held: Levels
    tried: Levels
    subjects: list[Subject]
    now: datetime

    @cached_property
    def changed(self) -> list[Subject]:
        return [one for one in self.subjects if one.before is not one.after]

    @cached_property
    def tied(self) -> list[Subject]:
        return [one for one in self.subjects if one.tie is not None]

    def names(self, holds: Callable[[Subject], bool]) -> tuple[str, ...]:
        """Of those for whom something else would be in force."""
        return tuple(one.name for one in self.changed if holds(one))

    def written_again(self) -> list[int]:
        """Connections whose meetings begin to travel again."""
        found = (
            one for one in self.changed if one.writes(one.after) and not one.writes(one.before)
        )
        return [one.tie.id for one in found if one.tie is not None]

    def unwritten(self) -> list[Subject]:
        return [one for one in self.changed if one.writes(one.before) and not one.writes(one.after)]


def compare(db: Session, proposal: Proposal, *more: Proposal, now: datetime) -> Comparison:
    """`more`: what is done right after, maybe on other levels."""
    held = Levels.of(settings.everywhere(db))
    tried = proposals.put_in(held, proposal)
    for one in more:
        tried = proposals.put_in(tried, one)
    asks_for_groups = held.asks_for_groups or tried.asks_for_groups
    found = policy.facts_of(db, with_groups=asks_for_groups)
    facts = {one.person_id: replace(one, holds_back=False) for one in found}
    resolver = _Resolver(held, tried)
    subjects = [
        Subject(
            person_id,
            name,
            facts[person_id],
            (address,) if tie is None else (tie.username, tie.mailbox_address),
            tie,
            *resolver.of(facts[person_id]),
        )
        for person_id, name, address, tie in _people(db)
    ]
    return Comparison(proposal, held, tried, subjects, now)


class _Resolver:
    """Most people resolve alike: what tells them apart is looked at, and each kind done once."""

    def __init__(self, held: Levels, tried: Levels) -> None:
        self.held, self.tried = held, tried
        self.known: dict[tuple[object, ...], tuple[Policy, Policy]] = {}

    def of(self, facts: Facts) -> tuple[Policy, Policy]:
        """Before and after: one and the same where nothing differs."""
        kind = self.held.what_decides(facts), self.tried.what_decides(facts)
        if kind not in self.known:
            before, after = (policy.resolved(one, facts) for one in (self.held, self.tried))
            self.known[kind] = (before, before if after == before else after)
        return self.known[kind]


def _people(db: Session) -> Iterable[tuple[int, str, str, Tie | None]]:
    columns = [getattr(Connection, name) for name in Tie.__slots__]
    is_live = (Connection.person_id == Person.id) & (Connection.state != "disconnected")
    query = select(Person.id, Person.name, Person.address, *columns).outerjoin(Connection, is_live)
    query = query.where(Person.disabled_at.is_(None)).order_by(Person.name, Person.id)
    for row in db.execute(query):
        person_id, name, address, *held = cast(tuple[Any, ...], tuple(row))
        yield person_id, name, address, None if held[0] is None else Tie(*held)
