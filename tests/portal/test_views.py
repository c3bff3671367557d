from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event as listening

from portal import occurrences, series, views
from tests import calendar_make as make

BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER = {"first": date(2026, 11, 1), "end": date(2026, 12, 1), "zone": BERLIN}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def shown(portal, name="alice", **span):
    with portal.reading() as db:
        return views.entries(db, make.person_id(db, name), **(NOVEMBER | span), now=portal.clock())


def titles(entries):
    return [entry.title for entry in entries]


def test_events_of_ticked_calendars_are_shown_and_no_others(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        other = make.calendar(db, own.connection, "Other", ticked=False)
        stranger = make.connected(db, "dave", now=portal.clock())
        make.event(db, own, "Lunch", at(20, 11))
        make.event(db, other, "Unticked", at(20, 12))
        make.event(db, stranger, "Dave's", at(20, 13))

    assert titles(shown(portal)) == ["Lunch"]


def test_an_occurrence_takes_its_words_from_the_master_which_is_not_shown(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.series(
            db, own, "Stand-up", [at(2, 8), at(3, 8)], location="Room 1", sensitivity="private"
        )

    entries = shown(portal)

    assert titles(entries) == ["Stand-up", "Stand-up"]
    assert {entry.location for entry in entries} == {"Room 1"}
    assert all(entry.is_private for entry in entries)


def test_an_exception_keeps_its_own_words(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        occurrence = make.series(db, own, "Stand-up", [at(2, 8)], location="Room 1")[0]
        occurrence.kind, occurrence.title = "exception", "Long stand-up"

    (entry,) = shown(portal)

    assert (entry.title, entry.location) == ("Long stand-up", "Room 1")


def test_an_occurrence_whose_series_has_not_arrived_has_no_title_yet(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.event(db, own, None, at(2, 8), kind="occurrence", series_id="not-here-yet")

    assert titles(shown(portal)) == [None]


def test_a_bare_occurrence_of_an_all_day_series_is_all_day(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        bare = make.series(db, own, "Bin day", [at(5, 0)], all_day=True)[0]
        bare.ends_at = at(6, 0)

    (entry,) = shown(portal)

    assert entry.all_day
    assert list(entry.days(BERLIN)) == [date(2026, 11, 5)]


def test_an_all_day_event_is_on_its_dates_in_every_zone(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.all_day(db, own, "Holiday", date(2026, 11, 30), date(2026, 12, 2))

    (in_november,) = shown(portal, zone=ZoneInfo("Pacific/Auckland"))
    december = shown(portal, first=date(2026, 12, 1), end=date(2026, 12, 2))

    assert list(in_november.days(BERLIN)) == [date(2026, 11, 30), date(2026, 12, 1)]
    assert titles(december) == ["Holiday"]
    assert shown(portal, first=date(2026, 12, 2), end=date(2026, 12, 9)) == []


def test_a_night_event_is_on_both_days_of_the_readers_zone(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.event(db, own, "Release", at(10, 22, 30))  # 23:30 to 00:30 in Berlin
        make.event(db, own, "Until midnight", at(12, 22))  # 23:00 to 00:00

    night, until_midnight = shown(portal)

    assert list(night.days(BERLIN)) == [date(2026, 11, 10), date(2026, 11, 11)]
    assert list(until_midnight.days(BERLIN)) == [date(2026, 11, 12)]
    assert list(until_midnight.days(ZoneInfo("UTC"))) == [date(2026, 11, 12)]


def test_of_an_event_of_many_years_only_the_days_asked_for_are_counted(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        first, last = (at(10, 8).replace(year=year) for year in (1601, 4500))
        make.event(db, own, "Ages", first, ends_at=last)
    (ages,) = shown(portal)

    days = ages.days(BERLIN, since=date(2026, 11, 9), before=date(2026, 11, 11))

    assert list(days) == [date(2026, 11, 9), date(2026, 11, 10)]


def test_an_event_outside_the_days_is_not_shown_though_it_is_near(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.event(db, own, "Last of October", at(1, 0) - timedelta(hours=3))
        make.event(db, own, "Ends as November begins", at(1, 0) - timedelta(hours=2))
        make.event(db, own, "First of December", at(30, 23))

    assert shown(portal) == []


def test_an_event_without_length_is_shown(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.event(db, own, "Reminder", at(9, 9), ends_at=at(9, 9))

    (entry,) = shown(portal)

    assert list(entry.days(BERLIN)) == [date(2026, 11, 9)]


def test_a_linked_event_shows_once_as_its_meeting(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        plan = make.meeting(db, "alice", "Plan", at(20, 9), now=portal.clock())
        make.in_step(db, plan, own, now=portal.clock())

    (entry,) = shown(portal)

    assert (entry.title, entry.meeting_id, entry.state.word) == ("Plan", plan.id, "in_step")


def test_a_meeting_shows_before_any_calendar_is_connected(portal):
    with portal.writing() as db:
        make.meeting(db, "bob", "Plan", at(20, 9), now=portal.clock())

    (entry,) = shown(portal, "bob")

    assert (entry.title, entry.state.word) == ("Plan", "only_here")
    assert shown(portal, "alice") == []


def test_a_cancelled_meeting_stays_only_while_outlook_shows_it(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        plan = make.meeting(db, "alice", "Plan", at(20, 9), now=portal.clock())
        event = make.in_step(db, plan, own, now=portal.clock())
        plan.cancelled_at, plan.cancelled_in = portal.clock(), "portal"

    (entry,) = shown(portal)
    with portal.writing() as db:
        db.delete(db.get_one(type(event), event.id))

    assert entry.is_cancelled
    assert shown(portal) == []


def test_all_day_entries_come_first_and_each_calendar_has_its_colour(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        team = make.calendar(db, own.connection, "Team")
        make.event(db, own, "Early", at(9, 6))
        make.all_day(db, team, "Fair", date(2026, 11, 9), date(2026, 11, 10))

    entries = shown(portal)

    assert [(entry.title, entry.color) for entry in entries] == [("Fair", 1), ("Early", 0)]


def test_a_link_in_the_location_is_one_to_join_by(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.event(db, own, "Call", at(9, 6), location="https://zoom.us/j/123456789")

    assert shown(portal)[0].join_url == "https://zoom.us/j/123456789"


def statements_of(portal) -> int:
    count = []
    with portal.reading() as db:
        engine = db.get_bind()
        note = lambda *_: count.append(1)  # noqa: E731 - a listener is taken off by identity
        listening.listen(engine, "before_cursor_execute", note)
        views.entries(db, make.person_id(db, "alice"), **NOVEMBER, now=portal.clock())
        listening.remove(engine, "before_cursor_execute", note)
    return len(count)


def test_more_rows_need_no_more_queries(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        make.event(db, own, "One", at(2, 8))
        first = make.meeting(db, "alice", "Plan", at(20, 9), now=portal.clock())
        make.in_step(db, first, own, now=portal.clock())
    few = statements_of(portal)

    with portal.writing() as db:
        for day in range(3, 20):
            make.series(db, own, "Stand-up", [at(day, 8), at(day, 9)])
            further = make.meeting(db, "alice", "Plan", at(day, 10), now=portal.clock())
            make.in_step(db, further, own, now=portal.clock())

    assert statements_of(portal) == few


def weekly(db, portal, owner, **differs):
    """Five Tuesdays from 24 November on, ten o'clock in Berlin."""
    repeats = make.repeating(date(2026, 11, 24), ends=5)
    begins = datetime(2026, 11, 24, 9, tzinfo=UTC)
    return make.meeting(
        db, owner, "Choir", begins, now=portal.clock(), recurrence=repeats, **differs
    )


def choirs(db, portal, person_id):
    """When the choir meets in six weeks, as the calendar has it."""
    found = views.entries(
        db, person_id, first=date(2026, 11, 20), end=date(2027, 1, 1), zone=BERLIN,
        now=portal.clock(),
    )  # fmt: skip
    return [entry.starts_at.date().day for entry in found if entry.title == "Choir"]


def test_every_occurrence_of_a_series_is_shown_and_none_that_was_cancelled(portal):
    with portal.writing() as db:
        meeting = weekly(db, portal, "bob")
        how = {"transaction_id": "x", "now": portal.clock()}
        series.cancel_one(db, meeting, date(2026, 12, 1), note="", **how)
        later = occurrences.of_day(meeting, date(2026, 12, 8))
        day = timedelta(days=1)
        wanted = series.Version("Choir", later.starts_at + day, later.ends_at + day, "")
        series.change_one(db, meeting, later.day, wanted, **how)

        assert choirs(db, portal, meeting.person_id) == [24, 9, 15, 22]


def test_a_linked_series_is_shown_once_and_not_as_its_events(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = weekly(db, portal, "alice")
        master = make.in_step(db, meeting, own, now=portal.clock())
        master.kind = "master"
        bare = {"kind": "occurrence", "series_id": master.graph_id}
        make.event(db, own, None, meeting.starts_at, **bare)

        assert choirs(db, portal, meeting.person_id) == [24, 1, 8, 15, 22]


def test_an_occurrence_moved_before_the_first_is_shown(portal):
    with portal.writing() as db:
        meeting = weekly(db, portal, "bob")
        ahead = timedelta(days=4)
        first = occurrences.of_day(meeting, date(2026, 11, 24))
        wanted = series.Version("Choir", first.starts_at - ahead, first.ends_at - ahead, "")
        how = {"transaction_id": "x", "now": portal.clock()}
        series.change_one(db, meeting, first.day, wanted, **how)

        found = views.entries(
            db, meeting.person_id, first=date(2026, 11, 20), end=date(2026, 11, 21),
            zone=BERLIN, now=portal.clock(),
        )  # fmt: skip

        assert [entry.original_day for entry in found] == [first.day]
