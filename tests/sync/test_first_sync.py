"""The first sync: from the consent to 24 months of events, whatever happens on the way."""

from datetime import timedelta

from portal.tables import Connection, Event, Window
from tests.browse import Browser
from tests.stage import Stage
from tests.sync.desk import Desk


def test_connecting_brings_all_events_of_24_months(stage: Stage, alice: Browser) -> None:
    stage.world.add_event("alice", "Lunch with Bob", stage.now)

    page = stage.connect(alice, "alice")
    stage.settle()

    assert "alice@contoso.example is connected" in page.text
    assert [row.state for row in stage.rows(Connection)] == ["connected"]
    assert all(window.filled_at for window in stage.rows(Window))
    assert "Lunch with Bob" in stage.titles()
    assert len(stage.rows(Event)) > 10


def test_the_cache_then_holds_just_what_outlook_shows(desk: Desk) -> None:
    fill(desk, 120)

    desk.connect()
    desk.rest()

    assert desk.in_step()


def fill(desk: Desk, count: int) -> None:
    """So many single events, one every two days from tomorrow on."""
    for number in range(count):
        desk.world.add_event("alice", f"Visit {number}", desk.now + timedelta(days=1 + 2 * number))
