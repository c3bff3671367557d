"""Several calendars in one mailbox: each may be in trouble, leave, or come back by another name."""

from datetime import timedelta

import pytest

from portal import connections
from portal.tables import Calendar
from tests.sync.desk import Desk
from tests.sync.test_following import calendar, tick


@pytest.fixture
def two(connected: Desk) -> Desk:
    """Alice reads Projects beside her own calendar; everything is read."""
    tick(connected, "Projects")
    connected.rest()
    connected.tap.clear()
    return connected


def forbid(desk: Desk, name: str, *, times: int = 1) -> Calendar:
    held = calendar(desk, name)
    desk.world.fail_next(
        403, "ErrorAccessDenied", times=times, path_contains=f"/calendars/{held.graph_id}/"
    )
    return held


def asked_of(desk: Desk, one: Calendar) -> int:
    return sum(f"/calendars/{one.graph_id}/" in sent.path for sent in desk.tap.graph)


def test_a_single_refusal_is_asked_about_again_a_minute_later(two: Desk) -> None:
    forbid(two, "Projects")

    two.look()
    doubted = calendar(two, "Projects")
    two.look(seconds=61)

    assert (doubted.held_until, doubted.held_code) == (two.now - timedelta(seconds=1), None)
    assert calendar(two, "Projects").held_until is None
    assert two.connection().failures == 0


def test_a_second_refusal_holds_the_calendar_for_an_hour_and_the_others_go_on(two: Desk) -> None:
    projects = forbid(two, "Projects", times=2)
    two.look()
    two.look(seconds=61)
    held, asked = calendar(two, "Projects"), asked_of(two, projects)

    two.world.add_event("alice", "In time", two.now + timedelta(days=1))
    two.look(minutes=50)

    assert held.held_code == "ErrorAccessDenied"
    assert asked_of(two, projects) == asked
    assert len(two.cached("In time")) == 1
    assert two.connection().state == connections.CONNECTED


def test_a_calendar_that_may_be_read_again_is_read_within_the_hour(two: Desk) -> None:
    forbid(two, "Projects", times=2)
    two.look()
    two.look(seconds=61)
    two.world.add_event("alice", "Milestone", two.now + timedelta(days=1), calendar="Projects")

    two.look(minutes=61)

    assert len(two.cached("Milestone")) == 1
    assert (calendar(two, "Projects").held_until, calendar(two, "Projects").held_code) == (
        None,
        None,
    )


def test_a_refusal_of_every_calendar_is_the_mailboxs_and_asked_again_hourly(two: Desk) -> None:
    two.world.fail_next(403, "ErrorAccessDenied", times=50, path_contains="/calendars/")

    two.look()
    two.look(minutes=2)
    two.tap.clear()
    two.look(minutes=50)

    assert two.tap.graph == []
    assert two.connection().cause == "ErrorAccessDenied"
    assert calendar(two, "Projects").held_until is None


def test_a_calendar_shared_the_old_way_does_not_slow_down_the_others(two: Desk) -> None:
    odd = calendar(two, "Projects")
    part = f"/calendars/{odd.graph_id}/"
    two.world.fail_next(500, "ErrorInternalServerTransientError", times=99, path_contains=part)
    two.look()
    two.look(seconds=61)

    two.world.add_event("alice", "In time", two.now + timedelta(days=1))
    two.look()

    assert len(two.cached("In time")) == 1
    assert calendar(two, "Projects").held_code == "ErrorInternalServerTransientError"
    assert two.connection().failures == 0


def test_a_held_calendar_does_not_keep_a_reconnected_mailbox_from_writing(two: Desk) -> None:
    forbid(two, "Projects", times=50)
    two.connect()
    two.look(seconds=1)

    two.look(seconds=61)
    two.schedule("After all")
    two.look()

    assert not two.connection().only_reads
    assert len(two.titled("After all")) == 1


def test_without_a_mailbox_it_is_asked_once_a_day(connected: Desk) -> None:
    connected.world.fail_next(404, "MailboxNotEnabledForRESTAPI", times=2)
    connected.look()
    state = connected.connection().state
    connected.tap.clear()

    connected.look(hours=23)
    asked = len(connected.tap.graph)
    connected.look(hours=2)
    still = connected.connection().state
    connected.look(hours=25)

    assert (state, asked, still) == (connections.NO_MAILBOX, 0, connections.NO_MAILBOX)
    assert connected.connection().state == connections.CONNECTED
    assert connected.in_step()
