"""Inbound: what is done to a meeting's event in Outlook is done to the meeting, and no more."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx2
import pytest

from portal import connections, windows
from portal.tables import Calendar, Link
from tests.sync.desk import Desk

BOB = "bob@contoso.example"
DELTA = "calendarView/delta"
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_meeting_moved_in_outlook_moves_here(connected: Desk) -> None:
    meeting_id = connected.settled(invitees=[BOB])
    later = connected.now.replace(minute=0, second=0) + timedelta(days=3)

    connected.world.move_event("alice", connected.outlook_id(meeting_id), later)
    connected.world.mails.clear()
    connected.look()

    meeting = connected.meeting(meeting_id)
    assert (meeting.starts_at, meeting.ends_at) == (later, later + timedelta(hours=1))
    assert meeting.zone == "Europe/Berlin"
    assert (connected.tap.writes, connected.world.mails) == ([], [])


def test_a_meeting_moved_to_another_zone_keeps_its_instant_and_takes_the_zone(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    nine_in_tokyo = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - as somebody in Tokyo reads it
    event_id = connected.outlook_id(meeting_id)

    connected.world.move_event("alice", event_id, nine_in_tokyo, zone="Tokyo Standard Time")
    connected.look()

    meeting = connected.meeting(meeting_id)
    assert meeting.zone == "Asia/Tokyo"
    assert meeting.starts_at == datetime(2026, 12, 1, 0, tzinfo=UTC)


def test_a_meeting_made_all_day_in_outlook_and_back(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)

    connected.world.move_event("alice", event_id, date(2026, 12, 1), date(2026, 12, 3))
    connected.look()
    whole = connected.meeting(meeting_id)
    nine = datetime(2026, 12, 1, 9, tzinfo=UTC)
    connected.world.move_event("alice", event_id, nine, nine + timedelta(minutes=30))
    connected.look()
    timed = connected.meeting(meeting_id)

    assert whole.all_day
    assert whole.starts_at == datetime(2026, 12, 1, tzinfo=BERLIN)
    assert whole.ends_at == datetime(2026, 12, 3, tzinfo=BERLIN)
    assert (timed.all_day, timed.starts_at) == (False, nine)
    assert connected.tap.writes == []


def test_an_all_day_meeting_renamed_here_stays_all_day(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    connected.world.move_event("alice", event_id, date(2026, 12, 1), date(2026, 12, 3))
    connected.look()

    connected.edit(meeting_id, title="Away days")
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert (outlook["subject"], outlook["isAllDay"]) == ("Away days", True)
    assert [set(one.fields) for one in connected.tap.writes] == [{"subject"}]


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ({"subject": "Renamed"}, "title", "Renamed"),
        ({"location": {"displayName": "Room 7"}}, "location", "Room 7"),
    ],
)
def test_words_changed_in_outlook_change_here(
    connected: Desk, words: dict[str, object], field: str, value: str
) -> None:
    meeting_id = connected.settled(location="Room 4")

    connected.world.change_event("alice", connected.outlook_id(meeting_id), words)
    connected.look()

    assert getattr(connected.meeting(meeting_id), field) == value
    assert connected.tap.writes == []


def test_a_meeting_deleted_in_outlook_is_cancelled_once_a_get_says_so(connected: Desk) -> None:
    meeting_id = connected.settled()

    connected.world.delete_event("alice", connected.outlook_id(meeting_id))
    connected.look()

    meeting = connected.meeting(meeting_id)
    asked = [one for one in connected.tap.graph if "/events/" in one.path]
    assert (meeting.cancelled_in, meeting.cancelled_at) == ("outlook", connected.now)
    assert len(asked) == 1
    assert connected.tap.writes == []


def test_a_meeting_that_cannot_be_asked_for_is_not_cancelled(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    connected.world.delete_event("alice", event_id)
    failing = {"times": 2, "path_contains": f"/events/{event_id}"}
    connected.world.fail_next(503, "serviceNotAvailable", **failing)

    connected.look()
    unsure = connected.meeting(meeting_id).cancelled_at
    connected.look(minutes=11)

    assert unsure is None
    assert connected.meeting(meeting_id).cancelled_at is not None


def test_a_meeting_moved_out_of_every_window_is_not_cancelled(connected: Desk) -> None:
    meeting_id = connected.settled()
    far = connected.now.replace(minute=0, second=0) + timedelta(days=1500)

    connected.world.move_event("alice", connected.outlook_id(meeting_id), far)
    connected.look()

    meeting = connected.meeting(meeting_id)
    assert (meeting.cancelled_at, meeting.starts_at) == (None, far)


def test_a_meeting_in_a_calendar_of_no_mailbox_any_more_is_cancelled(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    mailbox = connected.world.person("alice").mailbox
    hidden = mailbox.add_calendar("Deletions")
    mailbox.move(mailbox.find(event_id).item, hidden)

    def unlisted(answer: dict[str, list[dict[str, str]]]) -> None:
        answer["value"] = [one for one in answer["value"] if one["name"] != "Deletions"]

    connected.tap.rewrite("GET", "/calendars?", unlisted)
    connected.look()
    at_first = connected.meeting(meeting_id).cancelled_in
    connected.tap.rewrite("GET", "/calendars?", unlisted)
    connected.look(minutes=11)

    assert at_first is None  # the list may have been too late for it
    assert connected.meeting(meeting_id).cancelled_in == "outlook"


def test_a_meeting_dragged_to_a_calendar_that_is_not_listed_yet_lives_on(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    connected.world.person("alice").mailbox.add_calendar("Brand new")
    connected.world.move_to_calendar("alice", event_id, "Brand new")

    def too_late(answer: dict[str, list[dict[str, str]]]) -> None:
        answer["value"] = [one for one in answer["value"] if one["name"] != "Brand new"]

    connected.tap.rewrite("GET", "/calendars?", too_late)
    connected.look()
    connected.look(minutes=11)

    assert connected.meeting(meeting_id).cancelled_at is None
    assert connected.outlook_id(meeting_id) == event_id
    connected.world.rename_event("alice", event_id, "Renamed")
    connected.look()
    assert connected.meeting(meeting_id).title == "Renamed"


def test_a_meeting_dragged_to_a_calendar_made_a_moment_ago_lives_on(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    connected.world.person("alice").mailbox.add_calendar("Brand new")

    connected.world.move_to_calendar("alice", event_id, "Brand new")
    connected.look()

    assert connected.meeting(meeting_id).cancelled_at is None


def test_our_own_writes_coming_home_cause_nothing_over_twenty_rounds(connected: Desk) -> None:
    meeting_id = connected.settled(
        "  Odd \t title ", location="Room 4", description="Words\r\n", invitees=[BOB], has_link=True
    )
    connected.edit(meeting_id, title="Another   title", later=timedelta(minutes=7))
    connected.rest()
    before = connected.meeting(meeting_id).changed_at
    connected.tap.clear()
    connected.world.mails.clear()

    for _ in range(20):
        connected.look()
    connected.look_everywhere()

    assert (connected.tap.writes, connected.world.mails) == ([], [])
    assert connected.meeting(meeting_id).changed_at == before
    assert len(connected.titled("Another   title")) == 1


def test_what_we_replaced_is_old_news_when_a_late_page_brings_it(connected: Desk) -> None:
    meeting_id = connected.settled()
    connected.tap.clear()
    stale = connected.outlook(meeting_id)
    assert stale is not None
    connected.edit(meeting_id, title="Replanning")

    connected.tap.rewrite("GET", DELTA, lambda page: page["value"].append(stale))
    connected.rest()
    connected.look()

    assert connected.meeting(meeting_id).title == "Replanning"
    assert (len(connected.cached("Replanning")), connected.cached("Planning")) == (1, [])
    assert len(connected.titled("Replanning")) == 1
    assert [one.method for one in connected.tap.writes] == ["PATCH"]


def test_changes_that_are_no_content_change_nothing(connected: Desk) -> None:
    meeting_id = connected.settled()
    before = connected.meeting(meeting_id).changed_at
    event_id = connected.outlook_id(meeting_id)

    for words in ({"categories": ["Red"]}, {"showAs": "free"}, {"reminderMinutesBeforeStart": 5}):
        connected.world.change_event("alice", event_id, words)
        connected.look()

    assert connected.meeting(meeting_id).changed_at == before
    assert connected.tap.writes == []


def test_a_meeting_dragged_to_a_calendar_made_after_the_last_list_of_them_lives_on(
    connected: Desk,
) -> None:
    meeting_id = connected.settled()
    with connected.database.writing() as db:
        connections.by_id(db, connected.connection().id).described_at = None
    connected.look()
    connected.world.person("alice").mailbox.add_calendar("Brand new")
    connected.world.move_to_calendar("alice", connected.outlook_id(meeting_id), "Brand new")

    with connected.database.writing() as db:
        windows.all_due(db, connected.windows()[0].calendar_id, now=connected.now)
        connections.mark_due(db, connected.connection().id, now=connected.now)
    connected.look(seconds=40)

    assert connected.meeting(meeting_id).cancelled_at is None
    assert connected.rows(Link)[0].calendar_id != connected.windows()[0].calendar_id


def test_a_deletion_that_is_answered_as_it_was_is_seen_all_the_same(connected: Desk) -> None:
    meeting_id = connected.settled()
    event_id = connected.outlook_id(meeting_id)
    event, calendar = connected.outlook(meeting_id), connected.rows(Calendar)[0].graph_id
    connected.world.delete_event("alice", event_id)
    its_own = f"/events/{quote(event_id, safe='')}"
    for part, answer in (("/calendar?", {"id": calendar}), ("", event)):
        late = httpx2.Response(200, json=answer)
        connected.tap.after("GET", its_own + part, lambda late=late: late)

    connected.look()
    at_first = connected.meeting(meeting_id).cancelled_at
    connected.look(minutes=11)

    assert at_first is None
    assert connected.meeting(meeting_id).cancelled_at is not None
