"""The settings in force for one person, and where each comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal import people, registrations
from portal.configuration import settings
from portal.configuration.choices import APPLICATION, OFF, READ_WRITE
from portal.configuration.resolution import (
    ACCOUNT,
    DEFAULT,
    GROUP,
    OWN,
    ROLLOUT,
    Facts,
    Found,
    Levels,
)
from portal.tables import Connection, Group, Membership, Person

__all__ = ["ACCOUNT", "DEFAULT", "GROUP", "OWN", "ROLLOUT", "InForce", "Policy"]

BLOCKED = "blocked"  # the state of a connection that a setting has ended


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one person now."""

    enabled: bool
    service: str
    authorize_with: str
    setup_by: str
    calendar_permission: str
    contacts_permission: str
    allowed_domains: tuple[str, ...]
    sso_prompt: str
    bidirectional: bool
    sync_version: str  # "1.0" or "2.0", the rollout counted in; see portal/coverage.py
    back_months: int
    forward_months: int
    conflict_rule: str  # who wins: "outlook" or "portal"
    poll_minutes: int
    grace_days: int
    dry_run: bool  # an administrator wants the plan only: nothing is written
    passwords_off: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """One value with its origin, who chose it and when, and the lock that keeps it."""

    key: str
    label: str
    value: Any
    origin: str  # default, account, group, own, rollout
    set_by: str | None
    set_at: datetime | None
    group: str | None = None  # its name, where the value or the lock is a group's
    locked_in: str | None = None  # account, group
    locked_by: str | None = None
    locked_at: datetime | None = None
    lock_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not open to a person now, as sentences for a page."""

    sentence: str
    todo: str


# Built once: what holds for a person is asked some ten times in a round.
_PEOPLE = select(
    Person.id,
    Person.primary_group_id,
    Connection.sync_version,
    Connection.covered,
    Connection.cut_off_at,
    Connection.state,
).outerjoin(Connection, Connection.person_id == Person.id)
_THESE_PEOPLE = _PEOPLE.where(Person.id.in_(bindparam("ids", expanding=True)))
_MEMBERS = select(Membership.person_id, Membership.group_id)
_THEIR_GROUPS = _MEMBERS.where(Membership.person_id.in_(bindparam("ids", expanding=True)))


def of(db: Session, person_id: int) -> Policy:
    return of_people(db, [person_id])[person_id]


def of_people(db: Session, person_ids: Iterable[int] | None) -> dict[int, Policy]:
    """The same for many at once, for lists, or for everybody: those for whom the same holds share
    one.
    """
    ids = None if person_ids is None else list(person_ids)
    levels = Levels.of(settings.everywhere(db) if ids is None else settings.about(db, ids))
    shared: dict[tuple[Any, ...], Policy] = {}
    found = {}
    for one in facts_of(db, ids, with_groups=levels.asks_for_groups):
        alike = levels.what_decides(one)
        if alike not in shared:
            shared[alike] = resolved(levels, one)
        found[one.person_id] = shared[alike]
    return found


def resolved(levels: Levels, facts: Facts) -> Policy:
    values = levels.values(facts)
    values["allowed_domains"] = tuple(values["allowed_domains"])
    found = Policy(**{one.name: values[one.name] for one in fields(Policy)})
    return kept_on(found) if facts.holds_back else found


def kept_on(chosen: Policy) -> Policy:
    """A person who is to be cut off keeps everything until the notice is over."""
    permission = READ_WRITE if chosen.calendar_permission == OFF else chosen.calendar_permission
    return replace(chosen, enabled=True, calendar_permission=permission)


def facts_of(
    db: Session, person_ids: list[int] | None = None, *, with_groups: bool = True
) -> list[Facts]:
    """Of these people, or of everybody. Which groups they are in beside their primary one is asked
    `with_groups`: only a rollout by groups wants to know.
    """
    if person_ids is None:
        people = db.execute(_PEOPLE)
        groups = _groups(db.execute(_MEMBERS)) if with_groups else {}
    else:
        asked = {"ids": person_ids}
        people = db.execute(_THESE_PEOPLE, asked)
        groups = _groups(db.execute(_THEIR_GROUPS, asked)) if with_groups else {}
    return [
        Facts(
            person_id=row.id,
            group_id=row.primary_group_id,
            group_ids=frozenset(groups.get(row.id, ())),
            has_two=row.covered is not None and row.sync_version == "2.0",
            holds_back=row.cut_off_at is not None and row.state != BLOCKED,
        )
        for row in people
    ]


def _groups(rows: Iterable[Any]) -> dict[int, set[int]]:
    groups: dict[int, set[int]] = {}
    for person_id, group_id in rows:
        groups.setdefault(person_id, set()).add(group_id)
    return groups


def explain(db: Session, person_id: int) -> dict[str, InForce]:
    """Every value in force for this person with where it comes from."""
    return explain_many(db, [person_id])[person_id]


def explain_many(db: Session, person_ids: list[int]) -> dict[int, dict[str, InForce]]:
    """The same for some, with all that is to be looked up asked for once."""
    levels = Levels.of(settings.about(db, person_ids))
    facts = facts_of(db, person_ids, with_groups=levels.asks_for_groups)
    found = [{key: levels.found(key, one) for key in settings.CHOICES} for one in facts]
    told = {}
    for one, values in zip(facts, _told(db, found), strict=True):
        version = values["sync_version"]
        if version.value != levels.values(one)["sync_version"]:
            values["sync_version"] = replace(version, value="1.0", origin=ROLLOUT)
        told[one.person_id] = values
    return told


def of_account(db: Session) -> dict[str, InForce]:
    """Every value as the account has it, with who set it and when."""
    return _at(db, None)


def of_group(db: Session, group_id: int) -> dict[str, InForce]:
    """Every value as it holds for people whose primary group this is."""
    return _at(db, group_id)


def _at(db: Session, group_id: int | None) -> dict[str, InForce]:
    rows = list(settings.of_account(db).values())
    if group_id is not None:
        rows += settings.at(db, settings.Level(group_id=group_id)).values()
    levels, facts = Levels.of(rows), Facts(person_id=0, group_id=group_id)
    [told] = _told(db, [{key: levels.found(key, facts) for key in settings.CHOICES}])
    return told


def _told(db: Session, found: list[dict[str, Found]]) -> list[dict[str, InForce]]:
    rows = [one.row for values in found for one in values.values() if one.row]
    names = people.names(db, {by for row in rows for by in (row.set_by, row.locked_by) if by})
    groups = _group_names(db, {row.group_id for row in rows if row.group_id})
    return [_worded(values, names, groups) for values in found]


def _worded(
    found: dict[str, Found], names: Mapping[int, str], groups: Mapping[int, str]
) -> dict[str, InForce]:
    told = {}
    for key, one in found.items():
        row, lock = one.row, one.lock
        told[key] = InForce(
            key=key,
            label=settings.CHOICES[key].label,
            value=one.value,
            origin=one.origin,
            set_by=names[row.set_by] if row and row.set_by else None,
            set_at=row.set_at if row else None,
            group=groups.get(row.group_id) if row and row.group_id else None,
            locked_in=None if lock is None else (GROUP if lock.group_id else ACCOUNT),
            locked_by=names[lock.locked_by] if lock and lock.locked_by else None,
            locked_at=lock.locked_at if lock else None,
            lock_reason=lock.lock_reason if lock else None,
        )
    return told


def may_connect(db: Session, person_id: int) -> Refusal | None:
    """Why this person cannot connect a calendar now; None: nothing is in the way."""
    chosen = of(db, person_id)
    if not chosen.enabled:
        return Refusal(*_switched_off(db, person_id))
    if chosen.calendar_permission == OFF:
        return Refusal(
            "Your administrators do not let people grant this portal access to their calendar.",
            "An administrator can change that under Admin.",
        )
    if chosen.setup_by == APPLICATION:
        return Refusal(
            "An administrator connects the calendars of this portal; you need not do anything.",
            "Yours is found by your e-mail address. Ask an administrator where it is missing.",
        )
    if registrations.current(db) is None:
        return Refusal(
            "This portal is not registered at Microsoft yet, so it cannot ask for your consent.",
            "An administrator can enter the app registration under Admin.",
        )
    return None


def _switched_off(db: Session, person_id: int) -> tuple[str, str]:
    origin = explain(db, person_id)["enabled"].origin
    for_whom = "your group" if origin == GROUP else "this portal"
    return (
        f"The integration with Microsoft 365 is switched off for {for_whom}.",
        "An administrator can switch it on under Admin.",
    )


def _group_names(db: Session, group_ids: set[int]) -> dict[int, str]:
    rows = db.execute(select(Group.id, Group.name).where(Group.id.in_(group_ids)))
    return {row.id: row.name for row in rows}
