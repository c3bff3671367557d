"""What a change of settings would do, told before it is saved: whom it reaches, and how.

Everybody is resolved as things are and as they would be, from the same rows, and compared.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal import coverage, eligibility, policy, quarters
from portal.configuration import what_if
from portal.configuration.choices import OAUTH, READ, READ_WRITE
from portal.configuration.proposals import Proposal
from portal.configuration.resolution import Facts
from portal.configuration.what_if import Comparison, Subject
from portal.policy import BLOCKED, Policy
from portal.quarters import Span
from portal.tables import Calendar, Change, Link, Meeting


@dataclass(frozen=True, slots=True)
class Notice:
    """A connection that is to be cut off. `day` None: at once."""

    name: str
    why: str
    day: datetime | None


@dataclass(frozen=True, slots=True)
class Shift:
    """Another coverage for some who are connected: quarters that are then read, or leave."""

    people: int
    opens: tuple[Span, ...]
    closes: tuple[Span, ...]
    shows_less: bool
    shows_more: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """All lists hold names, by name."""

    people: int  # everybody who is not disabled
    connected: int
    reached: tuple[str, ...]  # something that holds for them changes
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    notices: tuple[Notice, ...]
    returns: tuple[str, ...]  # a notice or block that is taken back
    stops: tuple[str, ...]  # connections that rest until it is switched on again
    consents: tuple[str, ...]
    unwritten: tuple[str, ...]  # whose meetings no longer travel to their calendar
    meetings: int  # to come, and linked, of those
    waiting: int  # changes of theirs that are not written yet
    to_one: tuple[str, ...]
    to_two: tuple[str, ...]
    shifts: tuple[Shift, ...]
    mark: str  # tells this effect from another: what was seen is what is agreed to

    @property
    def harms(self) -> bool:
        """Whether somebody loses something by it."""
        lost = (self.loses, self.notices, self.stops, self.consents, self.unwritten, self.to_one)
        return any(lost) or any(shift.people and shift.closes for shift in self.shifts)

    @property
    def matters(self) -> bool:
        """Whether somebody should see it before it is saved."""
        won = (self.gains, self.returns, self.to_two)
        return self.harms or any(won) or any(shift.people for shift in self.shifts)


def of(db: Session, proposal: Proposal, *, now: datetime) -> Impact:
    return told(db, what_if.compare(db, proposal, now=now))


def told(db: Session, found: Comparison) -> Impact:
    unwritten = found.unwritten()
    ids = [one.tie.id for one in unwritten if one.tie is not None]
    notices = [notice for one in found.tied if (notice := _notice(found, one))]
    versions = [one for one in found.changed if one.tie and _another_version(one)]
    impact = Impact(
        people=len(found.subjects),
        connected=len(found.tied),
        reached=found.names(lambda _one: True),
        gains=found.names(lambda one: one.may(one.after) and not one.may(one.before)),
        loses=found.names(lambda one: one.may(one.before) and not one.may(one.after)),
        notices=tuple(notices),
        returns=tuple(one.name for one in found.tied if _returns(found, one)),
        stops=tuple(one.name for one in found.changed if _stops(found, one)),
        consents=found.names(_needs_consent),
        unwritten=tuple(one.name for one in unwritten),
        meetings=_meetings_ahead(db, ids, found.now) if ids else 0,
        waiting=_waiting(db, ids) if ids else 0,
        to_one=tuple(one.name for one in versions if one.after.sync_version == "1.0"),
        to_two=tuple(one.name for one in versions if one.after.sync_version == "2.0"),
        shifts=tuple(_shifts(found)),
        mark="",
    )
    return replace(impact, mark=_mark(found.proposal, impact))


def _another_version(one: Subject) -> bool:
    return one.before.sync_version != one.after.sync_version


def _notice(found: Comparison, one: Subject) -> Notice | None:
    if one.tie is None or one.tie.cut_off_at is not None:
        return None
    why = eligibility.cause_of(one.tie, found.tried, one.facts, one.after)
    if why is None:
        return None
    days = eligibility.notice_days(one.tie, found.tried, one.facts)
    return Notice(one.name, why, found.now + timedelta(days=days) if days else None)


def _returns(found: Comparison, one: Subject) -> bool:
    if one.tie is None or (one.tie.cut_off_at is None and one.tie.state != BLOCKED):
        return False
    return eligibility.cause_of(one.tie, found.tried, one.facts, one.after) is None


def _stops(found: Comparison, one: Subject) -> bool:
    if one.tie is None or not one.before.enabled or one.after.enabled:
        return False
    return eligibility.cause_of(one.tie, found.tried, one.facts, one.after) is None


def _needs_consent(one: Subject) -> bool:
    """Theirs does not cover what would be theirs to use."""
    if one.tie is None:
        return False
    if one.tie.mode != OAUTH:
        return one.before.setup_by == one.tie.mode != one.after.setup_by
    opens = one.before.calendar_permission == READ and one.after.calendar_permission == READ_WRITE
    return opens and one.tie.calendar_access == READ


def _meetings_ahead(db: Session, connection_ids: list[int], now: datetime) -> int:
    ahead = (
        select(func.count(Meeting.id))
        .join(Link, Link.meeting_id == Meeting.id)
        .join(Calendar, Calendar.id == Link.calendar_id)
        .where(
            Calendar.connection_id.in_(connection_ids),
            Meeting.cancelled_at.is_(None),
            or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now),
        )
    )
    return db.scalar(ahead) or 0


def _waiting(db: Session, connection_ids: list[int]) -> int:
    waiting = select(func.count(Change.id)).join(Calendar, Calendar.id == Change.calendar_id)
    mine = Calendar.connection_id.in_(connection_ids)
    return db.scalar(waiting.where(mine, Change.done_at.is_(None))) or 0


def _shifts(found: Comparison) -> list[Shift]:
    """By what people had and would have; where nobody is connected, what the level says."""
    level = found.proposal.level
    pairs = Counter((one.before, one.after) for one in found.changed if one.tie)
    if not found.tied:
        nobody = Facts(person_id=0, group_id=level.group_id)
        before, after = (policy.resolved(one, nobody) for one in (found.held, found.tried))
        pairs = Counter({(before, after): 0})
    merged: Counter[tuple[tuple[Span, ...], tuple[Span, ...], bool, bool]] = Counter()
    for (before, after), people in pairs.items():
        if coverage.name(before) != coverage.name(after):
            merged[_spans(before, after, found.now)] += people
    return [Shift(people, *spans) for spans, people in merged.items()]


def _spans(
    before: Policy, after: Policy, now: datetime
) -> tuple[tuple[Span, ...], tuple[Span, ...], bool, bool]:
    held, wanted = (quarters.quarters(now, coverage.of(one)) for one in (before, after))
    narrow = [one.sync_version == coverage.MEETINGS_ONLY for one in (before, after)]
    opens = tuple(span for span in wanted if span not in held)
    closes = tuple(span for span in held if span not in wanted)
    return opens, closes, narrow == [False, True], narrow == [True, False]


def _mark(proposal: Proposal, found: Impact) -> str:
    """Numbers of meetings are left out: they move all the time."""
    notices = [(one.name, one.why, one.day and one.day.date()) for one in found.notices]
    lists = (found.gains, found.loses, found.returns, found.stops, found.consents, notices)
    more = (found.unwritten, found.to_one, found.to_two, found.shifts)
    said = repr((proposal.level, proposal.steps, lists, more))
    return hashlib.sha256(said.encode()).hexdigest()[:24]
