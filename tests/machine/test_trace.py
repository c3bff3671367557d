"""The same seed gives the same trace: everything random is handed in."""

import random

import pytest

from tests.machine.duo import connected
from tests.machine.ledger import Ledger
from tests.machine.machine import deck, play
from tests.machine.wire import Call

STEPS = 25


def _trace(seed: int) -> list[Call]:
    pick = random.Random(seed)  # noqa: S311 - repeatable
    with connected(seed) as duo:
        ledger = Ledger()
        for kind in deck(pick)[:STEPS]:
            play(kind, duo, ledger, pick)
        return duo.wire.calls


@pytest.mark.invariant(21)
def test_the_same_seed_sends_the_same_requests_in_the_same_order() -> None:
    first = _trace(2)

    assert len(first) > 50
    assert _trace(2) == first
    assert _trace(3) != first
