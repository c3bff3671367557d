"""Runs the migrations over the connection that portal.schema hands in."""

from alembic import context

from portal.tables import Table


class BrokenReference(Exception):
    """A migration left rows that point at nothing; it is rolled back."""


connection = context.config.attributes["connection"]

# A batch operation rebuilds its table: with foreign keys enforced, dropping the old one would
# silently delete the rows that refer to it. The pragma only takes outside a transaction.
driver = connection.connection.dbapi_connection
driver.execute("PRAGMA foreign_keys=OFF")
try:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="portal.tables.columns.",
    )
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BrokenReference(f"{len(broken)} broken references, first in {broken[0][0]}")
finally:
    driver.execute("PRAGMA foreign_keys=ON")
