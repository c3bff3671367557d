"""What adoption asks of the database: little, however much a mailbox holds."""

from datetime import timedelta

import pytest
from sqlalchemy import event as listening

from portal import adoption
from portal.tables import Calendar
from tests import calendar_make as make

ROOM = "https://meet.jit.si/weekly-review"


@pytest.fixture
def own(portal):
    with portal.writing() as db:
        return make.connected(db, "alice", now=portal.clock())


def held(portal, calendar, title, **differs):
    row = {
        "is_organizer": True, "organizer_address": "Alice@Contoso.example", "location": ROOM,
        "change_key": "1",
    }  # fmt: skip
    with portal.writing() as db:
        soon = portal.clock() + timedelta(days=1)
        return make.event(db, calendar, title, soon, **(row | differs))


def asked(portal, calendar):
    """Titles of candidates, and how SQLite finds them."""
    statements = []
    with portal.reading() as db:
        listening.listen(
            db.get_bind(),
            "before_cursor_execute",
            lambda _c, _cu, statement, values, _x, _m: statements.append((statement, values)),
        )
        found = adoption.candidates(db, calendar.connection_id, calendar.id, now=portal.clock())
        statement, values = next(one for one in statements if "body_html" in one[0])
        plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [one.graph_id for one in found], [row.detail for row in plan]


def test_only_what_nobody_has_looked_at_is_read(portal, own):
    wanted = held(portal, own, "Review")
    held(portal, own, "Seen", considered_key="1")
    held(portal, own, "Invitation", is_organizer=False)
    held(portal, own, "Of another", organizer_address="bob@contoso.example")
    held(portal, own, "Called off", is_cancelled=True)
    held(portal, own, "In doubt", doubted_at=portal.clock())

    found, steps = asked(portal, own)

    assert found == [wanted.graph_id]
    assert any("ix_events_unconsidered" in step for step in steps), steps


@pytest.mark.parametrize(
    "differs",
    [{"can_edit": False}, {"is_default": False, "owner_address": "bob@contoso.example"}],
    ids=["read only", "somebody else's"],
)
def test_nothing_is_adopted_in_a_calendar_that_is_not_ones_own(portal, own, differs):
    with portal.writing() as db:
        mine = db.get_one(Calendar, own.id).connection
        other = make.calendar(db, mine, "Other", **differs)
    held(portal, other, "Review")

    with portal.reading() as db:
        found = adoption.candidates(db, other.connection_id, other.id, now=portal.clock())

    assert found == []


def test_a_series_is_looked_at_while_it_goes_on(portal, own):
    now = portal.clock()
    words = {"is_organizer": True, "organizer_address": "alice@contoso.example", "change_key": "1"}
    with portal.writing() as db:
        past = [now - timedelta(days=9), now - timedelta(days=2)]
        make.series(db, own, "Over", past, location=ROOM, **words)
        running, _ahead = make.series(
            db, own, "Goes on", [past[0], now + timedelta(days=5)], location=ROOM, **words
        )
        found = adoption.candidates(db, own.connection_id, own.id, now=now)

    assert [one.graph_id for one in found] == [running.series_id]
