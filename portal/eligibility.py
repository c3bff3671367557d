"""Whether the settings let a person's calendar be connected, and what happens when they no longer
do: notice for some days, then the connection is blocked. Nothing of it is deleted.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from portal import audit, grants, policy
from portal.configuration import domains, settings
from portal.configuration.choices import APPLICATION, OFF
from portal.configuration.resolution import GROUP, Facts, Levels
from portal.policy import BLOCKED
from portal.tables import Connection, Person

log = logging.getLogger(__name__)

DISCONNECTED = "disconnected"

# Why a connection is to be cut off. Kept with it, in words on pages.
SWITCHED_OFF, DOMAIN, PERMISSION = "switched_off", "domain", "permission"
NEEDS_CONSENT = "needs_consent"  # a state; portal/connections.py is built on this module's policy
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
    def cut_off_at(self) -> datetime | None: ...
    @property
    def cut_off_why(self) -> str | None: ...


def allows(db: Session, connection: Connection) -> bool:
    """Whether the mailbox may be looked at now. One that never was gets no days of notice."""
    if connection.state == BLOCKED or not policy.of(db, connection.person_id).enabled:
        return False
    if connection.good_at is not None or connection.cut_off_at is not None:
        return True
    whose = [connection.person_id]
    levels, facts = Levels.of(settings.about(db, whose)), policy.facts_of(db, whose)[0]
    return cause_of(connection, levels, facts) is None


def is_noticed(connection: Tie | None) -> bool:
    """Whether it is to end, and goes on until then as it was."""
    if connection is None or connection.cut_off_at is None:
        return False
    return connection.state not in (BLOCKED, DISCONNECTED)


def outside(
    db: Session, person_id: int, addresses: list[str | None], *, held: Connection | None
) -> str | None:
    """The first of these addresses that the allowed domains leave out; None where they admit all,
    and for the connection `held`, where these are its own, as long as its notice runs.
    """
    if is_noticed(held):
        return None
    allowed = policy.of(db, person_id).allowed_domains
    return next((one for one in addresses if one and not domains.admits(allowed, [one])), None)


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
    if why is None and connection.mode == APPLICATION != chosen.setup_by:
        return None if _waits_for_its_person(connection) else OWN_CONSENT
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
    ids = [one.person_id for one in connections]
    levels = levels or Levels.of(settings.about(db, ids))
    facts = {one.person_id: one for one in policy.facts_of(db, ids)}
    stood = {one.id: (one.cut_off_at, one.state) for one in connections}
    noticed = [one for one in connections if _reviewed(one, levels, facts[one.person_id], now)]
    for one in connections:
        _note(db, one, *stood[one.id], now)
        _note_way(one, levels, facts[one.person_id], now)
    return noticed


def review_all(db: Session, *, now: datetime) -> list[Connection]:
    """All that are not disconnected."""
    return review(db, live(db), now=now)


def news(db: Session, *, now: datetime) -> int:
    """How many a review of all would change: asked every few minutes, without a write."""
    levels = Levels.of(settings.everywhere(db))
    facts = {one.person_id: one for one in policy.facts_of(db)}
    return sum(_is_news(one, levels, facts[one.person_id], now) for one in live(db))


def live(db: Session) -> list[Connection]:
    """Without their tokens: nobody needs them here, and unsealing them takes its time."""
    alive = select(Connection).join(Person, Person.id == Connection.person_id)
    alive = alive.where(Connection.state != DISCONNECTED, Person.disabled_at.is_(None))
    sealed = (defer(Connection.access_token), defer(Connection.refresh_token))
    return list(db.scalars(alive.options(*sealed)))


def _is_news(connection: Connection, levels: Levels, facts: Facts, now: datetime) -> bool:
    chosen = policy.resolved(levels, replace(facts, holds_back=False))
    why, is_blocked = cause_of(connection, levels, facts, chosen), connection.state == BLOCKED
    if connection.one_way != _is_one_way(connection, chosen):
        return True
    if why is None or connection.cut_off_at is None:
        return why is not None or is_blocked or connection.cut_off_at is not None
    is_over = connection.cut_off_at <= now and not is_blocked
    return is_over or connection.cut_off_why not in (why, OWN_CONSENT)


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


def _note(
    db: Session, connection: Connection, was_to_end: datetime | None, was: str, now: datetime
) -> None:
    """Nobody presses a button here, so the log says that the portal did it, and why."""
    acts: list[tuple[str, Any]] = []
    if connection.state != was:
        why = connection.cause if connection.state in (BLOCKED, NEEDS_CONSENT) else None
        acts.append(("connection blocked" if why else "connection unblocked", why))
    elif connection.cut_off_at is not None and was_to_end is None:
        day = f"{connection.cut_off_at:%Y-%m-%d}"
        acts.append(("connection given notice", {"why": connection.cut_off_why, "until": day}))
    elif connection.cut_off_at is None and was_to_end is not None:
        acts.append(("notice taken back", None))
    audit.record_all(
        db,
        [(act, f"connection {connection.id}", after) for act, after in acts],
        by=None,
        now=now,
    )


def _waits_for_its_person(connection: Tie) -> bool:
    """The notice is over: there is nothing left to give notice of."""
    return (connection.state, connection.cause) == (NEEDS_CONSENT, OWN_CONSENT)


def _end(connection: Connection, why: str) -> None:
    if why == OWN_CONSENT:
        connection.state, connection.cause, connection.due_at = NEEDS_CONSENT, why, None
        connection.cause_kind = None
        connection.cut_off_at = connection.cut_off_why = None
    elif connection.state != BLOCKED:
        connection.state, connection.cause, connection.cause_kind = BLOCKED, why, None
        connection.due_at = None
        connection.lease_number += 1  # a round under way can no longer write
        log.info("connection blocked connection=%d why=%s", connection.id, why)
    else:
        connection.cause = why


def _take_back(connection: Connection, now: datetime) -> None:
    connection.cut_off_at = connection.cut_off_why = None
    if connection.state == BLOCKED:
        connection.state, connection.cause, connection.resumed_at = "connecting", None, now
        _read_first(connection, "policy", now)
        log.info("connection no longer blocked connection=%d", connection.id)


def _note_way(connection: Connection, levels: Levels, facts: Facts, now: datetime) -> None:
    """What was changed here while nothing could be sent is looked for before anything is sent."""
    chosen = policy.resolved(levels, replace(facts, holds_back=False))
    was, connection.one_way = connection.one_way, _is_one_way(connection, chosen)
    if was and not connection.one_way and connection.state != BLOCKED:
        _read_first(connection, "switched_on", now)
        log.info("written to again connection=%d", connection.id)


def _is_one_way(connection: Connection, chosen: policy.Policy) -> bool:
    """`chosen`: days of notice left out."""
    in_force = policy.kept_on(chosen) if is_noticed(connection) else chosen
    return not grants.sends(connection, in_force)


def _read_first(connection: Connection, why: str, now: datetime) -> None:
    if not connection.only_reads:
        connection.only_reads_why = why
    connection.only_reads, connection.only_reads_since = True, now
    connection.described_at, connection.due_at = None, now
