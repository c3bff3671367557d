"""The stage of the simulator's tests: an empty contoso, judged by Microsoft's own types."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph, SignIn


@pytest.fixture
def world(clock: Clock) -> World:
    return World.seeded(events=0, now=clock)


@pytest.fixture
def simulator(world: World, simulated: Flask) -> Iterator[Flask]:
    front, settings = simulated.wsgi_app, dict(simulated.config)
    simulated.config["WORLD"] = world
    yield simulated
    simulated.wsgi_app = front  # type: ignore[method-assign]  # a keeper stands before it
    simulated.config.clear()
    simulated.config.update(settings)


@pytest.fixture
def client(simulator: Flask) -> FlaskClient:
    return simulator.test_client()


@pytest.fixture
def graph(client: FlaskClient, world: World) -> Graph:
    return Graph(client, world)


@pytest.fixture
def sign_in(client: FlaskClient, world: World) -> SignIn:
    return SignIn(client, world)
