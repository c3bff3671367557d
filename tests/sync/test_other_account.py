"""Another Microsoft account was picked by mistake, and then the former one again."""

from datetime import timedelta

import httpx2
import pytest

from portal import connections, offers
from portal.tables import Conflict, Link, Meeting
from tests.sync import serial
from tests.sync.adopting import TEN, event, looked
from tests.sync.desk import WHO, Desk
from tests.sync.test_reconnect import release


def change_to(desk: Desk, who: str) -> None:
    tie, mine = desk.consent(who), desk.person_id(WHO)
    with desk.database.writing() as db:
        connections.establish(db, mine, tie, replace_user=True, now=desk.now)


def there_and_back(desk: Desk) -> None:
    change_to(desk, "bob")
    desk.rest()
    change_to(desk, WHO)
    desk.rest()


def accept(desk: Desk) -> int:
    """Whatever is offered; how many."""
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        ticked = {one.id for one in offers.of_connection(db, row, now=desk.now)}
        offers.answer(db, row, ticked=ticked, make_id=desk.outside.ids, now=desk.now)
    desk.rest()
    return len(ticked)


def test_what_is_still_there_is_not_made_again(connected: Desk) -> None:
    """It has no join link, so nothing but its mark tells that it is the meeting's."""
    meeting_id = connected.settled()
    there_and_back(connected)

    offered = accept(connected)

    assert offered == 1
    assert len(connected.titled("Planning")) == 1
    assert connected.outlook_id(meeting_id) == connected.titled("Planning")[0]["id"]


def test_what_was_changed_on_both_sides_meanwhile_is_a_conflict(connected: Desk) -> None:
    meeting_id = connected.settled()
    change_to(connected, "bob")
    connected.edit(meeting_id, title="Renamed here")
    change_to(connected, WHO)
    connected.rest()

    accept(connected)

    assert [one["subject"] for one in connected.world.events(WHO)].count("Planning") == 1
    assert connected.meeting(meeting_id).title == "Planning"
    assert [one.ours["title"] for one in connected.rows(Conflict)] == ["Renamed here"]


@pytest.mark.parametrize("part", ["lockstepMeeting", "/calendar"])
def test_nor_is_it_lost_where_the_first_try_fails(connected: Desk, part: str) -> None:
    meeting_id = connected.settled()
    change_to(connected, "bob")
    connected.edit(meeting_id, title="Renamed here")
    change_to(connected, WHO)
    connected.rest()
    connected.tap.after("GET", part, lambda: httpx2.Response(503, json={"error": {"code": "busy"}}))

    accept(connected)
    connected.look()

    assert connected.meeting(meeting_id).title == "Planning"
    assert [one.ours["title"] for one in connected.rows(Conflict)] == ["Renamed here"]


def test_who_was_invited_meanwhile_is_invited(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=["dora@contoso.example"])
    change_to(connected, "bob")
    connected.edit(meeting_id, invitees=["dora@contoso.example", "erin@fabrikam.example"])
    change_to(connected, WHO)
    connected.rest()
    connected.world.mails.clear()

    accept(connected)

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    listed = {one["emailAddress"]["address"] for one in outlook["attendees"]}
    assert listed == {"dora@contoso.example", "erin@fabrikam.example"}
    assert {one.address for one in connected.meeting(meeting_id).invitees} == listed
    invited = [mail.to for mail in connected.world.mails if mail.kind == "invitation"]
    assert invited == ["erin@fabrikam.example"]


def test_what_is_in_another_calendar_now_is_found_there(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    connected.world.move_to_calendar(WHO, event_id, "Projects")
    there_and_back(connected)

    accept(connected)

    assert connected.titled("Planning") == []
    assert connected.outlook_id(meeting_id) == event_id


def test_what_a_list_still_shows_of_a_deleted_event_is_not_tied(connected: Desk) -> None:
    meeting_id = connected.settled()
    there_and_back(connected)
    [was] = connected.titled("Planning")
    connected.world.delete_event(WHO, was["id"])

    def add(answer: dict[str, list[object]]) -> None:
        answer["value"].append(was)

    connected.tap.rewrite("GET", "lockstepMeeting", add)
    accept(connected)
    connected.look(minutes=11)

    assert connected.meeting(meeting_id).cancelled_at is None
    assert [one["id"] for one in connected.titled("Planning")] == [connected.outlook_id(meeting_id)]


def test_an_adopted_meeting_is_tied_to_its_event_again(connected: Desk) -> None:
    event(connected)
    looked(connected)
    there_and_back(connected)

    offered = accept(connected)
    connected.look()

    [meeting] = [one for one in connected.rows(Meeting) if one.adopted_at is not None]
    assert offered == 0
    assert len(connected.titled("Review")) == 1
    assert connected.outlook_id(meeting.id) == connected.titled("Review")[0]["id"]


def test_another_event_in_the_same_room_is_none_of_its(connected: Desk) -> None:
    event(connected)
    looked(connected)
    change_to(connected, "bob")
    connected.rest()
    [mine] = connected.titled("Review")
    connected.world.delete_event(WHO, mine["id"])
    event(connected, "Later", TEN + timedelta(days=2))

    change_to(connected, WHO)
    connected.rest()

    [meeting] = [one for one in connected.rows(Meeting) if one.adopted_at is not None]
    assert (meeting.title, connected.rows(Link)) == ("Review", [])


def test_the_dates_of_a_series_that_is_found_again_are_looked_at(connected: Desk) -> None:
    meeting_id = serial.settled(connected, has_link=True)
    change_to(connected, "bob")
    there = connected.titled("Choir")
    day = connected.world.view(WHO, serial.nine(serial.monday(1)), serial.nine(serial.monday(2)))
    connected.world.rename_event(WHO, day[0]["id"], "Another")
    change_to(connected, WHO)
    connected.rest()

    assert len(there) == len(connected.titled("Choir"))
    assert serial.here(connected, meeting_id)[serial.monday(1)].title == "Another"


def test_a_date_that_was_changed_here_before_its_series_is_found_again_is_sent(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, has_link=True)
    change_to(connected, "bob")
    serial.differ(connected, meeting_id, serial.monday(1), title="Another")
    change_to(connected, WHO)
    connected.rest()
    release(connected)
    connected.rest()

    assert serial.there(connected, meeting_id)[serial.monday(1)]["subject"] == "Another"
