"""Forty series happen when somebody with a paper calendar says they do."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.recurrence.by_hand import SERIES, Worked
from tests.simulator.recurrence.series import mailbox, moments, write


def test_there_are_forty() -> None:
    assert len(SERIES) == 40


@pytest.mark.parametrize("worked", SERIES, ids=lambda each: each.why)
def test_a_series_happens_when_it_should(worked: Worked) -> None:
    start = datetime.fromisoformat(worked.start)
    recurrence = {
        "pattern": worked.pattern,
        "range": {"startDate": start.date().isoformat(), **worked.span},
    }
    length = timedelta(days=1) if worked.all_day else timedelta(hours=1)

    place = mailbox(worked.zone)
    item = write(place, worked.zone, start, length, recurrence, all_day=worked.all_day)

    expected = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in worked.moments.split()]
    assert moments(item) == expected
