"""docs/soak.md: what was tried so far, and under which version of the engine."""

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.machine.soak import Outcome

PAGE = Path(__file__).parents[2] / "docs" / "soak.md"
HEAD = """# Soak

`make soak MINUTES=60` plays two people, their Outlook, faults and crashes against the engine, from
the next seed on that nobody has tried, and adds a row here. A run has fifty steps: at least 20 %
edits, 10 % faults and a crash; after it everything comes to rest and all invariants are checked. A
violation is an edit lost, an event doubled, something deleted wrongly, a mail that nobody caused,
or any other invariant broken; `python -m tests.machine.soak --seed N` plays that seed again. The
engine is the last commit that changed `sync/`.

| day | engine | seeds | runs | steps | edits | faults | crashes | violations |
|---|---|---|---|---|---|---|---|---|
"""
ROW = re.compile(r"^\| [\d-]+ \| \w+ \| (\d+)-(\d+) \|", re.M)


def next_seed() -> int:
    """The first seed that no row has."""
    text = PAGE.read_text() if PAGE.exists() else ""
    return max((int(last) for _first, last in ROW.findall(text)), default=0) + 1


def note(first: int, outcomes: "Sequence[Outcome]", *, minutes: float) -> None:
    """Adds a row for these seeds."""
    counted = [one for outcome in outcomes for one in outcome.counted]
    steps = sum(one.steps for one in counted)
    edits, faults = sum(one.edits for one in counted), sum(one.faults for one in counted)
    last = max((one.number for one in outcomes), default=first)
    crashes, violations = sum(c.crashes for c in counted), sum(bool(o.story) for o in outcomes)
    row = (
        f"| {datetime.now(UTC):%Y-%m-%d} | {engine()} | {first}-{last} | {len(counted)} "
        f"| {steps:,} | {_share(edits, steps)} | {_share(faults, steps)} | {crashes} "
        f"| {violations} |\n"
    )
    text = PAGE.read_text() if PAGE.exists() else HEAD
    PAGE.write_text(text + row)
    sys.stdout.write(f"{minutes:g} minutes: {row}")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def engine() -> str:
    """The last commit that changed the engine."""
    asked = ["git", "log", "-1", "--format=%h", "--", "sync"]
    found = subprocess.run(
        asked, cwd=PAGE.parent.parent, capture_output=True, text=True, check=True
    )
    return found.stdout.strip()
