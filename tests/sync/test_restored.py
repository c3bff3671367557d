"""A database put back from a copy: read first, nothing doubled, nothing deleted."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from portal import connections, restored, waiting_plan
from portal.tables import Conflict, Link, Meeting
from tests.sync.desk import Desk
from tests.sync.tap import Killed, kill

BOB = "bob@contoso.example"


class Copy:
    """A copy of the database as it is now, and the way back to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._file = desk, Path(desk.database.path)
        self._kept = self._file.with_name("kept.db")
        restored.count_up(desk.database, now=desk.now)
        desk.close()  # the journal goes into the file
        shutil.copy(self._file, self._kept)
        self._later: list[Desk] = []

    def put_back(self) -> Desk:
        """The program went on for a while, was stopped, and starts over the copy."""
        restored.count_up(self._desk.database, now=self._desk.now)
        self._desk.close()
        for journal in ("-wal", "-shm"):
            self._file.with_name(self._file.name + journal).unlink(missing_ok=True)
        shutil.copy(self._kept, self._file)
        desk = self._desk.again()
        assert restored.count_up(desk.database, now=desk.now)
        desk.tap.clear()
        desk.world.mails.clear()
        self._later.append(desk)
        return desk

    def close(self) -> None:
        for desk in self._later:
            desk.close()


@pytest.fixture
def copies() -> Iterator[list[Copy]]:
    """Copies that a story takes, closed at its end."""
    taken: list[Copy] = []
    yield taken
    for copy in taken:
        copy.close()


def planned(desk: Desk) -> list[tuple[str, int]]:
    with desk.database.reading() as db:
        found = waiting_plan.of_connection(db, desk.connection().id)
        return sorted((line.deed, len(line.mailed)) for line in found.lines)


def agree(desk: Desk) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        row.only_reads = False
        connections.mark_due(db, row.id, now=desk.now)
    desk.rest()


def test_the_first_looks_read_every_window_anew_and_write_nothing(
    connected: Desk, copies: list[Copy]
) -> None:
    connected.settled(invitees=[BOB])
    copies.append(Copy(connected))
    connected.schedule("Made later", invitees=[BOB])
    connected.rest()

    desk = copies[0].put_back()
    desk.rest()

    assert sum("delta" in one.path for one in desk.tap.graph) >= 9
    assert (desk.tap.writes, desk.world.mails) == ([], [])
    assert desk.connection().only_reads_why == restored.RESTORE
    assert desk.in_step()


def test_what_the_copy_does_not_know_is_left_alone(connected: Desk, copies: list[Copy]) -> None:
    copies.append(Copy(connected))
    connected.schedule("Made later")
    connected.rest()

    desk = copies[0].put_back()
    desk.rest()
    desk.look_everywhere()

    assert len(desk.titled("Made later")) == 1
    assert (desk.rows(Meeting), desk.tap.writes) == ([], [])
    assert len(desk.cached("Made later")) == 1


@pytest.mark.parametrize("invitees", [[], [BOB]])
def test_a_creation_that_waited_in_the_copy_is_looked_up_and_never_doubled(
    connected: Desk, copies: list[Copy], invitees: list[str]
) -> None:
    connected.schedule("Review", invitees=invitees)
    copies.append(Copy(connected))
    connected.rest()
    assert len(connected.titled("Review")) == 1

    desk = copies[0].put_back()
    desk.rest()
    agree(desk)

    assert (len(desk.titled("Review")), len(desk.rows(Link))) == (1, 1)
    assert (desk.tap.writes, desk.world.mails) == ([], [])


def test_a_creation_that_waited_and_never_went_goes_when_the_person_agrees(
    connected: Desk, copies: list[Copy]
) -> None:
    connected.schedule("Review", invitees=[BOB])
    copies.append(Copy(connected))

    desk = copies[0].put_back()
    desk.rest()
    before, shown = list(desk.tap.writes), planned(desk)
    agree(desk)

    assert (before, shown) == ([], [("create", 1)])
    assert len(desk.titled("Review")) == 1


def test_an_edit_after_an_answer_that_was_lost_then_is_sent(
    connected: Desk, copies: list[Copy]
) -> None:
    meeting_id = connected.schedule("Review", invitees=[BOB])
    copies.append(Copy(connected))

    desk = copies[0].put_back()
    desk.rest()
    desk.tap.after("POST", "/events", lambda: httpx2.Response(504))
    agree(desk)
    desk.edit(meeting_id, title="Replanning")
    desk.look()
    desk.look()

    assert len(desk.titled("Replanning")) == 1
    assert desk.rows(Conflict) == []


def test_an_event_renamed_since_the_copy_is_taken_over_where_it_is_found(
    connected: Desk, copies: list[Copy]
) -> None:
    meeting_id = connected.schedule("Review")
    copies.append(Copy(connected))
    connected.rest()
    event_id = connected.outlook_id(meeting_id)
    connected.world.rename_event("alice", event_id, "Renamed in Outlook")

    desk = copies[0].put_back()
    desk.rest()
    desk.look_everywhere()

    assert desk.meeting(meeting_id).title == "Renamed in Outlook"
    assert len(desk.titled("Renamed in Outlook")) == 1
    assert desk.tap.writes == []


def test_a_change_that_was_sent_since_is_not_sent_again(
    connected: Desk, copies: list[Copy]
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    connected.edit(meeting_id, title="Replanning")
    copies.append(Copy(connected))
    connected.rest()

    desk = copies[0].put_back()
    desk.rest()
    agree(desk)

    assert (desk.tap.writes, desk.world.mails) == ([], [])
    assert desk.meeting(meeting_id).title == "Replanning"


def test_what_was_deleted_since_the_copy_is_shown_before_it_is_cancelled(
    connected: Desk, copies: list[Copy]
) -> None:
    meeting_id = connected.settled()
    copies.append(Copy(connected))
    connected.cancel(meeting_id)
    connected.rest()

    desk = copies[0].put_back()
    desk.rest()
    unsure, shown = desk.meeting(meeting_id).cancelled_at, planned(desk)
    agree(desk)

    assert (unsure, shown) == (None, [("gone", 0)])
    assert desk.meeting(meeting_id).cancelled_in == "outlook"


def test_many_deleted_since_the_copy_are_held(connected: Desk, copies: list[Copy]) -> None:
    meetings = [connected.schedule(f"Meeting {n}") for n in range(8)]
    connected.rest()
    copies.append(Copy(connected))
    for meeting_id in meetings:
        connected.cancel(meeting_id)
    connected.rest()

    desk = copies[0].put_back()
    desk.rest()
    agree(desk)

    assert all(one.cancelled_at is None for one in desk.rows(Meeting))
    assert (desk.connection().state, desk.tap.writes) == (connections.HELD, [])


@pytest.mark.parametrize("page", range(0, 9, 2))
def test_a_kill_during_the_first_look_changes_nothing_about_that(
    connected: Desk, copies: list[Copy], page: int
) -> None:
    connected.schedule("Review", invitees=[BOB])
    copies.append(Copy(connected))
    connected.rest()
    desk = copies[0].put_back()
    desk.tap.after("GET", "calendarView/delta", kill, skip=page)
    with pytest.raises(Killed):
        desk.rest()

    anew = desk.again()
    anew.rest()
    agree(anew)
    anew.close()

    assert (len(desk.titled("Review")), desk.tap.writes) == (1, [])
