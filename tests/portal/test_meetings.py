import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from portal import invitation, meetings
from portal.meetings import Cancelled
from portal.plan import NoSuchTime, instant
from portal.tables import Change
from tests import calendar_make as make

TEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SECRET = "another-secret-nobody-can-guess"


def ids():
    return {"transaction_id": str(uuid.uuid4())}


def kinds(meeting):
    return [(change.kind, change.outcome) for change in meeting.changes]


def edited(db, portal, meeting, **differs):
    plan = make.plan(meeting.title, meeting.starts_at, **differs)
    return meetings.edit(db, meeting, plan, secret=SECRET, now=portal.clock(), **ids())


def test_a_meeting_without_a_target_calendar_stays_only_here(portal):
    with portal.writing() as db:
        meeting = make.meeting(db, "bob", "Plan", TEN, now=portal.clock())
        (state,) = meetings.states(db, meeting.person_id, [meeting], now=portal.clock()).values()

    assert meeting.changes == []
    assert state.word == "only_here"


def test_a_meeting_of_somebody_connected_is_sent_once(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())

        again = meetings.send(db, meeting, now=portal.clock(), **ids())

    assert not again
    assert [(change.kind, change.calendar_id) for change in meeting.changes] == [("create", own.id)]


def test_one_that_was_only_here_can_be_sent_after_connecting(portal):
    with portal.writing() as db:
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())
        make.connected(db, "alice", now=portal.clock())

        sent = meetings.send(db, meeting, now=portal.clock(), **ids())

    assert sent
    assert kinds(meeting) == [("create", None)]


def test_a_read_only_connection_is_no_target(portal):
    with portal.writing() as db:
        make.connected(db, "alice", now=portal.clock(), calendar_access="read")
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())

    assert meeting.changes == []


def test_the_join_link_has_the_title_and_a_secret_code(portal):
    with portal.writing() as db:
        meeting = make.meeting(db, "bob", "Plan the move", TEN, now=portal.clock(), has_link=True)

    assert meeting.join_url == "https://meet.jit.si/plan-the-move-a-secret-nobody-can-gu"


def test_an_edit_of_a_linked_meeting_goes_to_outlook_with_who_comes_and_who_goes(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        old = {"invitees": {"a@x.example": "", "b@x.example": ""}}
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock(), **old)
        make.in_step(db, meeting, own, now=portal.clock())

        changed = edited(db, portal, meeting, invitees={"b@x.example": "", "c@x.example": "C"})

    assert changed
    assert meeting.changes[-1].intent == {"invite": ["c@x.example"], "uninvite": ["a@x.example"]}
    assert [one.address for one in meeting.invitees] == ["b@x.example", "c@x.example"]


def test_an_edit_that_changes_nothing_sends_nothing(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())
        make.in_step(db, meeting, own, now=portal.clock())

        assert not edited(db, portal, meeting)

    assert kinds(meeting) == [("create", "done")]


def test_the_join_link_survives_an_edit_and_goes_when_unticked(portal):
    with portal.writing() as db:
        meeting = make.meeting(db, "bob", "Plan", TEN, now=portal.clock(), has_link=True)
        link = meeting.join_url

        edited(db, portal, meeting, has_link=True, location="Room 1")
        kept = meeting.join_url
        edited(db, portal, meeting, has_link=False, location="Room 1")

    assert kept == link
    assert meeting.join_url is None


def test_new_times_make_an_all_day_meeting_a_timed_one(portal):
    with portal.writing() as db:
        meeting = make.meeting(db, "bob", "Fair", TEN, now=portal.clock())
        meeting.all_day = True
        edited(db, portal, meeting, location="Hall 2")
        kept = meeting.all_day

        edited(db, portal, meeting, ends_at=TEN + timedelta(hours=2))

    assert kept
    assert not meeting.all_day


def test_cancelling_before_it_was_sent_sends_nothing(portal):
    with portal.writing() as db:
        make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())

        meetings.cancel(db, meeting, note="", now=portal.clock(), **ids())

    assert kinds(meeting) == [("create", "given up")]


def test_cancelling_a_linked_meeting_takes_the_note_along(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())
        make.in_step(db, meeting, own, now=portal.clock())

        meetings.cancel(db, meeting, note="Sorry", now=portal.clock(), **ids())

    assert kinds(meeting)[-1] == ("cancel", None)
    assert meeting.changes[-1].intent["note"] == "Sorry"


def test_a_cancelled_meeting_is_neither_edited_nor_cancelled_again(portal):
    with portal.writing() as db:
        meeting = make.meeting(db, "bob", "Plan", TEN, now=portal.clock())
        meetings.cancel(db, meeting, note="", now=portal.clock(), **ids())

        with pytest.raises(Cancelled):
            edited(db, portal, meeting, location="Room 1")
        with pytest.raises(Cancelled):
            meetings.cancel(db, meeting, note="", now=portal.clock(), **ids())


