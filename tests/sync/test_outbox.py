"""The outbox: who made a change, and in which order changes of several meetings go."""

from datetime import date, timedelta

from portal import next_change, outbox
from portal.recurrence import cut_before
from portal.tables import Change, Meeting
from tests.sync.desk import Desk

DAILY = {
    "pattern": {"type": "daily", "interval": 1},
    "range": {"type": "noEnd", "startDate": "2026-11-24"},
}


def split(desk: Desk, head_id: int, tail_id: int) -> Change | None:
    """As the form leaves it: the tail is a meeting with its create, the head waits to be cut."""
    with desk.database.writing() as db:
        head, tail = db.get_one(Meeting, head_id), db.get_one(Meeting, tail_id)
        head.recurrence = cut_before(DAILY, date(2026, 12, 1))
        return outbox.split(
            db,
            head,
            tail,
            create_change=tail.changes[-1],
            former=DAILY,
            made_by=head.person_id,
            transaction_id=desk.outside.ids(),
            now=desk.now,
        )


def due(desk: Desk) -> list[str]:
    with desk.database.reading() as db:
        change = next_change.of_calendar(db, desk.changes()[0].calendar_id, now=desk.now)
        return [] if change is None else [change.kind]


def test_a_head_is_not_cut_before_its_tail_is_there(connected: Desk) -> None:
    head = connected.settled()
    tail = connected.schedule("Tail")
    connected.edit(head, title="Renamed, waits")
    cut = split(connected, head, tail)

    kinds = due(connected)
    with connected.database.writing() as db:
        created = next(one for one in connected.changes() if one.meeting_id == tail)
        outbox.settle(db.get_one(Change, created.id), outbox.DONE, now=connected.now)

    assert cut is not None
    assert (cut.made_by, cut.intent["tail"]) == (connected.person_id("alice"), tail)
    assert (kinds, due(connected)) == ([outbox.CREATE], [outbox.SPLIT])
    joined = [one.code for one in connected.changes() if one.kind == outbox.UPDATE]
    assert joined == ["joined"]


def test_a_series_that_was_never_sent_is_not_cut_in_outlook(connected: Desk) -> None:
    head = connected.schedule()
    tail = connected.schedule("Tail", starts=timedelta(days=30))

    assert split(connected, head, tail) is None
