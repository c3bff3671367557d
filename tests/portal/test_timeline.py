"""The timeline: whose rows are whose, how long they are kept, and what a look at them costs."""

from datetime import timedelta

import pytest
from sqlalchemy import event as listening

from portal import timeline
from portal.tables import TimelineRow
from portal.timeline import ENGINE, OUTLOOK, PORTAL, Subject
from tests import calendar_make as make

EVENT = Subject(calendar_id=1, graph_id="AAMk1")
MEETING = Subject(meeting_id=7, calendar_id=1, graph_id="AAMk1")


def noted(portal, subject, *whats, side=ENGINE):
    with portal.writing() as db:
        for what in whats:
            timeline.note(db, subject, side, what, now=portal.clock())


def whats(portal, subject, **most):
    with portal.reading() as db:
        return [row.what for row in timeline.of(db, subject, **most)]


def test_a_meeting_shows_what_happened_to_its_event_before_it_was_one(portal):
    noted(portal, EVENT, "changed", side=OUTLOOK)
    noted(portal, MEETING, "adopted")
    noted(portal, Subject(meeting_id=7), "edited", side=PORTAL)

    assert whats(portal, MEETING) == ["edited", "adopted", "changed"]
    assert whats(portal, MEETING, most=1) == ["edited"]


def test_meetings_that_are_only_here_do_not_share_a_timeline(portal):
    now = portal.clock()
    with portal.writing() as db:
        mine = make.meeting(db, "bob", "Mine", now + timedelta(days=1), now=now)
        other = make.meeting(db, "dave", "Other", now + timedelta(days=1), now=now)
        subject, others = timeline.of_meeting(mine), timeline.of_meeting(other)
    noted(portal, others, "refused")

    assert "refused" not in whats(portal, subject)
    assert "refused" in whats(portal, others)


def test_a_retry_renews_its_row_instead_of_filling_the_list(portal):
    again = portal.clock() + timedelta(minutes=5)
    with portal.writing() as db:
        for _ in range(3):
            timeline.note(db, MEETING, ENGINE, "waits", now=again, why="throttled", next_at=again)

    assert whats(portal, MEETING) == ["waits"]


def test_what_is_older_than_thirty_days_goes(portal):
    noted(portal, EVENT, "changed")
    with portal.writing() as db:
        timeline.forget_old(db, now=portal.clock() + timedelta(days=30))
    kept = whats(portal, EVENT)
    with portal.writing() as db:
        timeline.forget_old(db, now=portal.clock() + timedelta(days=30, seconds=1))

    assert (kept, whats(portal, EVENT)) == (["changed"], [])


def test_the_latest_two_hundred_of_each_are_kept(portal):
    busy = [f"change {number}" for number in range(230)]
    others = [
        Subject(calendar_id=1, graph_id="AAMk2"),
        Subject(calendar_id=2, graph_id="AAMk1"),
        Subject(meeting_id=8, calendar_id=1, graph_id="AAMk1"),
    ]
    noted(portal, EVENT, *busy)
    for other in others:
        noted(portal, other, "first", *busy[:199])

    with portal.writing() as db:
        timeline.forget_old(db, now=portal.clock())
        kept = [db.query(TimelineRow).filter_by(what=f"change {n}").count() for n in (29, 30)]
        firsts = db.query(TimelineRow).filter_by(what="first").count()

    assert kept == [3, 4]
    assert firsts == 3


@pytest.mark.parametrize("subject", [EVENT, MEETING, Subject(meeting_id=7)], ids=str)
def test_a_look_walks_no_whole_table(portal, subject):
    asked = []
    with portal.reading() as db:
        listening.listen(
            db.get_bind(),
            "before_cursor_execute",
            lambda _c, _cu, statement, values, _x, _m: asked.append((statement, values)),
        )
        timeline.of(db, subject)
        statement, values = asked[0]
        plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row.detail for row in plan]

    assert not [step for step in steps if step.startswith("SCAN timeline")], steps
