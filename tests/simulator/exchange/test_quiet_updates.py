"""A change that names what is there already is none: nobody hears of it."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at
from tests.simulator.exchange.story import BOB, ERIN, log, mondays, people, planning, seen

SENT_BACK = [
    "subject", "body", "location", "locations", "start", "end", "isAllDay", "attendees",
    "isOnlineMeeting", "recurrence",
]  # fmt: skip


@pytest.mark.parametrize("meeting", [planning, mondays])
def test_an_answer_sent_back_as_it_came_is_mailed_to_nobody(
    graph: Graph, world: World, meeting: Any
) -> None:
    event = meeting(world, BOB, location={"displayName": "Hall"}, isOnlineMeeting=True)
    held = graph.get(f"/me/events/{event}")
    log(world)

    answer = graph.call("PATCH", f"/me/events/{event}", {name: held[name] for name in SENT_BACK})

    assert answer.status_code == 200
    assert log(world) == []


def test_the_same_moment_in_another_zone_is_mailed_to_nobody(graph: Graph, world: World) -> None:
    event = planning(world, BOB)
    log(world)

    world.move_event("alice", event, at(20, 10), zone="Tokyo Standard Time")

    assert log(world) == []


def test_beside_what_stays_the_newly_invited_alone_are_told(world: World) -> None:
    event = planning(world, BOB)
    log(world)

    world.change_event("alice", event, {"subject": "Planning", "attendees": people(BOB, ERIN)})

    assert log(world) == [("invitation", ERIN)]


def test_one_word_that_changes_among_many_is_mailed(world: World) -> None:
    event = planning(world, BOB)
    log(world)

    world.change_event("alice", event, {"subject": "Planning", "location": {"displayName": "Hall"}})

    assert log(world) == [("update", BOB)]


def test_a_change_that_is_none_leaves_the_copies_to_their_owners(world: World) -> None:
    event = planning(world, BOB)
    theirs = seen(world, "bob", event)["id"]
    world.rename_event("bob", theirs, "My own name for it")

    world.rename_event("alice", event, "Planning")

    assert seen(world, "bob", event)["subject"] == "My own name for it"


def test_a_private_meeting_stays_private_where_its_guest_says_so(world: World) -> None:
    event = planning(world, BOB, sensitivity="confidential")
    theirs = seen(world, "bob", event)
    world.change_event("bob", theirs["id"], {"sensitivity": "private"})

    world.rename_event("alice", event, "Replanning")

    assert theirs["sensitivity"] == "confidential"
    assert seen(world, "bob", event)["sensitivity"] == "private"
