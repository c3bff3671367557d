"""Words for stories about meetings: who sees what of a meeting that Alice organises."""

from typing import Any

from simulator.world import World
from tests.simulator.desk import at, weekly

ALICE, BOB, ERIN = "alice@contoso.example", "bob@contoso.example", "erin@contoso.example"
DAVE, KIM = "dave@fabrikam.example", "kim@outside.example"


def people(*addresses: str) -> list[dict[str, Any]]:
    """Attendees of a request body."""
    return [{"emailAddress": {"address": each, "name": each}} for each in addresses]


def planning(world: World, *invited: str, **graph: Any) -> str:
    """A meeting of Alice's on 20 November 2026 at 10:00 UTC; answers her id of it."""
    start = graph.pop("start", at(20, 10))
    return world.add_event("alice", "Planning", start, attendees=invited, **graph)


def mondays(world: World, *invited: str, **graph: Any) -> str:
    """A weekly meeting of Alice's on the four Mondays from 2 November 2026 at 9:00 UTC."""
    recurrence = weekly(2, "monday", numberOfOccurrences=4)
    return planning(world, *invited, start=at(2), recurrence=recurrence, zone="UTC", **graph)


def copy(world: World, who: str, event: str) -> dict[str, Any] | None:
    """Somebody's copy of a meeting of Alice's, as Graph shows it."""
    found = world.copy_of(who, "alice", event)
    return world.event(who, found) if found else None


def seen(world: World, who: str, event: str) -> dict[str, Any]:
    """The same, where it has to be there."""
    found = copy(world, who, event)
    assert found is not None
    return found


def answers(world: World, event: str) -> dict[str, str]:
    """Who answered what, on Alice's list."""
    held = world.event("alice", event)
    assert held is not None
    return {
        each["emailAddress"]["address"]: each["status"]["response"] for each in held["attendees"]
    }


def november(world: World, who: str) -> list[dict[str, Any]]:
    """What somebody's November shows."""
    return world.view(who, at(1), at(30))


def log(world: World) -> list[tuple[str, str]]:
    """The kind and the address of every mail, and then an empty log."""
    found = [(each.kind, each.to) for each in world.mails]
    world.mails.clear()
    return found
