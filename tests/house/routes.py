"""Writes routes.txt anew, after a route was added or removed deliberately.

python -m tests.house.routes
"""

import tempfile
from pathlib import Path
from types import SimpleNamespace

import app as program
from outside import Outside
from tests.conftest import settings_in
from tests.house.test_rooms import ROUTES, routes


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        portal = program.create_app(settings_in(Path(folder)), Outside())
        listed = routes(SimpleNamespace(app=portal))
    ROUTES.write_text("".join(f"{line}\n" for line in listed), encoding="utf-8")


if __name__ == "__main__":
    write()
