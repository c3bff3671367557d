"""Claims: one worker for each mailbox, and one that comes too late can no longer write."""

from datetime import timedelta

import pytest

from portal import calendars, claims, connections
from portal.tables import Calendar, Window
from sync import round as rounds
from tests.sync.desk import Desk

DELTA = "calendarView/delta"


def claim(desk: Desk) -> claims.Claim | None:
    with desk.database.writing() as db:
        return claims.claim_due(db, now=desk.now)


def test_a_mailbox_is_claimed_once_until_its_lease_lapses(connected: Desk) -> None:
    connected.advance(minutes=6)

    first, second = claim(connected), claim(connected)
    connected.advance(seconds=59)
    early = claim(connected)
    connected.advance(seconds=1)
    late = claim(connected)

    assert first is not None
    assert (second, early) == (None, None)
    assert late == claims.Claim(first.connection_id, first.number + 1)


def test_a_version_chosen_during_a_turn_is_due_at_its_end(connected: Desk) -> None:
    with connected.database.writing() as db:
        connections.mark_due(db, connected.connection().id, now=connected.now)
    under_way = claim(connected)
    assert under_way is not None

    connected.choose("sync_version", "1.0")
    with connected.database.writing() as db:
        claims.release(db, under_way, not_before=None, now=connected.now)

    assert claim(connected) is not None


@pytest.mark.invariant(15)
def test_a_late_worker_can_no_longer_write(connected: Desk) -> None:
    connected.advance(minutes=6)
    former = claim(connected)
    assert former is not None
    connected.advance(seconds=61)
    assert claim(connected) is not None

    with pytest.raises(claims.LeaseLost), connected.database.writing() as db:
        claims.hold(db, former, now=connected.now)


@pytest.mark.invariant(15)
def test_what_a_late_worker_read_is_thrown_away(connected: Desk) -> None:
    connected.world.add_event("alice", "Late", connected.now + timedelta(days=1))
    connected.advance(minutes=6)
    former = claim(connected)
    assert former is not None
    before = [one.cursor for one in connected.windows()]

    def overtaken() -> None:
        connected.advance(seconds=61)
        claim(connected)

    connected.tap.after("GET", DELTA, overtaken)
    rounds.run(connected.gate, former)

    assert connected.cached("Late") == []
    assert [one.cursor for one in connected.windows()] == before
    assert connected.connection().leased_until is not None


def test_every_write_of_a_round_renews_the_lease(connected: Desk) -> None:
    connected.advance(minutes=61)
    connected.tap.takes = timedelta(seconds=3)
    seen = []
    connected.tap.before(
        "GET", DELTA, lambda: seen.append(connected.connection().leased_until), skip=2
    )

    start = connected.now
    connected.turn()

    assert seen[0] is not None
    assert seen[0] > start + claims.LEASE


def test_the_end_of_a_turn_gives_the_mailbox_back(connected: Desk) -> None:
    connected.look()

    held = connected.connection()
    assert held.leased_until is None
    assert held.due_at == min(one.due_at for one in connected.windows())


def test_a_mailbox_that_nobody_may_work_on_is_never_due(connected: Desk) -> None:
    connected.advance(minutes=6)
    for state in (connections.NEEDS_CONSENT, connections.DISCONNECTED):
        with connected.database.writing() as db:
            row = connections.by_id(db, connected.connection().id)
            connections.set_state(row, state)

        assert claim(connected) is None


def test_a_calendar_unticked_in_mid_round_ends_quietly(connected: Desk) -> None:
    with connected.database.writing() as db:
        for calendar in connections.by_id(db, connected.connection().id).calendars:
            calendar.ticked = True
    connected.rest()
    connected.advance(minutes=61)

    def untick() -> None:
        with connected.database.writing() as db:
            row = connections.by_id(db, connected.connection().id)
            target = next(one for one in row.calendars if one.is_default)
            calendars.choose(db, row, ticked=set(), target=target, now=connected.now)

    projects = next(one for one in connected.rows(Calendar) if one.name == "Projects")
    connected.tap.after("GET", projects.graph_id.replace("=", "%3D"), untick)
    connected.rest()

    held = connected.connection()
    assert (held.state, held.leased_until) == (connections.CONNECTED, None)
    assert {one.calendar_id for one in connected.rows(Window)} != {projects.id}
