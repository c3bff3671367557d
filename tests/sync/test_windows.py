"""Windows: which quarters are held, how they are filled, and what a quarter's turn does."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta

from portal import quarters, windows
from portal.coverage import Coverage
from portal.tables import Link, Meeting, Window
from tests.sync.desk import Desk

NARROW = Coverage(relativedelta(), relativedelta(days=30))


def quarter(year: int, number: int) -> datetime:
    return datetime(year, 3 * number - 2, 1, tzinfo=UTC)


def months(back: int, forward: int) -> Coverage:
    return Coverage(relativedelta(months=back), relativedelta(months=forward))


@pytest.mark.parametrize(
    ("now", "first", "last", "count"),
    [
        (datetime(2026, 11, 18, 9, tzinfo=UTC), quarter(2026, 2), quarter(2028, 2), 9),
        (datetime(2026, 10, 1, tzinfo=UTC), quarter(2026, 2), quarter(2028, 1), 8),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), quarter(2026, 2), quarter(2028, 2), 9),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), quarter(2027, 3), quarter(2029, 3), 9),
    ],
)
def test_quarters_touch_the_coverage_and_leave_no_gap(
    now: datetime, first: datetime, last: datetime, count: int
) -> None:
    spans = quarters.quarters(now, months(6, 18))

    assert (spans[0][0], spans[-1][0], len(spans)) == (first, last, count)
    assert all(one[1] == other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("now", "starts"),
    [
        (datetime(2026, 11, 18, 9, tzinfo=UTC), [quarter(2026, 4)]),
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), [quarter(2026, 4)]),
        (datetime(2026, 12, 3, tzinfo=UTC), [quarter(2026, 4), quarter(2027, 1)]),
        (datetime(2027, 1, 1, tzinfo=UTC), [quarter(2027, 1)]),
    ],
)
def test_version_one_holds_one_quarter_or_two(now: datetime, starts: list[datetime]) -> None:
    assert [start for start, _end in quarters.quarters(now, NARROW)] == starts


def test_a_quarter_begins_in_utc_wherever_the_moment_was_written() -> None:
    tokyo = datetime.fromisoformat("2027-01-01T08:00:00+09:00")

    assert quarters.quarter_of(tokyo) == quarter(2026, 4)


def window(year: int, number: int) -> Window:
    end = quarter(year + 1, 1) if number == 4 else quarter(year, number + 1)
    return Window(starts_at=quarter(year, number), ends_at=end)


HELD = [window(2026, 4), window(2027, 1)]


@pytest.mark.parametrize(
    ("start", "end", "home"),
    [
        (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, 1, tzinfo=UTC), 0),
        (datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), 1),
        (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC), 0),
        (datetime(2026, 9, 30, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), None),
        (datetime(2027, 4, 1, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC), None),
    ],
)
def test_home_is_the_window_of_the_start_or_the_first_one(
    start: datetime, end: datetime, home: int | None
) -> None:
    expected = None if home is None else HELD[home]

    assert windows.home_of(HELD, start=start, end=end) is expected
    assert windows.home_of(reversed(HELD), start=start, end=end) is expected


def test_filling_begins_with_the_present_then_the_future_then_the_past(desk: Desk) -> None:
    desk.connect()
    desk.tap.takes = timedelta(seconds=10)  # so that every window takes a turn of its own

    order: list[datetime] = []
    while desk.turn():
        filled = {one.starts_at for one in desk.windows() if one.filled_at}
        order += sorted(filled - set(order))

    held = [one.starts_at for one in desk.windows()]
    assert order == [*held[2:], held[1], held[0]]


def test_hot_windows_keep_step_while_the_rest_is_still_being_filled(desk: Desk) -> None:
    desk.connect()
    desk.tap.takes = timedelta(seconds=10)
    for _ in range(4):
        desk.turn()

    desk.world.add_event("alice", "Just added", desk.now + timedelta(hours=3))
    desk.advance(minutes=6)
    desk.turn()

    assert desk.cached("Just added")
    assert not all(one.filled_at for one in desk.windows())


def test_at_a_quarter_turn_a_window_opens_and_one_closes(connected: Desk) -> None:
    before = [one.starts_at for one in connected.windows()]
    new_year = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)

    connected.advance(seconds=(new_year - connected.now).total_seconds())
    connected.rest()

    after = [one.starts_at for one in connected.windows()]
    assert before[0] == quarter(2026, 2)
    assert after == [*before[1:], quarter(2028, 3)]
    assert all(one.filled_at for one in connected.windows())
    assert connected.in_step()


def test_meetings_and_links_outlive_their_window(connected: Desk) -> None:
    meeting_id = connected.settled("Old times")

    connected.live_on(days=400)

    assert [one.id for one in connected.rows(Meeting)] == [meeting_id]
    assert len(connected.rows(Link)) == 1
    assert connected.meeting(meeting_id).cancelled_at is None
    assert connected.cached("Old times") == []


def test_what_reaches_into_the_coverage_stays_when_its_first_window_closes(desk: Desk) -> None:
    long_ago, until = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
    desk.world.add_event("alice", "Sabbatical", long_ago, until)
    desk.connect()
    desk.rest()

    desk.advance(days=45)
    desk.rest()

    [sabbatical] = desk.cached("Sabbatical")
    assert sabbatical.home_id == desk.windows()[0].id
    assert desk.windows()[0].starts_at == quarter(2026, 3)


def test_masters_leave_with_the_last_window_of_their_series(connected: Desk) -> None:
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "endDate", "startDate": "2026-11-19", "endDate": "2026-11-22"}
    start = datetime(2026, 11, 19, 9, tzinfo=UTC)
    series = {"pattern": pattern, "range": span}
    connected.world.add_event("alice", "Course", start, recurrence=series)
    connected.look()
    [master] = connected.cached("Course")

    connected.live_on(days=400)

    assert master.kind == "master"
    assert connected.cached("Course") == []


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1), date(2026, 4, 1)])
def test_all_day_events_at_the_edge_of_a_quarter_are_there_once(desk: Desk, day: date) -> None:
    desk.world.add_event("alice", "Edge", day)

    desk.connect()
    desk.rest()

    [event] = desk.cached("Edge")
    homes = {one.id: one for one in desk.windows()}
    assert homes[event.home_id].starts_at.date() <= day < homes[event.home_id].ends_at.date()
    assert (event.first_day, event.end_day) == (day, day + timedelta(days=1))


def test_a_smaller_coverage_lets_go_and_a_larger_one_brings_back(connected: Desk) -> None:
    everything = connected.graph_ids()

    connected.choose("forward_months", 1)
    connected.look()
    few = connected.graph_ids()
    connected.choose("forward_months", 18)
    connected.look()

    assert few < everything
    assert connected.graph_ids() == everything
