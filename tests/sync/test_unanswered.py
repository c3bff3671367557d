"""Microsoft fails about some items: no other answer is taken for theirs, and the rest goes on."""

from datetime import timedelta

import httpx2
import pytest

from portal import claims
from portal.tables import HeldEvent
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.test_brake import cancelled, delete, is_held, several
from tests.sync.test_leaving import disconnect
from tests.sync.test_reconnect import release

FAR = timedelta(days=900)  # beyond the coverage: no window shows it


def said_to_be_removed(desk: Desk, event_id: str) -> None:
    """A round says so, though the event is there."""
    removed = {"id": event_id, "@removed": {"reason": "deleted"}}

    def add(answer: dict[str, list[object]]) -> None:
        answer["value"].append(removed)

    desk.tap.rewrite("GET", "calendarView/delta", add)


def answers(desk: Desk, part: str, status: int, code: str) -> None:
    """The next answer to such a question."""
    body = {"error": {"code": code, "message": "-"}}
    desk.tap.after("GET", part, lambda: httpx2.Response(status, json=body))


def never_comes(desk: Desk, part: str) -> None:
    def broken() -> httpx2.Response:
        desk.tap.after("GET", part, broken)
        return httpx2.Response(500, json={"error": {"code": "failed"}})

    desk.tap.after("GET", part, broken)


def fail(desk: Desk, *parts: str, times: int = 99) -> None:
    for part in parts:
        desk.world.fail_next(500, "failed", times=times, path_contains=part)


def many_deleted_unlisted(desk: Desk, count: int) -> None:
    """So many events that a list is to sort them out, and it never comes."""
    start = desk.now + timedelta(days=3)
    made = [desk.world.add_event(WHO, f"Stop {n}", start) for n in range(count)]
    desk.look()
    for event_id in made:
        desk.world.delete_event(WHO, event_id)
    never_comes(desk, "/calendarView?")


def overtaking(desk: Desk, part: str) -> list[claims.Claim | None]:
    """Another worker tries to take the mailbox at each such question; what came of it."""
    claimed: list[claims.Claim | None] = []

    def overtake() -> None:
        desk.tap.before("GET", part, overtake)
        with desk.database.writing() as db:
            claimed.append(claims.claim_due(db, now=desk.now))

    desk.tap.before("GET", part, overtake)
    return claimed


def at_first_and_later(desk: Desk) -> tuple[int, int, bool]:
    """How many were cancelled while Microsoft fails, and afterwards; whether they are held."""
    desk.look()
    at_first = cancelled(desk)
    desk.world.faults.failures.clear()
    for _ in range(3):
        desk.look()
    return at_first, cancelled(desk), is_held(desk)


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "ErrorItemNotFound"), (403, "ErrorAccessDenied"), (400, "ErrorInvalidRequest")],
)
def test_a_missing_list_of_calendars_is_no_news_of_an_event(
    connected: Desk, status: int, code: str
) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    said_to_be_removed(connected, event_id)
    fail(connected, f"/events/{event_id}", times=1)
    answers(connected, "/calendars?", status, code)

    connected.look()
    connected.look()

    assert connected.meeting(meeting_id).cancelled_at is None
    assert connected.in_step()


@pytest.mark.parametrize("part", ["/mailboxSettings", "/calendars?"])
def test_nor_is_it_of_one_that_was_moved(connected: Desk, part: str) -> None:
    meeting_id = connected.settled()
    world = connected.world
    world.person(WHO).mailbox.add_calendar("New")
    world.move_to_calendar(WHO, connected.outlook_id(meeting_id), "New")
    answers(connected, part, 404, "ErrorItemNotFound")

    connected.look()
    connected.look()

    assert connected.meeting(meeting_id).cancelled_at is None


@pytest.mark.invariant(7)
def test_the_brake_waits_for_series_that_microsoft_fails_about(connected: Desk) -> None:
    made = [serial.settled(connected, f"S {n}", recurrence=serial.weekly(3)) for n in range(8)]
    fail(connected, *[f"/events/{connected.outlook_id(one)}/calendar" for one in made[:3]])
    delete(connected, made)

    assert at_first_and_later(connected) == (0, 0, True)


