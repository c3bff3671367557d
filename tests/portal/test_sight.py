"""What version 1.0 shows of a calendar, and that version 2.0 shows all of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal import event_detail, views
from portal.configuration import settings
from portal.tables import Calendar, Event
from tests import calendar_make as make
from tests.conftest import Portal

BERLIN, HAWAII = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Honolulu")
TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting"
ANSWERED = datetime(2026, 11, 18, 9, tzinfo=UTC)  # also what the clock says
LATER = ANSWERED + timedelta(seconds=1)


@pytest.fixture
def own(portal: Portal) -> Calendar:
    """Alice's calendar under version 1.0; Microsoft first answered this morning."""
    with portal.writing() as db:
        made = make.connected(db, "alice", now=portal.clock(), first_answer_at=ANSWERED)
        by = make.person_id(db, "carol")
        settings.choose(db, "sync_version", "1.0", by=by, now=portal.clock())
        return made


def add(portal: Portal, own: Calendar, title: str, starts: datetime, **differs: Any) -> Event:
    words = {"join_url": TEAMS, "modified_at": LATER} | differs
    with portal.writing() as db:
        return make.event(db, db.get_one(Calendar, own.id), title, starts, **words)


def shown(portal: Portal, zone: ZoneInfo = BERLIN) -> list[str | None]:
    span = {"first": date(2026, 5, 1), "end": date(2028, 1, 1)}
    with portal.reading() as db:
        mine = make.person_id(db, "alice")
        found = views.entries(db, mine, **span, zone=zone, now=portal.clock())
        return [entry.title for entry in found]


def in_days(days: float) -> datetime:
    return ANSWERED + timedelta(days=days)


def test_a_meeting_that_outlook_changed_after_connecting_is_shown(
    portal: Portal, own: Calendar
) -> None:
    add(portal, own, "Review", in_days(1))

    assert shown(portal) == ["Review"]


@pytest.mark.parametrize(
    ("starts", "differs"),
    [
        (in_days(1), {"join_url": None}),
        (in_days(1), {"join_url": "https://example.com/agenda"}),
        (in_days(1), {"modified_at": ANSWERED}),
        (in_days(1), {"modified_at": None}),
        (in_days(-1), {}),
        (in_days(31), {}),
    ],
)
def test_what_version_one_does_not_show(
    portal: Portal, own: Calendar, starts: datetime, differs: dict[str, Any]
) -> None:
    hidden = add(portal, own, "Hidden", starts, **differs)

    with portal.reading() as db:
        detail = event_detail.of_person(
            db, make.person_id(db, "alice"), hidden.id, zone=BERLIN, now=portal.clock()
        )
    assert (shown(portal), detail) == ([], None)


@pytest.mark.parametrize("where", ["location", "body_html"])
def test_a_link_in_the_words_of_an_event_makes_it_a_meeting(
    portal: Portal, own: Calendar, where: str
) -> None:
    event = add(portal, own, "Review", in_days(1), join_url=None, **{where: f"Join: {TEAMS} "})

    with portal.reading() as db:
        detail = event_detail.of_person(
            db, make.person_id(db, "alice"), event.id, zone=BERLIN, now=portal.clock()
        )
    assert shown(portal) == ["Review"]
    assert detail is not None


def test_what_is_going_on_is_not_past(portal: Portal, own: Calendar) -> None:
    add(portal, own, "Now", in_days(-0.01))

    assert shown(portal) == ["Now"]


def test_an_occurrence_counts_as_its_master_and_an_exception_as_itself(
    portal: Portal, own: Calendar
) -> None:
    with portal.writing() as db:
        calendar = db.get_one(Calendar, own.id)
        words = {"join_url": TEAMS, "modified_at": ANSWERED}
        make.series(db, calendar, "Old", [in_days(1)], **words)
        _, moved = make.series(db, calendar, "Moved", [in_days(2), in_days(3)], **words)
        moved.kind, moved.modified_at = "exception", LATER
        make.series(db, calendar, "New", [in_days(4)], **(words | {"modified_at": LATER}))

    assert shown(portal) == ["Moved", "New"]


def test_todays_whole_day_is_over_when_the_day_of_the_reader_is(
    portal: Portal, own: Calendar
) -> None:
    today, tomorrow = date(2026, 11, 18), date(2026, 11, 19)
    with portal.writing() as db:
        calendar = db.get_one(Calendar, own.id)
        words = {"join_url": TEAMS, "modified_at": LATER}
        make.all_day(db, calendar, "Workshop", today, tomorrow, **words)
    portal.clock.advance(hours=17)  # two in the night in Berlin tomorrow, four today in Hawaii

    assert (shown(portal, BERLIN), shown(portal, HAWAII)) == ([], ["Workshop"])


def test_before_microsoft_has_answered_nothing_of_outlook_counts(
    portal: Portal, own: Calendar
) -> None:
    add(portal, own, "Review", in_days(1))
    with portal.writing() as db:
        db.get_one(Calendar, own.id).connection.first_answer_at = None

    assert shown(portal) == []


def test_meetings_made_here_are_always_shown(portal: Portal, own: Calendar) -> None:
    with portal.writing() as db:
        calendar = db.get_one(Calendar, own.id)
        for title, days in (("Past", -40), ("Soon", 1), ("Far", 300)):
            made = make.meeting(db, "alice", title, in_days(days), now=portal.clock())
            make.in_step(db, made, calendar, now=portal.clock())

    assert shown(portal) == ["Past", "Soon", "Far"]


def test_version_two_shows_all_of_it(portal: Portal, own: Calendar) -> None:
    add(portal, own, "Dentist", in_days(-90), join_url=None, modified_at=ANSWERED)
    with portal.writing() as db:
        by = make.person_id(db, "carol")
        settings.choose(db, "sync_version", "2.0", by=by, now=portal.clock())

    assert shown(portal) == ["Dentist"]
