"""The engine's stage: a portal's engine and a simulator, with a tap on the wire between them."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from flask import Flask

import app as program
from outside import Outside
from simulator import create_app
from simulator.world import World
from tests.cast import CALLBACK
from tests.conftest import Clock, Shelf, settings_in
from tests.sync.desk import Desk
from tests.sync.tap import Tap
from tests.sync.told import Told

LayDesk = Callable[[Path], Desk]


@pytest.fixture(scope="session")
def simulator() -> Flask:
    """The simulated addresses, made once: compiling them takes longer than most stories."""
    return create_app(World())


@pytest.fixture(scope="session")
def lay_desk(simulator: Flask, tmp_path_factory: pytest.TempPathFactory) -> LayDesk:
    """Everything anew over a copy of that database; the same world every time."""
    shelf = Shelf(settings_in(tmp_path_factory.mktemp("shelf")))

    def lay(database: Path) -> Desk:
        clock, world = Clock(), simulator.config["WORLD"]
        # Small mailboxes: a few special days and trips; each story adds what it is about.
        vars(world).update(vars(World.seeded(seed=1, people=5, events=12, now=clock)))
        # They know the world they were made in, and send through its post.
        world.notices._world = world.notices.dispatch._world = world
        world.register_app(redirect_uris=[CALLBACK])

        def advance(by: timedelta) -> None:
            clock.time += by

        tap = Tap(httpx2.WSGITransport(simulator, raise_app_exceptions=False), advance)
        outside = Outside(clock=clock, random=random.Random(7), http=tap)  # noqa: S311 - repeatable
        shelf.begin(database)
        return Desk(shelf, outside, clock, world, tap)

    return lay


@pytest.fixture
def desk(kept_database: Path, lay_desk: LayDesk) -> Iterator[Desk]:
    """Alice's desk, nothing connected yet."""
    laid = lay_desk(kept_database)
    yield laid
    laid.close()


@pytest.fixture(scope="session")
def connected_database(
    tmp_path_factory: pytest.TempPathFactory, kept_database: Path, lay_desk: LayDesk
) -> Path:
    """Alice's calendar is connected and read to its end; made once and copied for every story."""
    desk = lay_desk(kept_database)
    desk.connect()
    desk.rest()
    desk.close()
    return Path(shutil.copy(desk.database.path, tmp_path_factory.mktemp("connected")))


@pytest.fixture
def connected(connected_database: Path, lay_desk: LayDesk) -> Iterator[Desk]:
    """Alice's desk with her calendar connected and read to its end."""
    laid = lay_desk(connected_database)
    laid.consent()  # the world is made from a seed, so these are the tokens in the database
    yield laid
    laid.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal's pages, laid out once; nothing is behind them yet."""
    return program.lay_out_pages(settings_in(tmp_path_factory.mktemp("pages")))


@pytest.fixture
def told(connected: Desk, pages: Flask) -> Told:
    """Alice's calendar is connected and read, and Microsoft tells of what changes in it."""
    opened = Told(connected, pages)
    opened.subscribe()
    return opened
