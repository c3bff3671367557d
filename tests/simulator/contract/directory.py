"""Every address of people and mailbox settings, below {owner}."""

from tests.simulator.contract.case import Case

CASES = [
    Case("GET", "{owner}"),
    Case("GET", "{owner}/mailboxSettings"),
    Case("GET", "{owner}/mailboxSettings/timeZone"),
]
