"""Who subscribed to contacts hears of them, of one folder or of all."""

import pytest

from simulator.world import World
from tests.simulator.desk import Graph
from tests.simulator.notices.receiver import Desk, Receiver


@pytest.fixture
def desk(graph: Graph, world: World) -> Desk:
    receiver = Receiver()
    world.post = receiver.post
    world.turn("notices.extra_updates", 0)
    return Desk(graph, world, receiver)


def test_every_change_of_a_contact_is_told(desk: Desk, graph: Graph, world: World) -> None:
    desk.subscribe(resource="me/contacts")

    contact = world.add_contact("alice", displayName="Kim")
    (note,) = desk.notes()
    world.change_contact("alice", contact, nickName="K")
    world.delete_contact("alice", contact)
    world.add_contact("bob", displayName="Ravi")

    assert note["resourceData"]["@odata.type"] == "#Microsoft.Graph.Contact"
    assert note["resourceData"]["id"] == contact
    assert note["resource"].endswith(f"/Contacts/{contact}")
    assert desk.arrived() == ["updated", "deleted"]


def test_a_folder_tells_what_comes_and_goes(desk: Desk, world: World) -> None:
    folder = world.add_contact_folder("alice", "Suppliers")
    desk.subscribe(resource=f"me/contactFolders/{folder}/contacts")

    contact = world.add_contact("alice", displayName="Kim")
    world.move_contact("alice", contact, "Suppliers")
    arrived = desk.arrived()
    world.move_contact("alice", contact)

    assert (arrived, desk.arrived()) == (["created"], ["deleted"])


def test_subscribing_to_contacts_needs_their_permission(desk: Desk, graph: Graph) -> None:
    graph.sign_in("alice", "Calendars.ReadWrite")

    assert desk.refused(resource="me/contacts")[0] == 403
    assert desk.refused(resource="me/calendar/contacts")[0] == 400
