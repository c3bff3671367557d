"""Killed at every border: around each request to Microsoft and each commit, and started again.

`make crash` goes through all of them; without CRASH=all it is a few of each act.
"""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from app import ROOT
from portal.tables import Change, Link
from simulator import create_app, state
from simulator.server import Server
from simulator.world import World
from tests.cast import CALLBACK, MORNING
from tests.conftest import SEAL_KEY, Clock
from tests.crash.acts import ACTS, agrees
from tests.crash.engine import POINTS, come_to_rest, desk_over
from tests.sync.desk import Desk

KILLED = -signal.SIGKILL
AGAIN = timedelta(seconds=16)  # until somebody else may lead
EVERY = 1 if os.environ.get("CRASH") == "all" else 0
SOME = 2  # points of each act, where not all are wanted
LEAST = 10  # points that each act has, or it is none
WORLD, DATABASE = "world.bin", "lockstep.db"


def answer(url: str, _kind: str, _body: bytes) -> tuple[int, str, bytes]:
    """The portal's hooks, which are no part of this: they say yes to Microsoft's check."""
    token = str(httpx2.URL(url).params.get("validationToken", ""))
    return 200 if token else 202, "text/plain", token.encode()


@dataclass
class Microsoft:
    """The simulator on a port of its own; its world is put back as often as one likes."""

    server: Server

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def world(self) -> World:
        found: World = self.server.app.config["WORLD"]
        return found

    def become(self, world: World) -> None:
        world.post = answer
        self.server.app.config["WORLD"] = world


class Engine:
    """The engine in processes of its own; see tests/crash/engine.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.engine"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, folder: Path, base: str, *, act: str, end_at: int | None, late: bool) -> int:
        """How the process ended."""
        now = MORNING + AGAIN if late else MORNING
        wish = {"folder": str(folder), "base": base, "act": act, "end_at": end_at}
        wish |= {"key": SEAL_KEY, "now": now.isoformat()}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=30)


@pytest.fixture(scope="module")
def microsoft() -> Iterator[Microsoft]:
    world = World.seeded(people=3, events=160)
    app = create_app(world)
    server = Server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Microsoft(server)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    started = Engine()
    yield started
    started.close()


@dataclass
class Case:
    """One act, with everything as it was before it."""

    microsoft: Microsoft
    engine: Engine
    act: str
    kept: Path
    folder: Path

    def put_back(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()
        shutil.copy(self.kept / DATABASE, self.folder / DATABASE)
        self.microsoft.become(state.read(io.BytesIO((self.kept / WORLD).read_bytes()), WORLD))

    def run(self, *, end_at: int | None = None, late: bool = False) -> int:
        base = self.microsoft.base
        return self.engine.run(self.folder, base, act=self.act, end_at=end_at, late=late)

    def crossed(self) -> list[str]:
        found: list[str] = json.loads((self.folder / POINTS).read_text())
        return found

    def look(self) -> Desk:
        desk = desk_over(self.folder, self.microsoft.base, SEAL_KEY, Clock(MORNING + AGAIN), None)
        desk.world = self.microsoft.world
        return desk


@pytest.fixture(params=list(ACTS))
def case(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kept_database: Path,
    microsoft: Microsoft,
    engine: Engine,
) -> Case:
    """Alice is connected; what the act stands on is there and at rest."""
    act = ACTS[request.param]
    world = World.seeded(people=3, events=160)
    world.clock.set(MORNING)
    world.register_app(redirect_uris=[CALLBACK])
    microsoft.become(world)
    kept, folder = tmp_path / "kept", tmp_path / "run"
    kept.mkdir()
    folder.mkdir()
    shutil.copy(kept_database, kept / DATABASE)
    clock = Clock(MORNING)
    desk = desk_over(kept, microsoft.base, SEAL_KEY, clock, httpx2.HTTPTransport())
    desk.world = world
    desk.connect()
    if request.param != "first reading":
        come_to_rest(desk, clock, MORNING)
        act.before(desk)
        act.outlook(desk)
    desk.close()
    with (kept / WORLD).open("wb") as file:
        state.write(world, file)
    return Case(microsoft, engine, request.param, kept, folder)


def wrong(case: Case) -> list[str]:
    """What is not as it should be once everything has come to rest."""
    act, desk, world = ACTS[case.act], case.look(), case.microsoft.world
    found = agrees(desk)
    for title in act.titles + act.gone:
        count = len(desk.titled(title))
        if count != (title in act.titles):
            found.append(f"{count} events are called {title}")
    if not act.holds(desk):
        found.append("it is not as it was meant")
    mails = Counter((mail.to, mail.kind, mail.subject) for mail in world.mails)
    if len(world.mails) != act.mails or any(number > 1 for number in mails.values()):
        found.append(f"mails went out: {mails}")
    found += [f"a change waits: {one.kind}" for one in desk.rows(Change) if one.done_at is None]
    links = [one.graph_id for one in desk.rows(Link)]
    if len(links) != len(set(links)) or len(world.notices.of("alice")) != 1:
        found.append("something is there twice")
    row = desk.connection()
    if (row.state, row.failures, row.leased_until) != ("connected", 0, None):
        found.append(f"the connection is {row.state} after {row.failures} failures")
    with desk.database.reading() as db:
        if db.scalar(text("PRAGMA integrity_check")) != "ok":
            found.append("the database is damaged")
    desk.close()
    return found


def test_after_a_kill_at_any_border_both_sides_are_as_if_nothing_had_happened(case: Case) -> None:
    case.put_back()
    assert case.run() == 0
    assert wrong(case) == []
    names = case.crossed()
    sys.stdout.write(f"{case.act}: {len(names)} points\n")
    assert len(names) >= LEAST

    step = EVERY or max(1, len(names) // SOME)
    failed = {}
    for point in range(1, len(names) + 1, step):
        case.put_back()
        ended = case.run(end_at=point)
        again = case.run(late=True)
        trouble = wrong(case) if (ended, again) == (KILLED, 0) else [f"ended {ended}, {again}"]
        if trouble:
            failed[f"{point} {names[point - 1]}"] = trouble

    assert failed == {}
