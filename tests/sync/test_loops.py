"""The loop breaker: an event that is written again and again is left alone until a person acts."""

from datetime import date, timedelta

import pytest

from portal import loops, outbox
from portal.tables import Link, Meeting, TimelineRow
from tests.sync.desk import Desk


def fight(desk: Desk, meeting_id: int, times: int, *, every: float = 60) -> None:
    """Something else renames the event over and over; the portal's rule is to win."""
    for number in range(times):
        desk.world.rename_event("alice", desk.outlook_id(meeting_id), f"Theirs {number}")
        with desk.database.writing() as db:
            meeting = db.get_one(Meeting, meeting_id)
            meeting.title = f"Ours {number}"
            outbox.update_event(db, meeting, transaction_id=desk.outside.ids(), now=desk.now)
        desk.look(seconds=every)


def link(desk: Desk) -> Link:
    found: Link = desk.rows(Link)[0]
    return found


@pytest.mark.invariant(10)
def test_after_six_writes_in_ten_minutes_nothing_more_is_written(connected: Desk) -> None:
    connected.choose("conflict_rule", "portal")
    meeting_id = connected.settled()
    other = connected.settled("Other")

    fight(connected, meeting_id, 8)
    connected.edit(other, title="Another")
    connected.rest()

    told = [row.what for row in connected.rows(TimelineRow) if row.meeting_id == meeting_id]
    assert (told.count("sent"), told.count("frozen")) == (loops.MOST, 1)
    assert connected.rows(Link)[0].frozen_at is not None
    assert len(connected.titled("Another")) == 1


def test_slow_writes_are_no_loop(connected: Desk) -> None:
    connected.choose("conflict_rule", "portal")
    meeting_id = connected.settled()

    fight(connected, meeting_id, 9, every=120)

    assert link(connected).frozen_at is None


def test_an_edit_in_a_form_here_thaws_it(connected: Desk) -> None:
    connected.choose("conflict_rule", "portal")
    meeting_id = connected.settled()
    fight(connected, meeting_id, 8)

    connected.edit(meeting_id, title="Enough")
    connected.rest()

    assert link(connected).frozen_at is None
    assert len(connected.titled("Enough")) == 1


def test_a_person_may_edit_as_often_as_they_like(connected: Desk) -> None:
    meeting_id = connected.settled()

    for number in range(12):
        connected.edit(meeting_id, title=f"Title {number}")
        connected.rest()

    assert link(connected).frozen_at is None
    assert len(connected.titled("Title 11")) == 1


def test_each_occurrence_is_counted_apart(connected: Desk) -> None:
    connected.settled()
    held, day = link(connected), date(2026, 12, 1)
    for number in range(loops.MOST):
        loops.note_write(held, original_day=day + timedelta(days=number), now=connected.now)
        loops.note_write(held, original_day=day, now=connected.now)

    full = [
        loops.is_full(held, original_day=one, now=connected.now)
        for one in (day, day + timedelta(days=1), None)
    ]

    assert full == [True, False, False]
    assert not loops.is_full(held, original_day=day, now=connected.now + loops.WITHIN)
