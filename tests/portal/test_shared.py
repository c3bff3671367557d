"""The ids by which a colleague's meeting is known in other mailboxes."""

import pytest

from portal import shared
from portal.shared import series_uid

HEAD, TAIL = "040000008200E00074C5B7101A82E008", "0000000080B5F0D4" + "0" * 16 + "10000000AB"


def test_an_occurrence_has_the_id_of_its_series():
    series, occurrence = f"{HEAD}00000000{TAIL}", f"{HEAD}07EA0B17{TAIL}"

    assert series_uid(occurrence) == series_uid(series) == series
    assert series_uid(occurrence.lower()) == series


@pytest.mark.parametrize("uid", ["", "abc@google.com", HEAD, "1f0d-4711"])
def test_ids_of_others_stay_as_they_are(uid):
    assert series_uid(uid) == uid


def test_rows_without_an_id_are_all_different():
    rows = [("", 1), ("", 1), ("a", 1), ("a", 1), ("a", 2), ("mine", 1)]

    kept = shared.once(rows, uid=lambda r: r[0], starts=lambda r: r[1], hosted={"mine"})

    assert kept == [("", 1), ("", 1), ("a", 1), ("a", 2)]
