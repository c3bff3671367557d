"""Signed-in browsers: kept here so that they can be listed and ended."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from portal.tables import AdminConsentRequest, ConsentRequest, Person, SessionRow

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=5)
KEPT_AFTER_END = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request comes from."""

    session_id: int
    person_id: int
    name: str
    address: str
    role: str
    zone: str
    must_change_password: bool
    seen_at: datetime
    since: datetime
    provider_id: int | None  # who vouched for the person; None: a password
    proved_at: datetime | None  # last asked who they are, and not let in silently by a provider

    @property
    def administers(self) -> bool:
        return self.role in ("owner", "admin")


def fingerprint(token: str) -> str:
    """What is stored in place of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    db: Session,
    person_id: int,
    *,
    token: str,
    browser: str,
    origin: str,
    provider_id: int | None = None,
    proved: bool = False,
    now: datetime,
) -> SessionRow:
    row = SessionRow(
        person_id=person_id,
        token_hash=fingerprint(token),
        created_at=now,
        seen_at=now,
        ended_at=None,
        browser=browser[:255],
        origin=origin[:45],
        provider_id=provider_id,
        proved_at=now if proved else None,
    )
    db.add(row)
    db.flush()
    return row


def find(db: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Whose live session the token is; None when ended, idle too long, too old or disabled."""
    found = db.execute(
        select(SessionRow, Person)
        .join(Person, Person.id == SessionRow.person_id)
        .where(
            SessionRow.token_hash == fingerprint(token), *_live(now), Person.disabled_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        return None
    row, person = found
    return SignedIn(
        session_id=row.id,
        person_id=person.id,
        name=person.name,
        address=person.address,
        role=person.role,
        zone=person.zone,
        # Who came by a provider may never have been given the temporary password.
        must_change_password=person.must_change_password and row.provider_id is None,
        seen_at=row.seen_at,
        since=row.created_at,
        provider_id=row.provider_id,
        proved_at=row.proved_at,
    )


def touch(db: Session, session_id: int, *, now: datetime) -> None:
    db.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=now))


def prove(db: Session, session_id: int, *, now: datetime) -> None:
    """Whoever sits at that browser has just shown who they are."""
    db.execute(update(SessionRow).where(SessionRow.id == session_id).values(proved_at=now))


def live_of(db: Session, person_id: int, *, now: datetime) -> list[SessionRow]:
    mine = select(SessionRow).where(SessionRow.person_id == person_id, *_live(now))
    return list(db.scalars(mine.order_by(SessionRow.seen_at.desc())))


def end(db: Session, person_id: int, session_id: int, *, now: datetime) -> bool:
    """Ends one session of this person; False when there is none such."""
    ended = db.scalar(
        update(SessionRow)
        .where(
            SessionRow.id == session_id,
            SessionRow.person_id == person_id,
            SessionRow.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(SessionRow.id)
    )
    return ended is not None


def end_others(db: Session, person_id: int, *, keep: int | None, now: datetime) -> None:
    db.execute(
        update(SessionRow)
        .where(
            SessionRow.person_id == person_id,
            SessionRow.id.is_distinct_from(keep),
            SessionRow.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def forget_old(db: Session, *, now: datetime) -> None:
    """Drops rows that can no longer be used, with the consent requests that began in them."""
    old = select(SessionRow.id).where(SessionRow.seen_at < now - LONGEST - KEPT_AFTER_END)
    for begun in (ConsentRequest, AdminConsentRequest):
        db.execute(delete(begun).where(begun.session_id.in_(old)))
    db.execute(delete(SessionRow).where(SessionRow.id.in_(old)))


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.ended_at.is_(None),
        SessionRow.seen_at > now - IDLE,
        SessionRow.created_at > now - LONGEST,
    )
