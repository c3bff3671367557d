"""Taking back one change of a setting that the audit log tells of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.configuration import by_value, proposals, settings
from portal.configuration.choices import CHOICES, NotAllowed
from portal.configuration.proposals import CHOOSE, INHERIT, LOCK, UNLOCK, Proposal, Step
from portal.configuration.resolution import Levels
from portal.configuration.settings import ACCOUNT, Level
from portal.staff import groups
from portal.tables import Audit, Setting

ACTS = ("setting changed", "setting inherited", "setting reverted")
LOCKED_ACT = "setting locked"
LOCKS = (LOCKED_ACT, "setting unlocked")
GONE = "The group is gone, and its settings with it."
SO_ALREADY = "The setting has this value now: there is nothing to revert."
LOCKED_SINCE = "It was locked or unlocked again since. Revert the later entry instead."
NOT_AS_LEFT = {
    UNLOCK: "The setting is not locked any more: there is nothing to revert.",
    LOCK: "The setting is locked, or inherited again: there is nothing to lock as it was.",
}
REASON = "Reverted from the audit log"
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
    return row.act in (*ACTS, *LOCKS) and row.subject in CHOICES


def of(db: Session, row: Audit) -> Revert:
    level = Level(group_id=row.group_id)
    held = settings.at(db, level).get(row.subject)
    if row.act in LOCKS:
        return _of_lock(db, row, level, held)
    present = _value(held, row.subject, level)
    newest = _newest(db, row, ACTS)
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


def _of_lock(db: Session, row: Audit, level: Level, held: Setting | None) -> Revert:
    """A lock is taken away, or set again with the reason it had; the value stays as it is."""
    newest = _newest(db, row, LOCKS)
    if row.act == LOCKED_ACT:
        step = Step(row.subject, UNLOCK, reason=REASON)
    else:
        step = Step(row.subject, LOCK, reason=row.before or REASON)
    return Revert(
        level=level,
        step=step,
        present=_is_locked(held),
        refusal=_lock_refusal(db, level, step, held, is_newest=newest.id == row.id),
        later=None,
        newest=newest.id,
    )


def _is_locked(held: Setting | None) -> bool:
    return held is not None and held.locked_at is not None


def _lock_refusal(
    db: Session, level: Level, step: Step, held: Setting | None, *, is_newest: bool
) -> str | None:
    if level.group_id is not None and groups.find(db, level.group_id) is None:
        return GONE
    if level != ACCOUNT and (where := _lock(db, level, step.key, None)):
        return LOCKED.format(where=where)
    if not is_newest:
        return LOCKED_SINCE
    is_as_left = _is_locked(held) == (step.act == UNLOCK) and held is not None
    return None if is_as_left else NOT_AS_LEFT[step.act]


def _newest(db: Session, row: Audit, acts: tuple[str, ...]) -> Audit:
    about = select(Audit).where(
        Audit.subject == row.subject, Audit.act.in_(acts), Audit.group_id.is_(row.group_id)
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
