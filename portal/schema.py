"""Bringing the database to this version's schema, with a copy kept before every upgrade."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.database import Database
from portal.sealing import WrongKey
from portal.tables import Account

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent.parent / "migrations"
KEPT_COPIES = 5


class CannotOpen(Exception):
    """The database cannot be used by this version. The text says why and what to do."""


@contextmanager
def explained(database: Database) -> Iterator[None]:
    """What the disk or SQLite refuses meanwhile becomes CannotOpen, in a sentence."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        why = getattr(error, "orig", None) or error
        raise CannotOpen(f"The database {database.path} cannot be used: {why}.") from error


def bring_to_head(database: Database, *, now: datetime) -> None:
    """Upgrades if needed. Raises CannotOpen on a schema from a newer version or with wrong keys."""
    script = ScriptDirectory.from_config(_config())
    at, head = current_revision(database), script.get_current_head()
    if at != head:
        if at is not None:
            _refuse_unknown(script, at)
            keep_copy(database, label=at, now=now)
        _upgrade(database)
        log.info("schema upgraded from=%s to=%s", at, head)
    check_key(database)


def is_at_head(database: Database) -> bool:
    script = ScriptDirectory.from_config(_config())
    return current_revision(database) == script.get_current_head()


def current_revision(database: Database) -> str | None:
    with database.reading() as db:
        return MigrationContext.configure(db.connection()).get_current_revision()


def check_key(database: Database) -> None:
    """Opens the one value that every portal seals. Raises CannotOpen."""
    try:
        with database.reading() as db:
            db.scalar(select(Account.seal_check))
    except WrongKey:
        raise CannotOpen(
            "The sealing key does not open this database: it was sealed with another key. "
            "Put the former key file back (SEAL_KEYS_FILE) or the former value (SEAL_KEYS)."
        ) from None


def keep_copy(database: Database, *, label: str, now: datetime) -> Path:
    """A whole copy beside the database, made through SQLite's own backup; the newest five stay."""
    source = Path(database.path)
    folder = source.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{source.stem}-{label}-{now:%Y%m%dT%H%M%SZ}.db"
    with sqlite3.connect(source) as live, sqlite3.connect(copy) as kept:
        live.backup(kept)
    live.close()
    kept.close()
    copy.chmod(0o600)
    for old in sorted(folder.glob(f"{source.stem}-*.db"), key=lambda f: f.stat().st_mtime)[
        :-KEPT_COPIES
    ]:
        old.unlink()
    return copy


def _refuse_unknown(script: ScriptDirectory, revision: str) -> None:
    try:
        script.get_revision(revision)
    except CommandError:
        raise CannotOpen(
            f"The database has schema {revision}, which is newer than this version knows. "
            "Start the newer version again, or put back a copy from the folder backups/."
        ) from None


def _upgrade(database: Database) -> None:
    with database.write_engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
