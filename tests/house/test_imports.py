"""Who may import whom. Imports go downwards; only app puts things together."""

from collections.abc import Iterator
from pathlib import Path

from tests.house.rooms import ROOMS, TOP, imports_of, python_files, room_of

OURS = {*ROOMS, *TOP}
EVERYBODY = {"outside"}  # handed through all rooms; imports nothing of ours
MAY_IMPORT = {
    "app": OURS - {"tests", "benchmarks", "migrations", "simulator"},
    "demo": {"portal"},
    "server": set(),
    "blueprints": {"blueprints", "portal", "m365", "sync"},
    "jobs": {"jobs", "sync", "portal"},
    "sync": {"sync", "portal", "m365", "conferencing"},
    "portal": {"portal", "conferencing"},
    "m365": {"m365"},
    "conferencing": {"conferencing"},
    "simulator": {"simulator"},
    "migrations": {"migrations", "portal"},
    "config": {"portal"},
    "outside": set(),
    "benchmarks": OURS,
    "tests": OURS,
}
NARROWER = {
    # from a room, into a room: only these modules of it
    ("blueprints", "m365"): ("m365.identity",),
    # beside what people wait for: what an administrator finds out about permissions meanwhile
    ("blueprints", "sync"): ("sync.live", "sync.probe"),
    ("config", "portal"): ("portal.addresses",),
}
KEEP_OUT = {
    # libraries and the only rooms that may speak them
    "flask": {"app", "server", "blueprints", "simulator", "tests"},
    "sqlalchemy": {"portal", "migrations", "sync", "jobs", "blueprints", "tests", "demo"},
    "httpx2": {"m365", "outside", "tests", "benchmarks"},
    "authlib": {"m365", "tests"},
    "apscheduler": {"jobs", "tests"},
}
FILES = python_files()


def test_imports_go_downwards() -> None:
    assert [one for path in FILES for one in imports_upwards(path)] == []


def imports_upwards(path: Path) -> Iterator[str]:
    room = room_of(path)
    allowed = MAY_IMPORT[room] | EVERYBODY
    for name in imports_of(path):
        into = name.split(".")[0]
        if into not in OURS:
            continue
        only = NARROWER.get((room, into))
        if into not in allowed or (only and not name.startswith(only)):
            yield f"{path} may not import {name}"


def test_libraries_stay_in_their_rooms() -> None:
    wrong = [
        f"{path} may not use {name}"
        for path in FILES
        for name in {name.split(".")[0] for name in imports_of(path)} & set(KEEP_OUT)
        if room_of(path) not in KEEP_OUT[name]
    ]

    assert not wrong


def test_only_the_program_imports_the_demo() -> None:
    users = [path for path in FILES if any(n.split(".")[0] == "demo" for n in imports_of(path))]

    assert {room_of(path) for path in users} <= {"app", "benchmarks", "tests"}


def test_blueprints_write_no_sql() -> None:
    verbs = ("select", "insert", "update", "delete", "text")
    wrong = [
        f"{path}: {name}"
        for path in FILES
        if room_of(path) == "blueprints"
        for name in imports_of(path)
        if name in {f"sqlalchemy.{verb}" for verb in verbs}
    ]

    assert not wrong
