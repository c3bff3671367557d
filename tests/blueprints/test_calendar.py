from datetime import UTC, date, datetime, timedelta

import pytest

from blueprints import series_words
from portal.tables import Event
from tests import calendar_make as make
from tests.page import words


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def own(portal):
    """Alice's default calendar."""
    with portal.writing() as db:
        return make.connected(db, "alice", now=portal.clock())


def add(portal, own, title, starts_at, **differs):
    with portal.writing() as db:
        return make.event(db, own, title, starts_at, **differs).id


def test_the_month_shows_events_in_the_persons_zone(portal, own, alice):
    add(portal, own, "Lunch", at(20, 11))

    page = alice.get("/calendar")

    assert page.h1 == "November 2026"
    assert words(page.by_id("day-2026-11-20")).endswith("12:00 Lunch")


def test_the_month_begins_on_a_monday_and_covers_whole_weeks(alice):
    days = [e.get("id") for e in alice.get("/calendar?month=2026-02").all("li", class_="cal-day")]

    assert (days[0], days[-1], len(days)) == ("day-2026-01-26", "day-2026-03-01", 35)


@pytest.mark.parametrize("month", ["2026-13", "x", "", "0001-01", "99999-01", "2026-11-01"])
def test_a_month_that_does_not_exist_is_the_present_one(alice, month):
    assert alice.get(f"/calendar?month={month}").h1 == "November 2026"


def test_one_turns_pages_and_comes_back(alice):
    earlier, later = (
        step.get("href")
        for step in alice.get("/calendar?month=2026-12").all("a", class_="btn")
        if "month=" in step.get("href", "")
    )

    assert alice.get(earlier).h1 == "November 2026"
    assert alice.get(later).h1 == "January 2027"
    assert alice.follow(alice.get(later), "Today").h1 == "November 2026"


def test_a_full_day_says_how_many_more_there_are_and_leads_to_them(portal, own, alice):
    for hour in range(8, 14):
        add(portal, own, f"At {hour}", at(20, hour))

    month = alice.get("/calendar")
    agenda = alice.follow(month, "+3 more")

    assert len(month.texts("a", class_="chip")) == 3
    assert len(agenda.texts("li", class_="agenda-item")) == 6
    assert agenda.texts("h2")[0].startswith("Friday 20 November")


def test_an_event_over_several_days_is_on_each_of_them(portal, own, alice):
    with portal.writing() as db:
        make.all_day(db, own, "Fair", date(2026, 11, 18), date(2026, 11, 21))
        make.event(db, own, "Release", at(24, 21), ends_at=at(26, 5))

    page = alice.get("/calendar/agenda?from=2026-11-18")

    times = {words(li) for li in page.all("li", class_="agenda-item")}
    assert len(page.all("li", class_="agenda-item")) == 6
    assert times == {"All day Fair", "from 22:00 Release", "All day Release", "until 06:00 Release"}


def test_a_series_whose_words_are_on_their_way_says_so(portal, own, alice):
    add(portal, own, None, at(20, 11), kind="occurrence", series_id="later")

    assert "(loading)" in alice.get("/calendar").text


def test_a_cancelled_event_is_struck_through(portal, own, alice):
    add(portal, own, "Party", at(20, 11), is_cancelled=True)

    page = alice.get("/calendar")

    assert page.texts("a", class_="is-declined") == ["12:00 Cancelled: Party"]


def test_while_the_integration_is_off_the_page_says_so(bob):
    page = bob.get("/calendar")

    assert "switched off" in page.notices[0]


def test_without_a_connection_the_page_says_what_to_do(stage, bob):
    stage.switch(on=True)

    page = bob.get("/calendar")

    assert "not connected" in page.notices[0]
    assert page.link("Connect calendar") == "/profile#integration"


def test_while_the_first_sync_runs_there_is_a_bar_and_the_page_looks_often(portal, own, alice):
    with portal.writing() as db:
        for window in db.merge(own).windows:
            window.filled_at = None

    page = alice.get("/calendar")

    assert page.all("progress")
    assert page.by_id("calendar-part").get("hx-trigger") == "every 3s"


@pytest.mark.parametrize("path", ["/calendar", "/calendar/agenda"])
def test_a_page_left_open_is_told_only_what_is_new(portal, own, alice, path):
    part = alice.get(path).by_id("calendar-part").get("hx-get")
    unchanged = alice.get(part, htmx=True)
    add(portal, own, "Lunch", at(20, 11))

    changed = alice.get(part, htmx=True)

    assert unchanged.status == 204
    assert "Lunch" in changed.text
    assert changed.by_id("calendar-part").get("hx-get") != part


def test_a_page_left_open_does_not_keep_the_session_alive(portal, alice):
    part = alice.get("/calendar").by_id("calendar-part").get("hx-get")
    for _ in range(5):
        portal.clock.advance(hours=2)
        answer = alice.get(part, htmx=True)

    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_the_agenda_holds_two_weeks_and_an_empty_one_says_what_to_do(alice):
    page = alice.get("/calendar/agenda?from=2027-02-01")

    assert page.h1 == "1 – 14 Feb 2027"
    assert page.link("Schedule a meeting") == "/meetings/new"


