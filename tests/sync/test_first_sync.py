"""The first sync: from the consent to 24 months of events."""

from portal.tables import Connection, Event, Window
from tests.browse import Browser
from tests.stage import Stage


def test_connecting_brings_all_events_of_24_months(stage: Stage, alice: Browser) -> None:
    stage.world.add_event("alice", "Lunch with Bob", stage.now)

    page = stage.connect(alice, "alice")
    stage.settle()

    assert "alice@contoso.example is connected" in page.text
    assert [row.state for row in stage.rows(Connection)] == ["connected"]
    assert all(window.filled_at for window in stage.rows(Window))
    assert "Lunch with Bob" in stage.titles()
    assert len(stage.rows(Event)) > 50
