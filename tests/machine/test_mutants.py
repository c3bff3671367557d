"""The planted mutations still fit the engine; that each is caught is asked by `make mutants`."""

from pathlib import Path

import pytest

from tests.machine.planted import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutation_breaks_one_piece_of_the_engine(mutant: Mutant) -> None:
    whole = (ROOT / mutant.file).read_text()

    broken = mutant.applied(whole)

    assert broken != whole
    compile(broken, mutant.file, "exec")


def test_there_are_twelve_or_more() -> None:
    assert len(MUTANTS) >= 12
