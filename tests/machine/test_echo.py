"""Echo: what people do in Outlook is taken over and never written back."""

import random

import pytest

from tests.machine import checks, outlook_acts, portal_acts
from tests.machine.duo import Duo, connected
from tests.machine.ledger import Ledger

EDITS, AT_ONCE, MEETINGS = 10_000, 500, 20


@pytest.mark.invariant(8)
def test_ten_thousand_edits_in_outlook_cause_no_write() -> None:
    with connected(5) as duo:
        ledger, pick = Ledger(), random.Random(5)  # noqa: S311 - repeatable
        _schedule(duo, ledger, pick)
        before, linked = len(duo.wire.writes), list(duo.links.items())
        for number in range(EDITS):
            event_id, (who, meeting_id) = pick.choice(linked)
            event = duo.world.event(who, event_id)
            assert event is not None
            outlook_acts.edit_one(duo, ledger, pick, who, meeting_id, event)
            if number % AT_ONCE == AT_ONCE - 1:
                duo.look_everywhere()

        assert duo.wire.writes[before:] == []
        assert duo.world.mails == []
        duo.look_everywhere()
        assert checks.broken(duo, ledger) == []


def _schedule(duo: Duo, ledger: Ledger, pick: random.Random) -> None:
    for _ in range(MEETINGS):
        portal_acts.schedule(duo, ledger, pick)
    duo.run()
    duo.world.mails.clear()
