"""What was changed here while nothing could be written is found on the way back."""

from portal import outbox
from portal.tables import Change
from tests.sync.desk import Desk
from tests.sync.test_reconnect import BOB, disconnect, release


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
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    with connected.database.writing() as db:
        change = db.get_one(Change, connected.changes()[-1].id)
        outbox.settle(change, outbox.FAILED, now=connected.now, code="refused")
    disconnect(connected)

    connected.connect()
    connected.rest()

    assert connected.titled("Replanning") == []


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
