"""The judgement and the shape it compares: pure, so anything can be thrown at them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m365.remote import RemoteEvent
from portal.tables import Meeting
from sync.judging import content
from sync.judging.content import LOCATION, TIME, TITLE, UNITS, Content
from sync.judging.judge import judge

ZONES = st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"])
SOME = st.frozensets(st.sampled_from(UNITS))
MOMENTS = st.integers(0, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@st.composite
def contents(draw: st.DrawFn) -> Content:
    starts = draw(MOMENTS)
    return Content(
        title=draw(st.text()),
        starts=starts,
        ends=starts + draw(st.timedeltas(timedelta(0), timedelta(days=40))),
        all_day=draw(st.booleans()),
        zone=draw(st.none() | ZONES),
        location=draw(st.text()),
        description=draw(st.none() | st.text()),
        join_url=draw(st.none() | st.text()),
    )


@settings(deadline=None)
@given(ours=SOME, theirs=SOME, agreed=SOME, outlook_wins=st.booleans())
def test_every_unit_is_taken_sent_or_left_and_none_is_lost(
    ours: frozenset[str], theirs: frozenset[str], agreed: frozenset[str], outlook_wins: bool
) -> None:
    verdict = judge(ours_moved=ours, theirs_moved=theirs, agreed=agreed, outlook_wins=outlook_wins)

    assert not verdict.take & verdict.send
    assert verdict.conflicts == (ours & theirs) - agreed
    assert verdict.take | verdict.send == (ours | theirs) - (ours & theirs & agreed)
    assert verdict.conflicts <= (verdict.take if outlook_wins else verdict.send)
    assert (verdict.take - verdict.conflicts) <= theirs - ours
    assert (verdict.send - verdict.conflicts) <= ours - theirs


@settings(deadline=None)
@given(side=SOME, outlook_wins=st.booleans())
def test_what_one_side_alone_changed_stands_whatever_the_rule(
    side: frozenset[str], outlook_wins: bool
) -> None:
    nothing: frozenset[str] = frozenset()

    theirs = judge(ours_moved=nothing, theirs_moved=side, agreed=nothing, outlook_wins=outlook_wins)
    ours = judge(ours_moved=side, theirs_moved=nothing, agreed=nothing, outlook_wins=outlook_wins)

    assert (theirs.take, theirs.send, theirs.conflicts) == (side, nothing, nothing)
    assert (ours.take, ours.send, ours.conflicts) == (nothing, side, nothing)


@settings(deadline=None)
@given(one=contents())
def test_content_survives_being_stored(one: Content) -> None:
    stored = json.loads(json.dumps(one.stored()))

    assert content.restored(stored) == one


@settings(deadline=None)
@given(one=contents(), other=contents(), units=SOME)
def test_what_moved_is_what_was_changed_and_can_be_brought_back(
    one: Content, other: Content, units: frozenset[str]
) -> None:
    changed = content.with_units(one, other, units)

    moved = content.moved(replace(changed, description=None), one)
    assert moved == {unit for unit in units if one.unit(unit) != other.unit(unit)}
    assert content.with_units(changed, one, units) == one


@settings(deadline=None)
@given(one=contents(), zone=st.none() | ZONES)
def test_another_name_for_the_same_hour_is_agreement(one: Content, zone: str | None) -> None:
    assert content.agreed(one, replace(one, zone=zone)) == frozenset(UNITS)


@pytest.mark.parametrize(
    ("zone", "is_agreed"),
    [("Europe/Vienna", True), (None, True), ("Asia/Tokyo", False), ("Africa/Lagos", False)],
)
def test_a_series_has_other_hours_in_another_zone(zone: str | None, is_agreed: bool) -> None:
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    weekly = {"pattern": {"type": "weekly", "interval": 1}, "range": {"type": "noEnd"}}
    ours = Content("Weekly", at, at, False, "Europe/Berlin", "", recurrence=weekly)

    assert (TIME in content.agreed(ours, replace(ours, zone=zone))) == is_agreed


@settings(deadline=None)
@given(one=contents())
def test_agreement_is_seen_unit_by_unit(one: Content) -> None:
    later = replace(one, starts=one.starts + timedelta(minutes=1), title=one.title + "!")

    assert content.agreed(one, later) == {LOCATION}
    assert content.moved(later, one) >= {TITLE, TIME}


@settings(deadline=None)
@given(one=contents(), edge=st.sampled_from([" ", "\t", "\r\n", "\u00a0"]))
def test_blanks_at_the_edges_are_no_disagreement(one: Content, edge: str) -> None:
    padded = replace(one, title=edge + one.title, location=one.location + edge)

    assert content.agreed(padded, one) == frozenset(UNITS)


@settings(deadline=None)
@given(theirs=contents(), mine=ZONES)
def test_a_meeting_that_took_everything_says_the_same(theirs: Content, mine: str) -> None:
    if theirs.all_day:
        theirs = replace(
            theirs,
            starts=content.midnight(theirs.starts.date()),
            ends=content.midnight(theirs.ends.date()),
        )
    meeting = Meeting(title="", location="", zone=mine, description="", join_url=None)
    meeting.all_day = False
    meeting.starts_at = meeting.ends_at = datetime(2026, 1, 1, tzinfo=UTC)

    content.take(meeting, theirs, frozenset(UNITS))

    assert content.agreed(content.of_meeting(meeting), theirs) == frozenset(UNITS)
    assert meeting.zone == (theirs.zone or mine)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Africa/Cairo"])
def test_all_day_is_a_matter_of_dates_in_every_zone(zone: str) -> None:
    first, last = date(2026, 4, 24), date(2026, 4, 26)  # Cairo's clocks skip a midnight here
    event = RemoteEvent(
        "id", "key", "single", all_day=True, first_day=first, last_day_exclusive=last, zone=zone
    )
    theirs = content.of_remote(event)
    assert theirs is not None
    meeting = Meeting(title="", location="", zone="UTC", description="", join_url=None)

    content.take(meeting, theirs, frozenset({TIME}))

    local = [at.astimezone(ZoneInfo(zone)).date() for at in (meeting.starts_at, meeting.ends_at)]
    assert local == [first, last]
    assert content.of_meeting(meeting).unit(TIME) == theirs.unit(TIME)


def test_an_event_without_times_has_no_content() -> None:
    assert content.of_remote(RemoteEvent("id", "key", "single")) is None
    assert content.of_remote(RemoteEvent("id", "key", "single", all_day=True)) is None
