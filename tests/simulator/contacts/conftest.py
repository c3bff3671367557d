"""Alice's application may read and write her address book."""

import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import Graph


@pytest.fixture
def graph(client: FlaskClient, world: World) -> Graph:
    graph = Graph(client, world)
    graph.sign_in("alice", "Contacts.ReadWrite")
    return graph
