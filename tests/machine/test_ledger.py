"""The ledger itself: what it counts is what Microsoft does of what people did."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.calendar_make import plan, repeating
from tests.machine import checks, outlook_acts, portal_acts, series_acts
from tests.machine.duo import Duo, connected
from tests.machine.ledger import OUTLOOK, PORTAL, Ledger
from tests.machine.outlook_acts import Act


def _series(duo: Duo, ledger: Ledger) -> int:
    """Bob's, each day, with Alice; in both calendars."""
    at = duo.now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    wanted = plan("Standup", at, invitees={"alice@contoso.example": ""})
    rhythm = repeating(at.date(), ends=5, type="daily", interval=1)
    assert portal_acts.scheduled(duo, ledger, "bob", replace(wanted, recurrence=rhythm))
    duo.run()
    (meeting,) = duo.meetings_of("bob")
    return meeting.id


@pytest.mark.invariant(8)
@pytest.mark.parametrize(
    ("moves", "act"),
    [
        (True, series_acts.edit_instance),
        (True, series_acts.delete_instance),
        (False, series_acts.edit_instance),
    ],
)
def test_one_changed_in_outlook_is_mailed_about_with_the_series_that_waits(
    moves: bool, act: Act
) -> None:
    with connected(8) as duo:
        ledger, pick = Ledger(), random.Random(8)  # noqa: S311 - repeatable
        meeting_id = _series(duo, ledger)
        starts = duo.whole(meeting_id).starts_at + timedelta(hours=1)
        moved: dict[str, Any] = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
        portal_acts.change(duo, ledger, meeting_id, moved if moves else {"title": "Renamed"})
        assert act(duo, ledger, pick)

        duo.look_everywhere()

        assert len(duo.world.mails) == 3  # the invitation, the series, and that one
        assert checks.broken(duo, ledger) == []


@pytest.mark.invariant(8)
def test_one_changed_on_both_sides_is_mailed_about_with_the_series_and_by_itself() -> None:
    with connected(8) as duo:
        ledger, pick = Ledger(), random.Random(4)  # noqa: S311 - repeatable
        meeting_id = _series(duo, ledger)
        portal_acts.change(duo, ledger, meeting_id, {"title": "Renamed"})
        assert series_acts.edit_one(duo, ledger, pick)
        here = ledger.edits[-1].target
        assert series_acts.edit_instance(duo, ledger, pick)
        there = ledger.edits[-1].target
        assert here[:2] == there[:2] != (meeting_id, None)  # from this seed
        assert here[2] != there[2]

        duo.look_everywhere()

        assert len(duo.world.mails) == 4  # the invitation, the series, and that one twice
        assert checks.broken(duo, ledger) == []


@pytest.mark.invariant(8)
def test_a_series_deleted_in_outlook_is_made_again_with_what_was_edited_of_single_ones() -> None:
    with connected(8) as duo:
        ledger, pick = Ledger(), random.Random(3)  # noqa: S311 - repeatable
        meeting_id = _series(duo, ledger)
        assert series_acts.edit_one(duo, ledger, pick)
        duo.look_everywhere()
        assert series_acts.edit_one(duo, ledger, pick)
        assert ledger.edits_of_single_ones(meeting_id) == 2  # of two days, from this seed
        assert outlook_acts.delete(duo, ledger, pick)
        before = len(duo.world.mails)

        duo.look_everywhere()

        assert len(duo.world.mails) - before == 3  # the series, and both single ones
        assert checks.broken(duo, ledger) == []


def test_what_nobody_could_read_before_its_series_was_moved_here_is_not_called_lost() -> None:
    ledger, one = Ledger(), (1, date(2027, 2, 23))
    ledger.edited(PORTAL, (1, None, "time"), 9, 10)
    ledger.edited(OUTLOOK, (*one, "time"), 9, 8)
    ledger.edited(PORTAL, (*one, "title"), "Choir", "With guests")
    ledger.late[one] = "bob"

    def told(*blind: str) -> int:
        return len(ledger.lost(lambda target: 10, lambda *_: False, blind))

    assert (told(), told("alice"), told("bob")) == (2, 2, 1)


def test_what_is_called_off_comes_along_into_the_later_part_of_a_later_part() -> None:
    ledger = Ledger(tails={2: [3], 3: [6, 7], 4: [5]})

    assert ledger.with_heads(6) == {2, 3, 6}
    assert ledger.with_heads(2) == {2}
