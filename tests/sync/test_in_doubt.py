"""What people do while an answer is missing: take back, cancel, drop, and want it after all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import meetings, outbox, restored
from portal.operations import stuck
from portal.tables import Calendar, Change, Conflict, Link, Meeting
from tests.sync.desk import Desk
from tests.sync.test_lost_answers import BOB, lose_the_create
from tests.sync.test_reconnect import disconnect, release


def lose(desk: Desk, *, after_effect: bool) -> None:
    """The next change of an event is lost, with its effect or without."""
    drop = desk.world.drop_next
    desk.tap.before("PATCH", "/events/", lambda: drop(after_effect=after_effect))


@pytest.mark.parametrize("stale", [0, 60, 400])
@pytest.mark.parametrize("after_effect", [True, False])
def test_an_edit_taken_back_while_it_is_in_doubt_is_taken_back_there_too(
    connected: Desk, after_effect: bool, stale: int
) -> None:
    """Also where Microsoft answers as it was before."""
    meeting_id = connected.settled(description="First words")
    connected.advance(minutes=20)
    connected.world.turn("reads.stale", stale)
    lose(connected, after_effect=after_effect)
    connected.edit(meeting_id, title="Second", description="Second words")
    connected.turn()
    connected.edit(meeting_id, title="Planning", description="First words")

    for _ in range(6):
        connected.look(minutes=2)
    connected.look_everywhere()

    event = connected.outlook(meeting_id)
    assert event is not None
    assert (connected.meeting(meeting_id).title, event["subject"]) == ("Planning", "Planning")
    assert "First words" in event["body"]["content"]
    assert connected.rows(Conflict) == []
    assert set(connected.outcomes()) == {outbox.DONE}


def test_what_was_moved_and_is_cancelled_before_it_was_found_goes(connected: Desk) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    [event] = connected.titled("Planning")
    connected.world.move_to_calendar("alice", event["id"], "Projects")
    connected.cancel(meeting_id)

    for _ in range(4):
        connected.look()

    assert connected.world.event("alice", event["id"]) is None
    assert [mail.kind for mail in connected.world.mails] == ["invitation", "cancellation"]


def test_what_was_moved_before_it_was_found_is_followed_there(connected: Desk) -> None:
    meeting_id = connected.schedule()
    lose_the_create(connected)
    [event] = connected.titled("Planning")
    connected.world.move_to_calendar("alice", event["id"], "Projects")
    connected.look()

    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed")
    connected.look()

    assert connected.meeting(meeting_id).title == "Renamed"


def test_what_was_deleted_before_it_was_found_is_not_made_again_by_a_late_list(
    connected: Desk,
) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    [event] = connected.titled("Planning")
    connected.world.delete_event("alice", event["id"])

    def add(answer: dict[str, list[object]]) -> None:
        answer["value"].append(event)

    connected.tap.rewrite("GET", "lockstepMeeting", add)
    for _ in range(4):
        connected.look()

    assert connected.meeting(meeting_id).cancelled_at is not None
    assert connected.titled("Planning") == []


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("minutes", [1, 60])
def test_a_create_that_was_dropped_in_doubt_is_not_made_twice(
    connected: Desk, minutes: int, moved: bool
) -> None:
    """Lists that lag do not show it at first."""
    connected.world.turn("reads.delay", 400)
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    if moved:
        connected.world.move_to_calendar("alice", connected.titled("Planning")[0]["id"], "Projects")
    drop(connected)
    connected.advance(minutes=minutes)

    send(connected, meeting_id)
    connected.rest()
    connected.look_everywhere()

    events = [*connected.titled("Planning"), *connected.world.events("alice", "Projects")]
    assert [one["id"] for one in events] == [connected.outlook_id(meeting_id)]
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_a_create_tried_for_long_and_just_dropped_is_not_made_twice(connected: Desk) -> None:
    """The last of its sendings had its effect, and lists lag."""
    connected.world.turn("reads.delay", 400)
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected, after_effect=False)
    connected.advance(hours=1)
    lost = connected.world.drop_next
    connected.tap.before(
        "POST", "/events", lambda: lost(after_effect=True, path_contains="/events")
    )
    connected.turn()
    drop(connected)
    connected.advance(minutes=1)

    send(connected, meeting_id)
    for _ in range(3):
        connected.look()

    assert len(connected.titled("Planning")) == 1
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_what_was_never_made_is_made_as_it_is_now_and_where_it_is_wanted_now(
    connected: Desk,
) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected, after_effect=False)
    drop(connected)
    connected.edit(meeting_id, title="Later", later=timedelta(days=7))
    with connected.database.writing() as db:
        first, other = db.scalars(select(Calendar).order_by(Calendar.id)).all()[:2]
        first.is_target, first.ticked, other.is_target = False, False, True
        other_id = other.id
    connected.advance(minutes=30)

    send(connected, meeting_id)
    connected.look_everywhere()

    [link] = connected.rows(Link)
    event = connected.outlook(meeting_id)
    assert event is not None
    assert (link.calendar_id, event["subject"]) == (other_id, "Later")
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_a_calendar_that_refuses_keeps_no_cancellation_waiting(connected: Desk) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected, after_effect=False)
    connected.cancel(meeting_id)
    with connected.database.reading() as db:
        [closed] = db.scalars(select(Calendar).where(Calendar.name == "Projects")).all()

    for _ in range(4):
        connected.world.fail_next(403, "ErrorAccessDenied", times=9, path_contains=closed.graph_id)
        connected.look()

    assert all(one.done_at for one in connected.changes())


def test_a_create_refused_after_one_in_doubt_takes_the_next_edit_along(connected: Desk) -> None:
    fail = connected.world.fail_next
    meeting_id = connected.schedule("Refused")
    fail(503, "busy", path_contains="/calendars/")
    connected.turn()
    connected.advance(minutes=11)
    connected.tap.before(
        "POST", "/events", lambda: fail(400, "ErrorInvalidRequest", path_contains="/events")
    )
    connected.rest()
    refused = connected.outcomes()

    connected.edit(meeting_id, title="Planning")
    connected.look()

    assert refused == [outbox.FAILED]
    assert len(connected.titled("Planning")) == 1
    posts = [one.fields["subject"] for one in connected.tap.writes if one.method == "POST"]
    assert posts == ["Refused", "Refused", "Planning"]


@pytest.mark.parametrize("disconnects", [True, False])
def test_a_meeting_cancelled_while_nothing_could_be_written_goes_after_it_was_found(
    connected: Desk, disconnects: bool
) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    if disconnects:
        disconnect(connected)
    with connected.database.writing() as db:
        meeting = db.get_one(Meeting, meeting_id)
        meeting.cancelled_at, meeting.cancelled_in = connected.now, "portal"

    if disconnects:
        connected.connect()
        connected.rest()
        release(connected)
    connected.look()
    connected.look_everywhere()

    assert connected.titled("Planning") == []
    assert [mail.kind for mail in connected.world.mails] == ["invitation", "cancellation"]


def test_a_cancellation_that_was_dropped_is_not_sent_when_the_event_is_found(
    connected: Desk,
) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    connected.cancel(meeting_id)
    drop(connected, kind=outbox.CANCEL)

    for _ in range(3):
        connected.look()

    assert len(connected.titled("Planning")) == 1
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_nobody_is_mailed_about_a_meeting_that_is_over(connected: Desk) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    disconnect(connected)
    with connected.database.writing() as db:
        meeting = db.get_one(Meeting, meeting_id)
        meeting.cancelled_at, meeting.cancelled_in = connected.now, "portal"
    connected.advance(days=60)

    connected.connect()
    connected.rest()
    release(connected)
    connected.look_everywhere()

    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_what_a_restored_portal_may_have_sent_is_looked_for_also_when_it_was_dropped(
    connected: Desk,
) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    with connected.database.writing() as db:  # the copy was made before it was sent
        for change in db.scalars(select(Change)):
            outbox.not_taken(change)
        restored.note_restored(db, now=connected.now)
    drop(connected)
    connected.advance(minutes=30)

    send(connected, meeting_id)
    connected.rest()
    release(connected)
    connected.look_everywhere()

    assert connected.outlook(meeting_id) is not None
    assert len(connected.titled("Planning")) == 1
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def send(desk: Desk, meeting_id: int) -> None:
    """A person wants it in Outlook after all."""
    with desk.database.writing() as db:
        meeting, fresh = db.get_one(Meeting, meeting_id), desk.outside.ids()
        assert meetings.send(db, meeting, transaction_id=fresh, now=desk.now)


def test_a_meeting_cancelled_after_its_create_was_dropped_in_doubt_goes(connected: Desk) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    lose_the_create(connected)
    drop(connected)

    connected.cancel(meeting_id)
    connected.look()

    assert connected.titled("Planning") == []
    assert [mail.kind for mail in connected.world.mails] == ["invitation", "cancellation"]


def drop(desk: Desk, *, kind: str = outbox.CREATE) -> None:
    """A person gives up what waits."""
    with desk.database.writing() as db:
        changes = db.scalars(select(Change).where(Change.kind == kind))
        waiting = next(one for one in changes if one.done_at is None)
        stuck.drop(db, waiting, by=desk.person_id("alice"), now=desk.now)
