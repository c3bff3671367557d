"""Which calendars are read, and which one meetings are written to."""

import pytest

from portal import connections
from portal.tables import Calendar, Event
from tests.browse import Browser
from tests.stage import Stage


def connected(stage: Stage, browser: Browser, who: str) -> None:
    stage.connect(browser, who)
    stage.rest()


def names(stage: Stage, column: str) -> list[str]:
    return [row.name for row in stage.rows(Calendar) if getattr(row, column)]


def boxes(stage: Stage, *wanted: str) -> list[str]:
    return [str(row.id) for row in stage.rows(Calendar) if row.name in wanted]


def test_ticked_calendars_are_read_and_others_leave(stage: Stage, alice: Browser) -> None:
    connected(stage, alice, "alice")
    everything = [row.name for row in stage.rows(Calendar)]
    assert len(everything) > 1

    page = alice.submit(alice.get("/profile"), "Save calendars", ticked=boxes(stage, *everything))
    stage.rest()
    assert names(stage, "ticked") == everything

    alice.submit(page, "Save calendars", ticked=boxes(stage, "Calendar"))

    assert names(stage, "ticked") == ["Calendar"]
    (kept,) = {event.calendar_id for event in stage.rows(Event)}
    assert str(kept) in boxes(stage, "Calendar")


def test_the_calendar_of_meetings_is_read_whatever_is_ticked(stage: Stage, alice: Browser) -> None:
    connected(stage, alice, "alice")

    page = alice.submit(alice.get("/profile"), "Save calendars", ticked=None)

    assert names(stage, "ticked") == names(stage, "is_target") == ["Calendar"]
    assert "Calendar stays shown" in page.notices[1]


def test_a_calendar_with_meetings_to_come_is_read_on_when_another_becomes_the_target(
    stage: Stage, alice: Browser
) -> None:
    connected(stage, alice, "alice")
    stage.schedule("alice")
    stage.rest()
    other = next(row for row in stage.rows(Calendar) if row.can_edit and not row.is_target)

    alice.submit(
        alice.get("/profile"), "Save calendars", ticked=[str(other.id)], target=str(other.id)
    )
    stage.rest()

    assert names(stage, "is_target") == [other.name]
    assert set(names(stage, "ticked")) == {"Calendar", other.name}


@pytest.mark.parametrize("junk", ["", "0", "-1", "²", "9" * 5000, "1 OR 1=1", "\x00"])
def test_calendars_that_are_not_there_are_ignored(stage: Stage, alice: Browser, junk: str) -> None:
    connected(stage, alice, "alice")

    page = alice.post("/connection/calendars", {"ticked": junk, "target": junk})

    assert page.status == 200
    assert names(stage, "is_target") == ["Calendar"]


def test_somebody_elses_calendar_is_out_of_reach(
    stage: Stage, alice: Browser, bob: Browser
) -> None:
    connected(stage, alice, "alice")
    connected(stage, bob, "bob")
    mine = stage.person_id("alice")
    with stage.portal.reading() as db:
        connection = connections.live_of(db, mine)
        assert connection is not None
        theirs = [str(calendar.id) for calendar in connection.calendars]
    before = [(row.id, row.ticked, row.is_target) for row in stage.rows(Calendar)]

    bob.post("/connection/calendars", {"ticked": theirs, "target": theirs[-1]})

    assert [(row.id, row.ticked, row.is_target) for row in stage.rows(Calendar)] == before
