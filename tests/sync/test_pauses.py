"""Pauses: of a connection, by the person or an administrator, and of the backfill alone."""

from datetime import timedelta

import pytest

from portal import connections, pauses
from portal.tables import Connection, HeldEvent, Notice, Subscription
from tests.sync.desk import Desk

BOB = "bob@contoso.example"


def pause(desk: Desk, by: str = pauses.PERSON) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        pauses.pause(db, row, by=by, who=row.person_id, now=desk.now)


def resume(desk: Desk, by: str = pauses.PERSON) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        pauses.resume(db, row, by=by, who=row.person_id, now=desk.now)


def backfill(desk: Desk, *, paused: bool) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        pauses.pause_backfill(db, row, paused=paused, now=desk.now)


def test_a_paused_connection_does_nothing_and_what_happens_meanwhile_waits(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    pause(connected)
    connected.edit(meeting_id, location="Room 4")
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed")

    connected.look(hours=3)
    silent = list(connected.tap.sent)
    resume(connected)
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert (silent, outlook["location"]["displayName"]) == ([], "Room 4")
    assert connected.meeting(meeting_id).title == "Renamed"


def test_a_round_under_way_writes_nothing_after_a_pause(connected: Desk) -> None:
    connected.world.add_event("alice", "Late", connected.now + timedelta(hours=3))
    connected.advance(minutes=6)
    connected.tap.after("GET", "delta", lambda: pause(connected))

    connected.rest()

    assert connected.cached("Late") == []


@pytest.mark.parametrize(("hours", "why"), [(23, None), (25, connections.PAUSE)])
def test_after_more_than_a_day_the_first_round_only_reads(
    connected: Desk, hours: int, why: str | None
) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    pause(connected)
    connected.edit(meeting_id, title="Replanning")

    connected.advance(hours=hours)
    resume(connected)
    connected.rest()

    held = connected.connection()
    assert held.only_reads == (why is not None)
    assert len(connected.world.mails) == (0 if why else 1)


def test_only_an_administrator_ends_an_administrators_pause(connected: Desk) -> None:
    pause(connected)
    pause(connected, pauses.ADMIN)

    with pytest.raises(pauses.NotYours):
        resume(connected)
    resume(connected, pauses.ADMIN)

    assert connected.connection().paused_by is None


def test_disconnecting_and_coming_back_does_not_end_an_administrators_pause(
    connected: Desk,
) -> None:
    pause(connected, pauses.ADMIN)
    disconnect(connected)

    connected.connect()
    connected.rest()

    assert (connected.connection().paused_by, connected.windows()) == (pauses.ADMIN, [])


def test_disconnecting_ends_what_was_noted_about_the_mailbox(connected: Desk) -> None:
    row = connected.connection()
    calendar_id = connected.windows()[0].calendar_id
    now = connected.now
    with connected.database.writing() as db:
        db.add(Notice(connection_id=row.id, graph_id="x", due_at=now))
        address = "https://portal.example/hooks"
        db.add(Subscription(connection_id=row.id, client_state="s", address=address, renew_at=now))
        db.add(HeldEvent(calendar_id=calendar_id, graph_id="x", code="c", since=now, ask_at=now))

    disconnect(connected)

    assert [connected.rows(one) for one in (Notice, Subscription, HeldEvent)] == [[], [], []]


def test_with_the_backfill_paused_the_past_waits_and_the_rest_goes_on(desk: Desk) -> None:
    desk.connect()
    backfill(desk, paused=True)
    desk.rest()
    filled = [one.filled_at is not None for one in desk.windows()]

    desk.world.add_event("alice", "Just added", desk.now + timedelta(hours=3))
    desk.look_everywhere()

    assert filled == [False, False, *[True] * 7]
    assert [one.filled_at is None for one in desk.windows()].count(True) == 2
    assert desk.cached("Just added")


def test_a_resumed_backfill_reads_the_rest(desk: Desk) -> None:
    desk.connect()
    backfill(desk, paused=True)
    desk.rest()

    backfill(desk, paused=False)
    desk.rest()

    assert all(one.filled_at for one in desk.windows())
    assert desk.in_step()


def test_what_was_filled_before_the_pause_keeps_step(connected: Desk) -> None:
    backfill(connected, paused=True)
    connected.world.add_event("alice", "Forgotten", connected.now - timedelta(days=120))

    connected.look_everywhere()

    assert connected.cached("Forgotten")


def test_a_first_round_that_only_reads_does_not_wait_for_a_paused_past(desk: Desk) -> None:
    desk.advance(days=50)  # early January: the quarter before is hot
    desk.connect()
    disconnect(desk)
    desk.connect()
    backfill(desk, paused=True)

    desk.rest()

    [row] = desk.rows(Connection)
    assert (row.state, row.only_reads) == (connections.CONNECTED, False)


def disconnect(desk: Desk) -> None:
    with desk.database.writing() as db:
        row = connections.by_id(db, desk.connection().id)
        connections.disconnect(db, row, now=desk.now)
