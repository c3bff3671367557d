"""Several calendars in one mailbox: each may be in trouble, leave, or come back by another name."""

from datetime import timedelta

import pytest

from portal import connections
from portal.tables import Calendar, Link
from tests.sync.desk import Desk
from tests.sync.test_following import calendar, forbid, left_alone, tick


@pytest.fixture
def two(connected: Desk) -> Desk:
    """Alice reads Projects beside her own calendar; everything is read."""
    tick(connected, "Projects")
    connected.rest()
    connected.tap.clear()
    return connected


def asked_of(desk: Desk, one: Calendar) -> int:
    return sum(f"/calendars/{one.graph_id}/" in sent.path for sent in desk.tap.graph)


def test_a_single_refusal_is_asked_about_again_a_minute_later(two: Desk) -> None:
    forbid(two, "Projects")

    two.look()
    doubted = calendar(two, "Projects")
    two.look(seconds=61)

    assert (doubted.held_until, doubted.held_code) == (two.now - timedelta(seconds=1), None)
    assert calendar(two, "Projects").held_until is None
    assert two.connection().failures == 0


def test_a_second_refusal_holds_the_calendar_for_an_hour_and_the_others_go_on(two: Desk) -> None:
    projects = forbid(two, "Projects", times=2)
    two.look()
    two.look(seconds=61)
    held, asked = calendar(two, "Projects"), asked_of(two, projects)

    two.world.add_event("alice", "In time", two.now + timedelta(days=1))
    two.look(minutes=50)

    assert held.held_code == "ErrorAccessDenied"
    assert asked_of(two, projects) == asked
    assert len(two.cached("In time")) == 1
    assert two.connection().state == connections.CONNECTED


def test_a_calendar_that_may_be_read_again_is_read_within_the_hour(two: Desk) -> None:
    left_alone(two, "Projects")
    two.world.add_event("alice", "Milestone", two.now + timedelta(days=1), calendar="Projects")

    two.look(minutes=61)

    assert len(two.cached("Milestone")) == 1
    assert (calendar(two, "Projects").held_until, calendar(two, "Projects").held_code) == (
        None,
        None,
    )


def test_a_refusal_of_every_calendar_is_the_mailboxs_and_asked_again_hourly(two: Desk) -> None:
    two.world.fail_next(403, "ErrorAccessDenied", times=50, path_contains="/calendars/")

    two.look()
    two.look(minutes=2)
    two.tap.clear()
    two.look(minutes=50)

    assert two.tap.graph == []
    assert two.connection().cause == "ErrorAccessDenied"
    assert calendar(two, "Projects").held_until is None


def test_a_calendar_shared_the_old_way_does_not_slow_down_the_others(two: Desk) -> None:
    odd = calendar(two, "Projects")
    part = f"/calendars/{odd.graph_id}/"
    two.world.fail_next(500, "ErrorInternalServerTransientError", times=99, path_contains=part)
    two.look()
    two.look(seconds=61)

    two.world.add_event("alice", "In time", two.now + timedelta(days=1))
    two.look()

    assert len(two.cached("In time")) == 1
    assert calendar(two, "Projects").held_code == "ErrorInternalServerTransientError"
    assert two.connection().failures == 0


def test_a_held_calendar_does_not_keep_a_reconnected_mailbox_from_writing(two: Desk) -> None:
    forbid(two, "Projects", times=50)
    two.connect()
    two.look(seconds=1)

    two.look(seconds=61)
    two.schedule("After all")
    two.look()

    assert not two.connection().only_reads
    assert len(two.titled("After all")) == 1


def test_without_a_mailbox_it_is_asked_once_a_day(connected: Desk) -> None:
    connected.world.fail_next(404, "MailboxNotEnabledForRESTAPI", times=2)
    connected.look()
    state = connected.connection().state
    connected.tap.clear()

    connected.look(hours=23)
    asked = len(connected.tap.graph)
    connected.look(hours=2)
    still = connected.connection().state
    connected.look(hours=25)

    assert (state, asked, still) == (connections.NO_MAILBOX, 0, connections.NO_MAILBOX)
    assert connected.connection().state == connections.CONNECTED
    assert connected.in_step()


def remove_calendar(desk: Desk, name: str) -> None:
    """Deleted in Outlook, with all that was in it."""
    mailbox = desk.world.person("alice").mailbox
    gone = mailbox.calendar_named(name)
    for item in [one for one in mailbox.items.values() if one.calendar == gone.number]:
        mailbox.remove(item)
    del mailbox.calendars[gone.number]


def test_a_removed_calendar_leaves_with_its_events(two: Desk) -> None:
    two.world.add_event("alice", "Milestone", two.now + timedelta(days=1), calendar="Projects")
    two.look()

    remove_calendar(two, "Projects")
    two.look()
    two.look()

    assert calendar(two, "Projects").missing_since is not None
    assert two.cached("Milestone") == []
    assert two.connection().failures == 0
    assert two.in_step()