def test_an_event_page_says_everything_about_it(portal, own, alice):
    event = add(
        portal, own, "Review", at(20, 14), zone="America/New_York", location="Room 1",
        organizer_name="Bob", organizer_address="bob@contoso.example", sensitivity="private",
        attendees=[["Carol", "carol@contoso.example", "required", "accepted"]],
        join_url="https://teams.microsoft.com/meet/2345678901234?p=x",
        web_link="https://outlook.office365.example/1", body_html="<p>Numbers</p>",
    )  # fmt: skip

    page = alice.get(f"/calendar/events/{event}")

    for said in (
        "Friday 20 November 2026, 15:00 – 16:00", "09:00 – 10:00, America/New_York (UTC-5)",
        "Room 1", "Bob bob@contoso.example", "Private", "Carol", "Accepted", "Numbers",
    ):  # fmt: skip
        assert said in page.text
    assert page.link("Join with Microsoft Teams").startswith("https://teams.microsoft.com/meet/")
    assert page.link("Open in Outlook") == "https://outlook.office365.example/1"


def test_an_occurrence_says_how_its_series_repeats(portal, own, alice):
    weekly = {
        "pattern": {"type": "weekly", "interval": 2, "daysOfWeek": ["friday", "monday"]},
        "range": {"type": "endDate", "startDate": "2026-11-02", "endDate": "2026-12-31"},
    }
    with portal.writing() as db:
        occurrence = make.series(db, own, "Stand-up", [at(20, 8)], recurrence=weekly)[0].id

    page = alice.get(f"/calendar/events/{occurrence}")

    assert "Every second week on Monday and Friday until 31 December 2026" in page.text


HOSTILE = """<h1>Big</h1><p style="x" onclick="a()" hx-get="/sign-out" data-opens="x" class="btn"
 id="main">Hi <a href="javascript:alert(1)" onfocus="a()">one</a><a href="https://e.example">two</a>
<img src="https://e.example/seen.gif"><script>alert(1)</script><style>*{display:none}</style>
<form action="/x"><input name="y"></form><iframe src="//e.example"></iframe><svg onload="a()"></svg>
<a href="/sign-out">here</a><table><tr><td colspan="2">cell"""


@pytest.mark.parametrize(
    "odd",
    [
        {"pattern": 5},
        {"pattern": {"type": "weekly", "interval": "x"}},
        {"pattern": {"type": "weekly", "daysOfWeek": 5}},
        {"pattern": {"type": "daily"}, "range": [1]},
    ],
    ids=str,
)
def test_a_pattern_that_makes_no_sense_is_not_told(odd):
    assert series_words.sentence(odd) == ""


def test_a_hostile_body_is_reduced_to_words(portal, own, alice):
    event = add(portal, own, "Review", at(20, 14), body_html=HOSTILE)

    page = alice.get(f"/calendar/events/{event}")

    assert all(word in page.text for word in ("Big", "Hi", "one", "two", "cell"))
    assert 'href="/sign-out"' not in page.body
    for trace in ("alert(1)", "seen.gif", 'hx-get="/sign-out"', "display:none", "iframe"):
        assert trace not in page.body
    link = next(a for a in page.all("a") if words(a) == "two")
    assert (link.get("target"), "noopener" in link.get("rel")) == ("_blank", True)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}"])
def test_foreign_words_are_shown_as_words(portal, own, alice, text):
    event = add(portal, own, text, at(20, 14), location=text, organizer_name=text)

    for path in ("/calendar", "/calendar/agenda", f"/calendar/events/{event}"):
        assert text in alice.get(path).text


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://outlook.example/", "data:text/html,x", "//x", "https://["],
)
def test_only_safe_addresses_lead_to_outlook(portal, own, alice, address):
    event = add(portal, own, "Review", at(20, 14), web_link=address)

    assert "Open in Outlook" not in alice.get(f"/calendar/events/{event}").text


def test_the_event_of_a_meeting_leads_to_it(portal, own, alice):
    with portal.writing() as db:
        meeting = make.meeting(db, "alice", "Plan", at(20, 9), now=portal.clock())
        event = make.in_step(db, meeting, own, now=portal.clock())
        ids = meeting.id, event.id

    page = alice.get(f"/calendar/events/{ids[1]}")

    assert page.link("Open the meeting") == f"/meetings/{ids[0]}"


def test_somebody_elses_event_is_not_there(portal, own, dave, carol):
    event = add(portal, own, "Secret lunch", at(20, 11))

    for stranger in (dave, carol):
        assert stranger.get(f"/calendar/events/{event}").status == 404
        assert "Secret lunch" not in stranger.get("/calendar").text


def test_a_master_has_no_page(portal, own, alice):
    master = add(portal, own, "Series", at(20, 11), kind="master")

    assert alice.get(f"/calendar/events/{master}").status == 404


def test_a_page_of_the_calendar_needs_somebody_signed_in(visitor):
    assert visitor.get("/calendar").path == "/sign-in"


def test_a_moved_event_shows_where_it_is_now(portal, own, alice):
    event = add(portal, own, "Lunch", at(20, 11))
    part = alice.get("/calendar").by_id("calendar-part").get("hx-get")

    with portal.writing() as db:
        row = db.get_one(Event, event)
        row.starts_at, row.ends_at = at(21, 11), at(21, 11) + timedelta(hours=1)

    assert "Lunch" in words(alice.get(part, htmx=True).by_id("day-2026-11-21"))
