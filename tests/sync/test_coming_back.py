"""What was changed here while nothing could be written is found on the way back."""

from datetime import timedelta

import httpx2
import pytest

from portal import occurrences, outbox, series, windows
from portal.tables import Change, Meeting
from tests.sync import serial
from tests.sync.desk import Desk
from tests.sync.test_reconnect import BOB, disconnect, planned, release

THIRD = serial.monday(2)


def edit_third(desk: Desk, meeting_id: int, title: str) -> None:
    """The third occurrence gets another title, as its page gives it one."""
    with desk.database.writing() as db:
        meeting = db.get_one(Meeting, meeting_id)
        held = occurrences.of_day(meeting, THIRD)
        assert held is not None
        wanted = series.Version(title, held.starts_at, held.ends_at, held.location)
        ids = desk.outside.ids
        series.change_one(db, meeting, THIRD, wanted, transaction_id=ids(), now=desk.now)


def test_an_edit_made_while_disconnected_is_found_and_waits_where_people_get_mail(
    connected: Desk,
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    disconnect(connected)
    connected.edit(meeting_id, title="Replanning")

    connected.connect()
    connected.rest()
    before = list(connected.world.mails)
    release(connected)
    connected.rest()

    assert (before, len(connected.titled("Replanning"))) == ([], 1)
    assert [mail.kind for mail in connected.world.mails] == ["update"]


def test_an_invitation_that_disconnecting_gave_up_goes_after_all(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, invitees=[BOB])
    disconnect(connected)

    connected.connect()
    connected.rest()
    release(connected)
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert [one["emailAddress"]["address"] for one in outlook["attendees"]] == [BOB]


def test_a_cancellation_that_disconnecting_gave_up_goes_after_a_word(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.cancel(meeting_id)
    disconnect(connected)

    connected.connect()
    connected.rest()
    release(connected)
    connected.rest()

    assert connected.titled("Planning") == []


def test_an_invitation_made_while_disconnected_goes_after_all(connected: Desk) -> None:
    meeting_id = connected.settled()
    disconnect(connected)
    connected.edit(meeting_id, invitees=[BOB])

    connected.connect()
    connected.rest()
    release(connected)
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert [one["emailAddress"]["address"] for one in outlook["attendees"]] == [BOB]


def test_what_microsoft_refused_is_not_sent_again_by_coming_back(connected: Desk) -> None:
    refuse(connected, connected.settled())
    disconnect(connected)

    come_back(connected)

    assert connected.titled("Replanning") == []


def refuse(desk: Desk, meeting_id: int) -> None:
    """An edit of the title that Microsoft does not take."""
    desk.edit(meeting_id, title="Replanning")
    with desk.database.writing() as db:
        change = db.get_one(Change, desk.changes()[-1].id)
        outbox.settle(change, outbox.FAILED, now=desk.now, code="refused")


def come_back(desk: Desk) -> None:
    desk.connect()
    desk.rest()
    release(desk)
    desk.rest()


def test_what_is_cancelled_after_a_refusal_is_called_off_after_all(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    refuse(connected, meeting_id)
    disconnect(connected)
    connected.cancel(meeting_id)

    come_back(connected)

    assert connected.titled("Planning") == []
    assert [mail.kind for mail in connected.world.mails] == ["cancellation"]


def test_what_is_edited_after_a_refusal_goes_with_what_was_refused(connected: Desk) -> None:
    meeting_id = connected.settled()
    refuse(connected, meeting_id)
    disconnect(connected)
    connected.edit(meeting_id, location="Room 4")

    come_back(connected)

    [there] = connected.titled("Replanning")
    assert there["location"]["displayName"] == "Room 4"


def test_a_series_that_was_ended_and_is_over_meanwhile_ends_in_outlook(connected: Desk) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(20))
    disconnect(connected)
    with connected.database.writing() as db:
        found = db.get_one(Meeting, meeting_id)
        ids = connected.outside.ids
        series.end_before(db, found, THIRD, note="", transaction_id=ids(), now=connected.now)
    connected.advance(days=40)

    come_back(connected)

    assert sorted(serial.there(connected, meeting_id)) == [serial.monday(0), serial.monday(1)]


def test_such_a_series_that_was_deleted_in_outlook_is_not_made_again(connected: Desk) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(20))
    disconnect(connected)
    with connected.database.writing() as db:
        found = db.get_one(Meeting, meeting_id)
        ids = connected.outside.ids
        series.end_before(db, found, THIRD, note="", transaction_id=ids(), now=connected.now)
    connected.world.delete_event("alice", connected.outlook_id(meeting_id))
    connected.advance(days=40)

    come_back(connected)

    assert connected.titled("Choir") == []


def test_a_window_that_cannot_be_read_keeps_nothing_from_being_written(connected: Desk) -> None:
    meeting_id = connected.settled()
    [hot, *_] = [one for one in connected.windows() if windows.is_hot(one, connected.now)]
    part = f"delta?startDateTime={hot.starts_at - timedelta(days=1):%Y-%m-%d}"

    def refused() -> httpx2.Response:
        connected.tap.after("GET", part, refused)
        return httpx2.Response(400, json={"error": {"code": "ErrorInvalidRequest"}})

    connected.tap.after("GET", part, refused)
    disconnect(connected)
    connected.edit(meeting_id, title="Replanning")
    connected.connect()
    connected.rest()
    connected.look()

    assert len(connected.titled("Replanning")) == 1


def test_coming_back_with_nothing_changed_queues_nothing(connected: Desk) -> None:
    connected.settled(invitees=[BOB])
    cancelled = connected.settled("Called off")
    connected.cancel(cancelled)
    connected.rest()
    known = len(connected.changes())
    disconnect(connected)

    connected.connect()
    connected.rest()

    assert len(connected.changes()) == known


def test_what_is_over_is_not_brought_up_to_date(connected: Desk) -> None:
    meeting_id = connected.settled()
    disconnect(connected)
    connected.edit(meeting_id, title="Replanning")
    connected.advance(days=3)

    connected.connect()
    connected.rest()

    assert connected.titled("Replanning") == []


def test_an_edit_of_one_occurrence_made_while_disconnected_is_found(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    disconnect(connected)
    edit_third(connected, meeting_id, "Rehearsal")

    connected.connect()
    connected.rest()

    there = serial.there(connected, meeting_id)
    assert [day for day, one in there.items() if one["subject"] == "Rehearsal"] == [THIRD]


def test_an_occurrence_put_back_while_disconnected_waits_where_people_get_mail(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, invitees=[BOB])
    edit_third(connected, meeting_id, "Rehearsal")
    connected.rest()
    disconnect(connected)
    edit_third(connected, meeting_id, "Choir")

    connected.connect()
    connected.rest()
    plan = planned(connected)
    release(connected)
    connected.rest()

    assert plan == [(meeting_id, "update", 1)]
    assert serial.there(connected, meeting_id)[THIRD]["subject"] == "Choir"


@pytest.mark.parametrize("switch", ["bidirectional", "enabled"])
def test_edits_made_while_writing_was_switched_off_are_found_when_it_is_on(
    connected: Desk, switch: str
) -> None:
    meeting_id, series_id = connected.settled(), serial.settled(connected)
    connected.choose(switch, False)
    connected.edit(meeting_id, title="Replanning")
    edit_third(connected, series_id, "Rehearsal")
    connected.rest()

    connected.choose(switch, True)
    connected.rest()

    assert len(connected.titled("Replanning")) == 1
    assert serial.there(connected, series_id)[THIRD]["subject"] == "Rehearsal"
    assert serial.is_settled(connected, series_id)


def test_what_was_edited_while_writing_was_switched_off_is_shown_where_people_get_mail(
    connected: Desk,
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.choose("bidirectional", False)
    connected.edit(meeting_id, title="Replanning")
    connected.rest()

    connected.choose("bidirectional", True)
    connected.rest()

    assert planned(connected) == [(meeting_id, "update", 1)]
    assert connected.world.mails == []
