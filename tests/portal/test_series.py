"""One occurrence, one and all later ones: what people do to a series here."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import meetings, occurrences, recurrence, series
from portal.plan import Plan
from portal.series import CannotComeBack, PassesNeighbour, Version
from portal.tables import Meeting
from tests import calendar_make as make

FIRST = date(2026, 11, 24)  # a Tuesday; ten o'clock in Berlin
TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
SECOND, THIRD, FOURTH, FIFTH = (FIRST + n * WEEK for n in (1, 2, 3, 4))
LATE = datetime(2027, 6, 1, tzinfo=UTC)


def begun(db, portal, *, owner="bob", ends=5, **differs):
    """Five Tuesdays."""
    repeats = make.repeating(FIRST, ends=ends)
    now = portal.clock()
    return make.meeting(db, owner, "Choir", TEN, now=now, recurrence=repeats, **differs)


def sent(db, portal, **differs):
    """The same of Alice's, in Outlook."""
    own = make.connected(db, "alice", now=portal.clock())
    meeting = begun(db, portal, owner="alice", **differs)
    make.in_step(db, meeting, own, now=portal.clock())
    return meeting


def how(portal):
    return {"transaction_id": str(uuid.uuid4()), "now": portal.clock()}


def moved(meeting, day, **by):
    """That occurrence, later by so much."""
    one = occurrences.of_day(meeting, day)
    later = timedelta(**by)
    return Version(one.title, one.starts_at + later, one.ends_at + later, one.location)


def planned(meeting, **differs):
    plan = Plan(
        title=meeting.title, starts_at=meeting.starts_at, ends_at=meeting.ends_at,
        zone=meeting.zone, location=meeting.location, description=meeting.description,
        invitees={one.address: one.name for one in meeting.invitees},
        has_link=meeting.join_url is not None, recurrence=meeting.recurrence,
    )  # fmt: skip
    return replace(plan, **differs)


def from_third(db, portal, meeting, **differs):
    rest = recurrence.remaining_from(meeting.recurrence, THIRD)
    plan = planned(meeting, starts_at=TEN + 2 * WEEK, ends_at=TEN + 2 * WEEK + HOUR)
    return series.change_from(
        db, meeting, THIRD, replace(plan, recurrence=rest, **differs), key=str(uuid.uuid4()),
        secret="s" * 30, transaction_ids=("create", "split"), now=portal.clock(),
    )  # fmt: skip


def shown(meeting):
    """The days on which it takes place."""
    found = occurrences.between(meeting, TEN - WEEK, LATE)
    return [one.starts_at.date() for one in found if not one.is_cancelled]


def kinds(meeting):
    return [change.kind for change in meeting.changes if change.done_at is None]


def test_one_occurrence_is_moved_and_renamed_and_the_others_stay(portal):
    with portal.writing() as db:
        meeting = begun(db, portal)
        wanted = replace(moved(meeting, SECOND, days=1), title="Choir, with guests")

        changed = series.change_one(db, meeting, SECOND, wanted, **how(portal))

        assert changed
        assert shown(meeting) == [
            FIRST,
            SECOND + timedelta(days=1),
            THIRD,
            FOURTH,
            FIFTH,
        ]
        titles = [one.title for one in occurrences.from_day(meeting, FIRST, most=3)]
        assert titles == ["Choir", "Choir, with guests", "Choir"]


def test_an_occurrence_made_as_the_series_is_no_exception_any_more(portal):
    with portal.writing() as db:
        meeting = begun(db, portal)
        series.change_one(db, meeting, SECOND, moved(meeting, SECOND, days=1), **how(portal))

        back = series.change_one(
            db, meeting, SECOND, moved(meeting, SECOND, days=-1), **how(portal)
        )
        again = series.change_one(db, meeting, SECOND, moved(meeting, SECOND), **how(portal))

        assert (back, again, meeting.exceptions) == (True, False, [])


@pytest.mark.parametrize("days", [7, 8, -7, -20])
def test_an_occurrence_passes_no_neighbour(portal, days):
    with portal.writing() as db:
        meeting = begun(db, portal)

        with pytest.raises(PassesNeighbour) as refused:
            series.change_one(db, meeting, THIRD, moved(meeting, THIRD, days=days), **how(portal))

        assert refused.value.neighbour.day == (FOURTH if days > 0 else SECOND)
        assert meeting.exceptions == []


def test_a_cancelled_neighbour_leaves_its_day(portal):
    with portal.writing() as db:
        meeting = begun(db, portal)
        series.cancel_one(db, meeting, FOURTH, note="", **how(portal))

        series.change_one(db, meeting, THIRD, moved(meeting, THIRD, days=8), **how(portal))

        assert shown(meeting) == [FIRST, SECOND, date(2026, 12, 16), FIFTH]


def test_a_cancelled_occurrence_says_so_with_a_note_and_can_be_put_back_unsent(portal):
    with portal.writing() as db:
        meeting = sent(db, portal)
        series.cancel_one(db, meeting, SECOND, note="Holiday", **how(portal))

        assert SECOND not in shown(meeting)
        assert meeting.changes[-1].intent["note"] == "Holiday"
        assert meeting.changes[-1].made_by == meeting.person_id

        series.put_back(db, meeting, SECOND, **how(portal))
        assert SECOND in shown(meeting)


def test_what_was_cancelled_in_outlook_does_not_come_back(portal):
    with portal.writing() as db:
        meeting = sent(db, portal)
        series.cancel_one(db, meeting, SECOND, note="", **how(portal))
        gone = {"cancelled": True}
        meeting.link.exceptions = {SECOND.isoformat(): {"ours": gone, "theirs": gone, "sent": []}}

        with pytest.raises(CannotComeBack):
            series.put_back(db, meeting, SECOND, **how(portal))
        with pytest.raises(CannotComeBack):
            series.change_one(db, meeting, SECOND, moved(meeting, SECOND), **how(portal))


