"""The machine in every test run: three runs of fifty steps under each doubt, seeds fixed."""

import sys

import pytest

from tests.machine.machine import CRASHES, EDITS, FAULTS, STEPS
from tests.machine.soak import DOUBTS, run

RUNS = 3


@pytest.mark.invariant(1, 2, 3, 4, 5, 6, 8, 9, 11, 17)
@pytest.mark.parametrize("place", range(len(DOUBTS)), ids=lambda n: str(DOUBTS[n] or "usual"))
def test_two_sides_never_lose_double_or_delete(place):
    counted = run(place, runs=RUNS, doubt=DOUBTS[place])

    for one in counted:
        sys.stdout.write(f"{one.steps} steps: {one.kinds}\n")
    assert {one.steps for one in counted} == {STEPS}
    assert all((one.edits, one.faults, one.crashes) == (EDITS, FAULTS, CRASHES) for one in counted)
