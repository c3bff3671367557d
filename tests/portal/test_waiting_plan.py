"""The plan of what waits: what it says of a meeting, whatever was agreed of it before."""

from datetime import UTC, datetime

from portal import waiting_plan
from tests import calendar_make as make

TEN = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_a_meeting_with_nothing_agreed_yet_differs_in_all_of_it(portal):
    now = portal.clock()
    with portal.writing() as db:
        own = make.connected(db, "alice", now=now)
        meeting = make.meeting(db, "alice", "Choir", TEN, now=now)
        make.in_step(db, meeting, own, now=now)
        agreed = waiting_plan.differs(meeting)
        meeting.link.base = {}

        unknown = waiting_plan.differs(meeting)

    assert agreed == ()
    assert {"title", "time", "location"} <= set(unknown)
