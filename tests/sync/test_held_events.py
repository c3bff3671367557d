"""Events that cannot be read: held with the reason, asked for again, and taken in when they can."""

from datetime import timedelta

import pytest

from portal.tables import Event, HeldEvent, TimelineRow
from tests.sync.desk import Desk
from tests.sync.serial import HOUR, MONDAY, monday, nine, weekly

DAMAGES = {
    "wrong_types": "unreadable",
    "unknown_members": "type_unknown",
    "year_0001": "year_out_of_range",
    "year_9999": "year_out_of_range",
    "negative_duration": "duration_negative",
}


def damaged(desk: Desk, how: str) -> str:
    """An event whose change came in a damaged answer. The mailbox is whole again afterwards."""
    made: str = desk.world.add_event("alice", "Visit", desk.now + timedelta(days=3))
    desk.world.turn("wire.malformed", how, "alice")
    desk.look()
    desk.world.turn("wire.malformed", "no", "alice")
    return made


@pytest.mark.parametrize(("how", "code"), DAMAGES.items())
def test_an_unreadable_event_is_held_and_comes_ten_minutes_later(
    connected: Desk, how: str, code: str
) -> None:
    made = damaged(connected, how)
    [held] = connected.rows(HeldEvent)

    connected.look(minutes=10)

    assert (held.graph_id, held.code) == (made, code)
    assert connected.rows(HeldEvent) == []
    assert len(connected.cached("Visit")) == 1
    assert connected.in_step()


def test_the_others_of_the_page_are_read(connected: Desk) -> None:
    connected.world.add_event("alice", "Odd", connected.now + timedelta(days=3))
    connected.world.add_event("alice", "Plain", connected.now + timedelta(days=3))

    def spoil(answer: dict[str, list[dict[str, object]]]) -> None:
        for item in answer["value"]:
            if item.get("subject") == "Odd":
                del item["start"]

    connected.tap.rewrite("GET", "calendarView/delta", spoil)
    connected.look()

    assert [one.code for one in connected.rows(HeldEvent)] == ["time_missing"]
    assert len(connected.cached("Plain")) == 1


def test_what_stays_unreadable_is_asked_for_ever_less_often(connected: Desk) -> None:
    connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.world.turn("wire.malformed", "year_9999", "alice")
    connected.look()
    [held] = connected.rows(HeldEvent)

    steps = []
    for minutes in (10, 50, 24 * 60, 24 * 60):
        connected.look(minutes=minutes + 1)
        [row] = [one for one in connected.rows(HeldEvent) if one.graph_id == held.graph_id]
        steps.append(row.ask_at - connected.now)

    assert held.ask_at - held.since == timedelta(minutes=10)
    assert timedelta(minutes=48) < steps[0] < timedelta(minutes=50)
    assert steps[1:] == [timedelta(days=1)] * 3


def test_an_unreadable_event_that_is_deleted_is_held_no_longer(connected: Desk) -> None:
    made = damaged(connected, "year_0001")
    connected.world.delete_event("alice", made)

    connected.look(minutes=11)

    assert connected.rows(HeldEvent) == []
    assert connected.in_step()


def test_a_meeting_whose_event_was_held_is_judged_when_it_can_be_read(connected: Desk) -> None:
    meeting_id = connected.settled("Planning", starts=timedelta(days=3))
    connected.world.rename_event("alice", connected.outlook_id(meeting_id), "Great planning")
    connected.world.turn("wire.malformed", "wrong_types", "alice")
    connected.look()
    connected.world.turn("wire.malformed", "no", "alice")
    before = connected.meeting(meeting_id).title

    connected.look(minutes=11)

    assert (before, connected.meeting(meeting_id).title) == ("Planning", "Great planning")


def test_many_unreadable_events_are_asked_for_by_filling_anew(connected: Desk) -> None:
    for number in range(40):
        connected.world.add_event("alice", f"Stop {number}", connected.now + timedelta(days=3))
    connected.world.turn("wire.malformed", "year_0001", "alice")
    connected.look()
    connected.world.turn("wire.malformed", "no", "alice")
    held = len(connected.rows(HeldEvent))
    connected.tap.clear()

    connected.look(minutes=11)

    assert held == 40
    assert connected.rows(HeldEvent) == []
    assert len(connected.tap.graph) < 40
    assert connected.in_step()


def test_many_unreadable_events_that_are_deleted_are_held_no_longer(connected: Desk) -> None:
    start = connected.now + timedelta(days=3)
    made = [connected.world.add_event("alice", f"Stop {n}", start) for n in range(30)]
    connected.world.turn("wire.malformed", "year_0001", "alice")
    connected.look()
    connected.world.turn("wire.malformed", "no", "alice")
    held = len(connected.rows(HeldEvent))
    for graph_id in made:
        connected.world.delete_event("alice", graph_id)

    for minutes in (11, 11, 61, 60 * 25):
        connected.look(minutes=minutes)

    assert held == 30
    assert connected.rows(HeldEvent) == []


