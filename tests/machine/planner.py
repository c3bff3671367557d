"""Random pairs of versions, merged and sent to and fro until nothing moves any more.

python -m tests.machine.planner 1000000
"""

import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sync.judging.content import LOCATION, TIME, TITLE, UNITS, Content
from sync.judging.content import moved as moved_units
from sync.judging.merge import merge, with_lost_answers
from tests.machine import planner_days

MOST_STEPS = 8
AT_ONCE = 20_000
WORKERS = 2

OURS, THEIRS = "ours", "theirs"
TAKEN_BACK = "nobody can see that there was an edit"
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
# Microsoft has one name of its own for several of ours.
RENAMED = {"Europe/Vienna": "Europe/Berlin", "Asia/Calcutta": "Asia/Kolkata", "Etc/UTC": "UTC"}
ZONES = ("Europe/Berlin", "Europe/Vienna", "Asia/Calcutta", "Asia/Kolkata", "Etc/UTC")
WORDS = ("", "Plan", " Plan", "Plan ", "plan", "Lunch", "Lunch\t", "Ärger", "Room 1", "Room 2")
LINK = "https://meet.example/room"


def as_kept(text: str) -> str:
    """Microsoft trims."""
    return text.strip()


def normalised(content: Content) -> Content:
    """As Microsoft gives back what it was sent."""
    return Content(
        title=as_kept(content.title),
        starts=content.starts,
        ends=content.ends,
        all_day=content.all_day,
        zone=RENAMED.get(content.zone or "", content.zone),
        location=as_kept(content.location),
        recurrence=content.recurrence,
    )


@dataclass(slots=True)
class Case:
    """Both sides of one meeting, what was agreed, and what people did."""

    pick: random.Random
    ours: Content
    theirs: Content
    base_ours: Content
    base_theirs: Content
    outlook_wins: bool
    edits: list[tuple[str, str, Any, Any]] = field(default_factory=list)  # side, unit, from, to
    conflicts: list[tuple[str, Any, Any]] = field(default_factory=list)
    sent: list[Content] = field(default_factory=list)  # the answers were lost

    def edit(self, side: str) -> None:
        unit = self.pick.choice(UNITS)
        before: Content = getattr(self, side)
        after = _edited(self.pick, before, unit, theirs=side == THEIRS)
        setattr(self, side, after)
        if before.unit(unit) != after.unit(unit):
            now = TAKEN_BACK if self._is_unseen(after, side, unit) else value(after, unit)
            self.edits.append((side, unit, value(before, unit), now))

    def _is_unseen(self, after: Content, side: str, unit: str) -> bool:
        """As agreed, or word for word what was sent while the answers were lost."""
        base = self.base_ours if side == OURS else self.base_theirs
        if after.unit(unit) == base.unit(unit):
            return side == THEIRS or not self.sent
        echoes = [value(one, unit) for one in self.sent]
        return side == THEIRS and value(after, unit) in echoes

    def step(self) -> bool:
        """One judgement, and what it sends. False when nothing moved."""
        before = (self.ours, self.theirs, self.base_ours, self.base_theirs)
        bases = with_lost_answers(self.theirs, self.base_ours, self.base_theirs, self.sent)
        merged = merge(self.ours, self.theirs, *bases, outlook_wins=self.outlook_wins)
        for unit in merged.verdict.conflicts:
            self.conflicts.append((unit, value(self.ours, unit), value(self.theirs, unit)))
        self.ours, self.base_ours = merged.ours, merged.base_ours
        self.base_theirs = merged.base_theirs
        left = moved_units(self.ours, self.base_ours)
        if left:
            self._send(left)
        return before != (self.ours, self.theirs, self.base_ours, self.base_theirs)

    def _send(self, units: frozenset[str]) -> None:
        self.theirs = normalised(_sent(self.theirs, self.ours, units))
        if self.pick.random() < 0.2:
            self.sent.append(self.ours)
            return
        self.base_ours, self.base_theirs = self.ours, self.theirs
        self.sent.clear()


def value(side: Content, unit: str) -> Any:
    """What a person would say it is: a zone by any name, a link where there is no room."""
    if unit == TITLE:
        return as_kept(side.title)
    if unit == LOCATION:
        return "" if side.location == LINK else as_kept(side.location)
    return (side.starts, side.ends, side.all_day, repr(side.recurrence))


def _sent(theirs: Content, ours: Content, units: frozenset[str]) -> Content:
    if TITLE in units:
        theirs = replace(theirs, title=ours.title)
    if LOCATION in units:
        theirs = replace(theirs, location=ours.location)
    if TIME in units:
        theirs = replace(
            theirs,
            starts=ours.starts,
            ends=ours.ends,
            all_day=ours.all_day,
            zone=ours.zone,
            recurrence=ours.recurrence,
        )
    return theirs


