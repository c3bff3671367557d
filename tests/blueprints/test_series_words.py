"""How a series repeats, in words, wherever they are read."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from blueprints import conflict_words, series_words
from portal.tables import Conflict
from tests import calendar_make as make

FIRST = date(2026, 11, 24)  # a Tuesday
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


@pytest.mark.parametrize(
    ("said", "pattern"),
    [
        ("Every day", {"type": "daily"}),
        ("Every second day", {"type": "daily", "interval": 2}),
        ("Every 5 days", {"type": "daily", "interval": 5}),
        ("Every Tuesday", {}),
        ("Every second Tuesday", {"interval": 2}),
        ("Every working day", {"daysOfWeek": WORKDAYS}),
        ("Every week on Tuesday and Friday", {"daysOfWeek": ["friday", "tuesday"]}),
        ("Every 6 weeks on Tuesday", {"interval": 6}),
        ("Every month on day 31", {"type": "absoluteMonthly", "dayOfMonth": 31}),
        ("Every month on the last Friday",
         {"type": "relativeMonthly", "index": "last", "daysOfWeek": ["friday"]}),
        ("Every third month on the first working day",
         {"type": "relativeMonthly", "daysOfWeek": WORKDAYS, "interval": 3}),
        ("Every year on 29 February", {"type": "absoluteYearly", "dayOfMonth": 29, "month": 2}),
        ("Every year on the fourth Monday or Tuesday of November",
         {"type": "relativeYearly", "index": "fourth", "daysOfWeek": ["monday", "tuesday"],
          "month": 11}),
    ],
)  # fmt: skip
def test_a_rhythm_is_said_as_people_say_it(said, pattern):
    assert series_words.sentence(make.repeating(FIRST, **pattern)) == said


@pytest.mark.parametrize(
    ("ends", "said"),
    [(1, ", once"), (12, ", 12 times"), (date(2027, 3, 3), " until 3 March 2027")],
)
def test_the_end_is_said_where_there_is_one(ends, said):
    assert series_words.sentence(make.repeating(FIRST, ends=ends)) == f"Every Tuesday{said}"


def test_a_conflict_about_the_rhythm_shows_both(portal):
    def side(**pattern):
        return {
            "starts": "2026-11-24T09:00:00+00:00", "ends": "2026-11-24T10:00:00+00:00",
            "all_day": False, "recurrence": make.repeating(FIRST, **pattern),
        }  # fmt: skip

    conflict = Conflict(
        id=1, meeting_id=1, found_at=datetime(2026, 11, 20, tzinfo=UTC), fields=["time"],
        ours=side(), theirs=side(interval=2), winner="outlook",
    )  # fmt: skip
    (versions,) = conflict_words.words_of(conflict, ZoneInfo("Europe/Berlin")).versions

    assert versions.here == "Every Tuesday, first on Tuesday 24 November 2026, 10:00 – 11:00"
    assert versions.outlook.startswith("Every second Tuesday, first on")