def test_a_series_whose_master_cannot_be_read_gets_its_words_later(connected: Desk) -> None:
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": "2026-11-20", "numberOfOccurrences": 4}
    start = connected.now + timedelta(days=2)
    series = {"pattern": pattern, "range": span}
    connected.world.add_event("alice", "Course", start, recurrence=series)

    def spoil(answer: dict[str, list[dict[str, object]]]) -> None:
        for item in answer["value"]:
            if item.get("type") == "seriesMaster":
                item["start"] = "tomorrow"

    connected.tap.rewrite("GET", "calendarView/delta", spoil)
    connected.look()
    wordless = connected.in_step(), connected.cached("Course")
    connected.look(minutes=11)

    assert wordless == (True, [])
    assert [event.kind for event in connected.cached("Course")] == ["master"]


def second_of_a_course(desk: Desk) -> str:
    """The id of an occurrence in Outlook; rounds do not tell its words, whatever becomes of it."""
    desk.world.turn("delta.exceptions", "slim", "alice")
    desk.world.add_event("alice", "Course", nine(MONDAY), recurrence=weekly())
    desk.look()
    [found] = desk.world.view("alice", nine(monday(1)), nine(monday(1)) + HOUR)
    return str(found["id"])


def row_of(desk: Desk, graph_id: str) -> Event:
    return next(event for event in desk.rows(Event) if event.graph_id == graph_id)


def test_an_occurrence_read_as_it_was_before_its_round_is_asked_for_again(connected: Desk) -> None:
    second = second_of_a_course(connected)
    connected.world.turn("reads.stale", 600, "alice")
    connected.world.move_event("alice", second, nine(monday(1)) + 5 * HOUR)
    connected.look()
    held = [(one.graph_id, one.code) for one in connected.rows(HeldEvent)]

    connected.look(minutes=11)

    assert held == [(second, "answers_differ")]
    assert row_of(connected, second).starts_at == nine(monday(1)) + 5 * HOUR
    assert connected.rows(HeldEvent) == []


def test_an_occurrence_read_as_it_is_after_its_round_is_shown_at_once(connected: Desk) -> None:
    second = second_of_a_course(connected)
    connected.world.turn("reads.delay", 120, "alice")
    connected.world.move_event("alice", second, nine(monday(1)) + 5 * HOUR)
    connected.advance(minutes=5)
    connected.world.rename_event("alice", second, "With guests")
    connected.look(minutes=1)
    shown = row_of(connected, second)

    connected.look(minutes=11)

    assert (shown.title, shown.starts_at) == ("With guests", nine(monday(1)) + 5 * HOUR)
    assert row_of(connected, second).title == "With guests"
    assert connected.rows(HeldEvent) == []


@pytest.mark.parametrize("how", [*DAMAGES, "lone_surrogates", "many_attendees", "nan", "deep"])
def test_a_whole_mailbox_that_is_damaged_comes_to_rest_and_heals(desk: Desk, how: str) -> None:
    desk.world.turn("wire.malformed", how, "alice")
    desk.connect()
    desk.rest()

    desk.world.turn("wire.malformed", "no", "alice")
    for _ in range(2):
        desk.look_everywhere()

    assert desk.rows(HeldEvent) == []
    assert desk.in_step()


def test_half_characters_are_cleaned(connected: Desk) -> None:
    damaged(connected, "lone_surrogates")

    assert len(connected.cached("Half a character ?")) == 1
    assert connected.in_step()


def test_an_event_that_is_held_says_so_on_its_timeline(connected: Desk) -> None:
    made = damaged(connected, "negative_duration")

    [row] = [one for one in connected.rows(TimelineRow) if one.graph_id == made]

    assert (row.side, row.what, row.why) == ("engine", "unreadable", "duration_negative")
    assert row.next_at == row.at + timedelta(minutes=10)


@pytest.mark.parametrize("name", ["tzone://Microsoft/Custom", "(UTC+01:00) Nowhere, Nobody"])
def test_a_zone_nobody_knows_is_kept_by_its_name(connected: Desk, name: str) -> None:
    start = connected.now + timedelta(days=3)
    visit = connected.world.add_event("alice", "Visit", start)
    connected.world.name_zones("alice", visit, name)

    connected.look()

    [row] = connected.cached("Visit")
    assert (row.zone, row.unknown_zone, row.starts_at) == (None, name, start)


def test_a_zone_that_is_known_again_is_no_warning(connected: Desk) -> None:
    visit = connected.world.add_event("alice", "Visit", connected.now + timedelta(days=3))
    connected.world.name_zones("alice", visit, "tzone://Microsoft/Custom")
    connected.look()

    connected.world.name_zones("alice", visit, "Tokyo Standard Time")
    connected.look()

    [row] = connected.cached("Visit")
    assert (row.zone, row.unknown_zone) == ("Asia/Tokyo", None)
