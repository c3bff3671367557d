"""The settings in force for one person, and where each comes from.

Resolved from the account alone. Groups and locks are further origins between the account and the
person; every reader already asks for a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import registrations, settings
from portal.tables import Change, Connection, Person

DEFAULT, ACCOUNT = "default", "account"


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one person now."""

    enabled: bool
    service: str
    authorize_with: str
    setup_by: str
    bidirectional: bool
    sync_version: str  # "1.0" or "2.0"; see portal/coverage.py
    back_months: int
    forward_months: int
    poll_minutes: int
    dry_run: bool  # an administrator wants the plan only: nothing is written
    conflict_rule: str  # who wins: "outlook" or "portal"


@dataclass(frozen=True, slots=True)
class InForce:
    """One value with its origin: the built-in default, or who chose it and when."""

    key: str
    label: str
    value: Any
    origin: str
    set_by: str | None
    set_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not open to a person now, as sentences for a page."""

    sentence: str
    todo: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom and what switching the integration off touches."""

    people: int
    waiting_changes: int


def of(db: Session, person_id: int) -> Policy:
    return of_people(db, [person_id])[person_id]


def of_people(db: Session, person_ids: Iterable[int]) -> dict[int, Policy]:
    """The same for many at once, for lists."""
    chosen = settings.of_account(db)
    values: dict[str, Any] = {
        key: chosen[key].value if key in chosen else choice.default
        for key, choice in settings.CHOICES.items()
    }
    return dict.fromkeys(person_ids, Policy(**values))


def of_account(db: Session) -> dict[str, InForce]:
    """Every value as the account has it, with who set it and when."""
    chosen = settings.of_account(db)
    names = _names(db, {row.set_by for row in chosen.values() if row.set_by})
    return {
        key: InForce(key, choice.label, choice.default, DEFAULT, None, None)
        if key not in chosen
        else InForce(
            key,
            choice.label,
            chosen[key].value,
            ACCOUNT,
            names.get(chosen[key].set_by),
            chosen[key].set_at,
        )
        for key, choice in settings.CHOICES.items()
    }


def may_connect(db: Session, person_id: int) -> Refusal | None:
    """Why this person cannot connect a calendar now; None: nothing is in the way."""
    if not of(db, person_id).enabled:
        return Refusal(
            "The integration with Microsoft 365 is switched off for this portal.",
            "An administrator can switch it on under Admin.",
        )
    if registrations.current(db) is None:
        return Refusal(
            "This portal is not registered at Microsoft yet, so it cannot ask for your consent.",
            "An administrator can enter the app registration under Admin.",
        )
    return None


def reach_of_switching_off(db: Session) -> Reach:
    connected = select(func.count(Connection.id)).where(Connection.state != "disconnected")
    waiting = select(func.count(Change.id)).where(Change.done_at.is_(None))
    return Reach(people=db.scalar(connected) or 0, waiting_changes=db.scalar(waiting) or 0)


def _names(db: Session, person_ids: set[int]) -> dict[int | None, str]:
    rows = db.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}
