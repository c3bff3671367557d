"""A colleague's series in the calendar of somebody invited, whatever Microsoft calls its dates."""

from datetime import timedelta
from typing import Any

import pytest

from portal.tables import Meeting
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage

ALICE, BOB = "alice@contoso.example", "bob@contoso.example"
ROOM = {"location": {"displayName": "https://meet.jit.si/weekly-choir"}}


@pytest.fixture
def both(stage: Stage, alice: Browser, bob: Browser) -> Stage:
    stage.adopts = True
    stage.connect(alice, "alice")
    stage.connect(bob, "bob")
    stage.rest()
    return stage


def daily(stage: Stage, who: str, title: str, **more: Any) -> str:
    at = stage.now + timedelta(days=1)
    span = {"type": "numbered", "startDate": f"{at:%Y-%m-%d}", "numberOfOccurrences": 4}
    rule = {"pattern": {"type": "daily", "interval": 1}, "range": span}
    made: str = stage.world.add_event(who, title, at, zone="UTC", recurrence=rule, **(ROOM | more))
    return made


def items(page: Page, title: str) -> list[str]:
    return [text for text in page.texts("li", class_="agenda-item") if title in text]


@pytest.mark.parametrize("position", ["different", "equal"])
def test_each_occurrence_shows_once_as_the_hosts_meeting(
    both: Stage, alice: Browser, bob: Browser, position: str
) -> None:
    both.world.turn("writes.series_uid", position)
    daily(both, "bob", "Choir", attendees=[ALICE])
    both.look()
    both.look()

    hers, his = (items(who.get("/calendar/agenda"), "Choir") for who in (alice, bob))

    assert len(hers) == len(his) == 4
    assert all("Meeting of Bob" in item and "Join" in item for item in hers)
    assert [one.title for one in both.rows(Meeting)].count("Choir") == 1


@pytest.mark.parametrize("position", ["different", "equal"])
def test_a_moved_occurrence_is_still_the_hosts_meeting(
    both: Stage, alice: Browser, position: str
) -> None:
    both.world.turn("writes.series_uid", position)
    series = daily(both, "bob", "Choir", attendees=[ALICE])
    since = both.now
    shown = both.world.view("bob", since, since + timedelta(days=9))
    second = [one for one in shown if one.get("seriesMasterId") == series][1]
    both.world.change_event("bob", second["id"], {"subject": "Choir on stage"})
    both.look()
    both.look()

    (moved,) = items(alice.get("/calendar/agenda"), "Choir on stage")

    assert "Meeting of Bob" in moved
    assert len(items(alice.get("/calendar/agenda"), "Choir")) == 4
