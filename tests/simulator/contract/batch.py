"""The address that takes many calls at once."""

from tests.simulator.contract.case import Case

CASES = [
    Case("POST", "/$batch", {"requests": [{"id": "1", "method": "GET", "url": "{owner}/events"}]},
         headers={"Content-Type": "application/json"}),
]  # fmt: skip
