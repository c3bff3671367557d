"""Delta rounds: what comes, what is missing, what is said to be removed."""

from datetime import date, timedelta
from typing import Any

import pytest

from simulator.mailbox.changes import KEPT
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, Graph, at, timed, weekly


def kinds(entries: list[Any]) -> list[str]:
    """The type of each entry, `removed` for what is gone."""
    return ["removed" if "@removed" in each else each["type"] for each in entries]


def standup(world: World, first: int = 2) -> str:
    """A series on Mondays and Wednesdays of November 2026."""
    recurrence = weekly(first, "monday", "wednesday", endDate="2026-11-30")
    return world.add_event("alice", "Stand-up", at(first), recurrence=recurrence)


def test_a_first_round_tells_everything_and_the_next_one_nothing(
    graph: Graph, world: World
) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))

    entries, link = graph.first_round()
    again, _ = graph.round(link)

    assert [each["id"] for each in entries] == [lunch]
    assert entries[0]["subject"] == "Lunch"
    assert again == []


def test_pages_carry_a_next_link_until_the_last_one(graph: Graph, world: World) -> None:
    for day in range(1, 8):
        world.add_event("alice", f"Day {day}", at(day))

    page = graph.get(f"/me/calendarView/delta?{NOVEMBER}", Prefer="odata.maxpagesize=3")
    entries, _ = graph.first_round(size=3)

    assert len(page["value"]) == 3
    assert "@odata.nextLink" in page
    assert len({each["id"] for each in entries}) == 7


def test_occurrences_are_slim_and_come_with_their_master(graph: Graph, world: World) -> None:
    master = standup(world)

    entries, _ = graph.first_round(size=2)

    assert kinds(entries) == ["seriesMaster"] + ["occurrence"] * 9
    assert set(entries[1]) == {
        "@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end",
    }  # fmt: skip
    assert entries[1]["seriesMasterId"] == entries[0]["id"] == master
    assert entries[0]["recurrence"]["pattern"]["type"] == "weekly"


def test_a_series_is_never_split_over_pages(graph: Graph, world: World) -> None:
    standup(world)
    world.add_event("alice", "Lunch", at(4, 12))

    page = graph.get(f"/me/calendarView/delta?{NOVEMBER}", Prefer="odata.maxpagesize=2")

    assert len(page["value"]) == 10


