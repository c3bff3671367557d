"""The world in a file: kept over restarts, and read only when it is surely a world of ours."""

from __future__ import annotations

import copyreg
import hashlib
import importlib
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import simulator
from simulator.world import World

OURS = f"{simulator.__name__}."
MARK = "Lockstep simulator, a world"
FORMAT = 1
# Beside the simulator's own classes; none of these does anything when it is made.
PLAIN = {
    "builtins": {"bytearray", "complex", "dict", "frozenset", "int", "list", "set", "slice"},
    "collections": {"Counter", "OrderedDict", "defaultdict", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "random": {"Random"},
    "uuid": {"SafeUUID", "UUID"},
    "simulator.state": {"zone"},
}


class NotAWorld(Exception):
    """The file cannot be used; the text says why and what to do, in one sentence."""


def zone(key: str) -> ZoneInfo:
    """A zone by its name: what a file holds in the place of the zone."""
    return ZoneInfo(key)


def _by_name(one: ZoneInfo) -> tuple[Callable[[str], ZoneInfo], tuple[str]]:
    return zone, (one.key,)


class _Reader(pickle.Unpickler):
    """Makes nothing but parts of a world, whatever the file asks for."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of this name; refused unless it is one of ours or harmless."""
        if name in PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module.startswith(OURS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"a world does not hold {module}.{name}")


@lru_cache(maxsize=1)
def shape() -> str:
    """A digest of what the simulator's classes are made of: another one, another version."""
    lines = []
    for module in pkgutil.walk_packages(simulator.__path__, OURS):
        for name, each in vars(importlib.import_module(module.name)).items():
            if isinstance(each, type) and each.__module__ == module.name:
                lines.append(f"{module.name}.{name} {' '.join(_parts(each))}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def _parts(kind: type) -> Iterator[str]:
    own = vars(kind)
    yield from own.get("__annotations__", {})
    for name in ("__init__", "__post_init__"):
        code = getattr(own.get(name), "__code__", None)
        if code:
            yield from (*code.co_varnames, *code.co_names)


def write(world: World, file: IO[bytes]) -> None:
    """The whole world, behind a line that says what it is."""
    file.write(f"{MARK} {FORMAT} {shape()}\n".encode())
    pickler = pickle.Pickler(file, protocol=5)
    pickler.dispatch_table = {**copyreg.dispatch_table, ZoneInfo: _by_name}
    with world.lock:
        pickler.dump(world)


def read(file: IO[bytes], name: str) -> World:
    """The world behind the line; `NotAWorld` when there is none that can be used."""
    mark, _, versions = file.readline(200).decode("utf-8", "replace").strip().rpartition(f"{MARK} ")
    number, _, made_of = versions.partition(" ")
    if mark or not number.isdecimal() or not made_of:
        raise NotAWorld(f"{name} holds no world of the simulator: name another file for --state.")
    if int(number) > FORMAT:
        raise NotAWorld(
            f"{name} was written by a newer simulator: start that one, or name another file."
        )
    if (int(number), made_of) != (FORMAT, shape()):
        raise NotAWorld(
            f"{name} was written by another version of the simulator: start that version, "
            "or move the file away to begin with a new world."
        )
    try:
        world = _Reader(file).load()
    except Exception as problem:  # a damaged pickle may fail in any way
        raise NotAWorld(
            f"{name} is damaged ({problem}): put a copy in its place, "
            "or move it away to begin with a new world."
        ) from problem
    if not isinstance(world, World):
        raise NotAWorld(f"{name} holds no world of the simulator: name another file for --state.")
    return world


def load(path: Path) -> World | None:
    """The world in a file, or None when there is no such file yet."""
    try:
        with path.open("rb") as file:
            return read(file, str(path))
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise NotAWorld(f"{path} cannot be read: {problem.strerror}.") from problem
