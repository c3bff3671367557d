"""Who is invited to one occurrence only, and who is not invited to one of them."""

from simulator.world import World
from tests.simulator.desk import Graph, at
from tests.simulator.exchange.story import BOB, ERIN, log, mondays, november, people, seen


def test_who_is_invited_to_one_occurrence_gets_that_one_alone(world: World) -> None:
    mondays(world, BOB)
    second = november(world, "alice")[1]["id"]
    log(world)

    world.change_event("alice", second, {"attendees": people(BOB, ERIN)})
    [theirs] = november(world, "erin")
    world.answer_event("erin", theirs["id"], "accepted")

    assert theirs["start"]["dateTime"][:10] == "2026-11-09"
    statuses = [each["status"]["response"] for each in november(world, "alice")[1]["attendees"]]
    assert statuses == ["none", "accepted"]
    assert [(each.kind, each.occurrence) for each in world.mails] == [
        ("invitation", "2026-11-09"),
        ("accepted", "2026-11-09"),
    ]


def test_an_occurrence_received_alone_is_an_exception_whose_master_is_unknown(
    graph: Graph, world: World
) -> None:
    mondays(world, BOB)
    graph.sign_in("erin")
    _, link = graph.first_round()

    world.change_event("alice", november(world, "alice")[1]["id"], {"attendees": people(BOB, ERIN)})
    world.move_event("alice", november(world, "alice")[1]["id"], at(10, 15))
    [theirs], _ = graph.round(link)

    assert theirs["type"] == "exception"
    assert theirs["originalStart"] == "2026-11-09T09:00:00.0000000Z"
    assert graph.error("GET", f"/me/events/{theirs['seriesMasterId']}") == (
        404,
        "ErrorItemNotFound",
    )
    assert graph.get(f"/me/events/{theirs['id']}")["start"]["dateTime"][:10] == "2026-11-10"


def test_an_occurrence_received_alone_is_moved_and_cancelled_alone(world: World) -> None:
    event = mondays(world, BOB)
    second = november(world, "alice")[1]["id"]
    world.change_event("alice", second, {"attendees": people(BOB, ERIN)})

    world.move_event("alice", second, at(10, 15))
    moved = november(world, "erin")
    world.cancel_event("alice", event)

    assert [each["start"]["dateTime"][:16] for each in moved] == ["2026-11-10T15:00"]
    assert [each["isCancelled"] for each in november(world, "erin")] == [True]


def test_who_gets_the_whole_series_later_has_nothing_twice(world: World) -> None:
    event = mondays(world, BOB)
    second = november(world, "alice")[1]["id"]
    world.change_event("alice", second, {"attendees": people(BOB, ERIN)})

    world.change_event("alice", event, {"attendees": people(BOB, ERIN)})

    assert len(november(world, "erin")) == 4


def test_who_is_invited_to_one_occurrence_only_hears_of_a_change_of_the_series(
    world: World,
) -> None:
    event = mondays(world, BOB)
    second = november(world, "alice")[1]["id"]
    world.change_event("alice", second, {"attendees": people(BOB, ERIN)})
    log(world)

    world.rename_event("alice", event, "Sprint")

    assert [each["subject"] for each in november(world, "erin")] == ["Sprint"]
    assert log(world) == [("update", BOB), ("update", BOB), ("update", ERIN)]


def test_who_is_taken_off_one_occurrence_keeps_the_others(world: World) -> None:
    mondays(world, BOB, ERIN)

    world.change_event("alice", november(world, "alice")[1]["id"], {"attendees": people(ERIN)})

    assert [each["isCancelled"] for each in november(world, "bob")] == [False, True, False, False]
    assert not any(each["isCancelled"] for each in november(world, "erin"))


def test_what_somebody_was_taken_off_stays_away_when_the_series_comes_back(world: World) -> None:
    event = mondays(world, BOB, ERIN)
    world.change_event("alice", november(world, "alice")[1]["id"], {"attendees": people(ERIN)})
    world.delete_event("bob", seen(world, "bob", event)["id"])

    world.rename_event("alice", event, "Changed")

    assert [each["start"]["dateTime"][8:10] for each in november(world, "bob")] == [
        "02",
        "16",
        "23",
    ]


def test_an_occurrence_somebody_removed_stays_away_after_a_change_of_the_series(
    world: World,
) -> None:
    event = mondays(world, BOB)
    world.rename_event("alice", november(world, "alice")[1]["id"], "Special")
    world.delete_event("bob", november(world, "bob")[1]["id"])

    world.change_event("alice", event, {"location": {"displayName": "Hall"}})

    assert [each["start"]["dateTime"][8:10] for each in november(world, "bob")] == [
        "02",
        "16",
        "23",
    ]
