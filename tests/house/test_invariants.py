"""Every invariant that the manual promises has a test that names it, and no test names another."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs/invariants.md"


def test_every_invariant_is_checked_by_its_number() -> None:
    promised = [int(number) for number in re.findall(r"^\| (\d+) \|", MANUAL.read_text(), re.M)]
    tested = {
        int(number)
        for path in (ROOT / "tests").rglob("test_*.py")
        for numbers in re.findall(r"mark\.invariant\(([\d, ]+)\)", path.read_text())
        for number in numbers.split(",")
    }

    assert promised == list(range(1, 22))
    assert tested == set(promised)