def test_meetings_are_ahead_until_they_are_over_or_cancelled(portal):
    now = portal.clock()
    with portal.writing() as db:
        over = make.meeting(db, "bob", "Over", now - timedelta(hours=2), now=now)
        running = make.meeting(db, "bob", "Running", now - timedelta(minutes=30), now=now)
        gone = make.meeting(db, "bob", "Cancelled", TEN, now=now)
        meetings.cancel(db, gone, note="", now=now, **ids())
        make.meeting(db, "alice", "Somebody else's", TEN, now=now)
        bob = over.person_id

        assert meetings.ahead(db, bob, now=now) == [running]
        assert meetings.behind(db, bob, now=now) == [gone, over]
        assert meetings.count(db, bob, now=now) == (1, 2)


def test_a_wall_time_is_read_in_its_zone():
    assert instant(date(2026, 7, 1), time(9), BERLIN) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert instant(date(2026, 12, 1), time(9), BERLIN) == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_and_one_that_never_comes_is_refused():
    autumn = instant(date(2026, 10, 25), time(2, 30), BERLIN)

    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(NoSuchTime):
        instant(date(2027, 3, 28), time(2, 30), BERLIN)


def test_an_outlook_refusal_is_the_state_until_a_new_change_waits(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())
        make.in_step(db, meeting, own, now=portal.clock())
        meeting.changes[0].outcome, meeting.changes[0].code = "failed", "ErrorAccessDenied"

        def state():
            return meetings.states(db, meeting.person_id, [meeting], now=portal.clock())[meeting.id]

        refused = state()
        edited(db, portal, meeting, location="Room 1")

        assert (refused.word, "ErrorAccessDenied" in refused.sentence) == ("failed", True)
        assert state().word == "sending"


@pytest.mark.parametrize("refused", ["create", "update", "cancel"])
def test_what_microsoft_refused_can_be_sent_again(portal, refused):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())
        if refused != "create":
            make.in_step(db, meeting, own, now=portal.clock())
        if refused == "update":
            edited(db, portal, meeting, location="Room 1")
        if refused == "cancel":
            meetings.cancel(db, meeting, note="Sorry", now=portal.clock(), **ids())
        meeting.changes[-1].done_at, meeting.changes[-1].outcome = portal.clock(), "failed"
        before = dict(meeting.changes[-1].intent)

        assert meetings.send(db, meeting, now=portal.clock(), **ids())

    assert kinds(meeting)[-1] == (refused, None)
    assert [kind for kind, _ in kinds(meeting)].count(refused) == 1
    assert meeting.changes[-1].intent == before


def test_a_change_says_when_it_waits_for_consent(portal):
    with portal.writing() as db:
        make.connected(db, "alice", now=portal.clock(), state="needs_consent")
        meeting = make.meeting(db, "alice", "Plan", TEN, now=portal.clock())
        (state,) = meetings.states(db, meeting.person_id, [meeting], now=portal.clock()).values()

    assert state.word == "sending"
    assert "connect your calendar again" in state.sentence


def ics(portal, meeting) -> icalendar.Event:
    text = invitation.as_ics(
        meeting, host_name="Bob", host_address="bob@contoso.example", now=portal.clock()
    )
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return event


def test_the_ics_says_what_the_meeting_is_and_mails_nobody(portal):
    with portal.writing() as db:
        meeting = make.meeting(
            db,
            "bob",
            "Plan; or, not\nEND:VEVENT",
            TEN,
            now=portal.clock(),
            has_link=True,
            invitees={"a@x.example": ""},
            description="Bring, a pen",
        )
        event = ics(portal, meeting)

    assert event["summary"] == "Plan; or, not\nEND:VEVENT"
    assert event["uid"] == f"{meeting.key}@lockstep"
    assert event.decoded("dtstart") == TEN
    assert event["description"] == f"Bring, a pen\n\n{meeting.join_url}"
    assert "attendee" not in event


def test_the_ics_of_a_linked_meeting_is_outlooks_own_event(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = make.meeting(db, "alice", "Fair", TEN, now=portal.clock())
        make.in_step(db, meeting, own, now=portal.clock())
        meeting.all_day = True
        meeting.starts_at, meeting.ends_at = (
            datetime(2026, 11, day, 23, tzinfo=UTC) for day in (19, 20)
        )
        event = ics(portal, meeting)

    assert event["uid"] == "outlook-uid"
    assert event.decoded("dtstart") == date(2026, 11, 20)


def test_a_change_names_its_own_transaction(portal):
    with portal.writing() as db:
        make.connected(db, "alice", now=portal.clock())
        make.meeting(db, "alice", "One", TEN, now=portal.clock())
        make.meeting(db, "alice", "Two", TEN, now=portal.clock())

        names = {change.transaction_id for change in db.query(Change)}

    assert len(names) == 2
