"""The dates of a series: as the simulator of Outlook has them, and what is made of them here."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import recurrence
from portal.recurrence import CannotRepeat
from simulator import zones
from simulator.mailbox.item import Expansion, When
from simulator.mailbox.recurrence import read_recurrence

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
DECADE = timedelta(days=3650)
FIRST = date(2026, 11, 24)  # a Tuesday


def series(first=FIRST, *, ends=None, **pattern):
    span = {"type": "noEnd", "startDate": first.isoformat()}
    if isinstance(ends, int):
        span |= {"type": "numbered", "numberOfOccurrences": ends}
    elif ends:
        span |= {"type": "endDate", "endDate": ends.isoformat()}
    return {"pattern": {"interval": 1, **pattern}, "range": span}


def weekly(*days, **rest):
    return series(type="weekly", daysOfWeek=list(days), **rest)


def first_days(repeats, number=4):
    held = recurrence.normalised(repeats)
    starts = datetime.combine(recurrence.first_day(held), time(9), tzinfo=UTC)
    until = datetime(9000, 1, 1, tzinfo=UTC)
    found = recurrence.occurrences(held, starts=starts, zone="UTC", since=starts, until=until)
    return [day for day, _ in islice(found, number)]


days_of_week = st.lists(st.sampled_from(recurrence.WEEKDAYS), min_size=1, max_size=7, unique=True)
index = st.sampled_from(recurrence.INDEXES)
day, month = st.integers(1, 31), st.integers(1, 12)
patterns = st.one_of(
    st.fixed_dictionaries({"type": st.just("daily")}),
    st.fixed_dictionaries(
        {
            "type": st.just("weekly"),
            "daysOfWeek": days_of_week,
            "firstDayOfWeek": st.sampled_from(recurrence.WEEKDAYS),
        }
    ),
    st.fixed_dictionaries({"type": st.just("absoluteMonthly"), "dayOfMonth": day}),
    st.fixed_dictionaries(
        {"type": st.just("relativeMonthly"), "daysOfWeek": days_of_week, "index": index}
    ),
    st.fixed_dictionaries({"type": st.just("absoluteYearly"), "dayOfMonth": day, "month": month}),
    st.fixed_dictionaries(
        {
            "type": st.just("relativeYearly"),
            "daysOfWeek": days_of_week,
            "index": index,
            "month": month,
        }
    ),
)


@st.composite
def any_series(draw):
    first = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    ends = draw(st.one_of(st.none(), st.integers(1, 60), st.integers(8 * 366, 9000)))
    if ends and ends > 999:
        ends = first + timedelta(days=ends)
    interval = draw(st.integers(1, 7))
    return series(first, ends=ends, **{**draw(patterns), "interval": interval})


def simulated(repeats, starts, zone, since, until):
    """What the simulator has between two moments, whose first start is `starts`."""
    local = starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    when = When.written(local, local, zone=zone, home=ZoneInfo("UTC"))
    expansion = Expansion(read_recurrence(repeats), when, ZoneInfo("UTC"))
    low, high = int(since.timestamp()), int(until.timestamp())
    return [
        (date.fromordinal(ordinal), zones.aware(at)) for ordinal, at in expansion.between(low, high)
    ]


@settings(max_examples=150, deadline=None)
@given(any_series(), st.sampled_from(ZONES), st.times(), st.integers(0, 3000))
def test_every_series_has_the_dates_that_outlook_gives_it(repeats, zone, wall, later):
    held = recurrence.normalised(repeats)
    first = recurrence.first_day(held)
    starts = recurrence.start_on(first, wall.replace(second=0, microsecond=0), ZoneInfo(zone))
    since = starts + timedelta(days=later)
    until = since + timedelta(days=800)

    found = recurrence.occurrences(held, starts=starts, zone=zone, since=since, until=until)

    assert list(found) == simulated(repeats, starts, zone, since, until)


@settings(max_examples=60, deadline=None)
@given(any_series(), st.integers(0, 40))
def test_a_series_cut_in_two_has_the_same_dates_as_before(repeats, number):
    held = recurrence.normalised(repeats)
    whole = first_days(held, 60)
    cut = whole[min(number, len(whole) - 1)]

    tail = first_days(recurrence.remaining_from(held, cut), 60)
    head = [] if cut == whole[0] else first_days(recurrence.cut_before(held, cut), 60)

    assert (head + tail)[: len(whole)] == whole
    assert len(head + tail) == len(whole) or len(whole) == 60


@settings(max_examples=60, deadline=None)
@given(any_series())
def test_the_last_day_and_the_neighbours_are_those_of_the_expansion(repeats):
    held = recurrence.normalised(repeats)
    known = first_days(held, 9000 if recurrence.last_day(held) else 30)

    last = recurrence.last_day(held)

    assert last is None or last == known[-1]
    for before, one, after in zip(known, known[1:], known[2:], strict=False):
        assert recurrence.neighbours(held, one) == (before, after)
    assert recurrence.neighbours(held, known[0])[0] is None


@settings(max_examples=60, deadline=None)
@given(any_series(), st.integers(-400, 400))
def test_a_moved_series_begins_on_the_day_it_was_moved_to(repeats, days):
    held = recurrence.normalised(repeats)
    new = recurrence.first_day(held) + timedelta(days=days)

    moved = recurrence.moved_to(held, new)

    assert recurrence.first_day(moved) == new
    assert recurrence.normalised(moved) == moved


def test_the_normal_form_has_only_what_the_pattern_needs():
    answered = {
        "pattern": {
            "type": "weekly",
            "interval": 2,
            "month": 0,
            "dayOfMonth": 0,
            "daysOfWeek": ["Thursday", "tuesday"],
            "firstDayOfWeek": None,
            "index": "first",
        },
        "range": {
            "type": "noEnd",
            "startDate": "2026-11-24",
            "endDate": "0001-01-01",
            "recurrenceTimeZone": "W. Europe Standard Time",
            "numberOfOccurrences": 0,
        },
    }

    assert recurrence.normalised(answered) == {
        "pattern": {
            "type": "weekly",
            "interval": 2,
            "daysOfWeek": ["tuesday", "thursday"],
            "firstDayOfWeek": "sunday",
        },
        "range": {"type": "noEnd", "startDate": "2026-11-24"},
    }


@pytest.mark.parametrize(
    ("repeats", "code"),
    [
        (None, "not a recurrence"),
        ({"pattern": {}, "range": "weekly"}, "not a recurrence"),
        (series(type="hourly"), "pattern"),
        (series(type="daily", interval=0), "interval"),
        (series(type="daily", interval=True), "interval"),
        (series(type="daily", interval=1000), "interval"),
        (weekly(), "weekdays"),
        (weekly("someday"), "weekdays"),
        (series(type="absoluteMonthly"), "day"),
        (series(type="absoluteMonthly", dayOfMonth=32), "day"),
        (series(type="relativeMonthly", daysOfWeek=["monday"], index="fifth"), "index"),
        (series(type="absoluteYearly", dayOfMonth=1, month=13), "month"),
        (series(type="daily", ends=1000), "times"),
        (series(type="daily", ends=FIRST - timedelta(days=1)), "end date"),
        (weekly("monday", ends=FIRST + timedelta(days=2)), "no occurrence"),
        ({"pattern": {"type": "daily"}, "range": {"type": "noEnd"}}, "start date"),
        ({"pattern": {"type": "daily"}, "range": {"startDate": "2026-11-24"}}, "range"),
    ],
)
def test_what_is_no_pattern_is_refused_with_a_code(repeats, code):
    with pytest.raises(CannotRepeat) as refused:
        recurrence.normalised(repeats)

    assert refused.value.code == code


def test_the_thirty_first_is_the_last_day_of_a_short_month():
    found = first_days(series(date(2027, 1, 31), type="absoluteMonthly", dayOfMonth=31))

    assert [str(one) for one in found] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_a_time_that_summer_time_skips_is_later_by_the_gap():
    held = recurrence.normalised(series(date(2027, 3, 27), type="daily", ends=3))
    starts = datetime(2027, 3, 27, 1, 30, tzinfo=UTC)
    until = starts + DECADE

    found = recurrence.occurrences(
        held, starts=starts, zone="Europe/Berlin", since=starts, until=until
    )

    walls = [at.astimezone(ZoneInfo("Europe/Berlin")).hour for _, at in found]
    assert walls == [2, 3, 2]


def test_nothing_is_left_before_the_first_or_after_the_last():
    held = recurrence.normalised(weekly("tuesday", ends=2))

    with pytest.raises(CannotRepeat):
        recurrence.cut_before(held, FIRST)
    with pytest.raises(CannotRepeat):
        recurrence.remaining_from(held, FIRST + timedelta(days=8))


def test_a_distant_year_of_an_endless_series_is_found_at_once():
    held = recurrence.normalised(series(type="daily", interval=3))
    starts = datetime(2026, 11, 24, 9, tzinfo=UTC)
    since = datetime(9000, 1, 1, tzinfo=UTC)

    found = recurrence.occurrences(
        held, starts=starts, zone="UTC", since=since, until=since + timedelta(days=4)
    )

    assert len(list(found)) in (1, 2)
