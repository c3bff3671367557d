"""The chain over the audit log: every row carries a hash over itself and the hash before, so that a
row that is changed, taken out or put in behind the portal's back shows.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from portal.database import Database
from portal.tables import Audit

PER_BATCH = 2_000
FIRST = ""  # the hash before the first row


@dataclass(frozen=True, slots=True)
class Checked:
    """`broken`: the first row that is not as it was written, or not behind its former one.
    `last`: the last one before it, and `seal` that one's hash, to be kept elsewhere.
    """

    rows: int
    last: int
    seal: str
    broken: int | None


def sealed(former: str, row: dict[str, Any]) -> str:
    """The hash of a row by its columns, but for its number, which the database gives out."""
    at: datetime = row["at"]
    said = [
        former,
        at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds"),
        row["person_id"],
        row["act"],
        row["subject"],
        row["group_id"],
        _plain(row["before"]),
        _plain(row["after"]),
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def last(db: Session) -> str:
    """The hash that the next row goes on from; rows of this transaction count."""
    pending = [one.hash for one in db.new if isinstance(one, Audit)]
    if pending:
        return pending[-1]
    with db.no_autoflush:
        newest = select(Audit.hash).order_by(Audit.id.desc()).limit(1)
        return db.scalar(newest) or FIRST


def check(database: Database) -> Checked:
    """From the first row on, in parts, so that nothing is held open for long."""
    found = Checked(0, 0, FIRST, None)
    while True:
        with database.reading() as db:
            rows = list(db.execute(_RAW.where(Audit.id > found.last).limit(PER_BATCH)).mappings())
        for row in rows:
            if _seal_of(found.seal, dict(row)) != row["hash"]:
                return Checked(found.rows, found.last, found.seal, row["id"])
            found = Checked(found.rows + 1, row["id"], row["hash"], None)
        if len(rows) < PER_BATCH:
            return found


# As the database has it: what was put there by hand need not be readable.
_RAW = select(
    Audit.id,
    type_coerce(Audit.at, String).label("at"),
    Audit.person_id,
    Audit.act,
    Audit.subject,
    Audit.group_id,
    type_coerce(Audit.before, String).label("before"),
    type_coerce(Audit.after, String).label("after"),
    Audit.hash,
).order_by(Audit.id)


def _seal_of(former: str, row: dict[str, Any]) -> str | None:
    try:
        row["at"] = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
        for side in ("before", "after"):
            row[side] = _read(row[side])
        return sealed(former, row)
    except (TypeError, ValueError, RecursionError):
        return None


def _read(raw: Any) -> Any:
    """SQLite keeps the JSON of a bare number as a number."""
    return raw if raw is None or isinstance(raw, int | float) else json.loads(raw)


def _plain(value: Any) -> Any:
    """As it comes back from the database: tuples are lists there, keys are texts, and a bare 2.0
    is a 2.
    """
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else json.loads(json.dumps(value))
