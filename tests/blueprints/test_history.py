"""History: what happened to a meeting or event, in the reader's words and zone."""

from datetime import timedelta

import pytest

from portal import timeline
from portal.timeline import ENGINE, OUTLOOK, PORTAL
from tests import calendar_make as make

SOON = timedelta(hours=3)


@pytest.fixture
def made(portal):
    """Alice's meeting, linked, and an event of hers that is no meeting."""
    now = portal.clock()
    with portal.writing() as db:
        calendar = make.connected(db, "alice", now=now)
        meeting = make.meeting(db, "alice", "Appraisal", now + SOON, now=now)
        make.in_step(db, meeting, calendar, now=now)
        event = make.event(db, calendar, "Dentist", now + SOON)
        return meeting, event


def note(portal, subject, side, what, **said):
    with portal.writing() as db:
        timeline.note(db, subject, side, what, now=portal.clock(), **said)


def test_a_meetings_page_says_what_happened_and_why(portal, alice, made):
    meeting, _event = made
    subject = timeline.of_link(meeting.link)
    note(portal, subject, PORTAL, "edited", fields=["title", "time"])
    retry = portal.clock() + timedelta(minutes=5)
    note(portal, subject, ENGINE, "waits", why="ErrorTimeout", request_id="4711", next_at=retry)

    text = alice.get(f"/meetings/{meeting.id}").text

    assert "Changed here: time, title." in text
    assert "Here · Wednesday 18 November 2026, 10:00" in text
    assert "Microsoft's answer was ErrorTimeout." in text
    assert "Microsoft's request id: 4711" in text
    assert "The next try is on Wednesday 18 November 2026, 10:05." in text


def test_times_are_in_the_zone_of_who_reads(portal, alice, made):
    _meeting, event = made
    note(portal, timeline.of_event(event), OUTLOOK, "taken", fields=["location"])
    page = alice.get("/profile")
    alice.submit(page, "Save", zone="America/New_York")

    text = alice.get(f"/calendar/events/{event.id}").text

    assert "Taken over from Outlook: place." in text
    assert "In Outlook · Wednesday 18 November 2026, 04:00" in text


def test_a_long_history_is_cut_and_the_whole_is_a_click_away(portal, alice, made):
    meeting, _event = made
    for number in range(13):
        note(portal, timeline.of_link(meeting.link), OUTLOOK, f"number {number}")

    page = alice.get(f"/meetings/{meeting.id}")
    whole = alice.follow(page, "The whole history")

    assert "Number 12." in page.text
    assert "Number 2." not in page.text
    assert "Number 0." in whole.text
    assert "200 entries at most" in whole.text


def test_an_event_without_history_says_so_on_its_own_page(alice, made):
    _meeting, event = made

    page = alice.get(f"/calendar/events/{event.id}/history")

    assert "Nothing yet" in page.text
    assert "History" not in alice.get(f"/calendar/events/{event.id}").text


def test_an_open_page_learns_of_a_new_row(portal, alice, made):
    meeting, _event = made
    address = alice.get(f"/meetings/{meeting.id}").by_id("meeting-part").get("hx-get")
    quiet = alice.get(address, htmx=True)

    note(portal, timeline.of_link(meeting.link), ENGINE, "sent")

    assert quiet.status == 204
    assert "Written to Outlook" in alice.get(address, htmx=True).text


def test_an_occurrence_is_named(portal, alice, made):
    meeting, _event = made
    day = portal.clock().date()
    subject = timeline.of_link(meeting.link, original_day=day)
    note(portal, subject, OUTLOOK, "taken")

    text = alice.get(f"/meetings/{meeting.id}").text

    assert "Only the occurrence of Wednesday 18 November 2026." in text
