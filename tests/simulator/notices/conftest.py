"""The stage of notifications: an application with an address, listening."""

import pytest

from simulator.world import World
from tests.simulator.desk import Graph
from tests.simulator.notices.receiver import Desk, Receiver


@pytest.fixture
def receiver(world: World) -> Receiver:
    listening = Receiver()
    world.post = listening.post
    return listening


@pytest.fixture
def desk(graph: Graph, world: World, receiver: Receiver) -> Desk:
    return Desk(graph, world, receiver)
