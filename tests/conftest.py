"""The stage: a real portal over a real SQLite file, with Microsoft 365 on a desk beside it."""

import gc
import random
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from flask import Flask

import app as program
from config import Settings
from m365.identity import Identity
from m365.transport import client
from outside import Outside
from portal.database import Database
from portal.sealing import Keyring, new_key
from portal.signing_in import passwords, sessions
from simulator import create_app as create_simulator
from simulator.world import World
from sync.access import Gate
from tests import make, wire
from tests.browse import Browser
from tests.cast import (
    ADMIN_CALLBACK,
    CALLBACK,
    MORNING,
    PASSWORD,
    PORTAL,
    SIGN_IN_CALLBACK,
    SIMULATOR,
)
from tests.stage import Stage

SEAL_KEY = new_key()
# A worker holds much that stays (every module, every compiled page): the collector's full passes
# over it took a fifth of the time of all tests.
gc.set_threshold(50_000, 50, 100)


class Clock:
    """A clock that a test moves by hand. Aware, UTC."""

    def __init__(self, start: datetime = MORNING) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        """`clock.advance(minutes=5)`."""
        self.time += timedelta(**by)


class Shelf:
    """A folder with a database, and its engines. A worker keeps them, as they learn the statements,
    which takes longer than most stories. Nothing of a story stays.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = program.database_of(settings)
        self.second = program.database_of(settings)

    def begin(self, file: Path) -> None:
        """Everything anew, over a copy of that database."""
        self.close()
        shutil.rmtree(self.settings.instance)
        self.settings.instance.mkdir()
        shutil.copy(file, self.settings.instance / "lockstep.db")

    def close(self) -> None:
        self.database.close()
        self.second.close()


class Laid(Shelf):
    """The pages, too: laying them out takes as long."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.app: Flask = program.lay_out_pages(settings)


class Portal:
    """The running portal of one test: its pages, its database, its clock."""

    def __init__(self, laid: Laid, outside: Outside, clock: Clock) -> None:
        self.settings, self.outside, self.clock = laid.settings, outside, clock
        self.close = laid.close
        self.app, self.database = laid.app, laid.database
        program.furnish(self.app, laid.second, laid.settings, outside)
        self.reading, self.writing = self.database.reading, self.database.writing
        self.gate = gate_of(laid.settings, self.database, outside)

    def visitor(self) -> Browser:
        """A browser in which nobody has signed in."""
        return Browser(self.app, PORTAL)

    def signed_in(self, name: str, *, lately: bool = True) -> Browser:
        """A browser of one of the cast; each call is another session. Not lately: for what is
        grave they have to prove themselves again.
        """
        token = self.outside.secrets()
        with self.writing() as db:
            person_id = make.person_id(db, name)
            sessions.begin(
                db,
                person_id,
                token=token,
                browser="Tests",
                origin="127.0.0.1",
                proved=lately,
                now=self.clock(),
            )
        browser = Browser(self.app, PORTAL, person_id=person_id)
        with browser.client.session_transaction(base_url=PORTAL) as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser


def settings_in(folder: Path, **others: Any) -> Settings:
    """Settings of a portal whose data lies in `folder` and whose Microsoft is the simulator."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # a developer's own .env is not part of a test
        instance=folder,
        seal_keys=(SEAL_KEY,),
        **{
            "durable": "normal",
            "notices": "off",  # stories about them switch them on
            "entra_base": SIMULATOR,
            "graph_base": f"{SIMULATOR}/v1.0",
        }
        | others,
    )


def gate_of(settings: Settings, database: Database, outside: Outside) -> Gate:
    """The way to the simulated mailboxes, as the program puts it together."""
    http = client(outside.http)
    identity = Identity(http, settings.entra_base, clock=outside.clock)
    asks = settings.notices == "on"
    return Gate(database, outside, http, identity, settings.graph_base, notices=asks)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    """The simulated Microsoft 365, for a test to act in as Outlook or as the tenant's admin."""
    seeded = World.seeded(seed=1, people=6, events=60, now=clock)
    seeded.register_app(redirect_uris=[CALLBACK, ADMIN_CALLBACK, SIGN_IN_CALLBACK])
    return seeded


