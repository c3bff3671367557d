"""Meetings that repeat, as people make and change them on the pages."""

from datetime import timedelta

import pytest

from portal.tables import Meeting
from tests import calendar_make as make
from tests.blueprints.choir import FILLED, FIRST, SECOND, TEN, THIRD, in_outlook, kinds, only


@pytest.fixture
def own(portal):
    """Alice's default calendar."""
    with portal.writing() as db:
        return make.connected(db, "alice", now=portal.clock())


@pytest.fixture
def address(portal):
    return in_outlook(portal)


def schedule(browser, **fields):
    filled = {**FILLED, "repeats": "weekly", "weekdays": ["tuesday"]}
    return browser.submit(browser.get("/meetings/new"), "Schedule", **(filled | fields))


def test_a_series_is_scheduled_and_says_its_rule_and_its_dates(portal, own, alice):
    days = ["tuesday", "thursday"]
    page = schedule(alice, weekdays=days, interval="2", ends="on", until="2027-03-03")

    meeting = only(portal)
    assert meeting.recurrence["pattern"]["daysOfWeek"] == days
    assert "Every second week on Tuesday and Thursday until 3 March 2027" in page.text
    assert "Thursday 10 December 2026, 10:00 – 11:00" in page.text
    assert kinds(portal) == ["create"]


def test_the_first_day_that_fits_is_the_first(portal, bob):
    page = schedule(bob, weekdays=["friday"], ends="after", times="3")

    assert "The first one is on Friday 27 November 2026." in page.notices[0]
    assert only(portal, "bob").starts_at == TEN + timedelta(days=3)
    assert only(portal, "bob").recurrence["range"]["startDate"] == "2026-11-27"


WRONG = [
    ({"weekdays": []}, "weekdays", "at least one weekday"),
    ({"interval": "0"}, "interval", "from 1 to 999"),
    ({"interval": "often"}, "interval", "from 1 to 999"),
    ({"ends": "after", "times": "0"}, "times", "from 1 to 999"),
    ({"ends": "after", "times": "10000"}, "times", "from 1 to 999"),
    ({"ends": "on", "until": "2026-11-23"}, "until", "before the first"),
    ({"ends": "on", "until": ""}, "until", "on which day it ends"),
    ({"ends": "on", "until": "2026-02-30"}, "until", "date"),
    ({"ends": "on", "until": "2026-11-25", "weekdays": ["friday"]}, "until", "never takes place"),
    ({"repeats": "absoluteYearly", "day_of_month": "30", "month": "2"}, "day_of_month",
     "February has days from 1 to 29"),
    ({"repeats": "absoluteMonthly", "day_of_month": "32"}, "day_of_month", "from 1 to 31"),
    ({"repeats": "relativeMonthly", "index": "fifth"}, "index", "Not a valid choice"),
    ({"repeats": "hourly"}, "repeats", "Not a valid choice"),
    ({"end": "09:00"}, "end", "after the start"),
    ({"repeats": "daily", "end": "12:00", "end_day": "2026-11-25"}, "end", "when the next one"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "field", "words"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    portal, bob, fields, field, words
):
    page = schedule(bob, **fields)

    assert page.status == 422
    assert words in page.errors[field]
    with portal.reading() as db:
        assert db.query(Meeting).all() == []


def test_what_the_chosen_way_does_not_ask_for_may_hold_anything(portal, bob):
    odd = {"day_of_month": "99", "times": "x", "until": "never", "weekdays": ["someday"]}

    page = schedule(bob, repeats="daily", **odd)

    assert page.h1 == "Choir"
    assert "Every day" in page.text


def test_the_form_tells_the_rule_while_it_is_filled_in(bob):
    said = {**FILLED, "repeats": "relativeMonthly", "index": "last", "weekday": "friday",
            "interval": "1", "ends": "after", "times": "2"}  # fmt: skip

    part = bob.post("/meetings/repeats", said, htmx=True)

    assert "Every month on the last Friday, 2 times. The first is on" in part.text
    assert "Friday 27 November 2026, the last on Friday 25 December 2026." in part.text


def test_what_was_filled_in_from_the_date_follows_it(bob):
    new = bob.get("/meetings/new?start=2026-11-24")
    shown = {name: new.value(name) for name in ("rule_day", "day_of_month", "weekday", "month")}

    part = bob.post("/meetings/repeats", {
        **shown, "day": "2026-12-03", "repeats": "weekly", "interval": "1",
        "weekdays": "tuesday", "index": "fourth", "ends": "never",
    }, htmx=True)  # fmt: skip

    assert "Every Thursday. The first is on Thursday 3 December 2026." in part.text
    assert [part.value(name) for name in ("day_of_month", "month")] == ["3", "12"]


def test_the_whole_series_is_edited_and_says_what_that_does(portal, alice, address):
    alice.submit(alice.get(f"{address}/occurrences/{SECOND}"), "Cancel this one")
    page = alice.get(f"{address}/edit")

    saved = alice.submit(page, "Save", start="11:00", end="12:00")

    assert page.h1 == "Edit the whole series"
    assert "1 that was changed or cancelled will be as the series has it" in page.text
    assert "11:00 – 12:00" in saved.text
    assert only(portal).exceptions == []


def test_a_series_that_began_long_ago_can_get_another_hour(portal, alice, address):
    portal.clock.advance(days=12)
    alice = portal.signed_in("alice")

    page = alice.submit(alice.get(f"{address}/edit"), "Save", start="11:00", end="12:00")

    assert page.status == 200
    assert "Tuesday 8 December 2026, 11:00 – 12:00" in page.text


def test_a_series_becomes_a_single_meeting_and_back(portal, alice, address):
    alice.submit(alice.get(f"{address}/edit"), "Save", repeats="")
    assert only(portal).recurrence is None

    page = alice.submit(alice.get(f"{address}/edit"), "Save", repeats="daily", interval="3")
    assert "Every third day" in page.text


def test_the_dates_are_paged(portal, alice, own):
    with portal.writing() as db:
        repeats = make.repeating(FIRST)
        meeting = make.meeting(db, "alice", "Daily", TEN, now=portal.clock(), recurrence=repeats)
        page_address = f"/meetings/{meeting.id}"
    page = alice.get(page_address)

    later = alice.get(page.link("Later dates"))

    assert "Tuesday 29 December 2026" in page.text
    assert "Tuesday 29 December 2026" not in later.text
    assert "Tuesday 5 January 2027" in later.text
    assert later.link("From the next one on") == page_address


def test_the_calendar_leads_to_the_date_and_lists_show_the_next_one(portal, alice, address):
    portal.clock.advance(days=8)
    alice = portal.signed_in("alice")

    month = alice.get("/calendar?month=2026-12")
    listed = alice.get("/meetings")

    assert f'href="{address}/occurrences/{THIRD}"' in month.body
    assert "Tuesday 1 December 2026, 10:00 – 11:00" in listed.text
    assert "Every Tuesday, 5 times" in listed.text
