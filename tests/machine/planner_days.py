"""The same for one occurrence of a series, whose versions are differences from the series."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sync.judging.occurrence import (
    AS_THE_SERIES,
    CALLED_OFF,
    CANCELLED,
    UNITS,
    Base,
    Difference,
    judge_occurrence,
    moved,
    with_units,
    without_echoes,
)

MOST_STEPS = 8
TAKEN_BACK = "nobody can see that there was an edit"
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
WORDS = (None, "Plan", "Plan ", "Lunch", " Lunch", "Room 1")


def normalised(side: Difference) -> Difference:
    """As Microsoft gives back what it was sent."""
    title, location = (one and one.strip() for one in (side.title, side.location))
    return replace(side, title=title, location=location)


def value(side: Difference, unit: str) -> Any:
    return normalised(side).unit(unit)


@dataclass(slots=True)
class Day:
    """Both sides of one occurrence, what was agreed, and what people did."""

    pick: random.Random
    outlook_wins: bool
    ours: Difference = AS_THE_SERIES
    theirs: Difference = AS_THE_SERIES
    base: Base = field(default_factory=Base)
    edits: list[tuple[bool, str, Any, Any]] = field(default_factory=list)  # ours, unit, from, to
    conflicts: list[tuple[str, Any, Any]] = field(default_factory=list)

    def edit(self, *, ours: bool) -> None:
        before = self.ours if ours else self.theirs
        if before.cancelled:
            return
        unit = self.pick.choice((*sorted(UNITS - {CANCELLED}) * 3, CANCELLED))
        after = _edited(self.pick, before, unit)
        if ours:
            self.ours = after
        else:
            self.theirs = after = normalised(after)
        # Whoever calls it off gives up all that they saw of it.
        self.edits += [
            (ours, one, value(before, one), self._now(after, one, ours=ours))
            for one in UNITS
            if before.unit(one) != after.unit(one)
        ]

    def _now(self, after: Difference, unit: str, *, ours: bool) -> Any:
        """As agreed, or word for word what was sent while the answers were lost, is unseen."""
        if ours:
            unseen = after.unit(unit) == self.base.ours.unit(unit) and not self.base.sent
        else:
            echoes = [value(one, unit) for one in (self.base.theirs, *self.base.sent)]
            unseen = value(after, unit) in echoes
        return TAKEN_BACK if unseen else value(after, unit)

    def step(self) -> bool:
        """One judgement, and what it sends. False when nothing moved."""
        before = (self.ours, self.theirs, self.base)
        base = without_echoes(self.base, self.theirs)
        verdict = judge_occurrence(base, self.ours, self.theirs, outlook_wins=self.outlook_wins)
        for unit in verdict.conflicts:
            both = value(self.ours, unit), value(self.theirs, unit)
            self.conflicts.append((unit, *both))
        self.ours = with_units(self.ours, self.theirs, verdict.take)
        agreed = with_units(self.ours, base.ours, verdict.send)
        sent = () if agreed == self.ours else base.sent
        self.base = replace(base, ours=agreed, theirs=self.theirs, sent=sent)
        left = moved(self.ours, agreed)
        if left:
            self._send(left)
        return before != (self.ours, self.theirs, self.base)

    def _send(self, units: frozenset[str]) -> None:
        self.base = self.base.sending(self.ours)
        self.theirs = normalised(with_units(self.theirs, self.ours, units))
        if self.pick.random() < 0.8:
            self.base = Base(ours=self.ours, theirs=self.theirs)


def _edited(pick: random.Random, side: Difference, unit: str) -> Difference:
    if unit == CANCELLED:
        return CALLED_OFF
    if unit == "time":
        starts = START + timedelta(hours=pick.randint(0, 9))
        at = (starts, starts + timedelta(hours=1)) if pick.random() < 0.8 else (None, None)
        return replace(side, starts=at[0], ends=at[1])
    return replace(side, **{unit: pick.choice(WORDS)})


def run(number: int) -> int:
    """Steps to rest since the last edit. Raises AssertionError that tells the case."""
    pick = random.Random(-1 - number)  # noqa: S311 - repeatable
    day = Day(pick, outlook_wins=pick.random() < 0.5)
    for ours in pick.choice(((True,), (False,), (True, False))):
        for _ in range(pick.randint(1, 3)):
            day.edit(ours=ours)
    late, steps = pick.choice((0, 0, 1, 2)), 0
    while day.step():
        steps += 1
        if late and pick.random() < 0.5:
            day.edit(ours=pick.random() < 0.5)
            late, steps = late - 1, 0
        assert steps <= MOST_STEPS, f"{number}: no fixpoint\n{day}"
    found = wrong(day)
    assert not found, f"{number}: {found}\n{day}"
    return steps


def wrong(day: Day) -> list[str]:
    """What does not hold at the fixpoint."""
    found = [
        f"{unit} differs: {day.ours.unit(unit)} is {day.theirs.unit(unit)}"
        for unit in UNITS
        if value(day.ours, unit) != value(day.theirs, unit)
    ]
    found += [f"lost: {edit}" for place, edit in enumerate(day.edits) if _is_lost(day, place)]
    if len({ours for ours, *_ in day.edits}) < 2 and day.conflicts:
        found.append(f"conflict of one side: {day.conflicts}")
    return found


def _is_lost(day: Day, place: int) -> bool:
    _side, unit, _was, now = day.edits[place]
    kept = any(unit == one[0] and now in one[1:] for one in day.conflicts)
    seen = any(one[1] == unit and one[2] == now for one in day.edits[place + 1 :])
    return now not in (TAKEN_BACK, value(day.ours, unit)) and not kept and not seen
