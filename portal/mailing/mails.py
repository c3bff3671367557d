"""Mails that wait to be sent, each for one occasion, and what became of them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from portal import audit
from portal.mailing import mail_settings
from portal.tables import OutgoingMail, Person

CONSENT_LOST, CONSENT_BACK = "consent_lost", "consent_back"
HELD, HELD_MAILBOXES = "held", "held_mailboxes"  # to the person, to administrators
CUT_OFF, BLOCKED = "cut_off", "blocked"
APP_LOST, EXPIRING, REMINDER = "app_lost", "expiring", "reminder"

AT_MOST_EVERY = timedelta(days=1)  # of one kind to one person
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
GIVEN_UP_AFTER, KEPT = timedelta(days=3), timedelta(days=90)
OVERTAKEN = "overtaken"  # what it would have said was over before it could be sent
SAID_HERE = "said_here"  # no mail is set up: it is a banner only


def note(
    db: Session,
    person_id: int,
    kind: str,
    about: Mapping[str, Any],
    *,
    once: str,
    now: datetime,
) -> bool:
    """Keeps one mail for the occasion named by `once`; False where it was kept before."""
    sends = mail_settings.is_set_up(db)
    fresh = insert(OutgoingMail).values(
        person_id=person_id,
        kind=kind,
        about=dict(about),
        once=once,
        created_at=now,
        due_at=now if sends else None,
        attempts=0,
        code=None if sends else SAID_HERE,
    )
    kept = fresh.on_conflict_do_nothing(index_elements=[OutgoingMail.once])
    return db.scalar(kept.returning(OutgoingMail.id)) is not None


def remind(db: Session, person: Person, *, by: int, now: datetime) -> bool:
    """Asks a person to connect their calendar: by mail where mail is set up, and on their calendar
    page. False where they were reminded within the last day.
    """
    before = last(db, person.id, REMINDER)
    if before is not None and now - before < AT_MOST_EVERY:
        return False
    once = f"{REMINDER}:{person.id}:{now:%Y-%m-%dT%H}"
    if not note(db, person.id, REMINDER, {"by": by}, once=once, now=now):
        return False
    audit.record(db, by=by, act="reminder sent", subject=f"person {person.id}", now=now)
    return True


def last(db: Session, person_id: int, kind: str) -> datetime | None:
    """When the last one of this kind was kept for that person."""
    mine = select(func.max(OutgoingMail.created_at)).where(
        OutgoingMail.person_id == person_id, OutgoingMail.kind == kind
    )
    return db.scalar(mine)


def is_any_due(db: Session, *, now: datetime) -> bool:
    return db.scalar(select(OutgoingMail.id).where(OutgoingMail.due_at <= now).limit(1)) is not None


def claim_due(db: Session, *, now: datetime) -> OutgoingMail | None:
    """The mail that has waited longest; nobody else gets it before its next try. The next try
    stands before this one begins, so a crash costs time and no mail.
    """
    first = select(OutgoingMail.id).where(OutgoingMail.due_at <= now)
    first = first.order_by(OutgoingMail.due_at, OutgoingMail.id).limit(1)
    mail = db.scalar(
        update(OutgoingMail)
        .where(OutgoingMail.id == first.scalar_subquery())
        .values(attempts=OutgoingMail.attempts + 1)
        .returning(OutgoingMail)
    )
    if mail is not None:
        mail.due_at = now + min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 10), LONGEST_WAIT)
        db.flush()
    return mail


def sent(db: Session, mail_id: int, *, now: datetime) -> None:
    mail = db.get(OutgoingMail, mail_id)
    if mail is not None:  # else its person was deleted meanwhile
        mail.sent_at, mail.due_at, mail.code = now, None, None


def failed(db: Session, mail_id: int, code: str, *, is_final: bool, now: datetime) -> None:
    """It is tried again, unless that changes nothing or it has been tried for days."""
    mail = db.get(OutgoingMail, mail_id)
    if mail is None:
        return
    mail.code = code
    if is_final or now - mail.created_at > GIVEN_UP_AFTER:
        mail.due_at = None


def withdraw(mail: OutgoingMail) -> None:
    """What it would say is no longer so."""
    mail.due_at, mail.code = None, OVERTAKEN


def message_id(mail: OutgoingMail, host: str) -> str:
    """Always the same for an occasion: a mail that went twice after a crash is known as one."""
    name = hashlib.sha256(mail.once.encode()).hexdigest()[:32]
    return f"<{name}@{host}>"


def recent(db: Session, *, most: int) -> list[tuple[OutgoingMail, str]]:
    """The latest, each with the name of whom it is for."""
    rows = db.execute(
        select(OutgoingMail, Person.name)
        .join(Person, Person.id == OutgoingMail.person_id)
        .order_by(OutgoingMail.id.desc())
        .limit(most)
    )
    return [(mail, name) for mail, name in rows]


def count_waiting(db: Session) -> int:
    waiting = select(func.count(OutgoingMail.id)).where(OutgoingMail.due_at.is_not(None))
    return db.scalar(waiting) or 0


def forget_old(db: Session, *, now: datetime) -> None:
    db.execute(delete(OutgoingMail).where(OutgoingMail.created_at < now - KEPT))
