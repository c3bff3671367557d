"""When Microsoft answers oddly or not at all: nothing is lost, and nobody is asked too often."""

from datetime import timedelta
from typing import Any

import pytest

from portal import connections
from portal.tables import HeldEvent
from tests.sync.desk import Desk
from tests.sync.test_following import calendar, tick

DELTA = "calendarView/delta"


def test_a_dead_cursor_is_filled_anew_and_loses_nothing(connected: Desk) -> None:
    before = connected.graph_ids()
    kept = connected.world.add_event("alice", "Kept", connected.now + timedelta(days=1))
    connected.look()

    connected.world.expire_delta_tokens("alice")
    connected.world.delete_event("alice", kept)
    connected.world.add_event("alice", "Fresh", connected.now + timedelta(days=2))
    connected.look_everywhere()

    assert connected.cached("Kept") == []
    assert connected.graph_ids() > before
    assert connected.in_step()


def test_a_cursor_that_dies_in_mid_round_is_filled_anew(desk: Desk) -> None:
    for number in range(120):
        desk.world.add_event("alice", f"Stop {number}", desk.now + timedelta(hours=number))
    desk.connect()
    desk.tap.after("GET", DELTA, lambda: desk.world.expire_delta_tokens("alice"))

    desk.rest()

    assert desk.in_step()


@pytest.mark.invariant(6)
def test_an_empty_refill_deletes_nothing_by_itself(connected: Desk) -> None:
    connected.world.add_event("alice", "Kept", connected.now + timedelta(days=1))
    connected.look()
    connected.world.expire_delta_tokens("alice")

    def empty(answer: dict[str, Any]) -> None:
        answer["value"] = []

    for _ in connected.windows():
        connected.tap.rewrite("GET", "delta?startDateTime", empty)
    connected.look_everywhere()

    assert len(connected.cached("Kept")) == 1
    assert connected.in_step()


@pytest.mark.invariant(6)
def test_removed_for_something_unknown_or_still_there_deletes_nothing(connected: Desk) -> None:
    there = connected.world.add_event("alice", "Still there", connected.now + timedelta(days=1))
    connected.look()

    def remove(answer: dict[str, Any]) -> None:
        answer["value"] += [{"id": one, "@removed": {"reason": "deleted"}} for one in ("x", there)]

    connected.tap.rewrite("GET", DELTA, remove)
    connected.look()

    assert len(connected.cached("Still there")) == 1
    assert connected.in_step()


@pytest.mark.parametrize("with_id", [True, False])
def test_an_event_that_cannot_be_read_stays_as_it_was(connected: Desk, with_id: bool) -> None:
    odd = connected.world.add_event("alice", "Odd", connected.now + timedelta(days=1))
    connected.look()
    connected.world.rename_event("alice", odd, "Odder")

    def spoil(answer: dict[str, Any]) -> None:
        for item in answer["value"]:
            item["start"] = {"dateTime": "soon", "timeZone": "UTC"}
            if not with_id:
                del item["id"]

    connected.tap.rewrite("GET", DELTA, spoil)
    connected.look()

    assert len(connected.cached("Odd")) == 1
    assert connected.connection().state == connections.CONNECTED


def test_a_candidate_that_nobody_can_say_anything_of_stays_until_somebody_can(
    connected: Desk,
) -> None:
    odd = connected.world.add_event("alice", "Odd", connected.now + timedelta(days=1))
    connected.look()
    connected.world.delete_event("alice", odd)

    code = "ErrorInvalidRequest"
    connected.world.fail_next(400, code, path_contains="/events/", times=20)
    connected.look()

    assert [event.doubted_at for event in connected.cached("Odd")] == [None]

    connected.world.faults.failures.clear()
    connected.look(days=1)

    assert connected.cached("Odd") == []


@pytest.mark.invariant(17)
def test_a_pause_is_kept_to_the_second_and_then_work_goes_on(connected: Desk) -> None:
    connected.world.add_event("alice", "Waiting", connected.now + timedelta(days=1))
    connected.world.fail_next(429, "ApplicationThrottled", retry_after="90")
    connected.look()
    connected.tap.clear()

    for _ in range(89):
        connected.look(seconds=1)
    asked = list(connected.tap.sent)
    connected.look(seconds=2)

    assert asked == []
    assert len(connected.cached("Waiting")) == 1


def test_a_refused_write_pauses_the_whole_mailbox(connected: Desk) -> None:
    connected.schedule()
    connected.world.fail_next(
        429, "ApplicationThrottled", retry_after="60", path_contains="/events"
    )
    connected.turn()
    calls = len(connected.tap.graph)

    connected.advance(seconds=59)
    slept = not connected.turn()
    connected.look(seconds=2)

    assert (slept, calls) == (True, 1)
    assert len(connected.titled("Planning")) == 1


