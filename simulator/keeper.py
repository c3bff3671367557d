"""Keeps a world in its file while the program runs."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from simulator.state import NotAWorld, write
from simulator.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

EVERY = 30.0  # seconds: what a sudden end of the process loses at most


class Keeper:
    """Keeps a world in its file: every half minute when something happened, and at the end."""

    def __init__(self, world: World, path: Path) -> None:
        self.path = path
        self._world = world
        self._happened = False
        self._saving = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def save(self) -> None:
        """Write the file anew; it is whole at every moment."""
        with self._saving:
            self._happened = False
            beside = self.path.with_name(f"{self.path.name}.new")
            beside.unlink(missing_ok=True)
            # It holds tokens and private calendars: nobody else may read it.
            number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(number, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
                write(self._world, file)
                file.flush()
                os.fsync(number)
            beside.replace(self.path)
            _settle(self.path.parent)

    def begin(self, app: Flask) -> None:
        """Save now, so that a file that cannot be written is noticed, and from time to time."""
        try:
            self.save()
        except OSError as problem:
            raise NotAWorld(f"{self.path} cannot be written: {problem.strerror}.") from problem
        app.config["KEEPER"] = self
        app.wsgi_app = self._watched(app.wsgi_app)  # type: ignore[method-assign, assignment]  # as Flask wants it
        self._thread.start()

    def end(self) -> None:
        """The last save."""
        self._end.set()
        self._thread.join()
        self.save()

    def _watched(self, inner: WSGIApplication) -> WSGIApplication:
        def watched(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            # Even what only reads draws ids from the seed.
            self._happened = True
            return inner(environ, start)

        return watched

    def save_if_needed(self) -> None:
        """Save when something happened since the last time."""
        if self._happened:
            try:
                self.save()
            except OSError:
                log.exception("the world could not be saved; the next try follows")

    def _run(self) -> None:
        while not self._end.wait(EVERY):
            self.save_if_needed()


def _settle(folder: Path) -> None:
    # A rename is only safe from a power cut once the folder itself is written.
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
