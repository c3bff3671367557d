"""Where entries stand in the week: bars, quarters, lanes."""

from datetime import date, datetime, timedelta

import pytest

from simulator.outlook.grid import Block, Entry, bars, day_of

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 18, 9, 20)  # noqa: DTZ001 - wall-clock times have no zone


def entry(start: str, end: str, *, all_day: bool = False) -> Entry:
    """An entry in November 2026, from and to "day hour:minute"."""
    starts, ends = (datetime.strptime(f"2026-11-{each}", "%Y-%m-%d %H:%M") for each in (start, end))  # noqa: DTZ007 - likewise
    return Entry("id", "Title", starts, ends, all_day, "", "auto", "", False, (), True)


def places(blocks: list[Block]) -> list[tuple[int, int, int, int]]:
    return [(each.first, each.quarters, each.lane, each.lanes) for each in blocks]


def test_an_hour_stands_at_its_quarters() -> None:
    day = day_of([entry("18 09:30", "18 10:30")], date(2026, 11, 18), now=NOW)

    assert places(day.blocks) == [(38, 4, 1, 1)]
    assert day.now == 37
    assert day.today


def test_what_overlaps_stands_side_by_side_and_what_follows_has_its_own_row() -> None:
    both = [entry("18 09:00", "18 11:00"), entry("18 10:00", "18 12:00")]

    day = day_of([*both, entry("18 12:00", "18 13:00")], date(2026, 11, 18), now=NOW)

    assert places(day.blocks) == [(36, 8, 1, 2), (40, 8, 2, 2), (48, 4, 1, 1)]


def test_a_lane_that_is_free_again_is_used_again() -> None:
    long = entry("18 09:00", "18 12:00")
    short = [entry("18 09:00", "18 10:00"), entry("18 10:00", "18 11:00")]

    day = day_of([long, *short], date(2026, 11, 18), now=NOW)

    assert [each.lane for each in day.blocks] == [1, 2, 2]


def test_a_night_over_midnight_stands_on_both_days() -> None:
    late = entry("18 23:00", "19 01:00")

    first, second = (day_of([late], date(2026, 11, each), now=NOW) for each in (18, 19))

    assert (places(first.blocks), places(second.blocks)) == ([(92, 4, 1, 1)], [(0, 4, 1, 1)])
    assert not second.today


@pytest.mark.parametrize(("end", "first"), [("18 12:05", 48), ("18 12:00", 48)])
def test_a_moment_is_tall_enough_to_click(end: str, first: int) -> None:
    day = day_of([entry("18 12:00", end)], date(2026, 11, 18), now=NOW)

    assert places(day.blocks) == [(first, 2, 1, 1)]


def test_the_last_quarter_of_a_day_does_not_leave_it() -> None:
    day = day_of([entry("18 23:55", "19 00:00")], date(2026, 11, 18), now=NOW)

    assert places(day.blocks) == [(94, 2, 1, 1)]


def test_more_than_eight_at_once_share_the_last_lane() -> None:
    day = day_of([entry("18 09:00", "18 10:00")] * 10, date(2026, 11, 18), now=NOW)

    assert [each.lane for each in day.blocks] == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8]


@pytest.mark.parametrize(("together", "slim"), [(3, False), (4, True)])
def test_titles_run_downwards_where_many_stand_side_by_side(together: int, slim: bool) -> None:
    day = day_of([entry("18 09:00", "18 10:00")] * together, date(2026, 11, 18), now=NOW)

    assert {each.slim for each in day.blocks} == {slim}


def test_whole_days_are_bars_cut_to_the_week() -> None:
    trip = entry("14 00:00", "18 00:00", all_day=True)
    long = entry("20 12:00", "25 12:00")

    found = [(each.first, each.columns) for each in bars([long, trip], MONDAY)]

    assert found == [(1, 2), (5, 3)]
    assert day_of([trip, long], MONDAY + timedelta(days=1), now=NOW).blocks == []


def test_times_in_words() -> None:
    hour, night = entry("18 09:00", "18 10:00"), entry("18 23:00", "19 01:00")
    late = entry("18 23:00", "19 00:00")
    one, three = (
        entry("18 00:00", "19 00:00", all_day=True),
        entry("18 00:00", "21 00:00", all_day=True),
    )

    said = [each.begin + each.till for each in (hour, night, late, one, three)]

    assert said == [
        "09:00–10:00", "Wed 23:00 – Thu 01:00", "23:00–24:00", "All day", "Wed 18 Nov – Fri 20 Nov",
    ]  # fmt: skip
