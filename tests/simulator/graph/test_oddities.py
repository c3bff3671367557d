"""What happens to mailboxes beside ordinary use."""

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at, timed, weekly


@pytest.mark.quirk(11)
def test_an_event_dragged_on_the_desktop_is_the_same_under_another_id(
    graph: Graph, world: World
) -> None:
    old = world.add_event("alice", "Lunch", at(4))
    before = graph.get(f"/me/events/{old}")

    new = world.drag_on_desktop("alice", old)
    after = graph.get(f"/me/events/{new}")

    assert new != old
    assert graph.error("GET", f"/me/events/{old}") == (404, "ErrorItemNotFound")
    assert [after[key] for key in ("iCalUId", "subject", "start")] == [
        before[key] for key in ("iCalUId", "subject", "start")
    ]


@pytest.mark.quirk(10)
def test_a_calendar_may_get_another_id(graph: Graph, world: World) -> None:
    known = {each["name"]: each["id"] for each in graph.get("/me/calendars")["value"]}

    world.change_calendar_id("alice", "Projects")
    now = {each["name"]: each["id"] for each in graph.get("/me/calendars")["value"]}

    assert {name for name in known if known[name] != now[name]} == {"Projects"}
    assert graph.error("GET", f"/me/calendars/{known['Projects']}")[0] == 404
    assert graph.get(f"/me/calendars/{now['Projects']}/events")["value"] == []


@pytest.mark.parametrize("name", ["tzone://Microsoft/Custom", "(UTC+01:00) Amsterdam, Berlin"])
def test_an_event_may_say_a_zone_that_nobody_may_write(
    graph: Graph, world: World, name: str
) -> None:
    event = world.add_event("alice", "Old", at(2), recurrence=weekly(2, "monday"))

    world.name_zones("alice", event, name)
    shown = graph.get(f"/me/events/{event}")
    moved = graph.call("PATCH", f"/me/events/{event}", timed(2, 12)).json

    assert shown["originalStartTimeZone"] == shown["originalEndTimeZone"] == name
    assert shown["recurrence"]["range"]["recurrenceTimeZone"] == name
    assert moved is not None
    assert moved["originalStartTimeZone"] == "UTC"
    refusal = graph.error("POST", "/me/events", timed(20, 10, name))
    assert refusal == (400, "TimeZoneNotSupportedException")


def test_a_meeting_edited_and_not_sent_is_a_draft(graph: Graph, world: World) -> None:
    event = world.add_event("alice", "Plan", at(4), attendees=["kim@fabrikam.example"])
    sent = len(world.mails)

    world.edit_unsent("alice", event, {"subject": "Plan B"})
    draft = graph.get(f"/me/events/{event}")
    silent = len(world.mails) == sent
    again = graph.call("PATCH", f"/me/events/{event}", {"subject": "Plan C"}).json

    assert (draft["isDraft"], draft["subject"], silent) == (True, "Plan B", True)
    assert again is not None
    assert not again["isDraft"]


def test_a_time_found_by_a_poll_has_a_master_nobody_can_open(graph: Graph, world: World) -> None:
    event = world.add_event("alice", "Found", at(4))

    world.poll_for_time("alice", event)
    entries, _ = graph.first_round()

    assert [each["type"] for each in entries] == ["exception"]
    master = entries[0]["seriesMasterId"]
    assert graph.error("GET", f"/me/events/{master}") == (404, "ErrorItemNotFound")