def test_cancelling_what_is_left_of_a_series_cancels_it(portal):
    with portal.writing() as db:
        meeting = sent(db, portal, ends=2)
        series.cancel_one(db, meeting, FIRST, note="", **how(portal))

        series.cancel_one(db, meeting, SECOND, note="The end", **how(portal))

        assert meeting.cancelled_at is not None
        assert kinds(meeting) == ["cancel"]


def test_this_and_all_later_ones_become_a_series_of_the_same_family(portal):
    with portal.writing() as db:
        head = sent(db, portal, has_link=True, invitees={"a@x.example": ""})
        series.cancel_one(db, head, FOURTH, note="", **how(portal))

        tail = from_third(db, portal, head, title="Great choir")

        assert (shown(head), shown(tail)) == ([FIRST, SECOND], [THIRD, FIFTH])
        assert (tail.family, tail.join_url) == (head.key, head.join_url)
        assert [one.address for one in tail.invitees] == ["a@x.example"]
        assert (kinds(tail), kinds(head)) == (["create"], ["split"])
        assert head.changes[-1].after_id == tail.changes[0].id
        assert head.changes[-1].intent["exceptions"][0]["original_day"] == FOURTH.isoformat()


def test_later_ones_at_another_hour_forget_their_exceptions(portal):
    with portal.writing() as db:
        head = begun(db, portal)
        series.cancel_one(db, head, FOURTH, note="", **how(portal))

        starts = TEN + 2 * WEEK + HOUR
        tail = from_third(db, portal, head, starts_at=starts, ends_at=starts + HOUR)

        assert shown(tail) == [THIRD, FOURTH, FIFTH]
        assert tail.changes == head.changes == []


def test_later_ones_do_not_begin_before_what_is_left(portal):
    with portal.writing() as db:
        head = begun(db, portal)

        with pytest.raises(PassesNeighbour):
            from_third(db, portal, head, starts_at=TEN + WEEK, ends_at=TEN + WEEK + HOUR)

        assert len(shown(head)) == 5


def test_from_the_first_on_it_is_the_series_itself(portal):
    with portal.writing() as db:
        head = begun(db, portal)
        for day in (FIRST, SECOND):
            series.cancel_one(db, head, day, note="", **how(portal))

        assert from_third(db, portal, head, title="Great choir") is head
        assert len(db.query(Meeting).all()) == 1


def test_a_series_is_ended_before_a_day_and_from_the_first_on_cancelled(portal):
    with portal.writing() as db:
        meeting = sent(db, portal, ends=None)

        series.end_before(db, meeting, THIRD, note="", **how(portal))
        assert (shown(meeting), kinds(meeting)) == ([FIRST, SECOND], ["update"])

        series.end_before(db, meeting, FIRST, note="Over", **how(portal))
        assert (meeting.cancelled_at, kinds(meeting)) == (portal.clock(), ["cancel"])


def test_new_words_keep_the_exceptions_of_a_series_and_new_times_drop_them(portal):
    with portal.writing() as db:
        meeting = begun(db, portal)
        series.cancel_one(db, meeting, SECOND, note="", **how(portal))

        def edited(**differs):
            plan = planned(meeting, **differs)
            meetings.edit(db, meeting, plan, secret="s" * 30, **how(portal))
            return [row.original_day for row in meeting.exceptions]

        assert edited(title="Great choir") == [SECOND]
        assert edited(recurrence=make.repeating(FIRST, ends=2)) == [SECOND]
        assert edited(recurrence=make.repeating(FIRST, ends=1)) == []


def test_an_hour_later_no_exception_is_left(portal):
    with portal.writing() as db:
        meeting = begun(db, portal)
        series.cancel_one(db, meeting, SECOND, note="", **how(portal))

        later = planned(meeting, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR)
        meetings.edit(db, meeting, later, secret="s" * 30, **how(portal))

        assert len(shown(meeting)) == 5


def test_a_series_is_ahead_until_its_last_occurrence_is_over(portal):
    now = portal.clock()
    with portal.writing() as db:
        ended = begun(db, portal, ends=2)
        series.cancel_one(db, ended, SECOND, note="", **how(portal))
        endless = begun(db, portal, ends=None)
        between = make.meeting(db, "bob", "Once", TEN + WEEK - HOUR, now=now)
        bob = ended.person_id

        assert meetings.ahead(db, bob, now=now) == [ended, endless, between]
        later = TEN + 2 * HOUR
        assert meetings.ahead(db, bob, now=later) == [between, endless]
        assert meetings.behind(db, bob, now=later) == [ended]
        assert meetings.count(db, bob, now=later) == (2, 1)


def test_the_last_end_follows_what_is_done_to_the_last_occurrence(portal):
    with portal.writing() as db:
        meeting = begun(db, portal, ends=2)
        series.change_one(db, meeting, SECOND, moved(meeting, SECOND, days=3), **how(portal))
        db.flush()

        assert meeting.last_ends_at == TEN + WEEK + timedelta(days=3) + HOUR


def test_an_occurrence_moved_ahead_is_the_next_one(portal):
    with portal.writing() as db:
        meeting = begun(db, portal)
        series.change_one(db, meeting, SECOND, moved(meeting, SECOND, days=-6), **how(portal))

        upcoming = occurrences.next_of(meeting, TEN + 2 * HOUR)

        assert (upcoming.day, upcoming.starts_at) == (SECOND, TEN + timedelta(days=1))
