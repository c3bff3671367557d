"""Copies of an event that are older than what is known of it: shown late by a list of Outlook's."""

from datetime import timedelta

import pytest

from portal import held_events
from portal.tables import Event, HeldEvent, Link
from tests.sync.desk import Desk


def _edited_twice_while_lists_lag(desk: Desk) -> int:
    """Alice's meeting, renamed here between two edits in Outlook whose lists lag by 90 seconds; the
    second one was read as ours was refused.
    """
    meeting_id = desk.settled("Planning")
    starts = desk.meeting(meeting_id).starts_at
    desk.world.turn("reads.delay", 90)
    event_id = desk.outlook_id(meeting_id)
    for hours in (1, 2):
        desk.advance(seconds=60)
        moved = starts + timedelta(hours=hours)
        desk.world.move_event("alice", event_id, moved, moved + timedelta(hours=1))
    desk.edit(meeting_id, title="Renamed here")
    desk.look(seconds=45)
    return meeting_id


@pytest.mark.invariant(3)
def test_a_late_copy_that_nobody_has_seen_yet_takes_back_nothing(connected: Desk) -> None:
    meeting_id = _edited_twice_while_lists_lag(connected)

    meeting = connected.meeting(meeting_id)
    event = connected.world.event("alice", connected.outlook_id(meeting_id))
    assert event is not None
    assert (meeting.title, event["subject"]) == ("Renamed here", "Renamed here")
    assert f"{meeting.starts_at:%H:%M}" == event["start"]["dateTime"][11:16]
    connected.look()
    (row,) = [one for one in connected.rows(Event) if one.title == "Renamed here"]
    assert row.starts_at == meeting.starts_at


@pytest.mark.invariant(3)
def test_a_late_copy_that_is_still_cached_takes_back_nothing(connected: Desk) -> None:
    meeting_id = connected.settled("Planning")
    connected.look()
    connected.world.turn("reads.delay", 90)
    event_id = connected.outlook_id(meeting_id)
    connected.world.change_event("alice", event_id, {"location": {"displayName": "Hall"}})
    connected.edit(meeting_id, title="Renamed here")
    connected.world.expire_delta_tokens("alice")

    connected.look(seconds=45)

    meeting = connected.meeting(meeting_id)
    assert (meeting.title, meeting.location) == ("Renamed here", "Hall")


@pytest.mark.invariant(3)
def test_an_answer_older_than_the_list_does_not_hide_an_edit(connected: Desk) -> None:
    meeting_id = connected.settled("Planning")
    connected.world.turn("reads.stale", 30)
    connected.advance(minutes=5)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")
    connected.look(seconds=20)

    connected.look(minutes=11)

    assert connected.meeting(meeting_id).title == "Renamed there"


@pytest.mark.parametrize("delay", [380, 450], ids=["listed as it was", "not listed"])
def test_what_answers_as_it_was_is_not_asked_about_for_ever(connected: Desk, delay: int) -> None:
    meeting_id = connected.settled("Planning")
    connected.world.turn("reads.stale", 350)
    connected.advance(seconds=100)
    connected.edit(meeting_id, title="Renamed here")
    connected.look(seconds=1)
    connected.world.expire_delta_tokens("alice")
    connected.world.turn("reads.delay", delay)

    connected.look(minutes=5)  # to rest

    assert "Renamed here" in connected.titles()


def test_what_is_held_and_answers_as_it_was_waits(connected: Desk) -> None:
    meeting_id = connected.settled("Planning")
    connected.world.turn("reads.stale", 350)
    connected.advance(seconds=100)
    connected.edit(meeting_id, title="Renamed here")
    connected.rest()
    calendar_id, event_id = connected.rows(Link)[0].calendar_id, connected.outlook_id(meeting_id)
    with connected.database.writing() as db:
        before = connected.now - timedelta(minutes=9)
        held_events.note(db, calendar_id, {event_id: "answers_differ"}, now=before)

    connected.look(minutes=5)  # to rest
    assert len(connected.rows(HeldEvent)) == 1
    connected.look(hours=1)

    assert connected.rows(HeldEvent) == []


def test_an_edit_in_outlook_soon_after_ours_is_taken(connected: Desk) -> None:
    meeting_id = connected.settled("Planning")
    connected.edit(meeting_id, title="Renamed here")
    connected.rest()
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")

    connected.look()

    assert connected.meeting(meeting_id).title == "Renamed there"
