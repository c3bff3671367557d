"""Admin > Operations: what is not written to and what is not read, and where to go about it."""

from datetime import timedelta

from sqlalchemy import select

from portal import held_events
from portal.tables import Calendar, Connection, Meeting, Window
from tests import calendar_make as make
from tests.browse import Browser
from tests.conftest import Portal
from tests.page import Page

PAGE = "/admin/operations"
HOUR = timedelta(hours=1)


def calendar_of(portal: Portal, who: str) -> int:
    with portal.writing() as db:
        return make.connected(db, who, now=portal.clock()).id


def section(page: Page, name: str) -> str:
    [said] = page.texts("section", id=name)
    return said


def test_a_calendar_that_gives_trouble_is_listed_with_its_reason_and_the_next_look(
    carol: Browser, portal: Portal
) -> None:
    calendar_id = calendar_of(portal, "alice")
    with portal.writing() as db:
        calendar = db.get_one(Calendar, calendar_id)
        calendar.held_code, calendar.held_until = "ErrorAccessDenied", portal.clock() + HOUR

    said = section(carol.get(PAGE), "unread")

    assert "Alice" in said
    assert "The whole calendar." in said
    assert "does not let the portal" in said
    assert "Last read" in said
    assert "Next look" in said


def test_a_part_that_is_read_as_a_list_says_so(carol: Browser, portal: Portal) -> None:
    calendar_of(portal, "alice")
    with portal.writing() as db:
        window = db.scalars(select(Window)).one()
        window.held_code, window.by_list = "delta_repeats", True

    said = section(carol.get(PAGE), "unread")

    assert "read as a list" in said
    assert "could not tell the changes" in said


def test_events_that_cannot_be_read_are_counted_by_their_reason(
    carol: Browser, portal: Portal
) -> None:
    calendar_id = calendar_of(portal, "alice")
    broken = {"one": "time_missing", "two": "time_missing", "three": "duration_negative"}
    with portal.writing() as db:
        held_events.note(db, calendar_id, broken, now=portal.clock())

    said = section(carol.get(PAGE), "unread")

    assert "2 events. It has no time." in said
    assert "1 event. It ends before it begins." in said


def test_mailboxes_that_are_not_written_to_lead_to_where_it_is_decided(
    carol: Browser, portal: Portal
) -> None:
    calendar_of(portal, "alice")
    calendar_of(portal, "bob")
    with portal.writing() as db:
        held, dry = db.scalars(select(Connection).order_by(Connection.id))
        held.held_at, dry.dry_run = portal.clock(), True

    page = carol.get(PAGE)
    opened = carol.follow(page, "Open")

    assert "Held by the brake" in section(page, "unwritten")
    assert "you hold changes back" in section(page, "unwritten")
    assert "Alice" in opened.h1 + opened.text


def test_a_stopped_event_is_listed_without_a_word_of_the_meeting(
    carol: Browser, portal: Portal
) -> None:
    calendar_id, now = calendar_of(portal, "alice"), portal.clock()
    with portal.writing() as db:
        calendar = db.get_one(Calendar, calendar_id)
        meeting = make.meeting(db, "alice", "Private matter", now + HOUR, now=now)
        make.in_step(db, meeting, calendar, now=now)
        assert meeting.link is not None
        meeting.link.frozen_at = now

    page = carol.get(PAGE)

    with portal.reading() as db:
        number = db.scalars(select(Meeting)).one().id
    assert f"meeting {number}" in section(page, "frozen")
    assert "Private matter" not in page.body
