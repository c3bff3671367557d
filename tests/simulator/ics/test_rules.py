"""Rules of repetition: those Graph can say, in Graph's words, and the reasons for the others."""

from datetime import datetime
from typing import Any

import pytest

from simulator.ics.rules import Unsayable, read_rule
from simulator.ics.when import Moment
from simulator.mailbox.recurrence import read_recurrence
from tests.simulator.recurrence.test_oracle import ZONES, as_rule, generated

# A Tuesday, the second of its month, at nine.
START = Moment(datetime(2026, 11, 10, 9), "Europe/Berlin")  # noqa: DTZ001 - wall-clock time


def said(rule: str, start: Moment = START) -> dict[str, Any]:
    """The recurrence of a rule."""
    found = read_rule(rule, start).recurrence
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("FREQ=DAILY;INTERVAL=3", {"type": "daily", "interval": 3}),
        ("FREQ=DAILY;BYDAY=TU,WE", {"type": "weekly", "daysOfWeek": ["tuesday", "wednesday"]}),
        ("FREQ=WEEKLY", {"type": "weekly", "daysOfWeek": ["tuesday"], "firstDayOfWeek": "monday"}),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=TU", {"firstDayOfWeek": "sunday"}),
        ("FREQ=MONTHLY", {"type": "absoluteMonthly", "dayOfMonth": 10}),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", {"type": "absoluteMonthly", "dayOfMonth": 31}),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", {"dayOfMonth": 30}),
        ("FREQ=MONTHLY;BYDAY=2TU", {"type": "relativeMonthly", "index": "second"}),
        ("FREQ=MONTHLY;BYDAY=-1FR", {"index": "last", "daysOfWeek": ["friday"]}),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", {"index": "second", "daysOfWeek": ["tuesday"]}),
        ("FREQ=MONTHLY;BYDAY=TU", {"type": "weekly", "daysOfWeek": ["tuesday"]}),
        ("FREQ=YEARLY", {"type": "absoluteYearly", "month": 11, "dayOfMonth": 10}),
        ("FREQ=YEARLY;BYMONTH=12", {"type": "absoluteYearly", "month": 12, "dayOfMonth": 10}),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=2TU", {"type": "relativeYearly", "month": 11}),
    ],
)  # fmt: skip
def test_a_rule_is_said_in_graph_s_words(rule: str, pattern: dict[str, Any]) -> None:
    found = said(rule)["pattern"]

    assert {name: found[name] for name in pattern} == pattern


@pytest.mark.parametrize(
    ("ends", "span"),
    [
        ("", {"type": "noEnd"}),
        ("COUNT=5", {"type": "numbered", "numberOfOccurrences": 5}),
        ("COUNT=1200", {"type": "endDate", "endDate": "2030-02-21"}),
        ("UNTIL=20261115", {"type": "endDate", "endDate": "2026-11-15"}),
        # Nine o'clock in Berlin is eight o'clock UTC: that day still counts, or just not.
        ("UNTIL=20261115T080000Z", {"type": "endDate", "endDate": "2026-11-15"}),
        ("UNTIL=20261115T075959Z", {"type": "endDate", "endDate": "2026-11-14"}),
        ("UNTIL=20261115T090000", {"type": "endDate", "endDate": "2026-11-15"}),
        ("COUNT=3;UNTIL=20271231", {"type": "endDate", "endDate": "2026-11-12"}),
        ("COUNT=99;UNTIL=20261111", {"type": "endDate", "endDate": "2026-11-11"}),
    ],
)  # fmt: skip
def test_a_rule_ends_where_the_file_ends_it(ends: str, span: dict[str, Any]) -> None:
    assert said(f"FREQ=DAILY;{ends}")["range"] == {"startDate": "2026-11-10", **span}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=HOURLY", "repeats nothing hourly"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "one day of the month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "from its beginning"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "one numbered weekday"),
        ("FREQ=MONTHLY;BYDAY=5TU", "the first to the fourth and the last"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=7", "the first to the fourth and the last"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "certain days of the month"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "so-manieth month"),
        ("FREQ=MONTHLY;BYMONTH=1,2", "no months in a monthly"),
        ("FREQ=WEEKLY;BYDAY=2TU", "no ordinal"),
        ("FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1", "no positions in a weekly"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=TU", "every so many days"),
        ("FREQ=DAILY;INTERVAL=1000", "no interval of 1000"),
        ("FREQ=YEARLY;BYYEARDAY=100", "knows no BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "knows no BYWEEKNO"),
        ("FREQ=YEARLY;BYMONTH=1,7", "not several"),
        ("FREQ=YEARLY;BYDAY=20MO", "needs the month"),
        ("FREQ=DAILY;BYHOUR=9,17", "knows no BYHOUR"),
        ("FREQ=DAILY;COUNT=0", "less than once"),
        ("FREQ=SOMETIMES", "cannot be read"),
        ("COUNT=3", "no FREQ"),
        ("nonsense", "no FREQ"),
    ],
)  # fmt: skip
def test_what_graph_cannot_say_has_a_reason(rule: str, reason: str) -> None:
    with pytest.raises(Unsayable, match=reason):
        read_rule(rule, START)


def test_a_start_outside_the_pattern_is_told_apart() -> None:
    rule = read_rule("FREQ=WEEKLY;BYDAY=TH;COUNT=3", START)

    assert rule.apart
    assert rule.recurrence is not None
    assert rule.recurrence["range"] == {
        "type": "numbered", "startDate": "2026-11-12", "numberOfOccurrences": 2,
    }  # fmt: skip


@pytest.mark.parametrize("zone", ZONES[:3])
def test_what_graph_says_comes_back_as_it_was(zone: str) -> None:
    compared = 0
    for start, recurrence, _ in generated(zone):
        rule = read_rule(as_rule(recurrence), Moment(start, zone))
        if rule.recurrence and not rule.apart:
            there, back = (read_recurrence(one).dates() for one in (recurrence, rule.recurrence))
            assert [next(there, None) for _ in range(20)] == [next(back, None) for _ in range(20)]
            compared += 1

    assert compared > 20
