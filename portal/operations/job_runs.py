"""When each job of the timetable ran last, how it ended, and when it runs next."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from portal.tables import JobRun

OK, FAILED, UNDER_WAY = "ok", "failed", ""
HOUSEKEEPING, MAIL, ROUNDS, DOCTOR = "housekeeping", "mail", "rounds", "doctor"
REVIEW, ENROLMENT = "review", "enrolment"


def everything(db: Session) -> list[JobRun]:
    return list(db.scalars(select(JobRun).order_by(JobRun.name)))


def note(
    db: Session,
    name: str,
    outcome: str,
    *,
    began_at: datetime,
    ended_at: datetime | None = None,
    next_at: datetime | None = None,
    count: int = 0,
) -> None:
    """The row of that job says so from now on."""
    values = {
        "began_at": began_at,
        "ended_at": ended_at,
        "next_at": next_at,
        "outcome": outcome,
        "count": count,
    }
    fresh = insert(JobRun).values(name=name, **values)
    db.execute(fresh.on_conflict_do_update(index_elements=[JobRun.name], set_=values))
