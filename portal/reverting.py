"""Taking back one change of a setting that the audit log tells of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import by_value, groups, proposals, settings
from portal.choices import CHOICES, NotAllowed
from portal.proposals import CHOOSE, INHERIT, Proposal, Step
from portal.resolution import Levels
from portal.settings import ACCOUNT, Level
from portal.tables import Audit, Setting

ACTS = ("setting changed", "setting inherited", "setting reverted")
GONE = "The group is gone, and its settings with it."
SO_ALREADY = "The setting has this value now: there is nothing to revert."
LOCKED = "The setting is locked {where}. Unlock it first: whoever locked it wanted it to stay."


@dataclass(frozen=True, slots=True)
class Revert:
    """`refusal`: why it cannot be done, as a sentence. `later`: the last change of the same
    setting, where it was changed again since. `newest`: the number of the last entry about it.
    """

    level: Level
    step: Step
    present: Any  # None: inherited
    refusal: str | None
    later: Audit | None
    newest: int

    @property
    def proposal(self) -> Proposal:
        return Proposal(self.level, (self.step,))


def can_be(row: Audit) -> bool:
    """Whether it is a change of a setting at all; whether it can be taken back is another thing."""
    return row.act in ACTS and row.subject in CHOICES


def of(db: Session, row: Audit) -> Revert:
    level = Level(group_id=row.group_id)
    held = settings.at(db, level).get(row.subject)
    present = _value(held, row.subject, level)
    newest = _newest(db, row)
    changed_again = newest.id != row.id and present != row.after
    step = (
        Step(row.subject, INHERIT) if row.before is None else Step(row.subject, CHOOSE, row.before)
    )
    return Revert(
        level=level,
        step=step,
        present=present,
        refusal=_refusal(db, level, step, held, present),
        later=newest if changed_again else None,
        newest=newest.id,
    )


def _value(held: Setting | None, key: str, level: Level) -> Any:
    if held is None:
        return CHOICES[key].default if level == ACCOUNT else None
    return held.value


def _newest(db: Session, row: Audit) -> Audit:
    about = select(Audit).where(
        Audit.subject == row.subject, Audit.act.in_(ACTS), Audit.group_id.is_(row.group_id)
    )
    return db.scalars(about.order_by(Audit.id.desc()).limit(1)).one()


def _refusal(
    db: Session, level: Level, step: Step, held: Setting | None, present: Any
) -> str | None:
    if level.group_id is not None and groups.find(db, level.group_id) is None:
        return GONE
    if where := _lock(db, level, step.key, held):
        return LOCKED.format(where=where)
    if present == step.value:
        return SO_ALREADY
    return _unfit(db, level, step)


def _lock(db: Session, level: Level, key: str, held: Setting | None) -> str | None:
    above = settings.of_account(db).get(key)
    if above is not None and above.locked_at is not None:
        return "for the whole account"
    return "for the group" if held is not None and held.locked_at is not None else None


def _unfit(db: Session, level: Level, step: Step) -> str | None:
    """Why what was chosen once cannot be chosen today."""
    if step.value is None:
        return None
    try:
        settings.check(step.key, step.value)
    except NotAllowed as error:
        return f"The former value cannot be chosen any more. {error}"
    if step.key == "rollout_groups" and (gone := _gone(db, step.value)):
        return f"It names groups that are gone ({gone}). Choose the groups of the rollout anew."
    if words := by_value.why_not(db, level, step.key, step.value):
        return words
    levels = Levels.of(settings.everywhere(db))
    return proposals.problems(Proposal(level, (step,)), levels).get(step.key)


def _gone(db: Session, wanted: Any) -> int:
    return sum(groups.find(db, one) is None for one in wanted)
