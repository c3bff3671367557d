"""Whether the settings let a person's calendar be connected, and what happens when they no longer
do: notice for some days, then the connection is blocked. Nothing of it is deleted.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import domains, policy, settings
from portal.choices import OFF
from portal.policy import BLOCKED
from portal.resolution import GROUP, Facts, Levels
from portal.tables import Connection, Person

log = logging.getLogger(__name__)

# Why a connection is to be cut off. Kept with it, in words on pages.
SWITCHED_OFF, DOMAIN, PERMISSION = "switched_off", "domain", "permission"
OWN_CONSENT = "own_consent"  # application permissions came to an end: each connects by themselves


class Tie(Protocol):
    """What of a connection decides; what-if questions bring it without the rest."""

    @property
    def mode(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def username(self) -> str: ...
    @property
    def mailbox_address(self) -> str | None: ...
    @property
    def good_at(self) -> datetime | None: ...
    @property
    def cut_off_why(self) -> str | None: ...


def allows(db: Session, connection: Connection) -> bool:
    """Whether the mailbox may be looked at now. One that never was gets no days of notice."""
    if connection.state == BLOCKED or not policy.of(db, connection.person_id).enabled:
        return False
    if connection.good_at is not None:
        return True
    facts = policy.facts_of(db, [connection.person_id])[0]
    return cause_of(connection, Levels.of(settings.everywhere(db)), facts) is None


def why_not(chosen: policy.Policy, addresses: list[str | None], *, is_lasting: bool) -> str | None:
    """What is in the way of a connection with these addresses. `is_lasting`: the integration is
    off by a group or a lock, not by the account's switch, which only stops it for a while.
    """
    if not chosen.enabled and is_lasting:
        return SWITCHED_OFF
    if chosen.calendar_permission == OFF:
        return PERMISSION
    return None if domains.admits(chosen.allowed_domains, addresses) else DOMAIN


def cause_of(
    connection: Tie, levels: Levels, facts: Facts, chosen: policy.Policy | None = None
) -> str | None:
    """What is in the way of it by these settings, were there no days of notice. `chosen`: what is
    in force then, where the caller knows.
    """
    without_grace = replace(facts, holds_back=False)
    chosen = chosen or policy.resolved(levels, without_grace)
    switch = levels.found("enabled", without_grace)
    is_lasting = switch.lock is not None or switch.origin == GROUP
    addresses = [connection.username, connection.mailbox_address]
    why = why_not(chosen, addresses, is_lasting=is_lasting)
    if why is None and connection.cut_off_why == OWN_CONSENT:
        return OWN_CONSENT if chosen.setup_by != connection.mode else None
    return why


def notice_days(connection: Tie, levels: Levels, facts: Facts) -> int:
    """None for a mailbox that was never looked at: there is nothing to get used to."""
    days: int = levels.found("grace_days", facts).value if connection.good_at else 0
    return days


def review(
    db: Session, connections: list[Connection], levels: Levels | None = None, *, now: datetime
) -> list[Connection]:
    """Holds connections against the settings: gives notice, blocks where it is over, and takes
    either back where nothing is in the way any more. Gives those that were given notice now.
    """
    levels = levels or Levels.of(settings.everywhere(db))
    facts = {one.person_id: one for one in policy.facts_of(db, [c.person_id for c in connections])}
    return [one for one in connections if _reviewed(one, levels, facts[one.person_id], now)]


def review_all(db: Session, *, now: datetime) -> list[Connection]:
    """All that are not disconnected."""
    return review(db, live(db), now=now)


def live(db: Session) -> list[Connection]:
    alive = select(Connection).join(Person, Person.id == Connection.person_id)
    alive = alive.where(Connection.state != "disconnected", Person.disabled_at.is_(None))
    return list(db.scalars(alive))


def _reviewed(connection: Connection, levels: Levels, facts: Facts, now: datetime) -> bool:
    """True when notice was given now."""
    why = cause_of(connection, levels, facts)
    if why is None:
        _take_back(connection, now)
        return False
    is_news = connection.cut_off_at is None
    if is_news:
        days = notice_days(connection, levels, facts)
        connection.cut_off_at, connection.cut_off_why = now + timedelta(days=days), why
        log.info("notice given connection=%d why=%s days=%d", connection.id, why, days)
    elif connection.cut_off_why != OWN_CONSENT:
        connection.cut_off_why = why
    if connection.cut_off_at is not None and connection.cut_off_at <= now:
        _end(connection, connection.cut_off_why or why)
    return is_news


def _end(connection: Connection, why: str) -> None:
    if why == OWN_CONSENT:
        connection.state, connection.cause, connection.due_at = "needs_consent", why, None
        connection.cut_off_at = connection.cut_off_why = None
    elif connection.state != BLOCKED:
        connection.state, connection.cause, connection.cause_kind = BLOCKED, why, None
        connection.due_at = None
        connection.lease_number += 1  # a round under way can no longer write
        log.info("connection blocked connection=%d why=%s", connection.id, why)


def _take_back(connection: Connection, now: datetime) -> None:
    connection.cut_off_at = connection.cut_off_why = None
    if connection.state == BLOCKED:
        connection.state, connection.cause, connection.due_at = "connecting", None, now
        connection.only_reads, connection.only_reads_since = True, now
        connection.only_reads_why = "policy"
        log.info("connection no longer blocked connection=%d", connection.id)
