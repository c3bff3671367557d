"""The engine's stage: the same portal and simulator, with a tap on the wire between them."""

from datetime import timedelta

import httpx2
import pytest

from simulator.world import World
from tests.cast import CALLBACK
from tests.conftest import Clock
from tests.stage import Stage
from tests.sync.desk import Desk
from tests.sync.tap import Tap


@pytest.fixture
def world(clock: Clock) -> World:
    """Small mailboxes: a few special days and trips; each story adds what it is about."""
    seeded = World.seeded(seed=1, people=5, events=12, now=clock)
    seeded.register_app(redirect_uris=[CALLBACK])
    return seeded


@pytest.fixture
def microsoft(microsoft: httpx2.BaseTransport, clock: Clock) -> Tap:
    def advance(by: timedelta) -> None:
        clock.time += by

    return Tap(microsoft, advance)


@pytest.fixture
def tap(microsoft: Tap) -> Tap:
    return microsoft


@pytest.fixture
def desk(stage: Stage, tap: Tap) -> Desk:
    """Alice's portal, nothing connected yet."""
    return Desk(stage, tap)


@pytest.fixture
def connected(desk: Desk) -> Desk:
    """Alice's calendar is connected and read to its end."""
    desk.connect()
    desk.rest()
    desk.tap.clear()
    return desk