def _edited(pick: random.Random, side: Content, unit: str, *, theirs: bool) -> Content:
    if unit == TITLE:
        return replace(side, title=_word(pick, theirs=theirs))
    if unit == LOCATION:
        fallback = "" if theirs else side.join_url or ""
        return replace(side, location=_word(pick, theirs=theirs) or fallback)
    kind = pick.randrange(4)
    if kind == 0:
        return replace(side, recurrence=_recurrence(pick))
    if kind == 1:
        zone = pick.choice(ZONES)
        custom = theirs and pick.random() < 0.2
        return replace(side, zone=None if custom else RENAMED.get(zone, zone) if theirs else zone)
    starts, all_day = _moment(pick), pick.random() < 0.2
    if all_day:
        starts = starts.replace(hour=0)
    length = timedelta(days=pick.randint(1, 2)) if all_day else timedelta(hours=pick.randint(0, 3))
    return replace(side, starts=starts, ends=starts + length, all_day=all_day)


def _word(pick: random.Random, *, theirs: bool) -> str:
    word = pick.choice(WORDS)
    return as_kept(word) if theirs else word


def _moment(pick: random.Random) -> datetime:
    return START + timedelta(hours=pick.randint(0, 12))


def _recurrence(pick: random.Random) -> dict[str, Any] | None:
    if pick.random() < 0.3:
        return None
    pattern = {"type": "daily", "interval": pick.randint(1, 3)}
    return {"pattern": pattern, "range": {"type": "numbered", "numberOfOccurrences": 5}}


def begun(number: int) -> Case:
    """A meeting both sides agree on."""
    pick = random.Random(number)  # noqa: S311 - repeatable
    starts = _moment(pick)
    join_url = pick.choice((None, LINK))
    ours = Content(
        title=pick.choice(WORDS),
        starts=starts,
        ends=starts + timedelta(hours=1),
        all_day=False,
        zone=pick.choice(ZONES),
        location=pick.choice(WORDS) or join_url or "",
        description="",
        join_url=join_url,
        recurrence=_recurrence(pick),
    )
    theirs = normalised(ours)
    return Case(pick, ours, theirs, ours, theirs, outlook_wins=pick.random() < 0.5)


def played(case: Case) -> int:
    """Both sides are edited, now and then in between too; steps since the last edit."""
    for side in case.pick.choice(((OURS,), (THEIRS,), (OURS, THEIRS))):
        for _ in range(case.pick.randint(1, 3)):
            case.edit(side)
    late = case.pick.choice((0, 0, 1, 2))
    steps = 0
    while case.step():
        steps += 1
        if late and case.pick.random() < 0.5:
            case.edit(case.pick.choice((OURS, THEIRS)))
            late, steps = late - 1, 0
        assert steps <= MOST_STEPS, "no fixpoint"
    return steps


def wrong(case: Case) -> list[str]:
    """What does not hold at the fixpoint."""
    found = [
        f"{unit} differs: {case.ours.unit(unit)} is {case.theirs.unit(unit)}"
        for unit in UNITS
        if value(case.ours, unit) != value(case.theirs, unit)
    ]
    # The hours of one meeting are the same in any zone; those of a series are not.
    repeats = case.ours.recurrence and not case.ours.all_day
    if repeats and not _same_zone(case.ours.zone, case.theirs.zone):
        found.append(f"zones differ: {case.ours.zone} is {case.theirs.zone}")
    found += [f"lost: {edit}" for edit in _lost(case)]
    sides = {side for side, *_ in case.edits}
    if len(sides) < 2 and case.conflicts:
        found.append(f"conflict of one side: {case.conflicts}")
    return found


def _same_zone(ours: str | None, theirs: str | None) -> bool:
    return theirs is None or RENAMED.get(ours or "", ours) == theirs


def _lost(case: Case) -> list[Any]:
    kept = Counter((unit, one) for unit, *both in case.conflicts for one in both)
    return [
        edit
        for place, edit in enumerate(case.edits)
        if edit[3] not in (TAKEN_BACK, value(case.ours, edit[1]))
        and not kept[edit[1], edit[3]]
        and not any(
            later[1] == edit[1] and later[2] == edit[3] for later in case.edits[place + 1 :]
        )
    ]


def run(number: int) -> int:
    """The longest way to rest under this number. Raises AssertionError that tells the case."""
    case = begun(number)
    steps = played(case)
    found = wrong(case)
    assert not found, f"{number}: {found}\n{case}"
    return max(steps, planner_days.run(number))


def runs(first: int, count: int) -> Counter[int]:
    """How many came to rest after how many steps."""
    return Counter(run(number) for number in range(first, first + count))


def many(count: int) -> Counter[int]:
    starts = range(0, count, AT_ONCE)
    sizes = [min(AT_ONCE, count - start) for start in starts]
    with ProcessPoolExecutor(WORKERS) as pool:
        return sum(pool.map(runs, starts, sizes), Counter())


def main() -> int:
    steps = many(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    sys.stdout.write(f"{sum(steps.values())} runs, {max(steps)} steps at most: {dict(steps)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
