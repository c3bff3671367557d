"""Push: what is scheduled and changed here lands in Outlook once, and touches nothing else."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from m365.wire import MEETING_PROPERTY
from portal import outbox
from portal.tables import Change, Conflict
from tests.sync.desk import Desk

BOB, ERIN = "bob@contoso.example", "erin@contoso.example"


def test_a_scheduled_meeting_lands_once_and_says_whose_it_is(connected: Desk) -> None:
    meeting_id = connected.schedule(location="Room 4", invitees=[BOB])

    connected.rest()

    [post] = connected.tap.writes
    [change] = connected.changes()
    meeting = connected.meeting(meeting_id)
    assert post.fields["transactionId"] == change.transaction_id
    assert post.fields["singleValueExtendedProperties"] == [
        {"id": MEETING_PROPERTY, "value": meeting.key}
    ]
    assert change.outcome == outbox.DONE
    assert len(connected.titled("Planning")) == 1
    assert [(mail.to, mail.kind) for mail in connected.world.mails] == [(BOB, "invitation")]


def test_the_meeting_is_in_the_cache_after_the_same_round(connected: Desk) -> None:
    meeting_id = connected.schedule()

    connected.turn()

    [event] = connected.cached("Planning")
    assert event.graph_id == connected.outlook_id(meeting_id)


def test_a_meeting_keeps_its_zone_and_instant(connected: Desk) -> None:
    meeting_id = connected.settled()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)

    assert outlook is not None
    assert outlook["originalStartTimeZone"] == "W. Europe Standard Time"
    assert outlook["start"]["dateTime"][:19] == meeting.starts_at.isoformat()[:19]


@pytest.mark.parametrize("after_effect", [True, False])
def test_a_lost_answer_never_makes_a_second_event(connected: Desk, after_effect: bool) -> None:
    connected.schedule(invitees=[BOB])
    connected.world.drop_next(after_effect=after_effect, path_contains="/events")

    connected.rest()
    for _ in range(3):
        connected.look(seconds=30)

    assert len(connected.titled("Planning")) == 1
    assert connected.outcomes() == [outbox.DONE]
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


@pytest.mark.parametrize("after_effect", [True, False])
def test_an_edit_after_a_lost_answer_still_arrives(connected: Desk, after_effect: bool) -> None:
    meeting_id = connected.schedule(description="First words")
    connected.world.drop_next(after_effect=after_effect, path_contains="/events")
    connected.turn()

    connected.edit(meeting_id, title="Replanning", description="Second words")
    connected.look()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert outlook["subject"] == "Replanning"
    assert "Second words" in outlook["body"]["content"]
    assert connected.titled("Planning") == []


@pytest.mark.parametrize("after_effect", [True, False])
def test_two_edits_around_a_lost_answer_are_no_conflict(
    connected: Desk, after_effect: bool
) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Second")
    connected.world.drop_next(after_effect=after_effect, path_contains="/events/")
    connected.turn()

    connected.edit(meeting_id, title="Third")
    connected.look()

    assert connected.meeting(meeting_id).title == "Third"
    assert len(connected.titled("Third")) == 1
    assert connected.rows(Conflict) == []


@pytest.mark.parametrize("then", ["edit", "cancel"])
def test_what_is_done_while_the_create_is_on_its_way_follows(connected: Desk, then: str) -> None:
    meeting_id = connected.schedule()
    deed = {
        "edit": lambda: connected.edit(meeting_id, title="Replanning", later=timedelta(hours=1)),
        "cancel": lambda: connected.cancel(meeting_id),
    }[then]
    connected.tap.after("POST", "/events", deed)

    connected.rest()

    assert connected.titled("Planning") == []
    assert len(connected.titled("Replanning")) == (1 if then == "edit" else 0)
    assert set(connected.outcomes()) == {outbox.DONE}


def test_a_meeting_cancelled_before_it_was_sent_is_never_sent(connected: Desk) -> None:
    meeting_id = connected.schedule(invitees=[BOB])
    connected.cancel(meeting_id)

    connected.rest()

    assert connected.tap.writes == []
    assert connected.world.mails == []


def test_an_update_says_only_what_changed_and_to_which_version(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB], description="Words")
    before = connected.outlook(meeting_id)
    assert before is not None

    connected.edit(meeting_id, title="Replanning")
    connected.rest()

    [patch] = connected.tap.writes
    assert patch.fields == {"subject": "Replanning"}
    assert patch.headers["If-Match"] == before["@odata.etag"]


def test_edits_that_wait_together_go_out_as_one(connected: Desk) -> None:
    meeting_id = connected.settled()

    connected.edit(meeting_id, title="Second")
    connected.edit(meeting_id, title="Third", location="Room 4")
    connected.edit(meeting_id, title="Planning")
    connected.rest()

    [patch] = connected.tap.writes
    assert set(patch.fields) == {"location"}


def test_an_edit_during_the_flight_of_another_follows_it(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Second")
    connected.tap.after("PATCH", "/events/", lambda: connected.edit(meeting_id, location="Room 4"))

    connected.rest()

    assert [set(one.fields) for one in connected.tap.writes] == [{"subject"}, {"location"}]
    assert len(connected.titled("Second")) == 1


def test_a_change_in_between_is_judged_anew_not_overwritten(connected: Desk) -> None:
    meeting_id = connected.settled()
    outlook_id = connected.outlook_id(meeting_id)
    connected.edit(meeting_id, title="Replanning")
    later = connected.now + timedelta(days=2)
    connected.tap.before(
        "PATCH", "/events/", lambda: connected.world.move_event("alice", outlook_id, later)
    )

    connected.rest()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
    assert outlook is not None
    assert (outlook["subject"], meeting.title) == ("Replanning", "Replanning")
    assert meeting.starts_at == later
    assert connected.rows(Conflict) == []


def test_a_change_that_microsoft_refuses_fails_and_the_others_go_on(connected: Desk) -> None:
    first, second = connected.settled("First"), connected.settled("Second")
    connected.edit(first, title="x" * 256)
    connected.edit(second, title="Second to none")

    connected.rest()

    failed, done = connected.changes()[-2:]
    assert (failed.outcome, failed.code) == (outbox.FAILED, "ErrorPropertyValidationFailure")
    assert done.outcome == outbox.DONE
    assert len(connected.titled("Second to none")) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_change_that_could_not_be_taken_is_tried_again(connected: Desk, status: int) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    connected.world.fail_next(status, "serviceNotAvailable", times=2, path_contains="/events/")

    connected.rest()
    waits = connected.changes()[-1].attempts
    for _ in range(3):
        connected.look(seconds=30)

    assert waits == 1
    assert len(connected.titled("Replanning")) == 1


def test_a_cancelled_meeting_with_invitees_tells_them_why(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])

    connected.cancel(meeting_id, note="The room is gone")
    connected.rest()

    [post] = connected.tap.writes
    assert post.path.endswith("/cancel")
    assert post.fields == {"comment": "The room is gone"}
    assert [(mail.to, mail.kind) for mail in connected.world.mails] == [(BOB, "cancellation")]
    assert connected.cached("Planning") == []


def test_a_cancelled_meeting_without_invitees_is_deleted_quietly(connected: Desk) -> None:
    meeting_id = connected.settled()

    connected.cancel(meeting_id)
    connected.rest()

    assert [one.method for one in connected.tap.writes] == ["DELETE"]
    assert connected.titled("Planning") == []
    assert connected.outcomes()[-1] == outbox.DONE


def test_cancelling_what_outlook_deleted_already_is_done(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.world.delete_event("alice", connected.outlook_id(meeting_id))

    connected.cancel(meeting_id)
    connected.rest()

    assert connected.outcomes()[-1] == outbox.DONE


def test_a_cancel_whose_answer_is_lost_is_done_all_the_same(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.cancel(meeting_id)
    connected.world.drop_next(after_effect=True, path_contains="/cancel")

    connected.rest()
    connected.look()

    assert connected.outcomes()[-1] == outbox.DONE
    assert len(connected.world.mails) == 1


def test_over_the_end_of_summer_time_the_instant_stays(connected: Desk) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    twice = datetime(2027, 10, 31, 2, 30, tzinfo=berlin, fold=1).astimezone(UTC)

    meeting_id = connected.schedule(starts=twice.replace(minute=0) - connected.now)
    connected.rest()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
    assert outlook is not None
    assert outlook["start"]["dateTime"][:19] == meeting.starts_at.isoformat()[:19]
    assert [event.starts_at for event in connected.cached("Planning")] == [meeting.starts_at]


def test_what_waits_goes_to_the_calendar_that_the_meeting_was_moved_to(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.world.move_to_calendar("alice", connected.outlook_id(meeting_id), "Projects")
    connected.look()

    connected.edit(meeting_id, title="Replanning")
    connected.rest()

    [held] = connected.world.events("alice", "Projects")
    assert held["subject"] == "Replanning"
    assert connected.meeting(meeting_id).cancelled_at is None
    assert [event.title for event in connected.cached("Replanning")] == ["Replanning"]
    assert all(change.done_at for change in connected.rows(Change))
