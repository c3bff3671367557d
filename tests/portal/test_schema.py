"""Migrations: from nothing, with a copy kept, and refusing what they do not know."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from portal import accounts, schema
from portal.database import Database
from portal.sealing import Keyring, new_key
from portal.tables import Table
from tests.cast import MORNING


@pytest.fixture
def empty(tmp_path, keyring):
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", keyring, durable="normal")
    yield database
    database.close()


def test_an_empty_file_comes_to_head(empty):
    schema.bring_to_head(empty, now=MORNING)

    assert schema.is_at_head(empty)
    assert not (Path(empty.path).parent / "backups").exists()


def test_the_tables_are_what_the_migrations_make(empty):
    schema.bring_to_head(empty, now=MORNING)

    with empty.write_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrations_are_numbered_and_have_one_head():
    script = ScriptDirectory(str(schema.MIGRATIONS))
    files = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("*.py"))

    assert len(script.get_heads()) == 1
    assert [name[:5] for name in files] == [f"{n:04d}_" for n in range(1, len(files) + 1)]


def test_starting_again_changes_nothing(portal):
    schema.bring_to_head(portal.database, now=portal.clock())

    with portal.reading() as db:
        assert accounts.the_account(db).name == "Contoso"


def test_a_newer_schema_is_refused_with_what_to_do(portal):
    with portal.database.write_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(schema.CannotOpen, match="9999, which is newer"):
        schema.bring_to_head(portal.database, now=portal.clock())


def test_a_wrong_key_is_refused_with_what_to_do(portal):
    stranger = Database(portal.settings.database_url, Keyring([new_key()]))

    with pytest.raises(schema.CannotOpen, match="SEAL_KEYS"):
        schema.bring_to_head(stranger, now=portal.clock())
    stranger.close()


def test_a_copy_holds_everything_and_is_for_its_owner_alone(portal):
    copy = schema.keep_copy(portal.database, label="0001", now=portal.clock())

    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT name FROM accounts").fetchone() == ("Contoso",)
    kept.close()
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.name == "lockstep-0001-20261118T090000Z.db"


def test_the_newest_five_copies_stay(portal):
    for _ in range(7):
        portal.clock.advance(hours=1)
        last = schema.keep_copy(portal.database, label="0001", now=portal.clock())

    left = list(last.parent.glob("*.db"))
    assert len(left) == schema.KEPT_COPIES
    assert last in left
