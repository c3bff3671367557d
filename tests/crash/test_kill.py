"""Killed in the middle: the real program, ended with -9 during its first sync and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, text

from app import ROOT
from config import Settings
from outside import Outside
from portal.tables import Lease
from simulator import create_app
from simulator.server import Server
from simulator.world import World
from tests.conftest import SEAL_KEY, Clock, Shelf
from tests.sync.desk import Desk
from tests.sync.tap import Tap

WAIT = 30  # seconds at most, for a process that is on its way anyhow


@dataclass
class Wire:
    """Stands before the simulator, counts pages of changes, and does a deed at one of them."""

    inner: Callable[..., Iterable[bytes]]
    pages: int = 0
    deed_at: int = 0
    deed: Callable[[], object] = lambda: None
    windows_read: int = 0
    windows_wanted: int = -1  # none: pages are counted
    reached: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        answer = self.inner(environ, start)
        if "calendarView/delta" not in environ["PATH_INFO"]:
            return answer
        self.pages += 1
        if self.pages == self.deed_at:
            self.deed()
            self.reached.set()
            return answer
        content = b"".join(answer)
        self.windows_read += b"@odata.deltaLink" in content
        if self.windows_read == self.windows_wanted:
            self.reached.set()
        return [content]


@pytest.fixture
def microsoft() -> Iterator[tuple[Server, World, Wire]]:
    """The simulator on a port of its own, with a mailbox that takes many pages."""
    world = World.seeded(people=1, events=700)
    app = create_app(world)
    wire = Wire(app.wsgi_app)
    app.wsgi_app = wire  # type: ignore[method-assign]
    server = Server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server, world, wire
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(
    tmp_path: Path, kept_database: Path, microsoft: tuple[Server, World, Wire]
) -> Iterator[Desk]:
    """Alice has just consented; nothing runs yet."""
    server, world, _wire = microsoft
    base = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(
        _env_file=None,
        instance=tmp_path,
        seal_keys=SEAL_KEY,
        bind=f"127.0.0.1:{_free_port()}",
        entra_base=base,
        graph_base=f"{base}/v1.0",
    )
    shutil.copy(kept_database, tmp_path / "lockstep.db")
    tap = Tap(httpx2.HTTPTransport(), lambda _: None)
    laid = Desk(Shelf(settings), Outside(), Clock(world.now()), world, tap)
    laid.connect()
    yield laid
    laid.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(desk: Desk) -> Iterator["subprocess.Popen[bytes]"]:
    """The program as `make run` starts it, in a process group of its own."""
    given = desk.given
    environment = os.environ | {
        "INSTANCE": str(given.instance),
        "SEAL_KEYS": SEAL_KEY,
        "BIND": given.bind,
        "ENTRA_BASE": given.entra_base,
        "GRAPH_BASE": given.graph_base,
        "LOG_LEVEL": "warning",
    }
    command = [sys.executable, str(ROOT / "app.py"), "run"]
    process = subprocess.Popen(
        command, cwd=given.instance, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(WAIT)


def kill_at(desk: Desk, wire: Wire, page: int) -> None:
    """Runs the program until Microsoft has sent it that many pages more, and kills it there."""
    with running(desk) as process:
        wire.reached.clear()
        wire.deed = lambda: os.killpg(process.pid, signal.SIGKILL)
        wire.deed_at = wire.pages + page
        assert wire.reached.wait(WAIT), "the program never came that far"
    # As if fifteen seconds had passed: another process may lead.
    with desk.database.writing() as db:
        db.execute(delete(Lease))


def run_to_the_end(desk: Desk, wire: Wire) -> int:
    """Runs the program until every window has been read, and stops it; returns its exit code."""
    wire.reached.clear()
    wire.windows_read = 0
    wire.windows_wanted = sum(one.filled_at is None for one in desk.windows())
    with running(desk) as process:
        assert wire.reached.wait(WAIT), "the program never came that far"
        process.terminate()
        return process.wait(WAIT)


def test_a_first_sync_killed_twice_ends_with_everything_there_once(
    desk: Desk, microsoft: tuple[Server, World, Wire]
) -> None:
    _server, _world, wire = microsoft

    kill_at(desk, wire, 3)
    after_one = len(desk.graph_ids())
    kill_at(desk, wire, 4)
    after_two = len(desk.graph_ids())
    code = run_to_the_end(desk, wire)

    assert 0 < after_one < after_two < len(desk.graph_ids())
    assert code == 0
    assert desk.in_step()
    held = desk.connection()
    assert (held.state, held.leased_until) == ("connected", None)
    with desk.database.reading() as db:
        assert db.scalar(text("PRAGMA integrity_check")) == "ok"