def test_a_pause_without_a_length_lasts_ten_seconds(connected: Desk) -> None:
    connected.world.fail_next(429, "TooManyRequests")
    connected.look()

    held = connected.connection()

    assert held.pause_until == connected.now + timedelta(seconds=10)


@pytest.mark.parametrize("status", [500, 503, 504])
def test_an_answer_for_later_is_asked_again_later(connected: Desk, status: int) -> None:
    connected.world.add_event("alice", "Waiting", connected.now + timedelta(days=1))
    connected.world.fail_next(status, "serviceNotAvailable", times=3)

    connected.look()
    failures = connected.connection().failures
    for _ in range(4):
        connected.look(minutes=2)

    assert failures == 1
    assert connected.connection().failures == 0
    assert len(connected.cached("Waiting")) == 1


def test_waits_grow_and_end_at_a_quarter_of_an_hour(connected: Desk) -> None:
    connected.world.fail_next(503, "serviceNotAvailable", times=12)
    connected.advance(minutes=6)

    waits = []
    while connected.turn() and connected.connection().failures:
        held = connected.connection()
        assert held.due_at is not None
        waits.append(held.due_at - connected.now)
        connected.advance(seconds=waits[-1].total_seconds())

    assert timedelta(seconds=10) <= waits[0] <= timedelta(seconds=13)
    assert timedelta(minutes=15) <= waits[-1] <= timedelta(minutes=19)
    assert len(waits) == 12


def test_one_calendar_in_trouble_does_not_hold_up_the_others(connected: Desk) -> None:
    tick(connected, "Projects")
    connected.rest()
    projects = calendar(connected, "Projects")
    connected.world.add_event("alice", "In time", connected.now + timedelta(days=1))

    connected.world.fail_next(
        403, "ErrorAccessDenied", times=50, path_contains=f"/calendars/{projects.graph_id}/"
    )
    connected.look()
    for _ in range(12):
        connected.look(minutes=5)

    assert len(connected.cached("In time")) == 1
    assert connected.connection().state == connections.CONNECTED


def test_a_calendar_that_is_gone_is_noticed_and_read_no_more(connected: Desk) -> None:
    tick(connected, "Projects")
    connected.rest()
    mailbox = connected.world.person("alice").mailbox
    del mailbox.calendars[2]

    for _ in range(3):
        connected.look()

    assert calendar(connected, "Projects").missing_since is not None
    assert connected.connection().failures == 0


def test_pages_without_end_are_given_up_and_begun_anew_later(connected: Desk) -> None:
    def endless(answer: dict[str, Any]) -> None:
        del answer["@odata.deltaLink"]
        answer["@odata.nextLink"] = connected.windows()[2].cursor

    connected.tap.rewrite("GET", DELTA, endless)
    connected.look()
    connected.world.add_event("alice", "After all", connected.now + timedelta(days=1))
    for _ in range(13):
        connected.look()

    assert len(connected.cached("After all")) == 1
    assert connected.in_step()


def test_a_switched_off_integration_asks_microsoft_nothing(connected: Desk) -> None:
    connected.choose("enabled", False)
    connected.world.add_event("alice", "Later", connected.now + timedelta(days=1))

    connected.look(minutes=30)
    asked = list(connected.tap.sent)
    connected.choose("enabled", True)
    connected.look(minutes=2)

    assert asked == []
    assert len(connected.cached("Later")) == 1


@pytest.mark.parametrize("where", ["/calendarView", "/events"])
def test_a_busy_service_that_names_a_time_is_left_alone_until_then(
    connected: Desk, where: str
) -> None:
    connected.schedule()
    connected.world.fail_next(
        503, "ErrorServerBusy", retry_after="90", times=1, path_contains=where
    )
    connected.look()
    connected.tap.clear()

    for _ in range(8):
        connected.look(seconds=11)
    asked = list(connected.tap.sent)
    connected.look(minutes=6)

    assert asked == []
    assert len(connected.titled("Planning")) == 1


@pytest.mark.parametrize("status", [500, 504])
def test_an_event_that_microsoft_fails_about_keeps_nothing_else_waiting(
    connected: Desk, status: int
) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    connected.world.fail_next(status, "failed", times=500, path_contains=f"/events/{event_id}")
    connected.world.delete_event("alice", event_id)
    connected.world.add_event("alice", "Waiting", connected.now + timedelta(days=1))

    connected.look()
    shown = len(connected.cached("Waiting"))
    held = [one.code for one in connected.rows(HeldEvent)]
    connected.world.faults.failures.clear()
    connected.look(minutes=11)

    assert (shown, held) == (1, ["failed"])
    assert connected.meeting(meeting_id).cancelled_at is not None
    assert connected.connection().failures == 0
