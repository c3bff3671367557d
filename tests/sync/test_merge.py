"""Both sides' versions brought together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.judging.content import TIME, Content
from sync.judging.merge import merge
from tests.cast import MORNING
from tests.sync import serial

DAY = MORNING.replace(hour=0)


@pytest.mark.invariant(3)
def test_a_series_agreed_as_all_day_takes_its_zone_with_its_hours() -> None:
    """Of an all-day series any zone will do, so the two may be called differently."""
    whole_days = Content(
        "Camp", DAY, DAY + timedelta(days=1), all_day=True, zone="Europe/Berlin", location=""
    )
    ours = replace(whole_days, recurrence=serial.weekly())
    agreed = replace(ours, zone="UTC")
    hours = {"starts": MORNING, "ends": MORNING + timedelta(hours=1), "all_day": False}
    theirs = replace(agreed, **hours)

    merged = merge(ours, theirs, ours, agreed, outlook_wins=True)

    assert merged.verdict.take == {TIME}
    assert (merged.ours.starts, merged.ours.zone) == (MORNING, "UTC")


def test_a_series_keeps_our_name_of_a_zone_that_microsoft_has_only_one_name_for() -> None:
    ours = Content(
        "Choir",
        MORNING,
        MORNING + timedelta(hours=1),
        all_day=False,
        zone="Europe/Vienna",
        location="",
    )
    ours = replace(ours, recurrence=serial.weekly())
    agreed = replace(ours, zone="Europe/Berlin")
    later = timedelta(hours=2)
    theirs = replace(agreed, starts=agreed.starts + later, ends=agreed.ends + later)

    merged = merge(ours, theirs, ours, agreed, outlook_wins=True)

    assert (merged.ours.starts, merged.ours.zone) == (theirs.starts, "Europe/Vienna")
