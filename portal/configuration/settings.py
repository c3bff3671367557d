"""What an administrator can choose, and who chose what: for the account, for a group, for oneself.

`choices` says which keys there are, `portal.policy` what holds for one person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.configuration.choices import CHOICES, Choice, NotAllowed, Value, check
from portal.tables import Person, Setting

__all__ = [
    "ACCOUNT",
    "CHOICES",
    "Choice",
    "Level",
    "Locked",
    "NotAllowed",
    "Value",
    "about",
    "at",
    "check",
    "choose",
    "everywhere",
    "inherit",
    "lock",
    "of_account",
    "unlock",
]


class Locked(Exception):
    """Somebody above has locked the setting. The text is a sentence for the page."""


@dataclass(frozen=True, slots=True)
class Level:
    """Where a choice stands: the account, a group of it, or one person."""

    group_id: int | None = None
    person_id: int | None = None

    @property
    def name(self) -> str:
        if self.group_id is not None:
            return "group"
        return "account" if self.person_id is None else "person"


ACCOUNT = Level()
_ALL = select(Setting)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
# Built once: what holds for a person is asked some ten times in a round.
_ABOUT = _ALL.where(
    or_(Setting.person_id.is_(None), Setting.person_id.in_(_IDS)),
    or_(
        Setting.group_id.is_(None),
        Setting.group_id.in_(select(Person.primary_group_id).where(Person.id.in_(_IDS))),
    ),
)


def at(db: Session, level: Level) -> dict[str, Setting]:
    """What was chosen on this level. Keys without a row are inherited."""
    found = db.scalars(select(Setting).where(_of(level)))
    return {row.key: row for row in found if row.key in CHOICES}


def of_account(db: Session) -> dict[str, Setting]:
    return at(db, ACCOUNT)


def everywhere(db: Session) -> list[Setting]:
    """The choices of all levels."""
    return [row for row in db.scalars(_ALL) if row.key in CHOICES]


def about(db: Session, person_ids: Iterable[int]) -> list[Setting]:
    """What decides for these people: the account's, their primary groups' and their own."""
    found = db.scalars(_ABOUT, {"ids": list(person_ids)})
    return [row for row in found if row.key in CHOICES]


def choose(
    db: Session,
    key: str,
    value: Value,
    *,
    level: Level = ACCOUNT,
    act: str = "setting changed",
    by: int | None,
    now: datetime,
) -> bool:
    """Sets it on this level and notes it in the audit log; False where it was so already. `by`
    None: the operator at the command line.

    Raises NotAllowed, and Locked where the account has locked it.
    """
    value = check(key, value)
    _must_be_open(db, key, level)
    row = at(db, level).get(key)
    before = None if row is None else row.value
    if row is None and level == ACCOUNT:
        before = CHOICES[key].default
    if before == value and (row is not None or level == ACCOUNT):
        return False
    row = row or _fresh(db, key, level)
    row.value, row.set_by, row.set_at = value, by, now
    _note(db, act, row, before, value, by=by, now=now)
    db.flush()
    return True


def inherit(
    db: Session,
    key: str,
    *,
    level: Level,
    act: str = "setting inherited",
    by: int,
    now: datetime,
) -> bool:
    """Gives up this level's own choice; False where there was none. Raises Locked."""
    _must_be_open(db, key, level)
    row = at(db, level).get(key)
    if row is None:
        return False
    _note(db, act, row, row.value, None, by=by, now=now)
    db.delete(row)
    db.flush()
    return True


def lock(
    db: Session, key: str, *, level: Level = ACCOUNT, reason: str, by: int, now: datetime
) -> None:
    """Nobody below can choose otherwise. What held on this level is now chosen on it.

    Raises NotAllowed for a setting that nobody below could choose, and Locked.
    """
    _must_be_open(db, key, level)
    if CHOICES[key].account_only or (level.group_id is not None and not CHOICES[key].personal):
        raise NotAllowed("Nobody below can choose this, so there is nothing to lock.")
    row = at(db, level).get(key)
    if row is None:
        inherited = _inherited(db, key)
        row = _fresh(db, key, level)
        row.value, row.set_by, row.set_at = inherited, by, now
    row.locked_by, row.locked_at, row.lock_reason = by, now, reason.strip()[:255] or None
    _note(db, "setting locked", row, None, row.lock_reason, by=by, now=now)
    db.flush()


def unlock(
    db: Session, key: str, *, level: Level = ACCOUNT, reason: str = "", by: int, now: datetime
) -> None:
    """Raises Locked where it is locked above. The audit log keeps both reasons."""
    _must_be_open(db, key, level)
    row = at(db, level).get(key)
    if row is None or row.locked_at is None:
        return
    after = reason.strip()[:255] or None
    _note(db, "setting unlocked", row, row.lock_reason, after, by=by, now=now)
    row.locked_by = row.locked_at = row.lock_reason = None


def _inherited(db: Session, key: str) -> Any:
    row = of_account(db).get(key)
    return CHOICES[key].default if row is None else row.value


def _must_be_open(db: Session, key: str, level: Level) -> None:
    """Raises Locked, and NotAllowed where this level has no say."""
    choice = CHOICES[key]
    if level == ACCOUNT:
        return
    if choice.account_only or (level.person_id is not None and not choice.personal):
        raise NotAllowed("This is chosen for the whole account.")
    above = [ACCOUNT]
    if level.person_id is not None:
        group_id = db.get_one(Person, level.person_id).primary_group_id
        above += [Level(group_id=group_id)] if group_id else []
    for one in above:
        row = at(db, one).get(key)
        if row is not None and row.locked_at is not None:
            where = "the whole account" if one == ACCOUNT else "your group"
            raise Locked(f"{choice.label}: locked for {where}.")


def _of(level: Level) -> ColumnElement[bool]:
    return and_(Setting.group_id.is_(level.group_id), Setting.person_id.is_(level.person_id))


def _fresh(db: Session, key: str, level: Level) -> Setting:
    row = Setting(key=key, group_id=level.group_id, person_id=level.person_id)
    db.add(row)
    return row


def _note(
    db: Session, act: str, row: Setting, before: Any, after: Any, *, by: int | None, now: datetime
) -> None:
    audit.record(
        db,
        by=by,
        act=act if row.person_id is None else f"own {act}",
        subject=row.key,
        before=before,
        after=after,
        group_id=row.group_id,
        now=now,
    )


def note_refusal(db: Session, level: Level, keys: list[str], *, by: int, now: datetime) -> None:
    """Somebody wanted what cannot be, or contradicts itself."""
    labels = [CHOICES[key].label for key in keys if key in CHOICES]
    audit.record(
        db,
        by=by,
        act="settings refused",
        subject="settings",
        after={"settings": labels},
        group_id=level.group_id,
        now=now,
    )
