"""How the settings of all levels become what holds for one person. Pure: it is given everything.

An account lock wins; else the primary group's value; else the account's; else the default; then
the person's own choice, where the setting allows one and nothing above is locked.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.configuration.choices import CHOICES, EVERYONE, GROUPS, PERCENT
from portal.tables import Setting

DEFAULT, ACCOUNT, GROUP, OWN, ROLLOUT = "default", "account", "group", "own", "rollout"
MEETINGS_ONLY, EVERYTHING = "1.0", "2.0"  # the versions, by what people see of their calendar

Rows = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Facts:
    """What about a person decides. `holds_back`: a setting that ends the connection has no effect
    yet. `has_two`: version 2.0 was in force in the last round.
    """

    person_id: int
    group_id: int | None = None  # the primary one
    group_ids: frozenset[int] = frozenset()
    has_two: bool = False
    holds_back: bool = False


ANYBODY = Facts(person_id=0)


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the level it is from, and the row behind it."""

    value: Any
    origin: str
    row: Setting | None
    lock: Setting | None = None  # what keeps the levels below from choosing


@dataclass(slots=True)
class Levels:
    """Everything that was chosen. What-if questions put other rows in, and ask afterwards."""

    account: dict[str, Setting] = field(default_factory=dict)
    groups: dict[int, dict[str, Setting]] = field(default_factory=dict)
    own: dict[int, dict[str, Setting]] = field(default_factory=dict)
    _shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, rows: Iterable[Setting]) -> "Levels":
        found = cls()
        for row in rows:
            if row.person_id is not None:
                found.own.setdefault(row.person_id, {})[row.key] = row
            elif row.group_id is not None:
                found.groups.setdefault(row.group_id, {})[row.key] = row
            else:
                found.account[row.key] = row
        return found

    def found(self, key: str, facts: Facts) -> Found:
        """As the levels say it; what the rollout makes of a version comes on top."""
        choice, account = CHOICES[key], self.account.get(key)
        group = None if facts.group_id is None else self.groups.get(facts.group_id, {}).get(key)
        if choice.account_only:
            group = None
        locked = account is not None and account.locked_at is not None
        held = account if locked or group is None else group
        lock = held if held is not None and held.locked_at is not None else None
        own = self.own.get(facts.person_id, {}).get(key) if choice.personal else None
        if own is not None and lock is None:
            return Found(own.value, OWN, own)
        if held is None:
            return Found(choice.default, DEFAULT, None)
        return Found(held.value, ACCOUNT if held is account else GROUP, held, lock)

    def values(self, facts: Facts) -> dict[str, Any]:
        """All keys, as they are in force."""
        differ = {*self.groups.get(facts.group_id or 0, ()), *self.own.get(facts.person_id, ())}
        values = self.of_everybody | {key: self.found(key, facts).value for key in differ}
        if values["sync_version"] == EVERYTHING and not self.rolled_out(facts):
            values["sync_version"] = MEETINGS_ONLY
        return values

    @property
    def of_everybody(self) -> dict[str, Any]:
        """Where neither a group nor the person has chosen: most of it, so it is found once."""
        if not self._shared:
            self._shared.update({key: self.found(key, ANYBODY).value for key in CHOICES})
        return self._shared

    @property
    def asks_for_groups(self) -> bool:
        row = self.account.get("rollout")
        return row is not None and row.value == GROUPS

    def what_decides(self, facts: Facts) -> tuple[Any, ...]:
        """Two people of whom this is equal have the same values."""
        own = self.own.get(facts.person_id, {})
        mine = tuple(sorted((key, repr(row.value)) for key, row in own.items()))
        return mine, facts.group_id, self.rolled_out(facts), facts.holds_back

    def rolled_out(self, facts: Facts) -> bool:
        """Whether the rollout of 2.0 has reached this person. Paused: it reaches nobody new."""
        values = self.of_everybody  # no group and nobody by themselves chooses about it
        if values["rollout_paused"] and not facts.has_two:
            return False
        reached = values["rollout"]
        if reached == GROUPS:
            return bool(facts.group_ids.intersection(values["rollout_groups"]))
        if reached == PERCENT:
            return bool(place(facts.person_id) < values["rollout_percent"])
        return bool(reached == EVERYONE)


def place(person_id: int) -> int:
    """0 to 99, always the same for a person: a growing percentage takes nobody out."""
    return int.from_bytes(hashlib.sha256(f"rollout {person_id}".encode()).digest()[:4]) % 100
