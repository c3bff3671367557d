"""Whether the database was restored from a copy.

The account's row and a small file beside the database count up together, at every start and every
hour, the row first. A row that is behind the file comes from a copy: Outlook has moved on since.
"""

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import accounts, audit, connections, outbox, windows
from portal.database import Database
from portal.tables import Calendar, Change, Connection, Window

log = logging.getLogger(__name__)

RESTORE = "restore"
FILE = "epoch"


def count_up(database: Database, *, now: datetime) -> bool:
    """One more on both sides; True where the database turned out to be a copy.

    A missing or unreadable file is that of a first start and alarms nobody.
    """
    file = Path(database.path).with_name(FILE)
    seen = _read(file)
    with database.writing() as db:
        account = accounts.the_account(db)
        is_copy = account.epoch < seen
        if is_copy:
            log.warning(
                "database restored from a copy epoch=%d file=%d; first looks only read",
                account.epoch,
                seen,
            )
            note_restored(db, now=now)
        account.epoch = max(account.epoch, seen) + 1
        fresh = account.epoch
    _write(file, fresh)
    return is_copy


def note_restored(db: Session, *, now: datetime) -> None:
    """Nothing is written or cancelled before everything was read and the plan was seen. What may
    have been sent after the copy was made is looked up before it is sent again.
    """
    accounts.the_account(db).restored_at = now
    for connection in db.scalars(select(Connection)):
        connections.read_first(connection, RESTORE, now=now)
        connection.only_reads_why = RESTORE  # graver than whatever it was before
        if connection.state in connections.AT_WORK:
            connection.described_at = None
            connections.mark_due(db, connection.id, now=now)
    for window in db.scalars(select(Window)):
        windows.refill(window, now=now)
        window.looked_at = None
    db.execute(update(Calendar).values(compared_at=None))
    waiting = Change.done_at.is_(None) & (Change.kind == outbox.CREATE)
    for change in db.scalars(select(Change).where(waiting, Change.sent_at.is_(None))):
        outbox.may_be_sent(change, now=now)
    audit.record(db, by=None, act="database restored", subject="account", now=now)


def dismiss(db: Session) -> None:
    """An administrator has read it."""
    accounts.the_account(db).restored_at = None


def _read(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _write(file: Path, epoch: int) -> None:
    """The whole number or the former one, whenever the machine stops."""
    fresh = file.with_suffix(".new")
    try:
        fresh.touch(mode=0o600)
        fresh.write_text(f"{epoch}\n", encoding="ascii")
        fresh.replace(file)
    except OSError as error:
        log.warning("epoch not written file=%s: %s", file, error.strerror)
