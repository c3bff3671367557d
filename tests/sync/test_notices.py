"""Notices: what Microsoft tells of is looked at soon, once, and where it belongs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import connections, windows
from tests.sync.desk import Desk
from tests.sync.test_series import weekly
from tests.sync.told import DELTA, Told

Deed = Callable[[Desk, str], object]
DEEDS: dict[str, Deed] = {
    "renamed": lambda desk, one: desk.world.rename_event("alice", one, "Long visit"),
    "moved": lambda desk, one: desk.world.move_event("alice", one, desk.now + timedelta(days=4)),
    "moved to another quarter": lambda desk, one: desk.world.move_event(
        "alice", one, desk.now + timedelta(days=80)
    ),
    "deleted": lambda desk, one: desk.world.delete_event("alice", one),
}


def visit(desk: Desk, title: str = "Visit", **ahead: float) -> str:
    """An event at Outlook; returns its id."""
    start = desk.now + timedelta(**(ahead or {"days": 3}))
    return desk.world.add_event("alice", title, start)


def test_a_new_event_is_here_without_a_poll(told: Told) -> None:
    visit(told.desk)

    told.follow()

    assert len(told.desk.cached("Visit")) == 1


@pytest.mark.parametrize("deed", DEEDS.values(), ids=list(DEEDS))
def test_what_was_done_to_an_event_is_seen_without_a_poll(told: Told, deed: Deed) -> None:
    event = visit(told.desk)
    told.come_to_rest()

    deed(told.desk, event)
    told.follow(seconds=1)

    assert told.desk.in_step()


def test_only_the_window_of_the_event_is_looked_at(told: Told) -> None:
    event = visit(told.desk)
    told.come_to_rest()
    told.desk.tap.clear()

    told.desk.world.rename_event("alice", event, "Long visit")
    told.follow(seconds=1)

    assert (told.looks, told.asked_by_id) == (1, [])


def test_an_event_far_ahead_is_looked_for_where_it_lies(told: Told) -> None:
    visit(told.desk, days=400)

    told.follow()

    assert len(told.desk.cached("Visit")) == 1
    assert told.looks == 1


def test_a_series_is_followed_into_every_quarter(told: Told) -> None:
    series = weekly(told.desk, count=30)
    told.follow()
    told.come_to_rest()

    told.desk.world.rename_event("alice", series, "Daily")
    told.follow(seconds=1)

    assert told.desk.in_step()
    assert len(told.desk.cached("Daily")) == 1


def test_the_first_notice_is_followed_at_once_and_later_ones_together(told: Told) -> None:
    for step in range(5):
        visit(told.desk, f"Stop {step}")
        told.follow(seconds=0.5)
    at_once = told.looks
    told.follow(seconds=3)

    assert at_once == 1
    assert told.looks == 2
    assert len([title for title in told.desk.titles() if title.startswith("Stop")]) == 5


def test_another_look_follows_after_half_a_minute_and_then_no_more(told: Told) -> None:
    event = visit(told.desk)
    told.come_to_rest()
    told.desk.tap.clear()

    told.desk.world.rename_event("alice", event, "Long visit")
    looks = []
    for _ in range(6):
        told.follow(seconds=10)
        looks.append(told.looks)

    assert looks == [1, 1, 1, 2, 2, 2]
    assert told.notices == []


def test_what_shows_only_after_the_notice_is_found_by_the_later_look(told: Told) -> None:
    event = visit(told.desk)
    told.come_to_rest()
    told.desk.world.turn("reads.delay", 10)

    told.desk.world.rename_event("alice", event, "Long visit")
    told.follow(seconds=1)
    missed = told.desk.cached("Long visit")
    told.follow(seconds=30)

    assert missed == []
    assert len(told.desk.cached("Long visit")) == 1


def test_an_event_of_a_calendar_that_is_not_read_makes_nothing_due(told: Told) -> None:
    told.desk.world.person("alice").mailbox.add_calendar("Private")
    told.desk.world.add_event(
        "alice", "Secret", told.desk.now + timedelta(days=1), calendar="Private"
    )

    told.follow()

    assert (told.looks, told.desk.cached("Secret")) == (0, [])


def test_an_event_that_is_gone_again_makes_nothing_due(told: Told) -> None:
    event = visit(told.desk)
    told.desk.world.delete_event("alice", event)

    told.follow()

    assert told.looks == 0


def test_many_unknown_events_are_not_asked_for_one_by_one(told: Told) -> None:
    for number in range(21):
        visit(told.desk, f"Visit {number}", hours=number)

    told.follow()

    assert told.asked_by_id == []
    assert told.desk.in_step()


def test_notices_survive_a_turn_that_microsoft_cuts_short(told: Told) -> None:
    visit(told.desk)
    told.desk.world.fail_next(429, "TooManyRequests", retry_after="20")

    told.follow()
    told.follow(seconds=21)

    assert len(told.desk.cached("Visit")) == 1


def test_a_window_that_is_in_trouble_is_not_hurried(told: Told) -> None:
    event = visit(told.desk)
    told.come_to_rest()
    home = told.desk.cached("Visit")[0].home_id
    with told.desk.database.writing() as db:
        for window in told.desk.windows():
            if window.id == home:
                held = db.merge(window)
                held.held_code, held.due_at = "too_slow", told.desk.now + timedelta(hours=1)
    told.desk.tap.clear()

    told.desk.world.rename_event("alice", event, "Long visit")
    told.follow(seconds=1)

    assert told.looks == 0


def test_a_notice_about_our_own_write_changes_nothing(told: Told) -> None:
    told.desk.settled("Planning")

    told.come_to_rest()

    assert told.writes == []
    assert told.desk.in_step()


def test_what_waits_goes_between_two_pages_of_a_backfill(told: Told) -> None:
    event = visit(told.desk)
    for number in range(150):
        visit(told.desk, f"Trip {number}", days=-80, minutes=number)
    told.come_to_rest()
    told.desk.world.expire_delta_tokens("alice")
    told.desk.look_everywhere()
    with told.desk.database.writing() as db:
        oldest = db.merge(told.desk.windows()[1])
        windows.refill(oldest, now=told.desk.now)
        connections.mark_due(db, told.desk.connection().id, now=told.desk.now)
    told.desk.tap.clear()

    def meanwhile() -> None:
        told.desk.world.rename_event("alice", event, "Long visit")
        told.deliver()
        told.desk.schedule("Planning")

    told.desk.tap.before("GET", DELTA, meanwhile)
    told.desk.rest()

    asked = [one.path for one in told.desk.tap.graph]
    pages = [number for number, path in enumerate(asked) if "skiptoken" in path]
    assert told.desk.tap.writes
    assert len(pages) > 1
    assert asked.index(told.desk.tap.writes[0].path) < pages[0]
    assert told.desk.in_step()


FAULTS: dict[str, dict[str, Any]] = {
    "doubled a hundred times": {"notices.copies": 100},
    "in reverse": {"notices.reordered": True},
    "all lost": {"notices.lost": 1},
    "half lost": {"notices.lost": 2},
    "silent": {"notices.silent": True},
    "a day late": {"notices.late": 86_400},
    "beside ones with a wrong secret": {"notices.forged": "client_state"},
    "beside ones of nobody's subscription": {"notices.forged": "subscription"},
    "said again and again": {"notices.extra_updates": 3},
    "the creation last": {"notices.created_last": True, "notices.extra_updates": 1},
}


@pytest.mark.parametrize("switches", FAULTS.values(), ids=list(FAULTS))
def test_whatever_befalls_notices_both_sides_end_the_same(
    told: Told, switches: dict[str, Any]
) -> None:
    desk = told.desk
    planning = desk.settled("Planning")
    for switch, position in switches.items():
        desk.world.turn(switch, position)

    events = [visit(desk, f"Visit {number}", days=number) for number in range(1, 5)]
    told.follow(seconds=1)
    desk.world.rename_event("alice", events[0], "Renamed")
    desk.world.delete_event("alice", events[1])
    desk.world.move_event("alice", events[2], desk.now + timedelta(days=100))
    desk.world.rename_event("alice", desk.outlook_id(planning), "Planned")
    told.come_to_rest()
    told.desk.look(hours=25)
    told.come_to_rest()

    assert desk.in_step()
    assert desk.meeting(planning).title == "Planned"
    assert told.notices == []
    assert told.writes == []


def test_what_is_told_again_much_later_changes_nothing(told: Told) -> None:
    event = visit(told.desk)
    told.follow()
    told.desk.world.delete_event("alice", event)
    told.come_to_rest()

    told.desk.world.notices.repeat("alice")
    told.come_to_rest()

    assert told.desk.in_step()


def test_a_new_event_need_not_wait_for_a_window_that_is_being_filled(told: Told) -> None:
    told.desk.world.fail_next(503, "serviceNotAvailable", times=9, path_contains=DELTA)

    visit(told.desk)
    told.follow()

    assert len(told.desk.cached("Visit")) == 1


def test_twenty_thousand_notices_cost_one_fetch_of_each_event_at_most(told: Told) -> None:
    """In a hundred events; each POST is answered before anything is looked at."""
    events = [visit(told.desk, f"Stop {number}", hours=number) for number in range(100)]
    told.deliver()
    [one] = told.at_microsoft
    told.desk.tap.clear()
    told.answers.clear()

    for first in range(0, 20_000, 50):
        named = [events[number % 100] for number in range(first, first + 50)]
        told.say(one.id, one.client_state, named)
    told.inbox.drain()
    told.desk.rest()
    told.come_to_rest()

    assert set(told.answers) == {202}
    assert len(told.answers) == 400
    assert told.asked_by_id == []
    assert told.looks <= 12
    assert told.desk.in_step()
