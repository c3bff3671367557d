"""Series and adopted events of which an answer says what was there before."""

from datetime import datetime, timedelta

import pytest

from portal.tables import Change, Meeting
from tests.sync import adopting, serial
from tests.sync.desk import Desk
from tests.sync.serial import HOUR, nine


@pytest.mark.invariant(3)
def test_a_series_read_as_it_was_keeps_what_its_list_has_shown(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    connected.world.turn("reads.stale", 30)
    connected.look(minutes=20)
    connected.advance(seconds=290)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")

    connected.look(seconds=20)
    connected.look_everywhere()

    assert connected.meeting(meeting_id).title == "Renamed there"


@pytest.mark.invariant(3)
def test_a_series_read_as_it_was_before_it_is_moved_here_keeps_its_name(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    connected.look(minutes=20)
    connected.world.turn("reads.stale", 1)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")
    connected.look()
    connected.world.turn("reads.stale", 370)
    connected.advance(seconds=5)

    first = nine(serial.MONDAY) + 2 * HOUR
    serial.change(connected, meeting_id, starts_at=first, ends_at=first + HOUR)
    connected.rest()
    connected.look_everywhere()

    outlook = connected.outlook(meeting_id)
    assert (connected.meeting(meeting_id).title, outlook["subject"]) == ("Renamed there",) * 2
    assert serial.starts(outlook) == first


@pytest.mark.invariant(3)
def test_a_meeting_moved_back_by_a_quarter_and_read_as_it_was_is_moved_here(
    connected: Desk,
) -> None:
    meeting_id = connected.settled("Planning", starts=timedelta(days=60))
    connected.rest()
    connected.world.turn("reads.stale", 350)
    connected.advance(seconds=100)
    to = connected.meeting(meeting_id).starts_at - timedelta(days=58)
    connected.world.move_event("alice", connected.outlook_id(meeting_id), to, to + HOUR)

    connected.look(minutes=5)
    connected.look_everywhere()

    assert connected.meeting(meeting_id).starts_at == to


@pytest.mark.invariant(3)
def test_an_event_adopted_as_it_was_gets_the_edit_that_its_list_has_shown(connected: Desk) -> None:
    connected.world.turn("reads.stale", 30)
    event_id = adopting.event(connected)
    connected.advance(seconds=280)
    connected.world.rename_event("alice", event_id, "Renamed there")

    connected.look(seconds=25)
    connected.look_everywhere()

    assert [one.title for one in connected.rows(Meeting)] == ["Renamed there"]


TUESDAY = serial.MONDAY + timedelta(days=1)
MONDAYS = {serial.monday(number) for number in range(4)}
TUESDAYS = {TUESDAY, TUESDAY + serial.WEEK}
ON_TUESDAYS = {
    "pattern": serial.weekly()["pattern"] | {"daysOfWeek": ["tuesday"]},
    "range": serial.weekly(2)["range"] | {"startDate": TUESDAY.isoformat()},
}


def local(moment: datetime) -> dict[str, str]:
    at = moment.astimezone(serial.ZONE).replace(tzinfo=None)
    return {"dateTime": at.isoformat(), "timeZone": serial.ZONE.key}


@pytest.mark.invariant(6)
@pytest.mark.parametrize("left", ["an exception", "nothing"])
def test_a_series_moved_here_loses_no_day_to_a_list_from_before(connected: Desk, left: str) -> None:
    """What is left of it there says nothing of its version."""
    meeting_id = serial.settled(connected, recurrence=serial.weekly(2))
    for number in range(2 if left == "nothing" else 1):
        serial.differ(connected, meeting_id, serial.monday(number), cancelled=True)
    if left != "nothing":
        serial.differ(connected, meeting_id, serial.monday(1), title="With guests")
    connected.rest()
    connected.look(minutes=20)
    connected.world.turn("reads.delay", 90)

    first = nine(TUESDAY)
    moved = {"starts_at": first, "ends_at": first + HOUR, "recurrence": ON_TUESDAYS}
    serial.change(connected, meeting_id, **moved)
    connected.rest()

    assert TUESDAYS.isdisjoint(serial.here(connected, meeting_id))
    connected.look(minutes=6)
    assert set(serial.there(connected, meeting_id)) == TUESDAYS
    assert TUESDAYS.isdisjoint(serial.here(connected, meeting_id))


@pytest.mark.invariant(6)
@pytest.mark.parametrize("how", ["moved", "longer"])
def test_a_series_changed_in_outlook_loses_no_day_to_a_list_from_before(
    connected: Desk, how: str
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(2))
    connected.look(minutes=20)
    connected.world.turn("reads.delay", 90)
    connected.advance(seconds=190)
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Renamed there")
    connected.advance(seconds=80)
    span = {"start": local(nine(TUESDAY)), "end": local(nine(TUESDAY) + HOUR)}
    moved, longer = span | {"recurrence": ON_TUESDAYS}, {"recurrence": serial.weekly(4)}
    words, days = (moved, TUESDAYS) if how == "moved" else (longer, MONDAYS)
    connected.world.change_event("alice", connected.outlook_id(meeting_id), words)

    connected.look(seconds=30)

    assert serial.here(connected, meeting_id) == {}
    connected.look(minutes=6)
    assert set(serial.there(connected, meeting_id)) == days
    assert serial.here(connected, meeting_id) == {}


@pytest.mark.invariant(6)
@pytest.mark.parametrize("lag", [0, 90])
def test_a_date_edited_here_while_its_series_is_moved_there_is_not_called_off(
    connected: Desk, lag: int
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(2))
    connected.look(minutes=20)
    connected.world.turn("reads.delay", lag)
    span = {"start": local(nine(TUESDAY)), "end": local(nine(TUESDAY) + HOUR)}
    connected.world.change_event(
        "alice", connected.outlook_id(meeting_id), span | {"recurrence": ON_TUESDAYS}
    )

    serial.differ(connected, meeting_id, serial.monday(1), title="With guests")
    connected.rest()

    assert not [one for one in serial.here(connected, meeting_id).values() if one.cancelled]
    for _ in range(3):
        connected.look(minutes=6)
    assert set(serial.there(connected, meeting_id)) == TUESDAYS
    assert serial.here(connected, meeting_id) == {}
    assert connected.meeting(meeting_id).starts_at == nine(TUESDAY)
    assert not [one for one in connected.rows(Change) if one.done_at is None]
