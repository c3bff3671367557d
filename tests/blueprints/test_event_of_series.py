"""The page of one occurrence in Outlook's calendar of a series that is a meeting here."""

from datetime import timedelta

from tests import calendar_make as make


def test_an_occurrence_of_a_linked_series_leads_to_the_meeting(portal, alice):
    now = portal.clock()
    with portal.writing() as db:
        calendar = make.connected(db, "alice", now=now)
        days = [now + timedelta(days=number) for number in (1, 2)]
        first, _second = make.series(db, calendar, "Standup", days)
        meeting = make.meeting(db, "alice", "Standup", days[0], now=now)
        make.in_step(db, meeting, calendar, now=now)
        meeting.link.graph_id = first.series_id

    page = alice.get(f"/calendar/events/{first.id}")

    assert "This event belongs to a meeting of this portal." in page.text
    assert alice.follow(page, "Open the meeting").path == f"/meetings/{meeting.id}"
