"""Runs of the machine, from a seed on. A failing seed replays:

python -m tests.machine.soak --seed 17
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine import diary
from tests.machine.counted import Counted
from tests.machine.machine import STEPS, Machine

RUNS = 5  # of one seed
WORKERS = 2
DOUBTS: tuple[tuple[str, Any] | None, ...] = (
    None,
    ("delta.resend", "master_and_exception"),
    ("delta.resend", "exception"),
    ("delta.exceptions", "slim"),
    ("delta.lost_series", "with_occurrences"),
    ("delta.reason", "changed"),
    ("delta.masters", "missing"),
    ("delta.masters", "missing_later"),
    ("writes.repeat", "conflict"),
    ("writes.deleted_get", "without_calendar"),
    ("writes.deleted_again", "denied"),
    ("writes.series_uid", "equal"),
    ("writes.move_of_series", "kept"),
    ("writes.rewrite", True),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed came to; `story` tells the run that broke something."""

    number: int
    counted: list[Counted] = field(default_factory=list)
    story: str = ""


def run(number: int, *, runs: int, doubt: tuple[str, Any] | None) -> list[Counted]:
    """That many runs from this seed, under this doubt. Raises AssertionError on a violation."""
    counted: list[Counted] = []
    machine = type("Machine", (Machine,), {"doubt": doubt, "counted": counted})
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS + 1,  # the beginning counts as one
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(number)(machine), settings=chosen)
    return counted


def tried(number: int) -> Outcome:
    """One seed, under the doubt whose turn it is."""
    try:
        counted = run(number, runs=RUNS, doubt=DOUBTS[number % len(DOUBTS)])
    except Exception as error:
        return Outcome(number, story=f"{type(error).__name__}: {error}")
    return Outcome(number, counted)


def soak(minutes: float, workers: int) -> int:
    """The seeds that nobody has tried yet, until the time is over; how many broke something."""
    first = diary.next_seed()
    until = time.monotonic() + 60 * minutes
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(workers) as pool:
        number, waiting = first, []
        while time.monotonic() < until:
            while len(waiting) < 2 * workers:
                waiting.append(pool.submit(tried, number))
                number += 1
            outcomes.append(_told(waiting.pop(0).result()))
        outcomes += [_told(one.result()) for one in waiting]
    diary.note(first, outcomes, minutes=minutes)
    return sum(bool(one.story) for one in outcomes)


def _told(outcome: Outcome) -> Outcome:
    if outcome.story:
        sys.stdout.write(f"seed {outcome.number}:\n{outcome.story}\n\n")
    else:
        made = [f"{c.steps}/{c.edits}/{c.faults}/{c.crashes}" for c in outcome.counted]
        sys.stdout.write(f"seed {outcome.number}: steps/edits/faults/crashes {' '.join(made)}\n")
    sys.stdout.flush()
    return outcome


def main() -> int:
    """Exit code 1 when anything was broken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--workers", type=int, default=WORKERS)
    asked.add_argument("--seed", type=int)
    chosen = asked.parse_args()
    if chosen.seed is not None:
        return bool(_told(tried(chosen.seed)).story)
    return bool(soak(chosen.minutes, chosen.workers))


if __name__ == "__main__":
    raise SystemExit(main())
