"""Trouble of a mailbox or a calendar is no fault of a change: it waits, and goes by itself."""

from typing import Any

import pytest

from portal import connections, outbox
from tests.sync.desk import Desk
from tests.sync.test_reconnect import release

BOB = "bob@contoso.example"
TROUBLES: list[tuple[str, Any]] = [
    ("access.burst", True),
    ("access.policy", True),
    ("access.no_mailbox", True),
    ("access.withdrawn", "calendars"),
    ("access.withdrawn", "everything"),
    ("writes.read_only", True),
    ("writes.mailbox_full", "403"),
    ("writes.mailbox_full", "507"),
]


@pytest.mark.parametrize(("switch", "position"), TROUBLES)
def test_a_create_goes_by_itself_once_the_trouble_is_over(
    connected: Desk, switch: str, position: Any
) -> None:
    connected.world.turn(switch, position)
    connected.schedule(invitees=[BOB])
    connected.rest()
    for _ in range(30):
        connected.look()
    during = connected.changes()[-1]

    connected.world.switches.all_back()
    for _ in range(13):
        connected.look(hours=2)

    assert (during.done_at, during.outcome) == (None, None)
    assert len(connected.titled("Planning")) == 1
    assert connected.outcomes() == [outbox.DONE]
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


@pytest.mark.parametrize(
    ("switch", "position"),
    [
        ("access.challenge", True),
        ("wire.refuse", "401 InvalidAuthenticationToken"),
        ("wire.unauthorized_every", 1),
    ],
)
@pytest.mark.parametrize("invitees", [(), (BOB,)])
def test_a_create_refused_for_its_token_goes_after_reconnecting_as_it_is_then(
    connected: Desk, switch: str, position: Any, invitees: tuple[str, ...]
) -> None:
    meeting_id = connected.schedule(invitees=invitees)
    connected.world.turn(switch, position)
    connected.rest()
    state = connected.connection().state
    connected.edit(meeting_id, title="Replanning")

    connected.world.switches.all_back()
    connected.connect()
    connected.rest()
    release(connected)
    connected.rest()

    assert state == connections.NEEDS_CONSENT
    assert connected.titled("Planning") == []
    assert len(connected.titled("Replanning")) == 1


def test_a_full_mailbox_is_asked_three_times_in_a_turn_however_much_waits(connected: Desk) -> None:
    for number in range(10):
        connected.schedule(f"Meeting {number}")
    connected.world.turn("writes.mailbox_full", "507")

    connected.turn()
    asked = len(connected.tap.writes)
    connected.world.switches.all_back()
    connected.look(minutes=2)

    assert asked == 3
    assert [one.outcome for one in connected.changes()] == [outbox.DONE] * 10


def test_one_event_that_is_always_refused_holds_up_no_other(connected: Desk) -> None:
    poison = [connected.settled(f"Poison {number}") for number in range(3)]
    for meeting_id in poison:
        path = f"/events/{connected.outlook_id(meeting_id)[:20]}"
        connected.edit(meeting_id, location="Room 4")
        connected.world.fail_next(403, "ErrorAccessDenied", times=99, path_contains=path)
    ids = [connected.schedule(f"Meeting {number}") for number in range(4)]

    connected.rest()
    connected.look(minutes=2)

    assert all(connected.titled(f"Meeting {number}") for number in range(len(ids)))


def test_tries_slow_down_to_an_hour_and_never_end(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    connected.world.fail_next(500, "ErrorInternalServerError", times=1000, path_contains="/events/")
    waits = []

    for _ in range(60):
        connected.rest()
        waiting = connected.changes()[-1]
        waits.append((waiting.due_at - connected.now).total_seconds())
        connected.advance(seconds=waits[-1])

    assert 5 <= waits[0] <= 6.25
    assert 3600 <= waits[-1] <= 4500
    assert waiting.outcome is None
    assert (waiting.attempts, waiting.code) == (60, "ErrorInternalServerError")


def test_what_waits_for_an_hour_goes_at_once_when_somebody_says_sync_now(connected: Desk) -> None:
    connected.schedule()
    connected.world.turn("writes.read_only", True)
    for _ in range(30):
        connected.look()

    connected.world.switches.all_back()
    with connected.database.writing() as db:
        connections.look_now(db, connected.connection().id, now=connected.now)
    connected.rest()

    assert len(connected.titled("Planning")) == 1
