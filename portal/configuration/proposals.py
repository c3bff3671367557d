"""What somebody is about to choose: a list of steps on one level, tried out or done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.configuration import settings
from portal.configuration.choices import CHOICES, NEVER, OFF, READ_WRITE, Value
from portal.configuration.resolution import Facts, Levels
from portal.configuration.settings import Level
from portal.tables import Setting

CHOOSE, INHERIT, LOCK, UNLOCK = "choose", "inherit", "lock", "unlock"
LOCKED = datetime(1, 1, 1, tzinfo=UTC)  # of a lock that is only tried out


@dataclass(frozen=True, slots=True)
class Step:
    """One key: a value for it, or giving the level's own value up, or a lock set or taken away."""

    key: str
    act: str = CHOOSE
    value: Value | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    level: Level
    steps: tuple[Step, ...]

    @classmethod
    def of_values(
        cls, level: Level, held: Mapping[str, Any], wanted: Mapping[str, Value]
    ) -> "Proposal":
        """To choose of these what is not so already."""
        news = {key: value for key, value in wanted.items() if held[key] != value}
        return cls(level, tuple(Step(key, value=value) for key, value in news.items()))


def put_in(levels: Levels, proposal: Proposal) -> Levels:
    """The levels as they would be; those given stay as they are."""
    level = proposal.level
    tried = Levels(dict(levels.account), dict(levels.groups), dict(levels.own))
    rows = dict(_rows(tried, level))
    for step in proposal.steps:
        rows = _tried(rows, step, levels, level)
    if level.group_id is not None:
        tried.groups[level.group_id] = rows
    elif level.person_id is not None:
        tried.own[level.person_id] = rows
    else:
        tried.account = rows
    return tried


def do(db: Session, proposal: Proposal, *, by: int, now: datetime) -> bool:
    """Whether anything changed. Raises settings.NotAllowed and settings.Locked."""
    done = [_done(db, step, proposal.level, by, now) for step in proposal.steps]
    return any(done)


def _rows(levels: Levels, level: Level) -> Mapping[str, Setting]:
    if level.group_id is not None:
        return levels.groups.get(level.group_id, {})
    if level.person_id is not None:
        return levels.own.get(level.person_id, {})
    return levels.account


def _tried(
    rows: Mapping[str, Setting], step: Step, levels: Levels, level: Level
) -> dict[str, Setting]:
    held = rows.get(step.key)
    others = {key: row for key, row in rows.items() if key != step.key}
    if step.act == INHERIT:
        return others
    if step.act == UNLOCK and held is None:  # there is none to take away
        return dict(rows)
    inherited = levels.found(step.key, Facts(person_id=0, group_id=level.group_id)).value
    row = Setting(
        key=step.key,
        group_id=level.group_id,
        person_id=level.person_id,
        value=inherited if held is None else held.value,
        locked_at=None if held is None else held.locked_at,
    )
    if step.act == CHOOSE:
        row.value = step.value
    else:
        row.locked_at = LOCKED if step.act == LOCK else None
    return others | {step.key: row}


def _done(db: Session, step: Step, level: Level, by: int, now: datetime) -> bool:
    if step.act == INHERIT:
        return settings.inherit(db, step.key, level=level, by=by, now=now)
    if step.act == LOCK:
        settings.lock(db, step.key, level=level, reason=step.reason, by=by, now=now)
    elif step.act == UNLOCK:
        settings.unlock(db, step.key, level=level, reason=step.reason, by=by, now=now)
    elif step.value is not None:
        return settings.choose(db, step.key, step.value, level=level, by=by, now=now)
    return True


def problems(proposal: Proposal, levels: Levels) -> dict[str, str]:
    """Steps that contradict what else would hold on the level: key -> a sentence for the form."""
    level = proposal.level
    facts = Facts(person_id=level.person_id or 0, group_id=level.group_id)
    after = put_in(levels, proposal)
    held = {key: after.found(key, facts).value for key in CHOICES}
    steps = {step.key for step in proposal.steps if step.act == CHOOSE}
    return {key: said for key, said in _contradictions(held).items() if key in steps}


def _contradictions(held: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    granted = held["calendar_permission"]
    if held["sso_prompt"] != NEVER and (not held["enabled"] or granted == OFF):
        found["sso_prompt"] = (
            "Nobody could follow the prompt while the integration or the calendar permission is "
            "off here. Switch it on first, or choose Never."
        )
    if held["sso_prompt"] != NEVER and granted == OFF:
        found["calendar_permission"] = (
            "People are asked to integrate when they sign in, and then could not. Choose Never "
            "there first, or let people grant at least Read."
        )
    if held["bidirectional"] and granted != READ_WRITE:
        found["bidirectional"] = (
            "People may not grant writing, so nothing could travel to their calendars. Choose "
            "Read and write under Integrations first."
        )
    return found
