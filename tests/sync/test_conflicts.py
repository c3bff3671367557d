"""Both sides at once: what stands, what is kept of the other, and that they end up agreeing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import outbox
from portal.tables import Conflict, Link
from tests.sync.desk import Desk

BOB = "bob@contoso.example"
DELTA = "calendarView/delta"
BERLIN = ZoneInfo("Europe/Berlin")


def test_an_edit_that_waits_here_beats_the_deletion(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    former = connected.outlook_id(meeting_id)
    connected.edit(meeting_id, title="Replanning")

    connected.world.delete_event("alice", former)
    connected.rest()
    connected.look()

    assert connected.meeting(meeting_id).cancelled_at is None
    assert len(connected.titled("Replanning")) == 1
    assert connected.outlook_id(meeting_id) != former


def test_a_cancellation_here_beats_an_edit_there(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed")

    connected.cancel(meeting_id)
    connected.rest()
    connected.look()

    assert connected.titled("Renamed") == []
    assert connected.meeting(meeting_id).cancelled_in == "portal"


@pytest.mark.parametrize(("rule", "stands"), [("outlook", "Theirs"), ("portal", "Ours")])
def test_when_both_changed_the_same_thing_the_rule_decides_and_both_are_kept(
    connected: Desk, rule: str, stands: str
) -> None:
    connected.choose("conflict_rule", rule)
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")

    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Theirs")
    connected.look()
    connected.look()

    [conflict] = connected.rows(Conflict)
    assert (conflict.winner, conflict.fields) == (rule, ["title"])
    assert (conflict.ours["title"], conflict.theirs["title"]) == ("Ours", "Theirs")
    assert connected.meeting(meeting_id).title == stands
    assert len(connected.titled(stands)) == 1


def test_when_both_changed_different_things_both_stand(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")

    words = {"location": {"displayName": "Theirs"}}
    connected.world.change_event("alice", connected.outlook_id(meeting_id), words)
    connected.rest()
    connected.look()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
    assert outlook is not None
    assert (meeting.title, meeting.location) == ("Ours", "Theirs")
    assert (outlook["subject"], outlook["location"]["displayName"]) == ("Ours", "Theirs")
    assert connected.rows(Conflict) == []


def test_when_both_changed_the_same_thing_to_the_same_nothing_is_wrong(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Both")

    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Both")
    connected.rest()

    assert connected.rows(Conflict) == []
    assert connected.tap.writes[1:] == []
    assert connected.outcomes()[-1] == outbox.DONE


def test_both_sides_agree_three_rounds_after_everything_happened_at_once(connected: Desk) -> None:
    ids = [connected.settled(f"Meeting {n}") for n in range(6)]
    for number, meeting_id in enumerate(ids):
        connected.edit(meeting_id, location=f"Room {number}", later=timedelta(hours=number))
        event_id = connected.outlook_id(meeting_id)
        connected.world.rename_event("alice", event_id, f"Renamed {number}")
    connected.world.drop_next(3, after_effect=True, path_contains="/events/")

    for _ in range(3):
        connected.look_everywhere()
    connected.tap.clear()
    connected.look_everywhere()

    held = {link.meeting_id: link.base for link in connected.rows(Link)}
    for number, meeting_id in enumerate(ids):
        outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
        assert outlook is not None
        assert outlook["subject"] == meeting.title == f"Renamed {number}"
        assert outlook["location"]["displayName"] == meeting.location == f"Room {number}"
        assert held[meeting_id]["theirs"]["title"] == meeting.title
    assert connected.tap.writes == []
