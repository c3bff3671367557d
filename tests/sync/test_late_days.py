"""Dates of a series right after it was changed, while Microsoft's lists show it as it was."""

from datetime import date, timedelta

import pytest

from portal.tables import Conflict
from sync.judging.occurrence import AS_THE_SERIES, CALLED_OFF, Base, Seen
from tests.cast import MORNING
from tests.sync import serial
from tests.sync.desk import WHO, Desk
from tests.sync.serial import HOUR, WEEK, differ, here, monday, nine, there

LATE = 90  # seconds
ENDLESS = {"type": "noEnd", "startDate": serial.MONDAY.isoformat()}


def late(desk: Desk) -> None:
    desk.look(minutes=20)
    desk.world.turn("reads.delay", LATE)


def longer(desk: Desk, meeting_id: int) -> None:
    """Two Mondays more than the ten it has."""
    serial.change(desk, meeting_id, recurrence=serial.weekly(12))
    desk.rest()


def time_passes(desk: Desk) -> None:
    for _ in range(8):
        desk.look(seconds=20)
    desk.look(minutes=12)
    desk.look_everywhere()


@pytest.mark.invariant(6)
def test_a_date_called_off_stays_so_when_its_series_is_made_longer(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    differ(connected, meeting_id, monday(2), cancelled=True)
    connected.rest()
    late(connected)

    longer(connected, meeting_id)
    time_passes(connected)

    assert set(there(connected, meeting_id)) == {monday(one) for one in range(12) if one != 2}
    assert {day: row.cancelled for day, row in here(connected, meeting_id).items()} == {
        monday(2): True
    }


@pytest.mark.invariant(6)
def test_a_date_called_off_right_after_its_series_was_made_longer_is_gone(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    late(connected)

    longer(connected, meeting_id)
    differ(connected, meeting_id, monday(2), cancelled=True)
    connected.rest()
    time_passes(connected)

    assert set(there(connected, meeting_id)) == {monday(one) for one in range(12) if one != 2}
    assert here(connected, meeting_id)[monday(2)].cancelled


@pytest.mark.invariant(3)
def test_a_new_date_of_a_series_can_be_changed_before_a_list_shows_it(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    late(connected)

    longer(connected, meeting_id)
    differ(connected, meeting_id, monday(11), title="Concert")
    connected.rest()
    time_passes(connected)

    assert there(connected, meeting_id)[monday(11)]["subject"] == "Concert"
    assert connected.rows(Conflict) == []


@pytest.mark.invariant(3)
@pytest.mark.parametrize("rule", ["outlook", "portal"])
def test_the_newer_of_two_versions_of_a_date_outlives_its_series_change(
    connected: Desk, rule: str
) -> None:
    connected.choose("conflict_rule", rule)
    meeting_id = serial.settled(connected)
    event_id = there(connected, meeting_id)[monday(2)]["id"]
    connected.world.rename_event(WHO, event_id, "With guests")
    late(connected)
    connected.world.rename_event(WHO, event_id, "Concert")
    connected.advance(seconds=10)

    longer(connected, meeting_id)
    time_passes(connected)

    assert there(connected, meeting_id)[monday(2)]["subject"] == "Concert"
    assert here(connected, meeting_id)[monday(2)].title == "Concert"
    assert connected.rows(Conflict) == []


@pytest.mark.invariant(3)
def test_a_date_changed_beyond_the_windows_outlives_the_move_of_its_series(
    connected: Desk,
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly() | {"range": ENDLESS})
    far = shown_on(connected, meeting_id, monday(100))
    connected.world.rename_event(WHO, far, "In two years")
    first = nine(serial.MONDAY) + HOUR

    serial.change(connected, meeting_id, starts_at=first, ends_at=first + HOUR)
    connected.rest()

    again = shown_on(connected, meeting_id, monday(100))
    assert connected.world.event(WHO, again)["subject"] == "In two years"


def shown_on(desk: Desk, meeting_id: int, day: date) -> str:
    """Id of the series' occurrence on that day."""
    near = desk.world.view(WHO, nine(day) - WEEK / 2, nine(day) + WEEK / 2)
    series = desk.outlook_id(meeting_id)
    (found,) = (one["id"] for one in near if one["seriesMasterId"] == series)
    return str(found)


@pytest.mark.invariant(6)
def test_a_list_of_exceptions_alone_calls_off_no_new_date(connected: Desk) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly(2))
    for number in range(2):
        differ(connected, meeting_id, monday(number), title="With guests")
    connected.rest()
    late(connected)

    longer(connected, meeting_id)

    assert set(here(connected, meeting_id)) == {monday(0), monday(1)}
    time_passes(connected)
    assert set(here(connected, meeting_id)) == {monday(0), monday(1)}
    assert len(there(connected, meeting_id)) == 12


@pytest.mark.invariant(6)
@pytest.mark.parametrize("how", ["a moment ago", "beyond the windows"])
def test_a_date_deleted_in_outlook_stays_so_when_its_series_is_moved(
    connected: Desk, how: str
) -> None:
    meeting_id = serial.settled(connected, recurrence=serial.weekly() | {"range": ENDLESS})
    late(connected)
    day = monday(2) if how == "a moment ago" else monday(100)
    connected.world.delete_event(WHO, shown_on(connected, meeting_id, day))
    first = nine(serial.MONDAY) + HOUR

    serial.change(connected, meeting_id, starts_at=first, ends_at=first + HOUR)
    connected.rest()
    time_passes(connected)

    near = connected.world.view(WHO, nine(day) - WEEK / 2, nine(day) + WEEK / 2)
    assert [one for one in near if one["seriesMasterId"] == connected.outlook_id(meeting_id)] == []
    assert here(connected, meeting_id)[day].cancelled


@pytest.mark.invariant(3)
def test_a_date_beyond_the_windows_that_is_gone_holds_nothing_up(connected: Desk) -> None:
    """No date is left as the series says, so nothing vouches for its list."""
    years = {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 30, "month": 11}
    span = {"type": "numbered", "startDate": serial.MONDAY.isoformat(), "numberOfOccurrences": 3}
    meeting_id = serial.settled(connected, recurrence={"pattern": years, "range": span})
    days = [date(2026 + number, 11, 30) for number in range(3)]
    for day in days:
        differ(connected, meeting_id, day, title=f"Lecture {day.year}")
    connected.rest()
    connected.world.delete_event(WHO, shown_on(connected, meeting_id, days[2]))
    connected.look(hours=1)

    differ(connected, meeting_id, days[2], location="Hall")
    differ(connected, meeting_id, days[1], location="Hall")
    connected.rest()

    edited = connected.world.event(WHO, shown_on(connected, meeting_id, days[1]))
    assert edited is not None
    assert edited["location"]["displayName"] == "Hall"
    connected.look(minutes=12)
    assert {change.outcome for change in connected.changes()} == {"done"}


@pytest.mark.invariant(3)
def test_a_date_that_cannot_be_read_is_not_gone(connected: Desk) -> None:
    meeting_id = serial.settled(connected)
    connected.look(minutes=20)

    def spoil(answer: dict[str, list[dict[str, object]]]) -> None:
        for one in answer["value"]:
            if str(one["occurrenceId"]).endswith(monday(2).isoformat()):
                del one["start"]

    for _ in range(2):  # near, and further off
        connected.tap.rewrite("GET", "/instances", spoil)
    differ(connected, meeting_id, monday(2), cancelled=True)
    connected.rest()
    codes = [change.code for change in connected.changes() if change.done_at is None]
    connected.look()

    assert codes == ["occurrence_unreadable"]
    assert monday(2) not in there(connected, meeting_id)
    assert {change.outcome for change in connected.changes()} == {"done"}


@pytest.mark.invariant(6)
@pytest.mark.parametrize(("changed", "late"), [(-10, True), (0, True), (1, False)])
def test_a_version_from_before_a_date_was_called_off_does_not_bring_it_back(
    changed: int, late: bool
) -> None:
    """Microsoft answers nothing about the version that went."""
    base = Base().written(CALLED_OFF, CALLED_OFF, key=None, replaced="key-1", now=MORNING)
    since = MORNING + timedelta(seconds=changed)
    shown = Seen(AS_THE_SERIES, "key-2", is_plain=True, modified=since)

    assert base.is_late(shown, MORNING + timedelta(seconds=30)) == late
    assert not base.is_late(shown, MORNING + timedelta(minutes=10))
