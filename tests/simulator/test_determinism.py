"""The same seed and the same calls give the same answers, in whatever process."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.house.rooms import ROOT


def answers(hash_seed: str) -> list[str]:
    """Every line a process of its own prints about its answers."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator.replay"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_same_calls_are_answered_with_the_same_bytes() -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(answers, ("1", "4711"))

    assert len(first) > 1000
    for here, there in zip(first, second, strict=True):
        assert here == there
