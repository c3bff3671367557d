"""Only the person's own events, in calendars of their own, are ever written."""

from typing import Any

import pytest

from portal import outbox
from portal.tables import Calendar, Connection, Event, Link
from sync.writing.ownership import Owner, owner_of
from tests.sync.desk import Desk

BOB = "bob@contoso.example"


def organised_by(desk: Desk, meeting_id: int, address: str) -> None:
    """Microsoft and the cache say that this event is somebody else's now."""
    mailbox = desk.world.person("alice").mailbox
    item = mailbox.find(desk.outlook_id(meeting_id)).item
    person = {"emailAddress": {"name": "Somebody", "address": address}}
    mailbox.rewrite(item, lambda: item.words.update(organizer=person, isOrganizer=False))
    desk.look()
    desk.tap.clear()


def as_shared(desk: Desk) -> None:
    with desk.database.writing() as db:
        for calendar in db.query(Calendar):
            calendar.owner_address = BOB
            calendar.is_default = False


@pytest.mark.invariant(5)
@pytest.mark.parametrize("deed", ["edit", "cancel"])
def test_what_somebody_else_organises_now_is_not_written(connected: Desk, deed: str) -> None:
    meeting_id = connected.settled()
    organised_by(connected, meeting_id, BOB)
    before = connected.outlook(meeting_id)

    if deed == "edit":
        connected.edit(meeting_id, title="Ours")
    else:
        connected.cancel(meeting_id)
    connected.rest()

    last = connected.changes()[-1]
    assert (last.outcome, last.code) == (outbox.GIVEN_UP, "not_yours")
    assert connected.tap.writes == []
    assert connected.outlook(meeting_id) == before


@pytest.mark.parametrize("linked", [True, False])
def test_nothing_is_written_to_a_calendar_somebody_shares(connected: Desk, linked: bool) -> None:
    meeting_id = connected.settled() if linked else 0
    as_shared(connected)

    if linked:
        connected.edit(meeting_id, title="Ours")
    else:
        connected.schedule()
    connected.rest()

    last = connected.changes()[-1]
    assert (last.outcome, last.code) == (outbox.GIVEN_UP, "not_yours")
    assert connected.tap.writes == []


def test_what_the_cache_does_not_hold_is_asked_about_first(connected: Desk) -> None:
    meeting_id = connected.settled()
    organised_by(connected, meeting_id, BOB)
    with connected.database.writing() as db:
        db.query(Event).delete()

    connected.edit(meeting_id, title="Ours")
    connected.turn()

    assert connected.tap.writes == []
    assert connected.changes()[-1].code == "not_yours"


def test_a_calendar_that_can_only_be_read_just_now_lets_the_change_wait(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours")
    with connected.database.writing() as db:
        link = db.query(Link).one()
        db.get_one(Calendar, link.calendar_id).can_edit = False
    connected.rest()
    waiting = connected.changes()[-1]

    connected.look(hours=25)
    connected.rest()

    assert (waiting.done_at, waiting.code) == (None, "calendar_read_only")
    assert len(connected.titled("Ours")) == 1


def test_whose_a_calendar_is(connected: Desk) -> None:
    with connected.database.reading() as db:
        connection = db.query(Connection).one()
        owners = [owner_of(connection, one) for one in connection.calendars]

    assert all("alice@contoso.example" in one.addresses for one in owners)


@pytest.mark.parametrize(
    ("owns", "address", "said", "organises"),
    [
        (True, "Alice@Contoso.example", False, True),
        (True, "alias@contoso.example", True, True),
        (True, BOB, False, False),
        (True, None, False, False),
        (True, None, True, True),
        (False, "alice@contoso.example", True, False),
    ],
)
def test_who_organises(owns: bool, address: Any, said: bool, organises: bool) -> None:
    owner = Owner(frozenset({"alice@contoso.example"}), owns_calendar=owns, can_edit=True)

    assert owner.organises(address, said) is organises
