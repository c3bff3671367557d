"""What Outlook cannot hold is reported by line, and the rest is kept."""

import pytest

from simulator.world import World
from tests.simulator.ics.kit import bring, event, seen, starts

NINE = "DTSTART:20261110T090000Z"
TEN = "DTEND:20261110T100000Z"


@pytest.mark.parametrize(
    ("lines", "line", "text"),
    [
        (["RRULE:FREQ=HOURLY"], 9, "Outlook repeats nothing hourly: only the first date was kept."),
        (["RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY"], 10, "one rule for a series"),
        (["RRULE:FREQ=DAILY;COUNT=3;UNTIL=20271231"], 9, "the earlier end was taken"),
        (["RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20261120T090000Z"], 10, "nothing on 2026-11-20"),
        (["RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20261110T093000Z"], 10, "nothing on 2026-11-10"),
        (["EXRULE:FREQ=DAILY"], 9, "knows no EXRULE"),
        (["RELATED-TO:another"], 9, "RELATED-TO has no place in Outlook"),
        (["ATTENDEE:urn:uuid:1"], 9, "An attendee without a mail address is left out."),
        (["ORGANIZER:urn:uuid:1"], 9, "An organiser without a mail address is left out."),
        (["CREATED:yesterday"], 9, "CREATED 'yesterday' is no date or time."),
        (["This is no property"], 9, "This line is no property"),
        (["BEGIN:VALARM", "TRIGGER;RELATED=END:-PT5M", "END:VALARM"], 9, "before the start only"),
        (["SUMMARY;X=1:", f"DESCRIPTION:{'x' * 300}", "COMMENT:hm"], 11, "COMMENT has no place"),
    ],
)  # fmt: skip
def test_a_remark_names_the_line_and_the_event_is_kept(
    world: World, lines: list[str], line: int, text: str
) -> None:
    report = bring(world, event(NINE, TEN, *lines))

    assert [note.line for note in report.notes] == [line]
    assert text in report.notes[0].text
    assert starts(world)[0] == "2026-11-10T09:00"


@pytest.mark.parametrize(
    ("lines", "line", "text"),
    [
        (["SUMMARY:Never"], 3, "no DTSTART"),
        (["DTSTART:soon"], 7, "DTSTART 'soon' is no date or time."),
        ([NINE, "DURATION:long"], 8, "DURATION 'long' is no duration."),
        ([NINE, TEN, "STATUS:CANCELLED"], 3, "Its own organiser called the event off"),
        (["DTSTART:20261110T090000Z", "DTEND:20361110T090000Z"], 3, "Outlook refuses the event"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_reported_and_the_next_event_comes_in(
    world: World, lines: list[str], line: int, text: str
) -> None:
    other = event(NINE, TEN).replace("UID:one", "UID:two")

    report = bring(world, event(*lines), other)

    assert [(note.line, text in note.text) for note in report.notes] == [(line, True)]
    assert [one["iCalUId"] for one in seen(world)] == ["two"]


def test_lengths_are_completed_as_icalendar_says(world: World) -> None:
    cases = (
        ["DTSTART:20261110T090000Z"],
        ["DTSTART:20261110T090000Z", "DURATION:PT90M"],
        ["DTSTART;VALUE=DATE:20261110"],
        ["DTSTART;VALUE=DATE:20261110", "DURATION:P2D"],
        ["DTSTART;VALUE=DATE:20261110", "DTEND;VALUE=DATE:20261110"],
    )
    bring(world, *(event(*one).replace("UID:one", f"UID:{n}") for n, one in enumerate(cases)))

    ends = {one["iCalUId"]: one["end"]["dateTime"][:16] for one in seen(world)}

    assert [ends[str(number)] for number in range(5)] == [
        "2026-11-10T09:00", "2026-11-10T10:30", "2026-11-11T00:00", "2026-11-12T00:00",
        "2026-11-11T00:00",
    ]  # fmt: skip


def test_a_change_of_this_and_the_following_changes_this_one(world: World) -> None:
    later = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261111T090000Z", "DTSTART:20261111T120000Z")

    report = bring(world, event(NINE, TEN, "RRULE:FREQ=DAILY;COUNT=3"), later)

    assert [(note.line, note.text[-26:]) for note in report.notes] == [
        (15, "only this one was changed.")
    ]
    assert starts(world) == ["2026-11-10T09:00", "2026-11-11T12:00", "2026-11-12T09:00"]


def test_an_occurrence_moved_past_its_neighbour_becomes_an_event(world: World) -> None:
    moved = event("RECURRENCE-ID:20261110T090000Z", "DTSTART:20261115T090000Z")

    report = bring(world, event(NINE, TEN, "RRULE:FREQ=DAILY;COUNT=3"), moved)

    assert "past its neighbour" in report.notes[0].text
    assert [(one["type"], one["start"]["dateTime"][:10]) for one in seen(world)] == [
        ("occurrence", "2026-11-11"), ("occurrence", "2026-11-12"),
        ("singleInstance", "2026-11-15"),
    ]  # fmt: skip


def test_a_start_outside_its_own_rule_is_an_event(world: World) -> None:
    report = bring(world, event(NINE, TEN, "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3"))

    assert "DTSTART is no day of its own rule" in report.notes[0].text
    assert starts(world) == ["2026-11-10T09:00", "2026-11-12T09:00", "2026-11-19T09:00"]


def test_the_later_version_wins_and_a_second_import_changes_nothing(world: World) -> None:
    first = event(NINE, TEN, "SEQUENCE:2")
    second = event(NINE, TEN, "SEQUENCE:1").replace("SUMMARY:One", "SUMMARY:Old")

    report = bring(world, first, second)
    again = bring(world, first)

    assert [one["subject"] for one in seen(world)] == ["One"]
    assert "a later version" in report.notes[0].text
    assert "an event with this UID" in again.notes[0].text
