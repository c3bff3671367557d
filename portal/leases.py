"""Who leads: one process does the waiting work; the others serve pages only."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from portal.tables import Lease

LEADER = "leader"
LASTS = timedelta(seconds=15)


def lead(db: Session, holder: str, *, now: datetime) -> bool:
    """Takes or keeps the lead for LASTS; False while another process holds it."""
    claim = insert(Lease).values(name=LEADER, holder=holder, until=now + LASTS, ticked_at=now)
    held = db.scalar(
        claim.on_conflict_do_update(
            index_elements=[Lease.name],
            set_={"holder": holder, "until": now + LASTS, "ticked_at": now},
            where=or_(Lease.holder == holder, Lease.until < now),
        ).returning(Lease.holder)
    )
    return held == holder


def step_down(db: Session, holder: str) -> None:
    """Lets the next process lead at once."""
    db.execute(delete(Lease).where(Lease.name == LEADER, Lease.holder == holder))


def somebody_leads(db: Session, *, now: datetime) -> bool:
    return db.scalar(select(Lease.name).where(Lease.name == LEADER, Lease.until > now)) is not None


def last_tick(db: Session) -> datetime | None:
    return db.scalar(select(Lease.ticked_at).where(Lease.name == LEADER))
