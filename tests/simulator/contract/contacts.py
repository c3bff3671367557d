"""Every address of contacts."""

from tests.simulator.contract.case import Case

CASES: list[Case] = []
