"""What is done here to meetings in Outlook while nothing new could be written there."""

from collections.abc import Callable

import pytest

from portal import calendars, connections, meetings
from portal.tables import Meeting
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.test_coming_back import edit_third, refuse
from tests.sync.test_following import calendar

Close = Callable[[Desk], None]


def target_leaves(desk: Desk) -> None:
    """New meetings go to Projects, which is deleted in Outlook."""
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        [target] = [one for one in row.calendars if one.name == "Projects"]
        calendars.choose(db, row, ticked={target.id}, target=target, now=desk.now)
    desk.rest()
    mailbox = desk.world.person(WHO).mailbox
    mailbox.remove_calendar(mailbox.calendar_named("Projects"))
    desk.look(hours=25)
    assert calendar(desk, "Projects").missing_since is not None


def approval_is_missing(desk: Desk) -> None:
    """It is tried each hour, and is there again at the next try."""
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        connections.set_state(row, connections.NEEDS_APPROVAL)


CLOSED = pytest.mark.parametrize("closes", [target_leaves, approval_is_missing])


@CLOSED
def test_an_edit_is_sent(connected: Desk, closes: Close) -> None:
    meeting_id = connected.settled()
    closes(connected)

    connected.edit(meeting_id, title="Renamed")
    connected.look()

    assert len(connected.titled("Renamed")) == 1


@CLOSED
def test_a_cancellation_is_sent(connected: Desk, closes: Close) -> None:
    meeting_id = connected.settled()
    closes(connected)

    connected.cancel(meeting_id)
    connected.look()

    assert connected.titled("Planning") == []


@CLOSED
def test_a_date_that_was_changed_is_sent(connected: Desk, closes: Close) -> None:
    meeting_id = serial.settled(connected)
    closes(connected)

    edit_third(connected, meeting_id, "Another")
    connected.look()

    assert serial.there(connected, meeting_id)[serial.monday(2)]["subject"] == "Another"


@CLOSED
def test_a_refused_change_is_not_sent_by_it(connected: Desk, closes: Close) -> None:
    refuse(connected, connected.settled())

    closes(connected)
    connected.look()

    assert connected.titled("Replanning") == []


def test_but_it_can_be_sent_again(connected: Desk) -> None:
    meeting_id = connected.settled()
    refuse(connected, meeting_id)
    target_leaves(connected)

    with connected.database.writing() as db:
        ids = connected.outside.ids
        found = db.get_one(Meeting, meeting_id)
        sent = meetings.send(db, found, transaction_id=ids(), now=connected.now)
    connected.rest()

    assert sent
    assert len(connected.titled("Replanning")) == 1
