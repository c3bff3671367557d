"""Invitees: Outlook owns the list; what is done here is added to it or taken off it."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.exchange import Answer
from tests.sync.desk import Desk

BOB, ERIN, CAROL = "bob@contoso.example", "erin@contoso.example", "carol@contoso.example"


def invited(desk: Desk, meeting_id: int) -> set[str]:
    outlook = desk.outlook(meeting_id)
    assert outlook is not None
    return {one["emailAddress"]["address"] for one in outlook["attendees"]}


def invite(desk: Desk, meeting_id: int, *who: str, **status: Any) -> None:
    """Somebody sets the list in Outlook."""
    listed = [{"emailAddress": {"address": one}, "type": "optional"} for one in who]
    desk.world.change_event("alice", desk.outlook_id(meeting_id), {"attendees": listed})


def here(desk: Desk, meeting_id: int) -> dict[str, str]:
    return {one.address: one.response for one in desk.meeting(meeting_id).invitees}


def answer(desk: Desk, meeting_id: int, who: str, response: Answer) -> None:
    """An invitee answers; Exchange notes it in the organiser's event."""
    copy = desk.world.copy_of(who, "alice", desk.outlook_id(meeting_id))
    assert copy is not None
    desk.world.answer_event(who, copy, response)


def test_additions_and_removals_are_applied_to_the_list_just_read(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    invite(connected, meeting_id, BOB, CAROL)
    connected.world.mails.clear()

    connected.edit(meeting_id, invitees=[ERIN])
    connected.rest()

    assert invited(connected, meeting_id) == {CAROL, ERIN}
    assert set(here(connected, meeting_id)) == {CAROL, ERIN}
    assert {(mail.to, mail.kind) for mail in connected.world.mails} == {
        (BOB, "cancellation"),
        (ERIN, "invitation"),
    }


def test_who_stays_keeps_kind_and_answer(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    invite(connected, meeting_id, BOB)
    answer(connected, meeting_id, BOB, "accepted")

    connected.edit(meeting_id, invitees=[BOB, ERIN])
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    [bob] = [one for one in outlook["attendees"] if one["emailAddress"]["address"] == BOB]
    assert (bob["type"], bob["status"]["response"]) == ("optional", "accepted")


@pytest.mark.invariant(9)
def test_a_list_read_as_it_was_takes_nobody_off(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.world.turn("reads.stale", 30)
    connected.edit(meeting_id, invitees=[BOB, CAROL])
    connected.rest()
    connected.world.mails.clear()

    connected.edit(meeting_id, invitees=[BOB, CAROL, ERIN])
    connected.look(seconds=1)
    connected.look(minutes=11)

    assert invited(connected, meeting_id) == set(here(connected, meeting_id)) == {BOB, CAROL, ERIN}
    assert not [mail for mail in connected.world.mails if mail.kind == "cancellation"]


@pytest.mark.parametrize("first", ["add", "remove"])
def test_an_addition_taken_back_before_it_was_sent_changes_nothing(
    connected: Desk, first: str
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    between = {"add": [BOB, ERIN], "remove": []}[first]

    connected.edit(meeting_id, invitees=between)
    connected.edit(meeting_id, invitees=[BOB])
    connected.rest()

    assert invited(connected, meeting_id) == {BOB}
    assert connected.world.mails == []


def test_an_edit_of_something_else_leaves_the_list_alone(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    invite(connected, meeting_id, BOB, CAROL)

    connected.edit(meeting_id, title="Replanning")
    connected.rest()

    assert invited(connected, meeting_id) == {BOB, CAROL}
    assert {name for one in connected.tap.writes for name in one.fields} == {"subject"}


def test_the_list_and_the_answers_in_outlook_are_mirrored_and_nobody_gets_mail(
    connected: Desk,
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    invite(connected, meeting_id, BOB, CAROL)
    answer(connected, meeting_id, BOB, "declined")
    connected.world.mails.clear()

    connected.look()

    assert here(connected, meeting_id) == {BOB: "declined", CAROL: "none"}
    assert connected.tap.writes == []
    assert connected.world.mails == []


def test_an_addition_that_still_waits_is_not_mirrored_away(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.edit(meeting_id, invitees=[BOB, ERIN])
    connected.world.fail_next(503, "serviceNotAvailable", path_contains="/events/")
    invite(connected, meeting_id, BOB, CAROL)

    connected.turn()
    connected.look()
    connected.look()

    assert invited(connected, meeting_id) == {BOB, CAROL, ERIN}
    assert set(here(connected, meeting_id)) == {BOB, CAROL, ERIN}


def test_a_group_without_an_address_is_nobody_here(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    outlook_id = connected.outlook_id(meeting_id)
    connected.world.rename_event("alice", outlook_id, "Renamed")

    def nameless(page: dict[str, Any]) -> None:
        for item in page["value"]:
            item["attendees"].append({"type": "required", "emailAddress": {"name": "Everybody"}})

    connected.tap.rewrite("GET", "calendarView/delta", nameless)
    connected.look()

    assert set(here(connected, meeting_id)) == {BOB}


def test_invitees_with_capitals_are_the_same_people(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB, ERIN])
    invite(connected, meeting_id, "Bob@Contoso.example", "ERIN@contoso.example")
    connected.look()

    connected.edit(meeting_id, invitees=[ERIN])
    connected.rest()

    assert invited(connected, meeting_id) == {"ERIN@contoso.example"}


@pytest.mark.invariant(3)
@pytest.mark.parametrize("found_by", ["push", "pull"])
@pytest.mark.parametrize(
    "edited",
    [{"invitees": [BOB, CAROL, ERIN]}, {"invitees": [ERIN]}, {"description": "Bring pens"}],
)
def test_the_list_or_the_description_edited_here_beats_a_deletion_in_outlook(
    connected: Desk, edited: dict[str, Any], found_by: str
) -> None:
    meeting_id = connected.settled(invitees=[BOB, ERIN])
    connected.world.delete_event("alice", connected.outlook_id(meeting_id))
    connected.tap.takes = timedelta(milliseconds=100)
    if found_by == "pull":
        connected.world.fail_next(503, "serviceNotAvailable", path_contains="/events/")

    connected.edit(meeting_id, **edited)
    connected.rest()
    connected.look_everywhere()

    assert connected.meeting(meeting_id).cancelled_at is None
    assert len(connected.titled("Planning")) == 1
    listed = set(edited.get("invitees", [BOB, ERIN]))
    assert invited(connected, meeting_id) == set(here(connected, meeting_id)) == listed
    assert None not in connected.outcomes()


def test_an_edit_taken_back_as_its_event_is_found_gone_is_not_said_to_be_sent(
    connected: Desk,
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.tap.takes = timedelta(milliseconds=100)

    def meanwhile() -> None:
        connected.world.delete_event("alice", connected.outlook_id(meeting_id))
        connected.edit(meeting_id, title="Planning")

    connected.edit(meeting_id, title="Replanning")
    connected.tap.before("PATCH", "/events/", meanwhile)
    connected.look()

    assert connected.meeting(meeting_id).cancelled_in == "outlook"
    assert {one.code for one in connected.changes()[1:]} == {"deleted_in_outlook"}
