"""The audit log: who changed what, when, from what to what. Ids and settings, never secrets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

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
    db.add(
        Audit(
            at=now,
            person_id=by,
            act=act,
            subject=subject,
            group_id=group_id,
            before=before,
            after=after,
        )
    )


def record_all(
    db: Session,
    notes: Iterable[tuple[str, str, Any]],
    *,
    by: int | None,
    group_id: int | None = None,
    now: datetime,
) -> None:
    """Many at once, each an act, its subject and what is so afterwards: in one statement."""
    rows = [
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
    if rows:
        db.execute(insert(Audit), rows)
