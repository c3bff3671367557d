"""A change that Microsoft refuses for good is not lost: the next edit takes it along."""

import pytest

from portal import outbox
from portal.operations import stuck
from portal.tables import Audit, Change
from tests.sync.desk import Desk

BOB, ERIN = "bob@contoso.example", "erin@contoso.example"
TOO_LONG = "x" * 256


def invited(desk: Desk, meeting_id: int) -> set[str]:
    outlook = desk.outlook(meeting_id)
    assert outlook is not None
    return {one["emailAddress"]["address"] for one in outlook["attendees"]}


def act(desk: Desk, deed: str) -> None:
    """An administrator presses a button beside the last change."""
    with desk.database.writing() as db:
        change = db.get_one(Change, desk.changes()[-1].id)
        by = desk.person_id("carol")
        {"retry": stuck.retry, "drop": stuck.drop}[deed](db, change, by=by, now=desk.now)


def test_a_refused_create_goes_with_the_next_edit(connected: Desk) -> None:
    meeting_id = connected.schedule(TOO_LONG, invitees=[BOB])
    connected.rest()
    refused = connected.outcomes()

    connected.edit(meeting_id, title="Short")
    connected.rest()

    assert refused == [outbox.FAILED]
    assert len(connected.titled("Short")) == 1
    assert [mail.kind for mail in connected.world.mails] == ["invitation"]


def test_who_was_invited_by_a_refused_update_is_invited_by_the_next(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title=TOO_LONG, invitees=[BOB])
    connected.rest()

    connected.edit(meeting_id, title="Short", invitees=[BOB, ERIN])
    connected.rest()

    assert invited(connected, meeting_id) == {BOB, ERIN}
    assert len(connected.titled("Short")) == 1


def test_a_refused_change_can_be_tried_again_as_it_was(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, invitees=[BOB])
    connected.world.fail_next(400, "ErrorInvalidRequest", times=1, path_contains="/events/")
    connected.rest()
    failed = connected.outcomes()[-1]

    act(connected, "retry")
    connected.rest()

    assert failed == outbox.FAILED
    assert connected.outcomes()[-1] == outbox.DONE
    assert invited(connected, meeting_id) == {BOB}
    assert [one.act for one in connected.rows(Audit)][-1] == "change retried"


def test_a_dropped_change_is_not_sent_until_the_next_edit(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")
    connected.world.turn("writes.read_only", True)
    connected.rest()
    connected.world.switches.all_back()

    act(connected, "drop")
    connected.look_everywhere()
    after = len(connected.titled("Planning"))
    connected.edit(meeting_id, location="Room 4")
    connected.rest()

    assert after == 1
    assert len(connected.titled("Ours")) == 1
    assert [one.act for one in connected.rows(Audit)][-1] == "change dropped"


@pytest.mark.parametrize("times", [1, 3])
def test_edits_while_a_change_waits_are_one_write(connected: Desk, times: int) -> None:
    meeting_id = connected.settled(invitees=[ERIN])
    connected.world.fail_next(
        429, "ApplicationThrottled", retry_after="60", path_contains="/events/"
    )
    connected.edit(meeting_id, title="First")
    connected.rest()
    connected.tap.clear()

    for number in range(times):
        connected.edit(meeting_id, title=f"Title {number}", invitees=[ERIN, BOB])
    connected.look(seconds=61)

    assert len(connected.tap.writes) == 1
    assert sorted(mail.kind for mail in connected.world.mails) == ["invitation", "update"]


def test_a_refused_create_of_a_cancelled_meeting_is_over(connected: Desk) -> None:
    meeting_id = connected.schedule(TOO_LONG)
    connected.rest()

    connected.cancel(meeting_id)
    connected.rest()

    assert connected.outcomes() == [outbox.GIVEN_UP]
    assert connected.titled(TOO_LONG[:255]) == []
