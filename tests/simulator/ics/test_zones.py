"""Zones: by name, by what the file says, by their offsets; else reported."""

import pytest

from simulator.world import World
from tests.simulator.ics.kit import bring, event, seen

NEW_YORK = ("02", "02", "-0500", "-0400", "2SU", "3", "1SU", "11")
HAVANA = ("00", "01", "-0500", "-0400", "2SU", "3", "1SU", "11")
SYDNEY = ("02", "03", "+1000", "+1100", "1SU", "10", "1SU", "4")
NOBODY = ("02", "03", "+0117", "+0217", "2SU", "3", "1SU", "11")


def zone(name: str, rules: tuple[str, ...]) -> str:
    """A VTIMEZONE that Outlook would write."""
    forward, back, winter, summer, spring, spring_month, autumn, autumn_month = rules
    return f"""BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T{back}0000
TZOFFSETFROM:{summer}
TZOFFSETTO:{winter}
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY={autumn};BYMONTH={autumn_month}
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T{forward}0000
TZOFFSETFROM:{winter}
TZOFFSETTO:{summer}
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY={spring};BYMONTH={spring_month}
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("tzid", "utc"),
    [
        ("Asia/Tokyo", "00:00"),
        ("Tokyo Standard Time", "00:00"),
        ("/mozilla.example/20050126_1/America/Argentina/Ushuaia", "12:00"),
        ("UTC", "09:00"),
    ],
)
def test_a_zone_is_known_by_its_name(world: World, tzid: str, utc: str) -> None:
    report = bring(world, event(f"DTSTART;TZID={tzid}:20261110T090000"))

    assert report.notes == []
    assert seen(world)[0]["start"]["dateTime"][11:16] == utc


@pytest.mark.parametrize(
    ("rules", "name"),
    [
        (NEW_YORK, "Eastern Standard Time"),
        (HAVANA, "Cuba Standard Time"),
        (SYDNEY, "AUS Eastern Standard Time"),
    ],
)
def test_a_zone_is_known_by_its_offsets(world: World, rules: tuple[str, ...], name: str) -> None:
    report = bring(world, zone("Ours", rules), event("DTSTART;TZID=Ours:20261110T090000"))

    assert report.notes == []
    assert seen(world)[0]["originalStartTimeZone"] == name


def test_a_zone_nobody_knows_keeps_its_moments(world: World) -> None:
    report = bring(world, zone("Ours", NOBODY), event("DTSTART;TZID=Ours:20261110T090000"))

    assert report.lines() == [
        "a.ics:3: Outlook knows no zone like 'Ours': its times are kept as UTC."
    ]
    assert seen(world)[0]["start"]["dateTime"][11:16] == "07:43"


def test_a_zone_that_is_not_explained_is_the_mailbox_s_own(world: World) -> None:
    report = bring(world, event("DTSTART;TZID=Ours:20261110T090000"))

    assert report.lines() == [
        "a.ics:7: The file does not say what zone 'Ours' is: W. Europe Standard Time was taken."
    ]
    assert seen(world)[0]["start"]["dateTime"][11:16] == "08:00"


def test_clocks_that_change_every_second_are_not_followed(world: World) -> None:
    hasty = zone("Ours", NEW_YORK).replace("FREQ=YEARLY", "FREQ=SECONDLY")

    report = bring(world, hasty, event("DTSTART;TZID=Ours:20261110T090000"))

    assert "otherwise than by the year" in report.notes[0].text


def test_a_zone_that_explains_nothing_is_the_mailbox_s_own(world: World) -> None:
    empty = "BEGIN:VTIMEZONE\nTZID:Ours\nEND:VTIMEZONE"

    report = bring(world, empty, event("DTSTART;TZID=Ours:20261110T090000"))

    assert [(note.line, "cannot be read" in note.text) for note in report.notes] == [(3, True)]


def test_a_display_name_with_a_colon_needs_no_quotes(world: World) -> None:
    name = "(UTC-05:00) Eastern Time"

    report = bring(world, zone(name, NEW_YORK), event(f"DTSTART;TZID={name}:20261110T090000"))

    assert report.notes == []
    assert seen(world)[0]["start"]["dateTime"][11:16] == "14:00"
