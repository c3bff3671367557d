"""Writes a numbered migration from the difference between the tables and a fresh database.

python -m migrations.new "what changes"
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from portal.database import Database
from portal.schema import MIGRATIONS
from portal.sealing import Keyring, new_key


def write(message: str) -> None:
    number = len(list((MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'fresh.db'}", Keyring([new_key()]))
        with database.write_engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message=message, rev_id=f"{number:04d}", autogenerate=True)
        database.close()


if __name__ == "__main__":
    write(sys.argv[1])
