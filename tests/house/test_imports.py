"""Who may import whom. Imports go downwards; only app puts things together."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_go_downwards(path: Path) -> None:
    room = room_of(path)
    allowed = MAY_IMPORT[room] | EVERYBODY
    wrong = []
    for name in imports_of(path):
        into = name.split(".")[0]
        if into not in OURS:
            continue
        only = NARROWER.get((room, into))
        if into not in allowed or (only and not name.startswith(only)):
            wrong.append(name)

    assert not wrong, f"{path} may not import {wrong}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    names = {name.split(".")[0] for name in imports_of(path)}

    wrong = [name for name in names & set(KEEP_OUT) if room_of(path) not in KEEP_OUT[name]]
    assert not wrong, f"{path} may not use {wrong}"


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
