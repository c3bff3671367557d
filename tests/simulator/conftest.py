"""The stage of the simulator's tests: an empty contoso, judged by Microsoft's own types."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from simulator import create_app
from simulator.world import World
from tests import wire
from tests.conftest import Clock
from tests.simulator.desk import Graph, SignIn


@pytest.fixture
def world(clock: Clock) -> World:
    return World.seeded(events=0, now=clock)


@pytest.fixture
def simulator(world: World) -> Flask:
    app: Flask = wire.validating(create_app(world))
    return app


@pytest.fixture
def client(simulator: Flask) -> FlaskClient:
    return simulator.test_client()


@pytest.fixture
def graph(client: FlaskClient, world: World) -> Graph:
    return Graph(client, world)


@pytest.fixture
def sign_in(client: FlaskClient, world: World) -> SignIn:
    return SignIn(client, world)
