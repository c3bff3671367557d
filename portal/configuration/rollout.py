"""The rollout of version 2.0: whom a choice reaches, how far it is, and why somebody has which."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, defer

from portal import connections, eligibility, policy
from portal.configuration import proposals, settings, what_if
from portal.configuration.choices import Value
from portal.configuration.proposals import Proposal
from portal.configuration.resolution import EVERYTHING, place
from portal.configuration.what_if import Subject
from portal.operations import standing
from portal.policy import InForce
from portal.tables import Connection, Person

KEYS = ("rollout", "rollout_groups", "rollout_percent", "rollout_paused")
SHOWN = 20  # names before saving
FAILED_SHOWN = 50
# States that do not end by themselves.
FAILED = frozenset(
    (
        connections.NEEDS_CONSENT,
        connections.NEEDS_APPROVAL,
        connections.NO_MAILBOX,
        standing.STALLED,
        standing.BLOCKED,
    )
)


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would change version. `mark` tells this effect from another."""

    to_two: tuple[str, ...]
    to_one: tuple[str, ...]
    connected: int  # of both
    mark: str

    @property
    def people(self) -> int:
        return len(self.to_two) + len(self.to_one)


@dataclass(frozen=True, slots=True)
class Failed:
    person_id: int
    person: str
    state: str
    connection: Connection


@dataclass(frozen=True, slots=True)
class Progress:
    """`reached`: people for whom 2.0 is in force; the others count connections. `going_back`: 1.0
    is in force and their last round was one of 2.0.
    """

    people: int
    reached: int
    connected: int
    upgraded: int
    to_come: int
    going_back: int
    failed: tuple[Failed, ...]
    more_failed: int

    @property
    def moves(self) -> bool:
        return self.to_come > 0 or self.going_back > 0


@dataclass(frozen=True, slots=True)
class Why:
    """The version in force for a person, and what decides it."""

    person: Person
    version: InForce
    last_round: str | None  # the version of it; None: there was none
    rollout: Mapping[str, Any]
    place: int  # 0 to 99
    is_in_groups: bool


def held(db: Session) -> dict[str, Any]:
    """What is chosen."""
    rows = settings.of_account(db)
    return {key: rows[key].value if key in rows else settings.CHOICES[key].default for key in KEYS}


def preview(db: Session, wanted: Mapping[str, Value], *, now: datetime) -> Preview:
    return _told(_changing(db, wanted, now=now), wanted)


def save(db: Session, wanted: Mapping[str, Value], *, by: int, now: datetime) -> Preview:
    """Whose version changes is looked at anew at once. Raises settings.NotAllowed."""
    changing = _changing(db, wanted, now=now)
    proposals.do(db, _proposal(db, wanted), by=by, now=now)
    ids = [one.tie.id for one in changing if one.tie is not None]
    asked = (Connection.id.in_(ids), Connection.state.in_(connections.ASKED))
    db.execute(update(Connection).where(*asked).values(due_at=now))
    return _told(changing, wanted)


def _proposal(db: Session, wanted: Mapping[str, Value]) -> Proposal:
    return Proposal.of_values(settings.ACCOUNT, held(db), wanted)


def _changing(db: Session, wanted: Mapping[str, Value], *, now: datetime) -> list[Subject]:
    found = what_if.compare(db, _proposal(db, wanted), now=now).subjects
    return [one for one in found if one.before.sync_version != one.after.sync_version]


def _told(changing: list[Subject], wanted: Mapping[str, Value]) -> Preview:
    to_two = tuple(one.name for one in changing if one.after.sync_version == EVERYTHING)
    to_one = tuple(one.name for one in changing if one.after.sync_version != EVERYTHING)
    said = repr((sorted(wanted.items()), [(one.id, one.after.sync_version) for one in changing]))
    mark = hashlib.sha256(said.encode()).hexdigest()[:24]
    return Preview(to_two, to_one, sum(one.tie is not None for one in changing), mark)


def progress(db: Session, *, now: datetime) -> Progress:
    subjects = what_if.compare(db, Proposal(settings.ACCOUNT, ()), now=now).subjects
    reached = [one for one in subjects if one.after.sync_version == EVERYTHING]
    tied = [one for one in reached if one.tie is not None]
    failed = _failed(db, tied, now=now)
    failed_ids = {one.id for one, _ in failed}
    upgraded = sum(one.facts.has_two for one in tied if one.id not in failed_ids)
    back = (one for one in subjects if one.after.sync_version != EVERYTHING and one.facts.has_two)
    return Progress(
        people=len(subjects),
        reached=len(reached),
        connected=len(tied),
        upgraded=upgraded,
        to_come=len(tied) - upgraded - len(failed),
        going_back=sum(one.tie is not None and one.tie.state != policy.BLOCKED for one in back),
        failed=_whole(db, failed[:FAILED_SHOWN]),
        more_failed=max(0, len(failed) - FAILED_SHOWN),
    )


def _failed(db: Session, tied: list[Subject], *, now: datetime) -> list[tuple[Subject, str]]:
    """With the state of each, by name."""
    read_at = standing.read_at_of(db, None, now=now)
    since = now - standing.STALLED_AFTER
    subjects = {one.id: one for one in tied if _may_have_failed(one, read_at, since)}
    ties = standing.ties_of(db, list(subjects))
    found = []
    for person_id, one in subjects.items():
        row = ties[person_id]
        chosen = policy.kept_on(one.after) if eligibility.is_noticed(one.tie) else one.after
        state = standing.state_of(row, chosen, read_at=read_at.get(row.id), now=now)
        if state in FAILED:
            found.append((one, state))
    return found


def _whole(db: Session, failed: list[tuple[Subject, str]]) -> tuple[Failed, ...]:
    """What is shown of those who are listed."""
    sealed = (defer(Connection.access_token), defer(Connection.refresh_token))
    ids = [one.id for one, _ in failed]
    query = select(Connection).where(Connection.person_id.in_(ids)).options(*sealed)
    rows = {row.person_id: row for row in db.scalars(query)}
    return tuple(Failed(one.id, one.name, state, rows[one.id]) for one, state in failed)


def _may_have_failed(one: Subject, read_at: Mapping[int, datetime], since: datetime) -> bool:
    """Most have not, and need no closer look."""
    tie = one.tie
    if tie is None or tie.good_at is None or tie.state not in connections.AT_WORK:
        return tie is not None
    looked_at = read_at.get(tie.id, tie.good_at)
    return not one.after.enabled or min(tie.good_at, looked_at) < since


def whys(db: Session, people: Sequence[Person]) -> list[Why]:
    """Of each of them."""
    ids = [one.id for one in people]
    chosen, told = held(db), policy.explain_many(db, ids)
    facts = {one.person_id: one for one in policy.facts_of(db, ids)}
    rounds = _last_rounds(db, ids)
    return [
        Why(
            one,
            told[one.id]["sync_version"],
            rounds.get(one.id),
            chosen,
            place(one.id),
            bool(facts[one.id].group_ids.intersection(chosen["rollout_groups"])),
        )
        for one in people
    ]


def _last_rounds(db: Session, person_ids: list[int]) -> dict[int, str]:
    rows = db.execute(
        select(Connection.person_id, Connection.sync_version).where(
            Connection.person_id.in_(person_ids),
            Connection.state != connections.DISCONNECTED,
            Connection.covered.is_not(None),
        )
    )
    return {row[0]: row[1] for row in rows}
