"""The timetable: begins at once, is roused by whoever has something to do, and stops cleanly."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jobs.dispatcher import Dispatcher
from jobs.housekeeping import tidy
from jobs.timetable import Timetable
from outside import Wake
from portal.signing_in import sessions
from portal.tables import Connection, SessionRow
from tests.sync.desk import Desk

WAIT = 20  # seconds at most, for a thread that is on its way anyhow


@pytest.fixture
def timetable(desk: Desk) -> Timetable:
    return Timetable(desk.database, desk.outside, desk.gate)


def test_what_is_due_at_the_start_is_done(desk: Desk, timetable: Timetable) -> None:
    desk.connect()
    read = threading.Event()
    desk.tap.after("GET", "calendarView/delta", read.set, skip=8)

    timetable.start()
    came = read.wait(WAIT)
    timetable.stop()

    assert came
    assert all(one.filled_at for one in desk.windows())
    assert desk.connection().leased_until is None


def test_a_call_rouses_the_dispatcher(connected: Desk) -> None:
    timetable = Timetable(connected.database, connected.outside, connected.gate)
    timetable.start()
    sent = threading.Event()
    connected.tap.after("POST", "/events", sent.set)

    connected.schedule()
    connected.outside.wake()
    came = sent.wait(WAIT)
    timetable.stop()

    assert came
    assert len(connected.titled("Planning")) == 1
    assert connected.outcomes() == ["done"]


def test_after_the_stop_a_call_does_nothing(desk: Desk, timetable: Timetable) -> None:
    timetable.start()
    timetable.stop()
    desk.connect()

    desk.outside.wake()
    timetable.dispatcher.tick()

    assert desk.tap.sent == []
    assert desk.connection().lease_number == 0


def test_old_sessions_are_tidied_away_and_others_stay(desk: Desk) -> None:
    def sign_in(token: str) -> None:
        with desk.database.writing() as db:
            sessions.begin(
                db,
                desk.person_id("alice"),
                token=token,
                browser="Tests",
                origin="127.0.0.1",
                now=desk.now,
            )

    sign_in("old")
    desk.advance(days=400)
    sign_in("fresh")

    tidy(desk.database, desk.outside)

    [left] = desk.rows(SessionRow)
    assert desk.now - left.created_at < timedelta(days=1)


def test_what_falls_due_soon_is_not_left_to_the_next_even_second(connected: Desk) -> None:
    with connected.database.writing() as db:
        connected_row = db.get_one(Connection, connected.connection().id)
        connected_row.due_at = connected.now + timedelta(milliseconds=300)
    dispatcher = Dispatcher(connected.database, connected.outside, connected.gate)

    assert dispatcher.until_next() == timedelta(milliseconds=300)


def test_a_call_in_the_middle_of_a_look_is_a_further_look(connected: Desk) -> None:
    timetable = Timetable(connected.database, connected.outside, connected.gate)
    timetable.start()
    done = threading.Event()
    connected.tap.after("POST", "/events", done.set, skip=1)

    for title in ("First", "Second"):
        connected.schedule(title)
        connected.outside.wake()
    came = done.wait(WAIT)
    timetable.stop()

    assert came
    assert connected.outcomes() == ["done", "done"]


class LastWord(Wake):
    """Says when nobody listens any more, which is how a stop begins."""

    def __init__(self) -> None:
        super().__init__()
        self.spoken = threading.Event()

    def rouses(self, listener: Callable[[], None] | None) -> None:
        super().rouses(listener)
        if listener is None:
            self.spoken.set()


def test_a_stop_in_the_middle_of_a_look_that_plans_the_next_one_ends(connected: Desk) -> None:
    with connected.database.writing() as db:
        row = db.get_one(Connection, connected.connection().id)
        row.due_at = connected.now + timedelta(milliseconds=300)
    wake, looks = LastWord(), threading.Event()

    def clock() -> datetime:
        looks.set()
        wake.spoken.wait(WAIT)
        return connected.now

    outside = replace(connected.outside, clock=clock, wake=wake)
    timetable = Timetable(connected.database, outside, connected.gate)
    timetable.start()
    looks.wait(WAIT)

    stop = threading.Thread(target=timetable.stop, daemon=True)
    stop.start()
    stop.join(WAIT)

    assert not stop.is_alive()
