"""The merge alone, without a database: five thousand pairs of versions come to rest."""

import random

import pytest

from portal.tables import Meeting
from sync.judging import content
from sync.judging.content import UNITS
from sync.judging.merge import with_taken
from tests.machine import planner

RUNS = 5_000


@pytest.mark.invariant(1, 2, 3)
def test_every_pair_comes_to_rest_and_no_edit_is_lost() -> None:
    steps = planner.runs(0, RUNS)

    assert sum(steps.values()) == RUNS
    assert max(steps) <= planner.MOST_STEPS


def test_what_is_stored_is_what_was_merged() -> None:
    for number in range(500):
        case = planner.begun(number)
        units = frozenset(random.Random(number).sample(UNITS, 2))  # noqa: S311 - repeatable
        for _ in range(3):
            case.edit(planner.THEIRS)
        ours = case.ours
        meeting = Meeting(title=ours.title, location=ours.location, description="")
        meeting.zone, meeting.all_day, meeting.join_url = ours.zone, ours.all_day, ours.join_url
        meeting.starts_at, meeting.ends_at = ours.starts, ours.ends
        meeting.recurrence = ours.recurrence

        content.take(meeting, case.theirs, units)

        assert content.of_meeting(meeting) == with_taken(ours, case.theirs, units)
