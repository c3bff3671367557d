"""The two ways into the database: `reading()`, which cannot write, and `writing()`, which is short.

Neither is ever held open across a network call.
Only blueprints, jobs, rounds and the gate open them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from portal.sealing import Keyring
from portal.tables.columns import give_keyring

BUSY_MS = 5_000
CACHE_KIB = 4_096


class Database:
    """One SQLite file, its readers and its one writer at a time."""

    def __init__(self, url: str, keyring: Keyring, *, durable: str = "full") -> None:
        self.url = url
        self._readers = _engine(url, keyring, durable, begin="BEGIN DEFERRED", query_only=True)
        self._writers = _engine(url, keyring, durable, begin="BEGIN IMMEDIATE", query_only=False)
        self._reading = sessionmaker(self._readers, autoflush=False)
        self._writing = sessionmaker(self._writers, expire_on_commit=False)

    @property
    def path(self) -> str:
        return make_url(self.url).database or ""

    def make_file(self) -> None:
        """A file for its owner alone; SQLite keeps the journals beside it the same way.

        Raises OSError.
        """
        file = Path(self.path)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)

    @property
    def write_engine(self) -> Engine:
        """For the schema and for measuring; everything else goes through `writing()`."""
        return self._writers

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view; the database refuses any write made through it."""
        with self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: leaving commits, raising rolls back. Holds the only write lock."""
        with self._writing() as session, session.begin():
            yield session

    def close(self) -> None:
        self._readers.dispose()
        self._writers.dispose()


def _engine(url: str, keyring: Keyring, durable: str, *, begin: str, query_only: bool) -> Engine:
    # Parameters are titles, addresses and hashes: an error's text goes into the log without them.
    engine = create_engine(url, pool_size=12, max_overflow=12, hide_parameters=True)
    give_keyring(engine.dialect, keyring)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes only before the first write: a read-modify-write would
        # start on a stale view and lose updates. Ours comes first, and immediate for writers.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable == 'full' else 'NORMAL'}",
            "foreign_keys=ON",
            f"cache_size=-{CACHE_KIB}",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
