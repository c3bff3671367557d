"""Damaged answers in every test run: 200 and more in two courses of 80 rounds, seeds fixed."""

import random

import httpx2
import pytest

from tests.machine.damage import ordeal
from tests.machine.spoil import KINDS, Spoiler

ROUNDS, ANSWERS = 160, 200


@pytest.mark.invariant(1, 2, 3, 5, 6)
def test_damaged_answers_break_nothing_and_are_read_well_later() -> None:
    counted = ordeal(0) + ordeal(1)

    assert counted["rounds"] > ROUNDS
    assert counted["damaged"] >= ANSWERS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_damage_changes_the_answer(kind: str) -> None:
    spoiler = Spoiler(random.Random(0), lambda _: False)  # noqa: S311 - repeatable
    spoiler.begin(kind, share=1)
    at = {"dateTime": "2026-11-20T11:00:00.0000000", "timeZone": "UTC"}
    event = {
        "id": "AAMk-1",
        "start": at,
        "end": at | {"timeZone": "Asia/Tokyo"},
        "subject": "Lunch",
    }
    whole = httpx2.Response(200, json={"value": [event]})

    found = spoiler(httpx2.Request("GET", "http://graph.test/v1.0/me/events"), whole)

    assert found.content != whole.content
    assert spoiler.times == 1
