"""Two sides that agree are looked at, and nothing is written."""

import random

import pytest

from tests.machine import checks, portal_acts, series_acts
from tests.machine.duo import connected
from tests.machine.ledger import Ledger

ROUNDS = 100


@pytest.mark.invariant(2)
def test_a_hundred_looks_cause_no_write() -> None:
    with connected(6) as duo:
        ledger, pick = Ledger(), random.Random(6)  # noqa: S311 - repeatable
        for act in (portal_acts.schedule, series_acts.schedule, series_acts.schedule):
            assert act(duo, ledger, pick)
        duo.run()
        before = len(duo.wire.writes)
        for number in range(ROUNDS):
            duo.look(minutes=61 if number % 20 == 0 else 6)  # everything is due each hour

        assert duo.wire.writes[before:] == []
        assert checks.broken(duo, ledger) == []
