"""How the form says a recurrence, and reads one that others made."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator.mailbox.recurrence import read_recurrence
from simulator.outlook.repeats import values_of, words_of
from simulator.world import World
from tests.simulator.desk import at, weekly
from tests.simulator.outlook.test_outlook import ALICE, FORM

KINDS = [
    ({"repeat": "daily", "every": "2"}, "every 2 days"),
    ({"repeat": "weekly"}, "every week on Wednesday"),
    (
        {"repeat": "weekly", "weekdays": ["monday", "wednesday"]},
        "every week on Monday and Wednesday",
    ),
    ({"repeat": "absoluteMonthly"}, "every month on day 18"),
    ({"repeat": "relativeMonthly"}, "every month on the third Wednesday"),
    ({"repeat": "absoluteYearly"}, "every year on day 18 of November"),
    ({"repeat": "relativeYearly"}, "every year on the third Wednesday of November"),
]
ENDS = [
    ({"ends": "never"}, ""),
    ({"ends": "on", "until": "2027-06-30"}, ", until 30 June 2027"),
    ({"ends": "after", "times": "5"}, ", 5 times"),
]


@pytest.mark.parametrize(("kind", "often"), KINDS)
@pytest.mark.parametrize(("end", "until"), ENDS)
def test_what_the_form_says_is_stored_and_shown_again(
    client: FlaskClient, world: World, kind: dict[str, Any], often: str, end: Any, until: str
) -> None:
    said = {name: value for name, value in {**kind, **end}.items() if name != "weekdays"}

    client.post(f"{ALICE}/new", data={**FORM, **kind, **end})

    (event,) = world.events("alice")
    recurrence = read_recurrence(event["recurrence"])
    assert words_of(recurrence) == often + until
    shown = values_of(recurrence, date(2026, 11, 18))
    assert {name: shown.get(name) for name in said} == said


def test_what_the_form_cannot_say_is_kept_as_it_is(client: FlaskClient, world: World) -> None:
    pattern = {
        "type": "relativeMonthly", "interval": 1, "index": "last",
        "daysOfWeek": ["monday", "wednesday"],
    }  # fmt: skip
    span = {"type": "noEnd", "startDate": "2026-11-30"}
    recurrence = {"pattern": pattern, "range": span}
    event = world.add_event("alice", "Closing", at(30), recurrence=recurrence)
    before = world.event("alice", event)

    page = client.get(f"{ALICE}/events/{event}").text
    form = {**FORM, "title": "Month's end", "start": "2026-11-30T10:00", "end": "2026-11-30T11:00"}
    client.post(f"{ALICE}/events/{event}", data={**form, "repeat": "kept", "every": "1"})

    after = world.event("alice", event)
    assert "As it is" in page
    assert before is not None
    assert after is not None
    assert (after["subject"], after["recurrence"]) == ("Month's end", before["recurrence"])


def test_a_series_is_given_another_pattern_and_none(client: FlaskClient, world: World) -> None:
    event = world.add_event("alice", "Weekly", at(18), recurrence=weekly(18, "wednesday"))
    form = {**FORM, "start": "2026-11-18T10:00", "end": "2026-11-18T11:00", "every": "1"}

    client.post(f"{ALICE}/events/{event}", data={**form, "repeat": "daily", "ends": "never"})
    daily = world.view("alice", at(18, 0), at(21, 0))
    client.post(f"{ALICE}/events/{event}", data={**form, "repeat": "never"})

    assert len(daily) == 3
    assert [each["type"] for each in world.events("alice")] == ["singleInstance"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"repeat": "daily", "every": "x"},
        {"repeat": "daily", "ends": "on", "until": ""},
        {"repeat": "daily", "ends": "on", "until": "2026-11-01"},
        {"repeat": "daily", "ends": "after", "times": "0"},
        {"repeat": "hourly"},
    ],
)
def test_a_recurrence_without_sense_is_said(
    client: FlaskClient, world: World, wrong: dict[str, str]
) -> None:
    answer = client.post(f"{ALICE}/new", data={**FORM, **wrong})

    assert answer.status_code == 422
    assert 'value="Lunch"' in answer.text
    assert world.events("alice") == []
