"""The dispatcher: who leads, what is given to workers, and how it ends."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from jobs.dispatcher import Dispatcher
from portal import claims, connections, leases
from portal.tables import Connection, Lease
from tests.sync.desk import Desk

DELTA = "calendarView/delta"
WAIT = 20  # seconds at most, for a thread that is on its way anyhow


@pytest.fixture
def dispatcher(desk: Desk) -> Iterator[Dispatcher]:
    made = Dispatcher(desk.database, desk.outside, desk.gate)
    made.start()
    yield made
    made.stop()


def connect(desk: Desk, *people: str) -> None:
    desk.choose("enabled", True)
    for who in people:
        tie, person_id = desk.consent(who), desk.person_id(who)
        with desk.database.writing() as db:
            connections.establish(db, person_id, tie, replace_user=False, now=desk.now)


def states(desk: Desk) -> list[str]:
    return [row.state for row in desk.rows(Connection)]


def test_every_due_mailbox_gets_a_worker_and_is_read(desk: Desk, dispatcher: Dispatcher) -> None:
    connect(desk, "alice", "bob", "carol")

    dispatcher.tick()
    dispatcher.stop()

    assert states(desk) == ["connected"] * 3
    assert len(desk.windows()) == 27
    assert all(one.filled_at for one in desk.windows())
    assert [row.leased_until for row in desk.rows(Connection)] == [None] * 3


@pytest.mark.invariant(16)
def test_a_mailbox_in_trouble_delays_no_other(desk: Desk, dispatcher: Dispatcher) -> None:
    connect(desk, "alice", "bob", "carol")
    held_up = threading.Event()
    desk.world.take_mailbox("bob")
    desk.tap.before("GET", "/v1.0/me?", lambda: held_up.wait(WAIT))  # the first one hangs
    others_done = threading.Event()
    desk.tap.after("GET", DELTA, others_done.set, skip=8)

    dispatcher.tick()
    went_on = others_done.wait(WAIT)
    held_up.set()
    dispatcher.stop()

    assert went_on
    assert sorted(states(desk)) == ["connected", "connected", "no_mailbox"]


def test_stopping_waits_for_the_rounds_under_way(desk: Desk, dispatcher: Dispatcher) -> None:
    connect(desk, "alice")
    under_way, go_on = threading.Event(), threading.Event()

    def linger() -> None:
        under_way.set()
        go_on.wait(WAIT)

    desk.tap.before("GET", DELTA, linger)
    dispatcher.tick()
    assert under_way.wait(WAIT)
    stopping = threading.Thread(target=dispatcher.stop)
    stopping.start()
    go_on.set()
    stopping.join(WAIT)

    assert not stopping.is_alive()
    assert all(one.filled_at for one in desk.windows())


def test_a_turn_that_breaks_costs_its_mailbox_a_minute_and_nobody_else(
    desk: Desk, dispatcher: Dispatcher
) -> None:
    connect(desk, "alice")

    def broken() -> None:
        raise RuntimeError("a fault of ours")

    desk.tap.before("GET", DELTA, broken)
    dispatcher.tick()
    dispatcher.stop()
    held = desk.connection().leased_until
    desk.advance(seconds=61)
    dispatcher.start()
    dispatcher.tick()
    dispatcher.stop()

    assert held is not None
    assert states(desk) == ["connected"]


def test_nothing_is_claimed_before_the_start_and_after_the_stop(desk: Desk) -> None:
    connect(desk, "alice")
    idle = Dispatcher(desk.database, desk.outside, desk.gate)

    idle.tick()
    idle.start()
    idle.stop()
    idle.tick()

    assert desk.connection().lease_number == 0


def test_only_one_of_two_processes_leads(desk: Desk, dispatcher: Dispatcher) -> None:
    other = Dispatcher(desk.database, desk.outside, desk.gate)
    other.start()
    for _ in range(10):
        desk.advance(seconds=4)
        dispatcher.tick()
        other.tick()
    connect(desk, "alice")

    other.tick()
    idle = desk.connection().lease_number
    dispatcher.stop()
    desk.advance(seconds=6)
    other.tick()
    other.stop()

    assert (idle, states(desk)) == (0, ["connected"])


def test_who_died_leading_is_followed_after_fifteen_seconds(
    desk: Desk, dispatcher: Dispatcher
) -> None:
    dead = Dispatcher(desk.database, desk.outside, desk.gate)
    dead.start()
    dead.tick()
    connect(desk, "alice")
    with desk.database.writing() as db:
        assert claims.claim_due(db, now=desk.now) is not None  # its worker died with it

    desk.advance(seconds=14)
    dispatcher.tick()
    still_waiting = states(desk)
    desk.advance(seconds=2)
    dispatcher.tick()
    dispatcher.stop()

    assert (still_waiting, states(desk)) == (["connecting"], ["connected"])


def test_a_process_that_was_away_too_long_leads_no_more(desk: Desk, dispatcher: Dispatcher) -> None:
    dispatcher.tick()
    other = Dispatcher(desk.database, desk.outside, desk.gate)
    other.start()
    desk.advance(seconds=16)

    other.tick()
    connect(desk, "alice")
    dispatcher.tick()
    other.stop()

    assert states(desk) == ["connecting"]


def test_two_who_both_believe_to_lead_do_everything_once(desk: Desk) -> None:
    both = [Dispatcher(desk.database, desk.outside, desk.gate) for _ in range(2)]
    for one in both:
        one.start()
        one.tick()
        with desk.database.writing() as db:
            db.execute(delete(Lease))
    connect(desk, "alice", "bob")

    for one in both:
        one.tick()
    for one in both:
        one.stop()

    assert [row.lease_number for row in desk.rows(Connection)] == [1, 1]
    assert states(desk) == ["connected"] * 2


def test_the_lead_is_visible_to_whoever_asks_whether_work_is_done(
    desk: Desk, dispatcher: Dispatcher
) -> None:
    dispatcher.tick()

    with desk.database.reading() as db:
        assert leases.somebody_leads(db, now=desk.now)
        assert leases.last_tick(db) == desk.now
        assert not leases.somebody_leads(db, now=desk.now + timedelta(seconds=15))
