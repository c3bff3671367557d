"""The file of a series: other calendars must come to the same dates."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import icalendar
import pytest
from dateutil.rrule import rrulestr

from portal import invitation, occurrences, recurrence, series
from portal.series import Version
from tests import calendar_make as make

TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST = date(2026, 11, 24)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def scheduled(db, portal, repeats, starts=TEN):
    return make.meeting(db, "bob", "Choir", starts, now=portal.clock(), recurrence=repeats)


def events(portal, meeting):
    text = invitation.as_ics(
        meeting, host_name="Bob", host_address="bob@contoso.example", now=portal.clock()
    )
    return icalendar.Calendar.from_ical(text).walk("VEVENT")


def read_by_another(event, number):
    """The starts that dateutil finds in the file, without any help of ours."""
    rule = event["rrule"].to_ical().decode()
    found = rrulestr(rule, dtstart=event.decoded("dtstart"))
    return [one.astimezone(UTC) for one in islice(found, number)]


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "daily", "interval": 3},
        {"type": "weekly", "interval": 2, "daysOfWeek": ["tuesday", "thursday"]},
        {"type": "absoluteMonthly", "dayOfMonth": 31},
        {"type": "absoluteMonthly", "dayOfMonth": 30, "interval": 2},
        {"type": "absoluteMonthly", "dayOfMonth": 24},
        {"type": "relativeMonthly", "index": "last", "daysOfWeek": ["friday"]},
        {"type": "relativeMonthly", "index": "second", "daysOfWeek": list(recurrence.WEEKDAYS[:5])},
        {"type": "absoluteYearly", "dayOfMonth": 29, "month": 2},
        {"type": "relativeYearly", "index": "fourth", "daysOfWeek": ["tuesday"], "month": 11},
    ],
    ids=str,
)
@pytest.mark.parametrize("ends", [None, 9, date(2029, 5, 1)], ids=str)
def test_another_calendar_reads_the_same_dates(portal, pattern, ends):
    repeats = make.repeating(FIRST, ends=ends, **pattern)
    first = recurrence.first_day(repeats)
    repeats = recurrence.remaining_from(repeats, first)
    with portal.writing() as db:
        meeting = scheduled(db, portal, repeats, TEN + (first - FIRST))
        (event,) = events(portal, meeting)
        ours = [one.starts_at for one in occurrences.from_day(meeting, first, most=12)]

    assert read_by_another(event, 12) == ours


def test_what_was_cancelled_or_changed_is_in_the_file(portal):
    how = {"transaction_id": "x", "now": portal.clock()}
    with portal.writing() as db:
        meeting = scheduled(db, portal, make.repeating(FIRST, ends=5))
        series.cancel_one(db, meeting, FIRST + WEEK, note="", **how)
        starts = TEN + 2 * WEEK + DAY
        guests = Version("Choir, with guests", starts, starts + timedelta(hours=2), "Hall")
        series.change_one(db, meeting, FIRST + 2 * WEEK, guests, **how)
        whole, changed = events(portal, meeting)

    assert whole["exdate"].dts[0].dt == TEN + WEEK
    assert (changed["uid"], changed["summary"]) == (whole["uid"], "Choir, with guests")
    assert changed.decoded("recurrence-id") == TEN + 2 * WEEK
    assert (changed.decoded("dtstart"), changed["location"]) == (starts, "Hall")
    assert "rrule" not in changed


def test_an_all_day_series_has_dates(portal):
    with portal.writing() as db:
        midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
        repeats = make.repeating(FIRST, ends=date(2026, 12, 30))
        meeting = scheduled(db, portal, repeats, midnight)
        meeting.all_day, meeting.ends_at = True, midnight + DAY
        (event,) = events(portal, meeting)

    assert event.decoded("dtstart") == FIRST
    assert event["rrule"]["until"] == [date(2026, 12, 29)]
