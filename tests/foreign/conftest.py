"""A running simulator, and clients that nobody here wrote: Microsoft's own kit, and Authlib.

They live in an environment of their own (`make foreign`); elsewhere these tests are not there.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.foreign.someone import Someone

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv/bin/python"  # the simulator's own environment, not the clients'
if find_spec("msgraph") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def microsoft() -> Iterator[str]:
    """The simulator in a process of its own; its base address."""
    command = [str(PYTHON), "-m", "simulator", "--port=0", "--events=60", "--seed=7"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        assert said, "the simulator did not start"
        yield said.partition(": ")[2].strip().removesuffix("/outlook")
        running.terminate()
        assert running.wait(timeout=20) == 0, sys.stderr


@pytest.fixture
def alice(microsoft: str) -> Someone:
    return Someone(microsoft, "alice@contoso.example")


@pytest.fixture
def bob(microsoft: str) -> Someone:
    return Someone(microsoft, "bob@contoso.example")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
