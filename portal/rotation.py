"""Keys: the first one, and sealing every secret anew with a new one."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Integer, LargeBinary, column, make_url, select, table, update
from sqlalchemy import Table as CoreTable

from portal import leases
from portal.database import Database
from portal.sealing import Keyring, NoKey, new_key, read_keys, write_keys
from portal.tables import Table
from portal.tables.columns import Sealed


class PortalRuns(Exception):
    """A running portal could not read what is sealed with a key it has not loaded."""


def first_key(file: Path, database_url: str) -> None:
    """Writes a key for a portal without data. Raises NoKey where one or the data exists already."""
    if file.exists():
        raise NoKey(f"{file} exists already; it is kept as it is.")
    data = Path(make_url(database_url).database or "")
    if data.exists():
        raise NoKey(
            f"The database {data} exists but its key file {file} does not: a new key could not "
            "open it. Put the key file back from your backup."
        )
    write_keys(file, [new_key()])


def rotate(database: Database, file: Path, *, now: datetime) -> int:
    """A new key first in the file, every sealed value under it; returns how many.

    The former key stays in the file, so a crash at any point leaves every value readable.
    Raises PortalRuns.
    """
    with database.reading() as db:
        if leases.somebody_leads(db, now=now):
            raise PortalRuns("The portal is running. Stop it, rotate the key, start it again.")
    former = read_keys(file)
    keys = [new_key(), former[0]]
    write_keys(file, [*keys, *former[1:]])
    with database.write_engine.begin() as connection:
        keyring = Keyring([*keys, *former[1:]])
        count = sum(_reseal(connection, name, keyring) for name in Table.metadata.sorted_tables)
    write_keys(file, keys)
    return count


def _reseal(connection: Connection, described: CoreTable, keyring: Keyring) -> int:
    sealed = [c.name for c in described.columns if isinstance(c.type, Sealed)]
    count = 0
    for name in sealed:
        raw = table(described.name, column("id", Integer), column(name, LargeBinary))
        rows = connection.execute(select(raw.c.id, raw.c[name]).where(raw.c[name].is_not(None)))
        for row in rows.mappings().all():
            fresh = {name: keyring.reseal(row[name])}
            connection.execute(update(raw).where(raw.c.id == row["id"]).values(fresh))
            count += 1
    return count
