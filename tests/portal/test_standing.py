"""The one state a connection is shown in, by what has to end first; and what "in step" takes."""

from datetime import timedelta
from typing import Any

import pytest

from portal import connections, policy
from portal.configuration import settings
from portal.operations import standing
from portal.tables import Calendar, Connection, HeldEvent
from tests import calendar_make as make
from tests.conftest import Portal

HOUR = timedelta(hours=1)


@pytest.fixture
def own(portal: Portal) -> Calendar:
    """Alice's calendar, read a moment ago."""
    with portal.writing() as db:
        return make.connected(db, "alice", now=portal.clock())


def state(portal: Portal, own: Calendar, **differs: Any) -> str:
    with portal.writing() as db:
        row = db.get_one(Connection, own.connection_id)
        for name, value in differs.items():
            setattr(row, name, value)
        return standing.of_person(db, row.person_id, now=portal.clock())


def facts(portal: Portal, own: Calendar) -> standing.Facts:
    with portal.reading() as db:
        row = connections.by_id(db, own.connection_id)
        return standing.facts_of(db, row, policy.of(db, row.person_id), now=portal.clock())


def test_somebody_without_a_connection_has_not_set_it_up(portal: Portal) -> None:
    with portal.reading() as db:
        assert standing.of_person(db, make.person_id(db, "bob"), now=portal.clock()) == "not_set_up"


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({}, "connected"),
        ({"state": "connecting"}, "connecting"),
        ({"failures": 1, "cause": "http_503"}, "retrying"),
        ({"state": "needs_consent", "failures": 1}, "needs_consent"),
        ({"state": "needs_approval"}, "needs_approval"),
        ({"state": "no_mailbox"}, "no_mailbox"),
        ({"paused_by": "person", "state": "needs_consent"}, "paused"),
        ({"paused_by": "admin", "state": "disconnected"}, "disconnected"),
    ],
)
def test_what_has_to_end_first_is_the_state(
    portal: Portal, own: Calendar, differs: dict[str, Any], expected: str
) -> None:
    assert state(portal, own, **differs) == expected


def test_a_switched_off_integration_blocks_whatever_else_holds(
    portal: Portal, own: Calendar
) -> None:
    with portal.writing() as db:
        by = make.person_id(db, "carol")
        settings.choose(db, "enabled", False, by=by, now=portal.clock())

    assert state(portal, own, paused_by="person") == "blocked_by_policy"


def test_the_brake_and_a_pause_of_microsoft_have_states_of_their_own(
    portal: Portal, own: Calendar
) -> None:
    soon = portal.clock() + HOUR

    assert state(portal, own, pause_until=soon) == "retrying"
    assert state(portal, own, held_at=portal.clock()) == "held"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(29, "connected"), (31, "delayed"), (119, "delayed"), (121, "stalled")],
)
def test_time_without_a_good_round_tells(
    portal: Portal, own: Calendar, minutes: int, expected: str
) -> None:
    portal.clock.advance(minutes=minutes)

    assert state(portal, own) == expected


def test_rounds_that_read_nothing_were_no_good_rounds(portal: Portal, own: Calendar) -> None:
    portal.clock.advance(hours=3)

    assert state(portal, own, good_at=portal.clock()) == "stalled"


def test_a_pause_that_just_ended_is_no_delay(portal: Portal, own: Calendar) -> None:
    portal.clock.advance(hours=3)

    assert state(portal, own, resumed_at=portal.clock()) == "connected"


def test_both_sides_are_in_step_when_nothing_is_left_to_do(portal: Portal, own: Calendar) -> None:
    assert facts(portal, own).in_step


def test_a_look_too_long_ago_is_not_in_step(portal: Portal, own: Calendar) -> None:
    portal.clock.advance(minutes=14)
    early = facts(portal, own)
    portal.clock.advance(minutes=2)

    assert (early.in_step, facts(portal, own).late) == (True, 1)


def test_what_waits_what_was_refused_and_what_cannot_be_read_counts(
    portal: Portal, own: Calendar
) -> None:
    with portal.writing() as db:
        now = portal.clock()
        for title, outcome in (("Waits", None), ("Refused", "failed"), ("Given up", "given up")):
            made = make.meeting(db, "alice", title, now + HOUR, now=now)
            [change] = made.changes
            change.outcome, change.done_at = outcome, now if outcome else None
        held = HeldEvent(calendar_id=own.id, graph_id="x", code="unreadable", since=now, ask_at=now)
        db.add(held)
        calendar = db.get_one(Calendar, own.id)
        calendar.held_until = now + HOUR
        make.window(db, make.calendar(db, calendar.connection, "Second"), now=now, filled=False)

    found = facts(portal, own)

    counted = (found.waiting, found.refused, found.troubled, found.unread)
    assert (counted, found.in_step) == ((1, 1, 2, 1), False)


def test_a_part_that_is_read_as_a_list_is_read(portal: Portal, own: Calendar) -> None:
    with portal.writing() as db:
        [window] = db.get_one(Calendar, own.id).windows
        window.held_code, window.by_list = "delta_repeats", True
    as_a_list = facts(portal, own)

    with portal.writing() as db:
        db.get_one(Calendar, own.id).windows[0].held_code = "ErrorInternalServerError"

    assert (as_a_list.troubled, facts(portal, own).troubled) == (0, 1)
