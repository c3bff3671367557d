"""Addresses: by which ones Microsoft may be able to call a portal."""

import pytest

from portal.addresses import can_be_called

MICROSOFT, SIMULATED = "https://graph.microsoft.com/v1.0", "http://localhost:8365/v1.0"


@pytest.mark.parametrize(
    ("address", "by", "can"),
    [
        ("https://portal.example.org", MICROSOFT, True),
        ("https://portal.example.org", SIMULATED, True),
        ("http://portal.example.org", MICROSOFT, False),
        ("http://portal.example.org", SIMULATED, False),
        ("https://localhost", MICROSOFT, False),
        ("https://127.0.0.1:8443", MICROSOFT, False),
        ("http://127.0.0.1:8080", SIMULATED, True),
        ("http://[::1]:8080", SIMULATED, True),
        ("", MICROSOFT, False),
        ("https://", MICROSOFT, False),
        ("https://[", MICROSOFT, False),
    ],
)
def test_microsoft_calls_by_https_and_this_machine_only_from_itself(
    address: str, by: str, can: bool
) -> None:
    assert can_be_called(address, by=by) is can
