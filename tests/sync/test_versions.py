"""Versions 1.0 and 2.0: what each holds and shows, and a change from one to the other."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import connections, views
from portal.tables import Link, Meeting
from tests.sync.desk import Desk

CALL = {"displayName": "https://teams.microsoft.com/l/meetup-join/19%3ameeting"}
FOURTH = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
def narrow(desk: Desk) -> Desk:
    """Alice connected under version 1.0, her calendar read."""
    desk.world.add_event("alice", "Old call", desk.now + timedelta(days=1), location=CALL)
    desk.choose("sync_version", "1.0")
    desk.connect()
    with desk.database.writing() as db:  # events shall stay events in these stories
        connections.by_id(db, desk.connection().id).adopts = False
    desk.rest()
    return desk


def shown(desk: Desk) -> list[str | None]:
    with desk.database.reading() as db:
        found = views.entries(
            db,
            desk.person_id("alice"),
            first=date(2026, 1, 1),
            end=date(2029, 1, 1),
            zone=ZoneInfo("Europe/Berlin"),
            now=desk.now,
        )
        return [entry.title for entry in found]


def test_version_one_reads_the_quarters_of_thirty_days_and_no_others(narrow: Desk) -> None:
    assert [one.starts_at for one in narrow.windows()] == [FOURTH]
    assert len([one for one in narrow.tap.graph if "delta?" in one.path]) == 1


def test_version_one_begins_with_what_outlook_changes_after_connecting(narrow: Desk) -> None:
    before = shown(narrow)

    narrow.advance(minutes=1)
    narrow.world.add_event("alice", "New call", narrow.now + timedelta(days=2), location=CALL)
    narrow.world.add_event("alice", "Dentist", narrow.now + timedelta(days=3))
    narrow.look()

    assert (before, shown(narrow)) == ([], ["New call"])


def test_a_call_of_before_is_shown_once_outlook_changes_it(narrow: Desk) -> None:
    [call] = narrow.titled("Old call")
    narrow.advance(minutes=1)

    narrow.world.rename_event("alice", call["id"], "Renamed call")
    narrow.look()

    assert shown(narrow) == ["Renamed call"]


def test_a_calendar_that_was_connected_again_begins_anew(narrow: Desk) -> None:
    [call] = narrow.titled("Old call")
    narrow.advance(minutes=1)
    narrow.world.rename_event("alice", call["id"], "Renamed call")
    narrow.look()
    with narrow.database.writing() as db:
        row = connections.by_id(db, narrow.connection().id)
        connections.disconnect(db, row, now=narrow.now)

    narrow.advance(minutes=1)
    narrow.connect()
    narrow.rest()

    assert shown(narrow) == []


def test_meetings_travel_both_ways_under_version_one(narrow: Desk) -> None:
    meeting_id = narrow.settled("Review")
    narrow.world.rename_event("alice", narrow.outlook_id(meeting_id), "Renamed")
    narrow.look()
    renamed = narrow.meeting(meeting_id).title

    narrow.edit(meeting_id, location="Room 4")
    narrow.look()

    outlook = narrow.outlook(meeting_id)
    assert outlook is not None
    assert (renamed, outlook["location"]["displayName"]) == ("Renamed", "Room 4")


def test_a_change_to_version_two_opens_what_is_missing_and_loses_nothing(narrow: Desk) -> None:
    meeting_id = narrow.settled("Review")
    [cursor] = [one.cursor for one in narrow.windows()]

    narrow.choose("sync_version", "2.0")
    narrow.look()

    held = narrow.windows()
    assert len(held) == 9
    assert [one.cursor for one in held if one.starts_at == FOURTH] != [cursor]
    assert narrow.in_step()
    assert sorted(set(shown(narrow))) == sorted(
        {one["subject"] for one in narrow.world.view("alice", held[0].starts_at, held[-1].ends_at)}
    )
    tied = [one for one in narrow.rows(Link) if one.meeting_id == meeting_id]
    assert len(tied) == len(narrow.titled("Review")) == 1


def test_the_way_back_closes_windows_and_touches_nothing_in_outlook(connected: Desk) -> None:
    soon = connected.settled("Soon")
    far = connected.settled("Far", starts=timedelta(days=200))
    everything = connected.world.events("alice")

    connected.choose("sync_version", "1.0")
    connected.look()

    assert [one.starts_at for one in connected.windows()] == [FOURTH]
    assert {one.id for one in connected.rows(Meeting)} == {soon, far}
    assert len(connected.rows(Link)) == 2
    assert (connected.tap.writes, connected.world.events("alice")) == ([], everything)


def test_there_and_back_again_ends_where_it_began(connected: Desk) -> None:
    connected.settled("Review")
    cached, seen = connected.graph_ids(), sorted(map(str, shown(connected)))

    for version in ("1.0", "2.0", "1.0", "2.0"):
        connected.choose("sync_version", version)
        connected.look()

    assert connected.graph_ids() == cached
    assert sorted(map(str, shown(connected))) == seen
    assert (len(connected.rows(Link)), connected.tap.writes) == (1, [])


@pytest.mark.parametrize(("first", "then"), [("1.0", "2.0"), ("2.0", "1.0")])
def test_edits_of_both_sides_meet_after_a_change_of_version(
    desk: Desk, first: str, then: str
) -> None:
    desk.choose("sync_version", first)
    desk.connect()
    desk.rest()
    ours, theirs = desk.settled("Ours"), desk.settled("Theirs")
    desk.tap.clear()

    desk.choose("sync_version", then)
    desk.edit(ours, title="Ours, edited")
    desk.world.rename_event("alice", desk.outlook_id(theirs), "Theirs, edited")
    desk.look()
    desk.look()

    assert len(desk.titled("Ours, edited")) == 1
    assert desk.meeting(theirs).title == "Theirs, edited"
    first_write = next(n for n, one in enumerate(desk.tap.graph) if one.method != "GET")
    assert any("delta" in one.path for one in desk.tap.graph[:first_write])


def test_mail_waits_for_a_click_after_a_change_of_version(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=["bob@contoso.example"])
    connected.choose("sync_version", "1.0")
    connected.edit(meeting_id, title="Replanning")

    connected.look()

    held = connected.connection()
    assert (held.only_reads, held.only_reads_why) == (True, connections.VERSION)
    assert connected.tap.writes == []


@pytest.mark.parametrize("key", ["back_months", "forward_months"])
def test_other_months_of_coverage_make_the_first_round_only_read(connected: Desk, key: str) -> None:
    meeting_id = connected.settled(invitees=["bob@contoso.example"])
    connected.choose(key, 3)
    connected.edit(meeting_id, title="Replanning")

    connected.look()

    assert connected.connection().only_reads
    assert (connected.tap.writes, connected.in_step()) == ([], True)


def test_the_turn_of_a_quarter_is_no_change_of_coverage(connected: Desk) -> None:
    new_year = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)

    connected.advance(seconds=(new_year - connected.now).total_seconds())
    connected.rest()

    assert not connected.connection().only_reads


def test_a_kill_in_the_middle_of_a_change_of_version_loses_nothing(narrow: Desk) -> None:
    narrow.settled("Review")
    narrow.choose("sync_version", "2.0")
    narrow.advance(minutes=6)
    narrow.tap.takes = timedelta(seconds=10)
    for _ in range(3):
        narrow.turn()

    again = narrow.again()
    again.rest()

    assert (len(again.windows()), again.in_step()) == (9, True)
    again.close()
