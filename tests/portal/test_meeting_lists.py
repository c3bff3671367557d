"""Lists of meetings that repeat: their order, their pages, and what reading them costs."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event as listening
from sqlalchemy import select

from portal import links, meetings, series
from portal.tables import Meeting
from tests import calendar_make as make

TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST = date(2026, 11, 24)
DAY = timedelta(days=1)


def weekly(db, portal, *, later=0, owner="bob"):
    """An endless series that begins so many days after the first."""
    day = FIRST + later * DAY
    repeats = make.repeating(day)
    return make.meeting(
        db, owner, f"Day {later}", TEN + later * DAY, now=portal.clock(), recurrence=repeats
    )


def statements(db, read):
    """How many go to the database while reading."""
    seen = []

    def note(*_all):
        seen.append(1)

    engine = db.get_bind()
    listening.listen(engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        listening.remove(engine, "before_cursor_execute", note)
    return len(seen)


def read_list(db, person_id, now):
    listed = meetings.ahead(db, person_id, now=now)
    meetings.states(db, person_id, listed, now=now)
    return [(one.title, len(one.invitees), len(one.exceptions)) for one in listed]


def test_reading_more_series_asks_no_more_questions(portal):
    with portal.writing() as db:
        for name in ("alice", "bob"):
            make.connected(db, name, now=portal.clock())
        one = weekly(db, portal, owner="alice")
        many = [weekly(db, portal, later=later) for later in range(12)]
        how = {"transaction_id": "x", "now": portal.clock()}
        for meeting in (one, *many):
            first = meeting.starts_at.date()
            series.cancel_one(db, meeting, first + 7 * DAY, note="", **how)
        people = one.person_id, many[0].person_id

    costs = []
    for person_id in people:
        with portal.reading() as db:
            reads = statements(db, lambda who=person_id: read_list(db, who, portal.clock()))
            costs.append(reads)

    assert costs[0] == costs[1]


def test_series_and_single_meetings_are_in_one_order_over_the_pages(portal):
    now = TEN + 8 * DAY  # the next of the series are 8 to 14 days after the first
    with portal.writing() as db:
        for later in range(3):
            weekly(db, portal, later=later)
        for hours in range(meetings.PER_PAGE):
            at = now + timedelta(hours=hours)
            make.meeting(db, "bob", f"Hour {hours}", at, now=portal.clock())
        bob = make.person_id(db, "bob")

        pages = [meetings.ahead(db, bob, now=now, page=page) for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [meetings.PER_PAGE, 3, 0]
    begins = [meetings.begins(one, now) for page in pages for one in page]
    assert begins == sorted(begins)


def test_a_series_is_fresh_by_the_window_of_its_next_occurrence(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = weekly(db, portal, owner="alice")
        make.in_step(db, meeting, own, now=portal.clock())

        def word(now):
            return meetings.states(db, meeting.person_id, [meeting], now=now)[meeting.id].word

        # The window held ends with the year: about what comes after it nothing is promised.
        assert word(portal.clock()) == "in_step"
        assert word(TEN) == "not_checked"
        assert word(datetime(2027, 3, 1, tzinfo=UTC)) == "in_step"


def test_a_split_that_microsoft_refused_says_so(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        head = weekly(db, portal, owner="alice")
        make.in_step(db, head, own, now=portal.clock())
        third = FIRST + 14 * DAY
        plan = make.plan("Later", TEN + 14 * DAY, recurrence=make.repeating(third))
        series.change_from(
            db, head, third, plan, key="k" * 36, secret="s" * 30,
            transaction_ids=("create", "split"), now=portal.clock(),
        )  # fmt: skip
        head.changes[-1].outcome, head.changes[-1].done_at = "failed", portal.clock()

        state = meetings.states(db, head.person_id, [head], now=portal.clock())[head.id]

    assert state.sentence == "Microsoft refused to end this series where the new one begins."


def test_a_series_that_began_long_ago_is_still_among_those_in_outlook(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = weekly(db, portal, owner="alice")
        make.in_step(db, meeting, own, now=portal.clock())
        ended = make.meeting(
            db, "alice", "Two of them", TEN, now=portal.clock(),
            recurrence=make.repeating(FIRST, ends=2),
        )  # fmt: skip
        make.in_step(db, ended, own, now=portal.clock())

        found = links.linked_ahead(db, own.connection_id, now=TEN + 100 * DAY)

    assert found == [meeting]


def test_a_meeting_that_does_not_repeat_has_no_rule_in_the_database_either(portal):
    with portal.writing() as db:
        make.meeting(db, "bob", "Once", TEN, now=portal.clock())
        weekly(db, portal)
        db.flush()

        once = db.scalars(select(Meeting.title).where(Meeting.recurrence.is_(None))).all()
        repeating = db.scalars(select(Meeting.title).where(Meeting.recurrence.is_not(None))).all()

    assert (once, repeating) == (["Once"], ["Day 0"])
