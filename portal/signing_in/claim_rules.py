"""What a provider says about people, turned into a role and groups by an administrator's rules.

A rule is one line of text: what the claim must say, an equals sign, what that means here.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import audit
from portal.people import ADMIN, MEMBER, OWNER
from portal.staff import groups
from portal.tables import Group, Person, SignInProvider

log = logging.getLogger(__name__)

MOST_RULES, LONGEST_VALUE, LONGEST_CLAIM = 100, 255, 64
ROLES = {"member": MEMBER, "administrator": ADMIN, "admin": ADMIN}
OVERAGE = ("_claim_names", "hasgroups")  # Entra: too many groups to name them in the token


def claim_problem(name: str) -> str | None:
    """Why no claim is called so, as a sentence, or None."""
    if len(name) > LONGEST_CLAIM or not name.isprintable():
        return f"Give the claim's name, of at most {LONGEST_CLAIM} characters."
    return None


def read_roles(text: str) -> dict[str, str]:
    """Raises ValueError with a sentence for the form."""
    found = {}
    for value, meaning in _rules(text):
        role = meaning.casefold()
        if role == OWNER:
            raise ValueError("An owner cannot be made by a claim. Make owners under People.")
        if role not in ROLES:
            raise ValueError(f"{meaning!r} is no role. Use member or administrator.")
        found[value] = ROLES[role]
    return found


def read_groups(db: Session, text: str) -> dict[str, int]:
    """Raises ValueError with a sentence for the form."""
    known = {group.name_key: group.id for group in groups.all_of_them(db)}
    found = {}
    for value, name in _rules(text):
        if name.casefold() not in known:
            raise ValueError(f"There is no group called {name!r} here.")
        found[value] = known[name.casefold()]
    return found


def roles_text(rules: Mapping[str, str]) -> str:
    """As `read_roles` reads it."""
    words = {MEMBER: "member", ADMIN: "administrator"}
    return "\n".join(f"{value} = {words.get(role, role)}" for value, role in rules.items())


def groups_text(db: Session, rules: Mapping[str, int]) -> str:
    """As `read_groups` reads it; groups that are gone are left out."""
    names = {group.id: group.name for group in groups.all_of_them(db)}
    lines = (f"{value} = {names[held]}" for value, held in rules.items() if held in names)
    return "\n".join(lines)


def apply(
    db: Session, provider: SignInProvider, person: Person, claims: Mapping[str, Any], now: datetime
) -> None:
    """The role and the groups the claims stand for, at every sign-in. Owners keep their role."""
    if any(claims.get(name) for name in OVERAGE):
        log.info("claims incomplete person=%d provider=%d", person.id, provider.id)
        return
    if provider.role_claim and person.role != OWNER:
        _set_role(db, provider, person, values(claims, provider.role_claim), now)
    if provider.group_claim:
        _set_groups(db, provider, person, values(claims, provider.group_claim), now)


def values(claims: Mapping[str, Any], name: str) -> set[str]:
    """What a claim says: one word or several. A name with dots leads into nested claims."""
    found: Any = claims.get(name)
    if found is None and "." in name:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    listed = found if isinstance(found, list) else [found]
    return {one for one in listed if isinstance(one, str)}


def _rules(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_RULES:
        raise ValueError(f"Use at most {MOST_RULES} lines.")
    found = []
    for line in lines:
        value, equals, meaning = (part.strip() for part in line.rpartition("="))
        if not (value and equals and meaning) or len(value) > LONGEST_VALUE:
            raise ValueError(f"{line[:80]!r} is not a line such as: value = meaning")
        found.append((value, meaning))
    return found


def _set_role(
    db: Session, provider: SignInProvider, person: Person, said: set[str], now: datetime
) -> None:
    meant = {provider.roles[value] for value in said if value in provider.roles}
    role = ADMIN if ADMIN in meant else MEMBER
    if role == person.role:
        return
    audit.record(
        db,
        by=person.id,
        act="role set by a claim",
        subject=f"person {person.id}",
        before=person.role,
        after=role,
        now=now,
    )
    person.role = role


def _set_groups(
    db: Session, provider: SignInProvider, person: Person, said: set[str], now: datetime
) -> None:
    """Into the groups that are meant, and out of others that the rules name."""
    ruled = set(provider.groups.values())
    meant = {held for value, held in provider.groups.items() if value in said}
    for group in (one for one in groups.all_of_them(db) if one.id in ruled):
        _move(db, group, person, is_meant=group.id in meant, now=now)


def _move(db: Session, group: Group, person: Person, *, is_meant: bool, now: datetime) -> None:
    if is_meant:
        groups.join(db, group, person, by=person.id, now=now)
    else:
        groups.leave(db, group, person, by=person.id, now=now)
