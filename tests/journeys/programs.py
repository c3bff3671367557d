"""The programs of a journey, started with the commands people type, each on ports of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds for a program to answer or to end
TOKEN = re.compile(r"one-time token:\s+(\S+)")
TROUBLE = re.compile(r"Traceback|\b(?:ERROR|CRITICAL)\b")
MICROSOFT = "tests.journeys.microsoft"
CALLBACKS = ("/connect/microsoft/callback", "/admin/application/authorized")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a portal and its Microsoft are, and the token with which a new portal is set up."""

    portal: str
    microsoft: str
    token: str = ""


@contextmanager
def demo(folder: Path) -> Iterator[Site]:
    """The portal with sample people beside a simulated Microsoft, as `make demo` has them."""
    ports = _free_port(), _free_port()
    site = Site(f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}")
    own = {"SIMULATOR": MICROSOFT, "SIMULATOR_PORT": str(ports[1])}
    environment = {"BIND": f"127.0.0.1:{ports[0]}", **own}
    with _running([ROOT / "app.py", "demo"], folder, "demo", environment) as (process, output):
        _wait_for(f"{site.portal}/healthz", process, output)
        yield site


@contextmanager
def new_portal(folder: Path) -> Iterator[Site]:
    """A portal at its first start, and a simulated Microsoft that has it registered."""
    ports = _free_port(), _free_port()
    site = Site(f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}")
    bases = {"ENTRA_BASE": site.microsoft, "GRAPH_BASE": f"{site.microsoft}/v1.0"}
    environment = {"BIND": f"127.0.0.1:{ports[0]}", **bases}
    redirects = [f"--redirect={site.portal}{path}" for path in CALLBACKS]
    simulator = ["-m", MICROSOFT, f"--port={ports[1]}", *redirects]
    with _running(simulator, folder, "simulator", {}) as (process, output):
        _wait_for(f"{site.microsoft}/healthz", process, output)
        with _running([ROOT / "app.py", "new-key"], folder, "new-key", environment) as (once, _):
            once.wait(timeout=PATIENCE)
        with _running([ROOT / "app.py", "run"], folder, "portal", environment) as (process, output):
            _wait_for(f"{site.portal}/healthz", process, output)
            yield Site(site.portal, site.microsoft, _token(output))


@contextmanager
def outlook(folder: Path) -> Iterator[Site]:
    """A simulated Microsoft alone, with empty mailboxes, on a Wednesday that does not end."""
    port = _free_port()
    base = f"http://localhost:{port}"
    simulator = ["-m", MICROSOFT, f"--port={port}", "--events=0", "--clock=2026-11-18T09:00:00Z"]
    with _running(simulator, folder, "simulator", {}) as (process, output):
        _wait_for(f"{base}/healthz", process, output)
        yield Site(base, base)


@contextmanager
def _running(
    arguments: Sequence[str | Path], folder: Path, name: str, environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Runs our interpreter in `folder`, where no settings of a developer lie. A program that does
    not end well, or wrote of an error, fails the journey.
    """
    output = folder / f"{name}.txt"
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    own = {"INSTANCE": str(folder / "instance"), **environment}
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=folder,
            env=surroundings | own,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process, output
        finally:
            process.terminate()
            code = process.wait(timeout=PATIENCE)
    said = output.read_text()
    assert code == 0, f"{name} ended with {code}:\n{said}"
    assert not TROUBLE.search(said), f"{name} wrote of an error:\n{said}"


def _wait_for(address: str, process: subprocess.Popen[bytes], output: Path) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 10):
        if _answers(address):
            return
        assert process.poll() is None, output.read_text()
        pause.wait(0.1)
    raise AssertionError(f"{address} does not answer:\n{output.read_text()}")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
            return True
    except OSError:
        return False


def _token(output: Path) -> str:
    found = TOKEN.search(output.read_text())
    assert found, "the new portal printed no one-time token"
    return found[1]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
