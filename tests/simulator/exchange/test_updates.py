"""What the organiser changes, removes or calls off reaches the copies; nothing else does."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at, weekly
from tests.simulator.exchange.story import (
    BOB,
    DAVE,
    ERIN,
    answers,
    copy,
    log,
    mondays,
    november,
    people,
    planning,
    seen,
)


def accepted(world: World, who: str, event: str) -> str:
    """Somebody accepts; answers the id of the copy."""
    theirs: str = seen(world, who, event)["id"]
    world.answer_event(who, theirs, "accepted")
    return theirs


def test_words_travel_and_the_answer_stays(world: World) -> None:
    event = planning(world, BOB)
    accepted(world, "bob", event)

    world.change_event(
        "alice", event, {"subject": "Replanning", "location": {"displayName": "Hall"}}
    )

    theirs = seen(world, "bob", event)
    assert (theirs["subject"], theirs["location"]["displayName"]) == ("Replanning", "Hall")
    assert (theirs["responseStatus"]["response"], theirs["showAs"]) == ("accepted", "busy")
    assert answers(world, event) == {BOB: "accepted"}


def test_a_new_time_takes_the_answers_back(world: World) -> None:
    event = planning(world, BOB, ERIN)
    accepted(world, "bob", event)

    world.move_event("alice", event, at(20, 15))

    theirs = seen(world, "bob", event)
    assert theirs["start"]["dateTime"][:16] == "2026-11-20T15:00"
    assert (theirs["responseStatus"]["response"], theirs["showAs"]) == ("notResponded", "tentative")
    assert answers(world, event) == {BOB: "none", ERIN: "none"}


def test_a_moved_meeting_is_found_at_its_new_time(world: World) -> None:
    event = planning(world, BOB)

    world.move_event("alice", event, at(27, 15))

    assert world.view("bob", at(20), at(21)) == []
    assert len(world.view("bob", at(27), at(28))) == 1


@pytest.mark.parametrize(
    "private", [{"showAs": "free"}, {"categories": ["Blue"]}, {"sensitivity": "private"}]
)
def test_what_is_private_to_the_organiser_reaches_nobody(world: World, private: Any) -> None:
    event = planning(world, BOB)
    before = seen(world, "bob", event)
    log(world)

    world.change_event("alice", event, private)

    assert seen(world, "bob", event) == before
    assert log(world) == []


@pytest.mark.quirk(32)
def test_an_attendees_edits_stay_local_and_are_overwritten(world: World) -> None:
    event = planning(world, BOB)
    theirs = accepted(world, "bob", event)
    log(world)

    world.change_event("bob", theirs, {"subject": "Mine", "categories": ["Red"]})
    world.move_event("bob", theirs, at(21, 7))
    mine = world.event("alice", event)
    world.change_event("alice", event, {"location": {"displayName": "Hall"}})

    assert mine is not None
    assert (mine["subject"], mine["start"]["dateTime"][:10]) == ("Planning", "2026-11-20")
    after = seen(world, "bob", event)
    assert (after["subject"], after["start"]["dateTime"][:10]) == ("Planning", "2026-11-20")
    assert (after["categories"], after["responseStatus"]["response"]) == (["Red"], "accepted")
    assert log(world) == [("update", BOB)]


def test_who_is_removed_keeps_a_cancelled_copy_until_removing_it(
    graph: Graph, world: World
) -> None:
    event = planning(world, BOB, ERIN)
    log(world)

    world.change_event("alice", event, {"attendees": people(ERIN)})

    theirs = seen(world, "bob", event)
    assert (theirs["isCancelled"], theirs["subject"]) == (True, "Canceled: Planning")
    assert not seen(world, "erin", event)["isCancelled"]
    assert log(world) == [("cancellation", BOB)]
    world.delete_event("bob", theirs["id"])
    assert copy(world, "bob", event) is None


def test_who_is_invited_again_has_the_meeting_again(world: World) -> None:
    event = planning(world, BOB)
    accepted(world, "bob", event)
    world.change_event("alice", event, {"attendees": []})

    world.change_event("alice", event, {"attendees": people(BOB)})

    theirs = seen(world, "bob", event)
    assert (theirs["isCancelled"], theirs["subject"]) == (False, "Planning")
    assert theirs["responseStatus"]["response"] == "notResponded"


@pytest.mark.parametrize("how", ["delete_event", "cancel_event"])
def test_a_meeting_called_off_stays_as_cancelled_with_everybody(world: World, how: str) -> None:
    event = planning(world, BOB, DAVE)
    copies = {who: seen(world, who, event)["id"] for who in ("bob", "dave")}

    getattr(world, how)("alice", event)

    assert world.event("alice", event) is None
    for who, its_id in copies.items():
        theirs = world.event(who, its_id)
        assert theirs is not None
        assert (theirs["isCancelled"], theirs["showAs"]) == (True, "free")


def test_whoever_removes_a_copy_tells_nobody(world: World) -> None:
    event = planning(world, BOB)
    log(world)

    world.delete_event("bob", seen(world, "bob", event)["id"])

    assert copy(world, "bob", event) is None
    assert answers(world, event) == {BOB: "none"}
    assert log(world) == []


def test_a_change_brings_back_what_somebody_removed(world: World) -> None:
    event = planning(world, BOB)
    world.delete_event("bob", seen(world, "bob", event)["id"])

    world.move_event("alice", event, at(20, 15))

    assert seen(world, "bob", event)["responseStatus"]["response"] == "notResponded"


def test_one_moved_occurrence_moves_with_everybody(world: World) -> None:
    event = mondays(world, BOB)
    accepted(world, "bob", event)

    world.move_event("alice", november(world, "alice")[1]["id"], at(10, 15))

    moved = november(world, "bob")[1]
    assert (moved["type"], moved["start"]["dateTime"][:16]) == ("exception", "2026-11-10T15:00")
    answered = [each["responseStatus"]["response"] for each in november(world, "bob")]
    assert answered == ["accepted", "notResponded", "accepted", "accepted"]


def test_one_cancelled_occurrence_is_cancelled_with_everybody(world: World) -> None:
    mondays(world, BOB)
    log(world)

    world.cancel_event("alice", november(world, "alice")[1]["id"], "Holiday")

    cancelled = [each["isCancelled"] for each in november(world, "bob")]
    assert cancelled == [False, True, False, False]
    assert len(november(world, "alice")) == 3
    assert [(each.occurrence, each.comment) for each in world.mails] == [("2026-11-09", "Holiday")]
    assert log(world) == [("cancellation", BOB)]


def test_a_cancelled_occurrence_stays_away_after_it_was_removed(world: World) -> None:
    event = mondays(world, BOB)
    world.cancel_event("alice", november(world, "alice")[1]["id"])
    world.delete_event("bob", november(world, "bob")[1]["id"])

    world.rename_event("alice", event, "Changed")

    assert [each["subject"] for each in november(world, "bob")] == ["Changed"] * 3


def test_a_new_pattern_replaces_every_copys_dates(world: World) -> None:
    event = mondays(world, BOB)
    accepted(world, "bob", event)
    before = {each["id"] for each in november(world, "bob")}

    pattern = weekly(3, "tuesday", numberOfOccurrences=3)
    moment = {"dateTime": "2026-11-03T09:00:00", "timeZone": "UTC"}
    world.change_event("alice", event, {"recurrence": pattern, "start": moment, "end": moment})

    shown = november(world, "bob")
    assert [each["start"]["dateTime"][8:10] for each in shown] == ["03", "10", "17"]
    assert not before & {each["id"] for each in shown}
    assert seen(world, "bob", event)["responseStatus"]["response"] == "notResponded"


def test_a_series_made_single_is_single_for_everybody(world: World) -> None:
    event = mondays(world, BOB)

    world.change_event("alice", event, {"recurrence": None})

    assert seen(world, "bob", event)["type"] == "singleInstance"
    assert len(november(world, "bob")) == 1


def test_who_joins_a_series_joins_its_exceptions(world: World) -> None:
    event = mondays(world, BOB)
    world.rename_event("alice", november(world, "alice")[1]["id"], "Special")

    world.change_event("alice", event, {"attendees": people(BOB, ERIN)})

    assert [each["subject"] for each in november(world, "erin")][1] == "Special"


def test_the_same_moment_in_another_zone_leaves_the_answers(world: World) -> None:
    event = planning(world, BOB)
    accepted(world, "bob", event)

    world.move_event("alice", event, at(20, 10), zone="Tokyo Standard Time")

    assert answers(world, event) == {BOB: "accepted"}
