"""Answers that get lost: whatever was done is found, and nothing is done or told twice."""

import pytest

from portal import outbox
from portal.tables import Calendar, Conflict
from tests.sync.desk import Desk

BOB = "bob@contoso.example"


def lose_the_create(desk: Desk, *, after_effect: bool = True) -> None:
    desk.world.drop_next(after_effect=after_effect, path_contains="/events")
    desk.turn()


@pytest.mark.parametrize("repeat", ["same", "conflict"])
@pytest.mark.parametrize("delay", [0, 60, 400])
def test_a_lost_create_is_found_however_late_lists_are(
    connected: Desk, repeat: str, delay: int
) -> None:
    connected.world.turn("writes.repeat", repeat)
    connected.world.turn("reads.delay", delay)
    connected.schedule(invitees=[BOB])
    lose_the_create(connected)

    for _ in range(8):
        connected.look()

    assert len(connected.titled("Planning")) == 1
    assert connected.outcomes() == [outbox.DONE]
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


@pytest.mark.parametrize("after_effect", [True, False])
@pytest.mark.parametrize("delay", [0, 60, 400])
def test_a_meeting_cancelled_while_its_create_is_in_doubt_leaves_nothing_behind(
    connected: Desk, after_effect: bool, delay: int
) -> None:
    connected.world.turn("reads.delay", delay)
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected, after_effect=after_effect)
    connected.cancel(meeting_id)

    for _ in range(8):
        connected.look()

    said = [mail.kind for mail in connected.world.mails]
    assert connected.titled("Planning") == []
    assert said == (["invitation", "cancellation"] if after_effect else [])
    assert all(one.done_at for one in connected.changes())


def test_what_was_moved_before_it_was_found_is_linked_where_it_is(connected: Desk) -> None:
    meeting_id = connected.schedule()
    lose_the_create(connected)
    [event] = connected.titled("Planning")
    connected.world.move_to_calendar("alice", event["id"], "Projects")

    connected.look()
    connected.edit(meeting_id, title="Replanning")
    connected.look()

    link = connected.meeting(meeting_id)
    [moved] = connected.world.events("alice", "Projects")
    names = {one.id: one.name for one in connected.rows(Calendar)}
    with connected.database.reading() as db:
        held = db.merge(link).link
        assert held is not None
        where = names[held.calendar_id]
    assert (moved["subject"], where) == ("Replanning", "Projects")
    assert connected.titled("Planning") == []


@pytest.mark.parametrize("also_here", [False, True])
def test_what_was_edited_before_it_was_found_is_their_edit(
    connected: Desk, also_here: bool
) -> None:
    meeting_id = connected.schedule()
    lose_the_create(connected)
    [event] = connected.titled("Planning")
    connected.world.rename_event("alice", event["id"], "Theirs")
    if also_here:
        connected.edit(meeting_id, title="Ours", location="Room 4")

    for _ in range(3):
        connected.look()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
    assert outlook is not None
    assert (outlook["subject"], meeting.title) == ("Theirs", "Theirs")
    assert outlook["location"]["displayName"] == ("Room 4" if also_here else "")
    assert len(connected.rows(Conflict)) == int(also_here)


@pytest.mark.parametrize("again", ["not_found", "denied"])
@pytest.mark.parametrize("shown", ["not_found", "without_calendar"])
@pytest.mark.parametrize("invitees", [(), (BOB,)])
def test_a_lost_cancellation_is_told_once(
    connected: Desk, again: str, shown: str, invitees: tuple[str, ...]
) -> None:
    connected.world.turn("writes.deleted_again", again)
    connected.world.turn("writes.deleted_get", shown)
    meeting_id = connected.settled(invitees=invitees)
    connected.cancel(meeting_id, note="No room")
    connected.world.drop_next(after_effect=True, path_contains="/events/")

    for _ in range(3):
        connected.look()

    assert connected.outcomes()[-1] == outbox.DONE
    assert [mail.kind for mail in connected.world.mails] == ["cancellation"] * len(invitees)


@pytest.mark.parametrize("again", ["not_found", "denied"])
def test_cancelling_what_is_deleted_already_is_done(connected: Desk, again: str) -> None:
    connected.world.turn("writes.deleted_again", again)
    meeting_id = connected.settled()
    connected.world.delete_event("alice", connected.outlook_id(meeting_id))

    connected.cancel(meeting_id)
    connected.rest()

    assert connected.outcomes()[-1] == outbox.DONE


def test_a_cancellation_is_not_stopped_by_conflicts_nobody_caused(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.cancel(meeting_id)
    connected.world.turn("writes.conflict", True, times=2)

    connected.rest()

    assert connected.titled("Planning") == []
    assert connected.outcomes()[-1] == outbox.DONE


def test_invitations_whose_answer_was_lost_are_not_mailed_twice(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, invitees=[BOB])
    connected.world.drop_next(after_effect=True, path_contains="/events/")

    for _ in range(3):
        connected.look()

    assert [mail.kind for mail in connected.world.mails] == ["invitation"]
    assert [one.address for one in connected.meeting(meeting_id).invitees] == [BOB]


def test_a_calendar_that_is_gone_does_not_end_the_change(connected: Desk) -> None:
    connected.schedule()
    connected.world.fail_next(404, "ErrorItemNotFound", path_contains="/events")

    connected.rest()
    connected.look(minutes=1)

    assert len(connected.titled("Planning")) == 1


@pytest.mark.invariant(4)
def test_a_create_found_under_an_id_that_is_none_is_looked_for_again(connected: Desk) -> None:
    def spoil(answer: dict[str, list[dict[str, object]]]) -> None:
        for event in answer["value"]:
            event["id"] = "none"

    connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    connected.tap.rewrite("GET", "singleValueExtendedProperties", spoil)

    for _ in range(4):
        connected.look()

    assert len(connected.titled("Planning")) == 1
    assert connected.outcomes() == [outbox.DONE]
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_what_was_deleted_is_not_found_in_place_of_what_was_made_again(connected: Desk) -> None:
    """A list that lags still shows it, under the same key."""
    meeting_id = connected.settled(invitees=[BOB])
    deleted = connected.outlook_id(meeting_id)
    connected.world.turn("reads.delay", 400)
    connected.world.delete_event("alice", deleted)
    connected.edit(meeting_id, location="Room 7")
    connected.world.drop_next(after_effect=True, path_contains="/calendars/")
    connected.turn()

    for _ in range(8):
        connected.look()

    [event] = connected.titled("Planning")
    assert event["id"] == connected.outlook_id(meeting_id) != deleted
    assert connected.meeting(meeting_id).cancelled_at is None
    assert connected.meeting(meeting_id).location == "Room 7"
