"""Coming back: calendars and links are kept, and nothing is written before the person saw it."""

import pytest

from portal import connections, outbox, waiting_plan
from portal.tables import Calendar, Link
from tests.sync.desk import Desk

BOB = "bob@contoso.example"


def disconnect(desk: Desk) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        connections.disconnect(db, row, now=desk.now)


def release(desk: Desk) -> None:
    """The person has seen what would be written, and says yes."""
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        row.only_reads = False
        connections.mark_due(db, row.id, now=desk.now)


def planned(desk: Desk) -> list[tuple[int, str, int]]:
    """What is shown: the meeting, what is done about it, and how many get mail."""
    with desk.database.reading() as db:
        found = waiting_plan.of_connection(db, desk.connection().id)
        return [(line.meeting.id, line.deed, len(line.mailed)) for line in found.lines]


def lose_consent(desk: Desk) -> None:
    desk.world.revoke("alice")
    desk.look(hours=2)
    assert desk.connection().state == connections.NEEDS_CONSENT


@pytest.mark.invariant(20)
def test_disconnecting_deletes_nothing_outside_and_forgets_only_the_cache(connected: Desk) -> None:
    meeting_id = connected.settled()

    disconnect(connected)
    connected.look(hours=3)

    assert connected.windows() == []
    assert connected.graph_ids() == set()
    assert connected.meeting(meeting_id).cancelled_at is None
    assert len(connected.rows(Link)) == 1
    assert (connected.tap.sent, len(connected.titled("Planning"))) == ([], 1)


def test_reconnecting_as_the_same_user_finds_everything_again(connected: Desk) -> None:
    meeting_id = connected.settled()
    calendars = [one.id for one in connected.rows(Calendar)]
    disconnect(connected)
    later = connected.now.replace(minute=0, second=0)
    connected.world.move_event("alice", connected.outlook_id(meeting_id), later)

    connected.connect()
    connected.rest()

    assert [one.id for one in connected.rows(Calendar)] == calendars
    assert connected.meeting(meeting_id).starts_at == later
    assert len(connected.titled("Planning")) == 1
    assert connected.in_step()
    assert connected.tap.writes == []


def test_a_meeting_deleted_while_one_was_away_is_shown_before_it_is_cancelled(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    disconnect(connected)
    connected.world.delete_event("alice", connected.outlook_id(meeting_id))

    connected.connect()
    connected.rest()
    shown, unsure = planned(connected), connected.meeting(meeting_id).cancelled_at
    release(connected)
    connected.rest()

    assert (shown, unsure) == ([(meeting_id, "gone", 0)], None)
    assert connected.meeting(meeting_id).cancelled_in == "outlook"


def test_what_waits_goes_by_itself_when_nobody_gets_mail(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    lose_consent(connected)

    connected.connect()
    connected.tap.clear()
    connected.rest()

    first_write = next(n for n, one in enumerate(connected.tap.graph) if one.method != "GET")
    reads = [one for one in connected.tap.graph[:first_write] if "delta" in one.path]
    assert len(reads) == 9
    assert len(connected.titled("Replanning")) == 1
    assert not connected.connection().only_reads


def test_what_waits_with_invitees_waits_for_a_click(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.edit(meeting_id, title="Replanning")
    lose_consent(connected)
    connected.connect()
    connected.tap.clear()

    connected.rest()
    connected.look()
    before = list(connected.tap.writes)
    release(connected)
    connected.rest()

    assert (before, len(connected.titled("Replanning"))) == ([], 1)
    assert [mail.kind for mail in connected.world.mails] == ["update"]


def test_what_changed_in_outlook_meanwhile_is_seen_before_anything_is_written(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Ours", location="Room 4")
    lose_consent(connected)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Theirs")

    connected.connect()
    connected.rest()

    outlook, meeting = connected.outlook(meeting_id), connected.meeting(meeting_id)
    assert outlook is not None
    assert (meeting.title, outlook["subject"]) == ("Theirs", "Theirs")
    assert outlook["location"]["displayName"] == "Room 4"


def test_a_second_calendar_that_was_ticked_is_read_before_anything_is_written(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    with connected.database.writing() as db:
        for calendar in connections.by_id(db, connected.connection().id).calendars:
            calendar.ticked = True
    connected.look()
    connected.edit(meeting_id, title="Replanning")
    lose_consent(connected)

    connected.connect()
    connected.tap.clear()
    connected.rest()

    first_write = next(n for n, one in enumerate(connected.tap.graph) if one.method != "GET")
    assert sum("delta" in one.path for one in connected.tap.graph[:first_write]) >= 9
    assert len(connected.titled("Replanning")) == 1


def test_another_user_takes_over_only_when_the_person_agrees(connected: Desk) -> None:
    connected.settled()
    disconnect(connected)

    with pytest.raises(connections.AnotherUser):
        connected.connect("bob")

    assert len(connected.rows(Link)) == 1


def test_disconnecting_gives_up_what_waits_and_coming_back_finds_it(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")

    disconnect(connected)
    ended = connected.changes()[-1].outcome
    connected.connect()
    connected.rest()

    assert ended == outbox.GIVEN_UP
    assert len(connected.titled("Replanning")) == 1


def test_a_connection_that_may_only_read_comes_to_rest_with_what_waits(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    lose_consent(connected)

    connected.connect(access=connections.READ)
    connected.tap.clear()
    connected.rest()

    assert connected.tap.writes == []
    assert connected.in_step()


def test_bidirectional_off_writes_nothing_and_comes_to_rest(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    connected.choose("bidirectional", False)

    connected.look()
    silent = list(connected.tap.writes)
    connected.choose("bidirectional", True)
    connected.look()

    assert silent == []
    assert len(connected.titled("Replanning")) == 1