@pytest.mark.invariant(7)
def test_the_brake_waits_where_the_cache_had_been_emptied(connected: Desk) -> None:
    made = several(connected, 8)
    disconnect(connected)
    fail(connected, *[f"/events/{connected.outlook_id(one)}" for one in made[:3]])
    delete(connected, made)
    connected.connect()
    connected.rest()
    release(connected)

    assert at_first_and_later(connected) == (0, 0, True)


@pytest.mark.invariant(7)
def test_the_brake_waits_where_no_window_shows_them(connected: Desk) -> None:
    made = [connected.settled(f"Far {n}", starts=FAR) for n in range(8)]
    fail(connected, *[f"/events/{connected.outlook_id(one)}" for one in made[:3]])
    delete(connected, made)
    connected.advance(days=1)

    assert at_first_and_later(connected) == (0, 0, True)


def test_many_without_an_answer_keep_no_other_from_being_asked_for(connected: Desk) -> None:
    made = [connected.settled(f"Far {n}", starts=FAR) for n in range(25)]
    silent = [f"/events/{connected.outlook_id(one)}" for one in made[:22]]
    fail(connected, *silent)
    delete(connected, made[-1:])

    connected.look(days=1)
    connected.look(minutes=16)

    assert connected.meeting(made[-1]).cancelled_at is not None


def test_the_lease_is_kept_while_many_lost_events_are_asked_for(connected: Desk) -> None:
    made = several(connected, 45, apart=timedelta(hours=6))
    disconnect(connected)
    delete(connected, made)
    connected.connect()
    connected.tap.takes = timedelta(seconds=2)
    overtaken = overtaking(connected, "/events/")
    connected.look()

    assert len(overtaken) >= 45
    assert not any(overtaken)
    assert (cancelled(connected), is_held(connected)) == (0, True)


def test_one_unreadable_calendar_holds_up_nothing_beside_an_event_without_an_answer(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    fail(connected, f"/events/{event_id}")
    connected.world.delete_event(WHO, event_id)
    connected.world.add_event(WHO, "Waiting", connected.now + timedelta(days=1))

    def spoil(answer: dict[str, list[dict[str, object]]]) -> None:
        connected.tap.rewrite("GET", "/calendars?", spoil)
        answer["value"][-1]["name"] = 7

    connected.tap.rewrite("GET", "/calendars?", spoil)
    connected.look()

    assert len(connected.cached("Waiting")) == 1
    assert [one.code for one in connected.rows(HeldEvent)] == ["failed"]


def test_a_mailbox_without_settings_is_read_all_the_same(connected: Desk) -> None:
    def missing() -> httpx2.Response:
        connected.tap.after("GET", "/mailboxSettings", missing)
        return httpx2.Response(404, json={"error": {"code": "ErrorItemNotFound"}})

    connected.tap.after("GET", "/mailboxSettings", missing)
    connected.world.add_event(WHO, "Waiting", connected.now + timedelta(days=2))
    connected.look(hours=25)

    assert len(connected.cached("Waiting")) == 1


def test_slow_lists_that_never_come_leave_each_turn_an_event_to_be_asked_for(
    connected: Desk,
) -> None:
    many_deleted_unlisted(connected, 24)
    connected.tap.takes = timedelta(seconds=5)
    connected.look()
    connected.tap.takes = timedelta(0)

    assert connected.in_step()


def test_a_list_that_never_comes_holds_up_no_series_and_no_window(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    never_comes(connected, "$select=id%2Cstart")
    connected.look(hours=25)
    there = serial.there(connected, meeting_id)
    connected.world.rename_event(WHO, there[serial.monday(1)]["id"], "Renamed")
    connected.look()

    assert serial.here(connected, meeting_id)[serial.monday(1)].title == "Renamed"
    assert None not in [one.compared_at for one in connected.windows()]
    assert connected.connection().failures == 0


def test_a_list_that_never_comes_leaves_many_candidates_to_be_asked_for(connected: Desk) -> None:
    many_deleted_unlisted(connected, 30)
    connected.world.add_event(WHO, "Waiting", connected.now + timedelta(days=3))
    connected.look()
    connected.look()

    assert len(connected.cached("Waiting")) == 1
    assert connected.in_step()


def test_the_lease_is_kept_while_slow_lists_fail(connected: Desk) -> None:
    many_deleted_unlisted(connected, 24)
    connected.tap.takes = timedelta(seconds=25)
    overtaken = overtaking(connected, "/me/")
    connected.look()

    assert len(overtaken) >= 24
    assert not any(overtaken)
