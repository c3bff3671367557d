"""A file of settings against what holds: the differences, what they would do, and doing them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import audit
from portal.configuration import (
    by_value,
    effects,
    impact,
    proposals,
    settings,
    settings_file,
    what_if,
)
from portal.configuration.choices import CHOICES
from portal.configuration.impact import Impact
from portal.configuration.proposals import CHOOSE, INHERIT, LOCK, UNLOCK, Proposal, Step
from portal.configuration.resolution import Levels
from portal.configuration.settings import ACCOUNT, Level
from portal.configuration.settings_file import Entry, Problem
from portal.staff import groups
from portal.tables import Setting

Rows = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Difference:
    """One step with the value there is now; None: the level has none of its own."""

    level: Level
    step: Step
    before: settings.Value | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`mark`: tells this from any other plan; what was seen is what is done."""

    differences: Sequence[Difference]
    problems: Sequence[Problem]
    impact: Impact | None
    mark: str


def export(db: Session) -> str:
    names = {one.id: one.name for one in groups.all_of_them(db)}
    return settings_file.written(Levels.of(settings.everywhere(db)), names)


def plan(db: Session, data: bytes, *, now: datetime) -> Plan:
    """What the account's part names is taken as it stands there, and a group that is named gets
    exactly what the file says. The rest stays. Raises settings_file.Unreadable.
    """
    known = groups.all_of_them(db)
    found = settings_file.read(data, {one.name_key: one.id for one in known})
    levels = Levels.of(settings.everywhere(db))
    steps = [] if found.problems else _steps(found, levels)
    names = {one.id: one.name for one in known}
    problems = [*found.problems, *_contradictions(db, steps, levels, names)]
    if problems or not steps:
        return Plan([], problems, None, "")
    compared = what_if.compare(db, *steps, now=now)
    does = impact.told(db, compared)
    told = repr([(one.level, one.steps) for one in steps]) + does.mark
    differences = [
        Difference(one.level, step, _now(levels, one.level, step))
        for one in steps
        for step in one.steps
    ]
    return Plan(differences, [], does, hashlib.sha256(told.encode()).hexdigest()[:24])


def carry_out(db: Session, wanted: Plan, *, by: int, now: datetime) -> None:
    """All of it. Raises settings.NotAllowed and settings.Locked, and then nothing may be kept."""
    steps = [Proposal(one.level, (one.step,)) for one in wanted.differences]
    effects.apply(db, *steps, by=by, now=now)
    audit.record(
        db,
        by=by,
        act="settings imported",
        subject="account",
        after={"changes": len(steps)},
        now=now,
    )


def _steps(found: settings_file.Read, levels: Levels) -> list[Proposal]:
    """In an order in which no lock of the account stands in the way of a group."""
    first: list[Step] = []
    last: list[Step] = []
    for key, entry in found.account.items():
        steps = _of_entry(key, entry, levels.account.get(key), CHOICES[key].default)
        (first if not entry.locked else last).extend(steps)
    shut = {key for key, row in levels.account.items() if row.locked_at is not None}
    shut = {key for key in shut if key not in found.account} | {
        key for key, entry in found.account.items() if entry.locked
    }
    below = [
        Proposal(Level(group_id=group_id), tuple(_of_group(entries, rows, shut)))
        for group_id, entries in found.groups.items()
        for rows in [levels.groups.get(group_id, {})]
    ]
    listed = [Proposal(ACCOUNT, tuple(first)), *below, Proposal(ACCOUNT, tuple(last))]
    return [one for one in listed if one.steps]


def _of_group(entries: Mapping[str, Entry], rows: Rows, shut: set[str]) -> list[Step]:
    steps = [Step(key, INHERIT) for key in rows if key not in entries and key not in shut]
    for key, entry in entries.items():
        steps += _of_entry(key, entry, rows.get(key), None)
    return steps


def _of_entry(
    key: str, entry: Entry, row: Setting | None, default: settings.Value | None
) -> list[Step]:
    steps = []
    value = default if row is None else row.value
    was_locked = row is not None and row.locked_at is not None
    reason = (row.lock_reason or "") if row is not None else ""
    if was_locked and not entry.locked:
        steps.append(Step(key, UNLOCK))
    if value != entry.value:
        steps.append(Step(key, CHOOSE, entry.value))
    if entry.locked and (not was_locked or reason != entry.reason):
        steps.append(Step(key, LOCK, reason=entry.reason))
    return steps


def _contradictions(
    db: Session, steps: Sequence[Proposal], levels: Levels, names: Mapping[int, str]
) -> list[Problem]:
    found: list[Problem] = []
    tried = levels
    for one in steps:
        place = "account" if one.level == ACCOUNT else f"groups > {names[one.level.group_id or 0]}"
        said = proposals.problems(one, tried)
        for step in one.steps:
            if words := _shut(step, one.level, tried) or _not_alone(db, step, one.level):
                said[step.key] = words
        found += [Problem(f"{place} > {key}", words) for key, words in said.items()]
        tried = proposals.put_in(tried, one)
    return found + _rollout(tried, {step.key for one in steps for step in one.steps})


def _not_alone(db: Session, step: Step, level: Level) -> str | None:
    if step.act != CHOOSE or step.value is None:
        return None
    return by_value.why_not(db, level, step.key, step.value)


def _shut(step: Step, level: Level, levels: Levels) -> str | None:
    row = levels.account.get(step.key)
    if level != ACCOUNT and row is not None and row.locked_at is not None:
        return "This is locked for the whole account, and the file leaves it locked."
    return None


def _rollout(tried: Levels, changed: set[str]) -> list[Problem]:
    values = {key: row.value for key, row in tried.account.items()}
    is_empty = values.get("rollout") == "groups" and not values.get("rollout_groups")
    if is_empty and {"rollout", "rollout_groups"} & changed:
        words = "The rollout goes to chosen groups, and no group is chosen."
        return [Problem("account > rollout", words)]
    return []


def _now(levels: Levels, level: Level, step: Step) -> settings.Value | None:
    rows = levels.account if level == ACCOUNT else levels.groups.get(level.group_id or 0, {})
    row = rows.get(step.key)
    if row is None and level == ACCOUNT:
        return CHOICES[step.key].default
    return None if row is None else row.value
