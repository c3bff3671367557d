"""The time a backfill still takes: measured in it, unsaid while there is nothing to measure."""

from datetime import UTC, datetime, timedelta

import pytest

from blueprints import coverage_words
from portal.progress import Progress, time_left

START = datetime(2026, 11, 18, 9, tzinfo=UTC)


def after(*seconds: float) -> list[datetime]:
    return [START + timedelta(seconds=one) for one in seconds]


def left(filled: list[datetime], ahead: int, *, at: float) -> float | None:
    found = time_left(filled, ahead, now=START + timedelta(seconds=at))
    return None if found is None else found.total_seconds()


@pytest.mark.parametrize("filled", [[], after(0), after(0, 10)])
def test_nothing_is_said_before_there_is_a_basis(filled: list[datetime]) -> None:
    assert left(filled, 5, at=10) is None


def test_the_usual_time_counts_for_each_window_that_is_left() -> None:
    assert left(after(0, 10, 20), 5, at=20) == 50


def test_one_slow_quarter_does_not_make_the_others_slow() -> None:
    assert left(after(0, 10, 20, 200), 4, at=200) == 40


def test_within_a_window_the_time_left_only_shrinks_and_then_stands() -> None:
    seen = [left(after(0, 10, 20), 2, at=at) for at in (20, 23, 28, 31, 60)]

    assert seen == [20, 17, 12, 10, 10]


def test_a_pause_begins_a_new_measure() -> None:
    assert left(after(0, 10, 20, 5000, 5010), 3, at=5010) is None
    assert left(after(0, 10, 20, 5000, 5040, 5080), 3, at=5080) == 120


def test_what_was_filled_long_ago_is_no_measure() -> None:
    assert left(after(0, 10, 20), 1, at=86_400) is None


def test_nothing_left_takes_no_time() -> None:
    assert left(after(0, 10, 20), 0, at=20) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "less than a minute left"),
        (61, "about 2 minutes left"),
        (7 * 60, "about 10 minutes left"),
        (3600, "about an hour left"),
        (9000, "about 3 hours left"),
    ],
)
def test_it_is_told_in_coarse_words(seconds: float, words: str) -> None:
    so_far = Progress(1, 9, 3, running=True, left=timedelta(seconds=seconds))

    assert coverage_words.how_far(so_far) == f"1 of 9 quarters, 3 events, {words}"
