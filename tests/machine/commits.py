"""The border to the database, at which the process may die."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tests.sync.tap import Killed


class Commits:
    """What the engine commits; people who save in between do not count."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._are_the_engines = False
        self._left: int | None = None  # until the process dies; None: it does not
        event.listen(engine, "commit", self._pass)

    def close(self) -> None:
        event.remove(self._engine, "commit", self._pass)

    @contextmanager
    def of_the_engine(self) -> Iterator[None]:
        self._are_the_engines = True
        try:
            yield
        finally:
            self._are_the_engines = False

    def dies(self, skip: int) -> None:
        """As the engine is about to commit, after `skip` other times."""
        self._left = skip

    def calm(self) -> None:
        """Nobody is to die any more."""
        self._left = None

    def _pass(self, _connection: Any) -> None:
        if self._left is None or not self._are_the_engines:
            return
        self._left -= 1
        if self._left < 0:
            self._left = None
            raise Killed
