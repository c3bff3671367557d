"""The judge is judged: the engine is broken on purpose in twelve ways, and the machine must see it.

python -m tests.machine.mutants [NUMBER ...]
"""

import argparse
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.machine.planted import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
MOST_RUNS = 2_000
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    mutant: Mutant
    runs: int
    seconds: float
    caught_by: str  # the first invariant that was seen broken; empty: none


def planted(mutant: Mutant, folder: Path) -> None:
    """A copy of the tree in which the engine is broken in this way."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    file = folder / mutant.file
    file.write_text(mutant.applied(file.read_text()))


def judged(mutant: Mutant) -> Verdict:
    begun = time.monotonic()
    with TemporaryDirectory(prefix="mutant-") as made:
        planted(mutant, Path(made))
        found = subprocess.run(
            [sys.executable, "-m", "tests.machine.hunt", str(MOST_RUNS)],
            cwd=made,
            capture_output=True,
            text=True,
            check=False,
        )
    runs, _, caught_by = found.stdout.strip().rpartition("\n")[2].partition(" ")
    if not runs.isdigit():
        caught_by, runs = f"the hunt ended: {found.stderr[-300:]}", "0"
    return Verdict(mutant, int(runs), time.monotonic() - begun, caught_by)


def main() -> int:
    """Exit code 1 when a mutant lives."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("numbers", type=int, nargs="*", help="of mutants; all when none is given")
    numbers = asked.parse_args().numbers or range(1, len(MUTANTS) + 1)
    alive = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for number, verdict in zip(
            numbers, pool.map(judged, [MUTANTS[one - 1] for one in numbers]), strict=True
        ):
            alive += not verdict.runs or not verdict.caught_by
            end = verdict.caught_by or "LIVES"
            sys.stdout.write(
                f"{number:2} {verdict.mutant.name}: {end} "
                f"({verdict.runs} runs, {verdict.seconds:.0f} s)\n"
            )
            sys.stdout.flush()
    return bool(alive)


if __name__ == "__main__":
    raise SystemExit(main())