@pytest.fixture(scope="session")
def simulated() -> Flask:
    """The simulated addresses, laid out once; every story has a world of its own behind them.
    New kinds of answers are held against Microsoft's own types.
    """
    app: Flask = wire.validating(create_simulator(World()))
    return app


@pytest.fixture
def microsoft(request: pytest.FixtureRequest, simulated: Flask) -> Iterator[httpx2.BaseTransport]:
    """The way to the simulator; the world is made at the first call, as most pages never ask."""
    simulated.config["WORLD"] = None
    faults = simulated.wsgi_app.faults  # type: ignore[attr-defined]  # as wire wraps it
    faults.clear()

    def to_the_world(environ: Any, start: Any) -> Any:
        if simulated.config["WORLD"] is None:
            simulated.config["WORLD"] = request.getfixturevalue("world")
        return simulated(environ, start)

    yield httpx2.WSGITransport(to_the_world, raise_app_exceptions=False)
    assert not faults, faults


@pytest.fixture
def outside(clock: Clock, microsoft: httpx2.BaseTransport) -> Outside:
    return Outside(clock=clock, random=random.Random(7), http=microsoft)  # noqa: S311 - repeatable


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The cast's one password, hashed once: hashing is slow on purpose."""
    return passwords.hashed(PASSWORD)


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    return Laid(settings_in(tmp_path_factory.mktemp("laid")))


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a first start, made once and copied for every test."""
    database = program.prepare_data(
        settings_in(tmp_path_factory.mktemp("new")), Outside(clock=Clock())
    )
    database.close()
    return Path(database.path)


@pytest.fixture(scope="session")
def kept_database(
    tmp_path_factory: pytest.TempPathFactory, new_database: Path, password_hash: str
) -> Path:
    """A set up portal's database with the whole cast, made once and copied for every test."""
    settings = settings_in(tmp_path_factory.mktemp("kept"))
    file = shutil.copy(new_database, settings.instance / "lockstep.db")
    database = Database(settings.database_url, program.keyring_of(settings), durable="normal")
    with database.writing() as db:
        make.organisation(db, now=MORNING)
        make.whole_cast(db, password_hash=password_hash, now=MORNING)
        make.registration(db, now=MORNING)
    database.close()
    return Path(file)


@pytest.fixture
def portal(laid: Laid, kept_database: Path, outside: Outside, clock: Clock) -> Iterator[Portal]:
    laid.begin(kept_database)
    running = Portal(laid, outside, clock)
    yield running
    running.close()


@pytest.fixture
def new_portal(laid: Laid, new_database: Path, outside: Outside, clock: Clock) -> Iterator[Portal]:
    """A portal at its very first start: nobody, nothing set up."""
    laid.begin(new_database)
    running = Portal(laid, outside, clock)
    yield running
    running.close()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([SEAL_KEY])


@pytest.fixture
def visitor(portal: Portal) -> Browser:
    return portal.visitor()


@pytest.fixture
def alice(portal: Portal) -> Browser:
    return portal.signed_in("alice")


@pytest.fixture
def bob(portal: Portal) -> Browser:
    return portal.signed_in("bob")


@pytest.fixture
def carol(portal: Portal) -> Browser:
    return portal.signed_in("carol")


@pytest.fixture
def olivia(portal: Portal) -> Browser:
    return portal.signed_in("olivia")


@pytest.fixture
def dave(portal: Portal) -> Browser:
    return portal.signed_in("dave")


@pytest.fixture
def stage(portal: Portal, world: World, simulated: Flask) -> Stage:
    """Both sides of the story, with words for what people do on either."""
    simulated.config["WORLD"] = world
    return Stage(portal, world, simulated)
