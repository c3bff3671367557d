"""Looks of the tenant doctor, asked for by an administrator or by the clock, with their date."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import audit, registrations
from portal.tables import Checkup

EVERY = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(minutes=5)  # its process ended in the middle
KEPT = 10


def latest(db: Session) -> Checkup | None:
    return db.scalar(select(Checkup).order_by(Checkup.id.desc()).limit(1))


def latest_ended(db: Session) -> Checkup | None:
    ended = select(Checkup).where(Checkup.ended_at.is_not(None))
    return db.scalar(ended.order_by(Checkup.id.desc()).limit(1))


def is_running(row: Checkup | None, *, now: datetime) -> bool:
    if row is None or row.ended_at is not None:
        return False
    return now - (row.began_at or row.asked_at) < GIVEN_UP_AFTER


def ask(db: Session, *, by: int | None, seen_as: str, now: datetime) -> Checkup:
    """One at a time: who asks while one runs is shown that one."""
    row = latest(db)
    if row is not None and is_running(row, now=now):
        return row
    fresh = Checkup(
        asked_at=now, asked_by=by, seen_as=seen_as[:255], began_at=None, ended_at=None, findings=[]
    )
    db.add(fresh)
    db.flush()
    if by is not None:
        audit.record(db, by=by, act="tenant doctor asked", subject="microsoft", now=now)
    old = select(Checkup.id).order_by(Checkup.id.desc()).offset(KEPT)
    db.execute(delete(Checkup).where(Checkup.id.in_(old)))
    return fresh


def is_due(db: Session, *, now: datetime) -> bool:
    """Asked for and not begun, or a day after the last one."""
    row = latest(db)
    if row is None:
        kept = registrations.current(db)
        return kept is not None and now - kept.changed_at >= EVERY
    if row.ended_at is None and row.began_at is None:
        return True
    return not is_running(row, now=now) and now - row.asked_at >= EVERY


def begin(db: Session, *, steps: int, now: datetime) -> int | None:
    """Takes the one that is due; None where another process was faster."""
    row = latest(db)
    if row is None or row.began_at is not None:
        if not is_due(db, now=now):
            return None
        row = ask(db, by=None, seen_as="", now=now)
    row.began_at, row.steps, row.done = now, steps, 0
    return row.id


def note_step(db: Session, checkup_id: int, found: Iterable[Mapping[str, Any]]) -> None:
    row = db.get(Checkup, checkup_id)
    if row is not None:
        row.findings, row.done = [*row.findings, *map(dict, found)], row.done + 1


def end(db: Session, checkup_id: int, *, now: datetime) -> None:
    row = db.get(Checkup, checkup_id)
    if row is not None:
        row.ended_at = now
