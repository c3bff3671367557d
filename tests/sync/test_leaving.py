"""Whoever leaves, is shut out or stops the program: nothing is deleted and nothing sent outside."""

from collections.abc import Callable

import pytest

from portal import connections, people
from tests.sync.desk import Desk

BOB = "bob@contoso.example"
Deed = Callable[[Desk], object]


def disconnect(desk: Desk) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        connections.disconnect(db, row, now=desk.now)


def disable(desk: Desk) -> None:
    with desk.database.writing() as db:
        person, carol = people.by_id(db, desk.person_id("alice")), desk.person_id("carol")
        people.disable(db, person, by=carol, now=desk.now)


def hold_back(desk: Desk) -> None:
    desk.choose("dry_run", True)


def switch_off(desk: Desk) -> None:
    desk.choose("enabled", False)


def stop(desk: Desk) -> None:
    """The program ends and its folder goes away with it."""
    desk.close()


@pytest.mark.parametrize("deed", [disconnect, disable, switch_off, hold_back])
def test_what_waits_and_what_is_there_stays_as_it_is_outside(connected: Desk, deed: Deed) -> None:
    kept = connected.settled("Kept", invitees=[BOB])
    connected.edit(kept, title="Renamed here")
    connected.cancel(connected.schedule("Never sent", invitees=[BOB]))
    waits = connected.schedule("Waits", invitees=[BOB])
    before = connected.world.events("alice")

    deed(connected)
    connected.look_everywhere()
    connected.look(hours=5)

    assert (connected.tap.writes, connected.world.mails) == ([], [])
    assert connected.world.events("alice") == before
    assert connected.meeting(waits).cancelled_at is None


def test_stopping_the_program_says_nothing_to_microsoft(connected: Desk) -> None:
    connected.settled("Kept", invitees=[BOB])
    connected.schedule("Waits", invitees=[BOB])
    before = connected.world.events("alice")

    stop(connected)

    assert connected.tap.sent == []
    assert connected.world.events("alice") == before


def test_disconnecting_with_a_list_that_is_held_deletes_nothing(connected: Desk) -> None:
    meetings = [connected.settled(f"Meeting {n}") for n in range(8)]
    for meeting_id in meetings[:7]:
        connected.world.delete_event("alice", connected.outlook_id(meeting_id))
    connected.look()

    disconnect(connected)
    connected.look_everywhere()

    assert connected.tap.writes == []
    assert len(connected.titled("Meeting 7")) == 1
    assert all(connected.meeting(one).cancelled_at is None for one in meetings)
