"""The engine's stage: a portal and a simulator, with a tap on the wire between them."""

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from outside import Outside
from simulator import create_app
from simulator.world import World
from tests.cast import CALLBACK
from tests.conftest import Clock, Portal, settings_in
from tests.stage import Stage
from tests.sync.desk import Desk
from tests.sync.tap import Tap


def desk_in(folder: Path, database: Path) -> Desk:
    """Everything anew over a copy of that database; the same world every time."""
    clock = Clock()
    # Small mailboxes: a few special days and trips; each story adds what it is about.
    world = World.seeded(seed=1, people=5, events=12, now=clock)
    world.register_app(redirect_uris=[CALLBACK])
    simulator = create_app(world)

    def advance(by: timedelta) -> None:
        clock.time += by

    tap = Tap(httpx2.WSGITransport(simulator, raise_app_exceptions=False), advance)
    outside = Outside(clock=clock, random=random.Random(7), http=tap)  # noqa: S311 - repeatable
    shutil.copy(database, folder / "lockstep.db")
    return Desk(Stage(Portal(settings_in(folder), outside, clock), world, simulator), tap)


@pytest.fixture
def desk(tmp_path: Path, kept_database: Path) -> Iterator[Desk]:
    """Alice's desk, nothing connected yet."""
    laid = desk_in(tmp_path, kept_database)
    yield laid
    laid.stage.portal.close()


@pytest.fixture(scope="session")
def connected_database(tmp_path_factory: pytest.TempPathFactory, kept_database: Path) -> Path:
    """Alice's calendar is connected and read to its end; made once and copied for every story."""
    folder = tmp_path_factory.mktemp("connected")
    desk = desk_in(folder, kept_database)
    desk.connect()
    desk.rest()
    desk.stage.portal.close()
    return folder / "lockstep.db"


@pytest.fixture
def connected(tmp_path: Path, connected_database: Path) -> Iterator[Desk]:
    """Alice's desk with her calendar connected and read to its end."""
    laid = desk_in(tmp_path, connected_database)
    laid.consent()  # the world is made from a seed, so these are the tokens in the database
    yield laid
    laid.stage.portal.close()