def test_a_meeting_that_left_a_removed_calendar_in_time_follows_its_event(two: Desk) -> None:
    meeting_id = two.settled("Planning", starts=timedelta(days=3))
    event_id = two.outlook_id(meeting_id)
    two.world.move_to_calendar("alice", event_id, "Projects")
    two.look()
    there = link_of(two).calendar_id

    two.world.move_to_calendar("alice", event_id, "Calendar")
    remove_calendar(two, "Projects")
    two.look()
    two.look()

    assert there == calendar(two, "Projects").id
    assert link_of(two).calendar_id == calendar(two, "Calendar").id
    assert two.meeting(meeting_id).cancelled_at is None
    assert len(two.cached("Planning")) == 1


def test_a_meeting_in_a_removed_calendar_does_not_take_place(two: Desk) -> None:
    meeting_id = two.settled("Planning", starts=timedelta(days=3))
    two.world.move_to_calendar("alice", two.outlook_id(meeting_id), "Projects")
    two.look()

    remove_calendar(two, "Projects")
    two.look()
    two.look()

    assert two.meeting(meeting_id).cancelled_at is not None


def test_a_list_without_a_calendar_alone_removes_nothing(two: Desk) -> None:
    """The list is short by mistake: the events are there when they are asked for."""
    meeting_id = two.settled("Planning", starts=timedelta(days=3))

    def shorten(answer: dict[str, list[object]]) -> None:
        answer["value"] = answer["value"][1:]

    two.tap.rewrite("GET", "/me/calendars", shorten)
    two.look(hours=25)
    two.look()

    assert two.meeting(meeting_id).cancelled_at is None
    assert len(two.cached("Planning")) == 1
    assert two.in_step()


def test_a_calendar_with_another_id_is_the_same_calendar(two: Desk) -> None:
    two.world.add_event("alice", "Milestone", two.now + timedelta(days=1), calendar="Projects")
    two.look()
    before = calendar(two, "Projects")
    kept = two.cached("Milestone")[0].id

    two.world.change_calendar_id("alice", "Projects")
    two.world.add_event("alice", "Later", two.now + timedelta(days=2), calendar="Projects")
    two.look()

    after = calendar(two, "Projects")
    assert (after.id, after.missing_since) == (before.id, None)
    assert after.graph_id != before.graph_id
    assert [one.id for one in two.cached("Milestone")] == [kept]
    assert len(two.cached("Later")) == 1
    assert two.connection().failures == 0


def test_the_default_calendar_keeps_its_meetings_when_its_id_changes(two: Desk) -> None:
    meeting_id = two.settled("Planning", starts=timedelta(days=3))

    two.world.change_calendar_id("alice", "Calendar")
    two.look_everywhere()
    two.look_everywhere()
    two.edit(meeting_id, title="Great planning")
    two.look()

    assert len(two.titled("Great planning")) == 1
    assert two.meeting(meeting_id).cancelled_at is None
    assert len([one for one in two.rows(Calendar) if one.is_default]) == 1


def test_a_renamed_calendar_keeps_its_events(two: Desk) -> None:
    two.world.add_event("alice", "Milestone", two.now + timedelta(days=1), calendar="Projects")
    two.look()

    two.world.person("alice").mailbox.calendar_named("Projects").name = "Works"
    two.look(hours=25)

    assert calendar(two, "Works").ticked
    assert len(two.cached("Milestone")) == 1


def test_an_added_calendar_waits_for_a_tick(two: Desk) -> None:
    two.world.person("alice").mailbox.add_calendar("Choir")

    two.look(hours=25)

    assert not calendar(two, "Choir").ticked


def test_a_meeting_dragged_to_a_calendar_that_is_not_read_is_followed(connected: Desk) -> None:
    meeting_id = connected.settled("Planning", starts=timedelta(days=3))

    connected.world.move_to_calendar("alice", connected.outlook_id(meeting_id), "Projects")
    connected.look()
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Great planning")
    connected.look()

    assert link_of(connected).calendar_id == calendar(connected, "Projects").id
    assert connected.meeting(meeting_id).title == "Great planning"


def link_of(desk: Desk) -> Link:
    [link] = desk.rows(Link)
    assert isinstance(link, Link)
    return link


def test_a_calendar_that_cannot_be_read_in_the_list_is_not_taken_for_missing(two: Desk) -> None:
    def spoil(answer: dict[str, list[object]]) -> None:
        answer["value"] = [7, *answer["value"][1:]]

    two.tap.rewrite("GET", "/me/calendars?", spoil)
    two.world.add_event("alice", "In time", two.now + timedelta(days=1))
    two.look(hours=25)
    in_time, missing = two.cached("In time"), [one.missing_since for one in two.rows(Calendar)]
    two.look()

    assert len(in_time) == 1
    assert set(missing) == {None}
    assert two.connection().described_at == two.now
    assert two.connection().failures == 0
