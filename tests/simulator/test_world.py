"""The seeded world: the same for the same seed, plausible, and as large as asked for."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.sample import BACK, FORWARD
from simulator.world import World
from tests.conftest import Clock


def occurrences(world: World, who: str) -> list[dict[str, Any]]:
    """What a mailbox holds over its 24 months."""
    return world.view(who, world.now() - BACK, world.now() + FORWARD)


def test_the_same_seed_gives_the_same_world(clock: Clock) -> None:
    first, twin, other = (World.seeded(seed, 2, 80, clock) for seed in (4, 4, 5))

    assert first.events("alice") == twin.events("alice")
    assert first.person("bob").id == twin.person("bob").id
    assert first.events("alice") != other.events("alice")


@pytest.mark.parametrize("wanted", [0, 40, 600, 5000])
def test_a_mailbox_is_about_as_large_as_asked_for(clock: Clock, wanted: int) -> None:
    world = World.seeded(people=1, events=wanted, now=clock)

    assert abs(len(occurrences(world, "alice")) - wanted) <= max(3, wanted // 20)


def test_a_sample_mailbox_holds_every_kind_of_entry(clock: Clock) -> None:
    world = World.seeded(people=1, now=clock)

    found = occurrences(world, "alice")

    assert {each["type"] for each in found} == {"singleInstance", "occurrence", "exception"}
    assert any(each["isAllDay"] for each in found)
    assert any(each["onlineMeeting"] for each in found)
    assert any(each["sensitivity"] == "private" for each in found)
    assert any(not each["isOrganizer"] for each in found)
    assert all(each["lastModifiedDateTime"] < clock().isoformat() for each in found)


def test_more_people_are_invented_in_contoso(clock: Clock) -> None:
    world = World.seeded(people=30, events=0, now=clock)

    addresses = [each.address for each in world.people.values()]
    assert len(set(addresses)) == 30
    assert sum(each.endswith("@fabrikam.example") for each in addresses) == 1


def test_a_hand_at_outlook_moves_renames_and_deletes(world: World, clock: Clock) -> None:
    event = world.add_event("alice", "Lunch", clock())

    world.move_event("alice", event, clock() + timedelta(hours=3))
    world.rename_event("alice", event, "Late lunch")
    moved = world.event("alice", event)
    world.delete_event("alice", event)

    assert moved is not None
    assert (moved["subject"], moved["start"]["dateTime"][:16]) == ("Late lunch", "2026-11-18T12:00")
    assert moved["end"]["dateTime"][:16] == "2026-11-18T13:00"
    assert world.events("alice") == []


def test_a_person_is_known_by_id_address_and_nickname(world: World) -> None:
    alice = world.person("alice")

    assert world.person(alice.id) is world.person("ALICE@contoso.example") is alice
    with pytest.raises(KeyError):
        world.person("nobody")
