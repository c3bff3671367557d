"""Windows whose changes Microsoft cannot tell: cut in two, kept by list, and tried again."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from portal import quarters
from portal.tables import Event
from tests.sync.desk import Desk

WHOLE = 2  # quarters that the coverage of these stories touches


@pytest.fixture
def near(desk: Desk) -> Desk:
    """Alice's desk with a short coverage, so that few windows misbehave."""
    desk.choose("back_months", 0)
    desk.choose("forward_months", 3)
    return desk


def lengths(desk: Desk) -> list[int]:
    return [(one.ends_at - one.starts_at).days for one in desk.windows()]


def busy(desk: Desk, *, count: int = 120) -> None:
    """So many events in the present quarter that they take several pages."""
    for number in range(count):
        desk.world.add_event("alice", f"Stop {number}", desk.now + timedelta(hours=number * 6))


def without_gaps(desk: Desk) -> bool:
    return all(one.ends_at == other.starts_at for one, other in pairwise(desk.windows()))


def is_the_list(desk: Desk) -> bool:
    """Like `in_step`, where a whole day at the edge is shown that belongs to the next quarter."""
    first, last = desk.windows()[0].starts_at, desk.windows()[-1].ends_at
    shown = desk.world.view("alice", first, last)
    inside = [one for one in shown if one["start"]["dateTime"] < last.isoformat()[:19]]
    return desk.graph_ids() == {one["id"] for one in inside}


def rows_are_at_home(desk: Desk) -> bool:
    """Whether every row lives in the window of its start, or in the first one."""
    held = {one.id: one for one in desk.windows()}
    first = desk.windows()[0]
    return all(
        held[row.home_id].starts_at <= row.starts_at < held[row.home_id].ends_at
        or (row.home_id == first.id and row.starts_at < first.starts_at)
        for row in desk.rows(Event)
        if row.home_id is not None
    )


def test_a_window_that_repeats_a_page_is_cut_and_nothing_is_lost_or_doubled(near: Desk) -> None:
    busy(near)
    near.world.turn("delta.identical_pages", 1, "alice")
    near.connect()

    near.rest()

    assert len(lengths(near)) > WHOLE
    assert min(lengths(near)) >= 7
    assert without_gaps(near)
    assert rows_are_at_home(near)
    assert near.in_step()


def test_rounds_without_end_are_replaced_by_a_list(near: Desk) -> None:
    near.world.turn("delta.loop", True, "alice")
    near.choose("forward_months", 1)
    near.connect()

    near.rest()

    full = [one for one in near.windows() if one.by_list]
    assert full
    assert {one.held_code for one in full} <= {"delta_repeats", "delta_endless"}
    assert all((one.ends_at - one.starts_at).days < 14 for one in full)
    assert is_the_list(near)


def test_a_window_kept_by_list_follows_outlook_every_hour(near: Desk) -> None:
    lunch = near.world.add_event("alice", "Lunch", near.now + timedelta(days=1))
    near.world.turn("delta.loop", True, "alice")
    near.choose("forward_months", 1)
    near.connect()
    near.rest()

    near.world.delete_event("alice", lunch)
    near.world.add_event("alice", "Supper", near.now + timedelta(days=1))
    near.look()
    before = near.cached("Supper")
    near.look_everywhere()

    assert before == []
    assert len(near.cached("Supper")) == 1
    assert is_the_list(near)


def test_time_outs_of_long_windows_end_in_shorter_ones(near: Desk) -> None:
    busy(near, count=20)
    near.world.turn("delta.timeout_days", 60, "alice")
    near.connect()

    near.rest()
    for _ in range(8):
        near.look(seconds=20)

    assert max(lengths(near)) <= 58
    assert without_gaps(near)
    assert near.in_step()


def test_an_outage_cuts_no_window(connected: Desk) -> None:
    connected.world.turn("wire.refuse", "504 GatewayTimeout", "alice")
    for _ in range(10):
        connected.look(minutes=16)

    connected.world.turn("wire.refuse", "no", "alice")
    connected.look(minutes=20)

    assert len(connected.windows()) == 9
    assert connected.connection().failures == 0


def test_time_outs_in_mid_round_do_not_hold_up_other_windows(near: Desk) -> None:
    busy(near)
    near.world.turn("delta.timeout", True, "alice")
    near.connect()

    near.rest()
    filled = sum(one.filled_at is not None for one in near.windows())
    for _ in range(8):
        near.look(seconds=20)

    assert filled == WHOLE - 1
    assert near.in_step()


def test_links_that_die_at_once_end_in_pieces_of_one_page(near: Desk) -> None:
    busy(near)
    near.world.turn("delta.dead", True, "alice")
    near.connect()

    near.rest()

    assert len(lengths(near)) > WHOLE
    assert near.in_step()


def test_changes_of_a_window_kept_by_list_are_tried_again_after_a_day(near: Desk) -> None:
    near.world.turn("delta.loop", True, "alice")
    near.choose("forward_months", 1)
    near.connect()
    near.rest()
    near.world.turn("delta.loop", False, "alice")

    for _ in range(25):
        near.look_everywhere()

    assert not any(one.by_list for one in near.windows())
    assert {one.held_code for one in near.windows()} == {None}
    assert is_the_list(near)


def test_pieces_are_whole_again_when_the_quarter_turns(near: Desk) -> None:
    busy(near)
    near.world.turn("delta.identical_pages", 1, "alice")
    near.connect()
    near.rest()
    cut = len(lengths(near))
    near.world.turn("delta.identical_pages", 0, "alice")

    near.live_on(days=45)

    assert cut > WHOLE
    assert len(lengths(near)) == WHOLE
    assert {quarters.quarter_of(one.starts_at) for one in near.windows()} == {
        one.starts_at for one in near.windows()
    }
    assert near.in_step()


def test_a_page_nobody_can_read_holds_its_window_and_no_other(connected: Desk) -> None:
    far = connected.now + timedelta(days=120)
    connected.world.add_event("alice", "Near", connected.now + timedelta(days=1))
    connected.world.add_event("alice", "Far", far)

    def spoil(answer: dict[str, Any]) -> None:
        answer["value"] = "nothing"

    connected.tap.rewrite("GET", "calendarView/delta", spoil)
    connected.look_everywhere()
    [held] = [one for one in connected.windows() if one.held_code]
    connected.look_everywhere()

    assert held.held_code == "unreadable"
    assert {one.held_code for one in connected.windows()} == {None}
    assert connected.in_step()


@pytest.mark.parametrize("days", [3, 30])
def test_an_event_over_the_cut_has_one_home(near: Desk, days: int) -> None:
    middle = datetime.fromisoformat("2026-11-16T00:00:00+00:00")
    near.world.add_event("alice", "Over the cut", middle - timedelta(days=days), middle)
    busy(near)
    near.world.turn("delta.identical_pages", 1, "alice")
    near.connect()

    near.rest()

    assert len(near.cached("Over the cut")) == 1
    assert rows_are_at_home(near)