def test_a_deleted_event_is_removed(graph: Graph, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    _, link = graph.first_round()

    world.delete_event("alice", lunch)
    entries, _ = graph.round(link)

    assert [(each["id"], each["@removed"]) for each in entries] == [(lunch, {"reason": "deleted"})]


def test_changes_outside_the_window_are_told_as_removed(graph: Graph, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    _, link = graph.first_round()

    later = world.add_event("alice", "Next year", at(4) + timedelta(days=200))
    world.move_event("alice", lunch, at(4, 12) + timedelta(days=60))
    entries, _ = graph.round(link)

    assert kinds(entries) == ["removed", "removed"]
    assert {each["id"] for each in entries} == {lunch, later}


def test_a_deleted_occurrence_is_missing_without_a_word(graph: Graph, world: World) -> None:
    standup(world)
    before, link = graph.first_round()
    victim = before[3]["id"]

    world.delete_event("alice", victim)
    after, _ = graph.round(link)

    assert kinds(after) == ["seriesMaster"] + ["occurrence"] * 8
    assert victim not in {each["id"] for each in after}


def test_a_deleted_series_is_removed_by_its_master(graph: Graph, world: World) -> None:
    master = standup(world)
    _, link = graph.first_round()

    world.delete_event("alice", master)
    entries, _ = graph.round(link)

    assert [each["id"] for each in entries] == [master]
    assert kinds(entries) == ["removed"]


def test_a_new_pattern_gives_every_occurrence_a_new_id(graph: Graph, world: World) -> None:
    master = standup(world)
    before, link = graph.first_round()

    world.change_event("alice", master, {"recurrence": weekly(2, "monday", endDate="2026-11-30")})
    after, _ = graph.round(link)

    assert kinds(after) == ["seriesMaster"] + ["occurrence"] * 5
    assert not {each["id"] for each in before[1:]} & {each["id"] for each in after[1:]}


@pytest.mark.switch("delta.resend")
@pytest.mark.parametrize(
    ("resend", "expected"),
    [
        ("series", ["seriesMaster", "occurrence", "exception", *["occurrence"] * 7]),
        ("master_and_exception", ["seriesMaster", "exception"]),
        ("exception", ["exception"]),
    ],
)
def test_a_changed_exception_comes_as_the_switch_says(
    graph: Graph, world: World, resend: Any, expected: list[str]
) -> None:
    standup(world)
    before, link = graph.first_round()
    world.turn("delta.resend", resend, "alice")

    world.rename_event("alice", before[2]["id"], "Stand-up with guests")
    after, _ = graph.round(link)

    assert kinds(after) == expected
    changed = after[expected.index("exception")]
    assert changed["subject"] == "Stand-up with guests"
    assert changed["originalStart"] == "2026-11-04T09:00:00.0000000Z"


def test_an_exception_that_left_the_window_is_removed(graph: Graph, world: World) -> None:
    recurrence = weekly(25, "wednesday", numberOfOccurrences=2)
    world.add_event("alice", "Review", at(25), recurrence=recurrence)
    before, link = graph.first_round()

    world.move_event("alice", before[1]["id"], at(25) + timedelta(days=6))
    after, _ = graph.round(link)

    assert {"id": before[1]["id"], "@removed": {"reason": "deleted"}}.items() <= after[-1].items()


@pytest.mark.quirk(31)
def test_an_event_moved_to_another_calendar_leaves_the_first(graph: Graph, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", at(4, 12))
    projects = next(
        each for each in graph.get("/me/calendars")["value"] if each["name"] == "Projects"
    )
    here, there = "/me/calendarView/delta", f"/me/calendars/{projects['id']}/calendarView/delta"
    _, here_link = graph.round(f"{here}?{NOVEMBER}")
    _, there_link = graph.round(f"{there}?{NOVEMBER}")

    world.move_to_calendar("alice", lunch, "Projects")

    assert kinds(graph.round(here_link)[0]) == ["removed"]
    assert [each["id"] for each in graph.round(there_link)[0]] == [lunch]


def test_what_changes_during_a_round_is_not_lost(graph: Graph, world: World) -> None:
    first, *_ = [world.add_event("alice", f"Day {day}", at(day)) for day in range(1, 6)]
    page = graph.get(f"/me/calendarView/delta?{NOVEMBER}", Prefer="odata.maxpagesize=2")

    world.rename_event("alice", first, "Renamed")
    _, link = graph.round(page["@odata.nextLink"])
    entries, _ = graph.round(link)

    assert [each["subject"] for each in entries] == ["Renamed"]


@pytest.mark.parametrize("name", ["$skiptoken", "$deltatoken"])
def test_an_unknown_token_is_gone(graph: Graph, name: str) -> None:
    refusal = graph.error("GET", f"/me/calendarView/delta?{name}=c29tZXRoaW5nIGVsc2U")

    assert refusal == (410, "SyncStateNotFound")


def test_an_expired_cursor_is_gone(graph: Graph, world: World) -> None:
    _, link = graph.first_round()

    world.expire_delta_tokens("alice")

    assert graph.error("GET", link) == (410, "SyncStateNotFound")


def test_a_cursor_of_somebody_else_is_gone(graph: Graph) -> None:
    _, link = graph.first_round()

    graph.sign_in("bob")

    assert graph.error("GET", link) == (410, "SyncStateNotFound")


def test_query_options_are_refused(graph: Graph) -> None:
    status, code = graph.error("GET", f"/me/calendarView/delta?{NOVEMBER}&$select=subject")

    assert (status, code) == (400, "ErrorInvalidUrlQuery")


def test_both_spellings_of_the_function_answer(graph: Graph) -> None:
    page = graph.get(f"/me/calendar/calendarView/microsoft.graph.delta()?{NOVEMBER}")

    assert page["value"] == []


def test_an_event_created_over_graph_comes_in_the_next_round(graph: Graph, clock: Clock) -> None:
    _, link = graph.first_round()

    clock.advance(minutes=1)
    made = graph.create({"subject": "Call", **timed(20, 10)})
    entries, _ = graph.round(link)

    assert [(each["id"], each["changeKey"]) for each in entries] == [
        (made["id"], made["changeKey"])
    ]


def test_an_all_day_series_is_told_by_dates(graph: Graph, world: World) -> None:
    recurrence = weekly(2, "monday", numberOfOccurrences=3)
    world.add_event("alice", "Home office", date(2026, 11, 2), recurrence=recurrence)

    entries, _ = graph.first_round()

    days = [each["start"]["dateTime"][:16] for each in entries[1:]]
    assert days == ["2026-11-02T00:00", "2026-11-09T00:00", "2026-11-16T00:00"]


def test_a_cursor_older_than_the_log_is_gone(graph: Graph, world: World) -> None:
    world.add_event("alice", "Lunch", at(4, 12))
    _, link = graph.first_round()
    mailbox = world.person("alice").mailbox

    for _ in range(KEPT + 1):
        mailbox.touch(next(iter(mailbox.items.values())))

    assert graph.error("GET", link) == (410, "SyncStateNotFound")
