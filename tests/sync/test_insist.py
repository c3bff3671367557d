"""A change whose event keeps changing under it: it insists for a while, then gives way, and both
versions are kept.
"""

from datetime import timedelta

import pytest

from portal import outbox
from portal.tables import Conflict
from sync.writing import insist
from tests.sync.desk import Desk

BOB = "bob@contoso.example"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_conflict_that_nobody_caused_is_insisted_on(connected: Desk, times: int) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    connected.world.turn("writes.conflict", True, times=times)

    connected.rest()

    assert len(connected.titled("Replanning")) == 1
    assert connected.rows(Conflict) == []
    assert len(connected.tap.writes) == times + 1


def test_a_change_refused_again_and_again_ends_as_a_conflict(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")
    connected.world.turn("writes.conflict", True)

    connected.rest()
    for _ in range(insist.MOST_LATE):
        connected.look(minutes=1)

    [conflict] = connected.rows(Conflict)
    assert (conflict.fields, conflict.winner) == (["title"], "outlook")
    assert (conflict.ours["title"], conflict.theirs["title"]) == ("Ours", "Planning")
    assert connected.meeting(meeting_id).title == "Planning"
    assert connected.outcomes()[-1] == outbox.GIVEN_UP
    assert len(connected.tap.writes) == (insist.MOST_SAME + 1) * (insist.MOST_LATE + 1)


@pytest.mark.invariant(3)
def test_a_change_waits_while_the_event_is_read_as_it_was(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.look(minutes=20)
    connected.world.turn("reads.stale", 30)
    connected.world.turn("reads.delay", 30)
    outlook_id = connected.outlook_id(meeting_id)
    words = {"location": {"displayName": "Hall"}}
    connected.world.change_event("alice", outlook_id, words)
    connected.advance(seconds=5)

    connected.edit(meeting_id, title="Ours")
    connected.rest()
    for _ in range(6):
        connected.look(seconds=20)

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert (outlook["subject"], outlook["location"]["displayName"]) == ("Ours", "Hall")
    assert connected.rows(Conflict) == []
    assert connected.outcomes()[-1] == outbox.DONE


def test_an_event_that_never_stops_changing_ends_as_a_conflict(connected: Desk) -> None:
    meeting_id = connected.settled()
    outlook_id = connected.outlook_id(meeting_id)
    connected.edit(meeting_id, title="Ours")
    for number in range(10):
        later = connected.now + timedelta(days=2, hours=number)
        connected.tap.before(
            "PATCH",
            "/events/",
            lambda at=later: connected.world.move_event("alice", outlook_id, at),
        )

    connected.rest()

    [conflict] = connected.rows(Conflict)
    meeting, outlook = connected.meeting(meeting_id), connected.outlook(meeting_id)
    assert outlook is not None
    assert (conflict.fields, conflict.ours["title"]) == (["title"], "Ours")
    assert (meeting.title, outlook["subject"]) == ("Planning", "Planning")
    assert outlook["start"]["dateTime"][:19] == meeting.starts_at.isoformat()[:19]
    assert len(connected.tap.writes) == 5


def test_where_the_portal_wins_its_version_stands_and_waits(connected: Desk) -> None:
    connected.choose("conflict_rule", "portal")
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")
    connected.world.turn("writes.conflict", True)
    for _ in range(10):
        connected.look()
    conflicts = connected.rows(Conflict)

    connected.world.switches.all_back()
    for _ in range(4):
        connected.look()

    assert [one.winner for one in conflicts] == ["portal"]
    assert connected.meeting(meeting_id).title == "Ours"
    assert len(connected.titled("Ours")) == 1


def test_invitees_are_never_given_up(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours", invitees=[BOB])
    connected.world.turn("writes.conflict", True)
    connected.rest()
    connected.world.switches.all_back()

    for _ in range(4):
        connected.look()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert [one["emailAddress"]["address"] for one in outlook["attendees"]] == [BOB]
    assert [one.address for one in connected.meeting(meeting_id).invitees] == [BOB]
