"""Every address of notices."""

from tests.simulator.contract.case import Case

CASES: list[Case] = []
