"""The audit log: who changed what, when, from what to what. Ids and settings, never secrets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal import audit_chain
from portal.tables import Audit


def record(
    db: Session,
    *,
    by: int | None,
    act: str,
    subject: str,
    before: Any = None,
    after: Any = None,
    group_id: int | None = None,
    now: datetime,
) -> None:
    """`by` is a person's id; None: the operator at the command line, or the first run."""
    row = {
        "at": now,
        "person_id": by,
        "act": act,
        "subject": subject,
        "group_id": group_id,
        "before": before,
        "after": after,
    }
    db.add(Audit(**row, hash=audit_chain.sealed(audit_chain.last(db), row)))


def record_all(
    db: Session,
    notes: Iterable[tuple[str, str, Any]],
    *,
    by: int | None,
    group_id: int | None = None,
    now: datetime,
) -> None:
    """Many at once, each an act, its subject and what is so afterwards: in one statement."""
    rows: list[dict[str, Any]] = [
        {
            "at": now,
            "person_id": by,
            "act": act,
            "subject": subject,
            "group_id": group_id,
            "before": None,
            "after": after,
        }
        for act, subject, after in notes
    ]
    if not rows:
        return
    db.flush()  # what was noted before stands before it
    seal = audit_chain.last(db)
    for row in rows:
        seal = row["hash"] = audit_chain.sealed(seal, row)
    db.execute(insert(Audit), rows)
