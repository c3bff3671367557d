"""What people should hear of: read from how things stand, so that nothing has to tell of it.

A banner shows what stands now; a mail goes once for each occasion. Looking twice, or from two
processes, or after a crash, finds nothing new.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Function, func, or_, select
from sqlalchemy.orm import Session

from portal import connections, people, registrations
from portal.mailing import mails
from portal.tables import Connection, OutgoingMail, Person

EXPIRY_DAYS = (1, 7, 30)  # a mail at each of them
AGAIN_WELL = (connections.CONNECTED, connections.HELD)
FOR_ADMINISTRATORS = (mails.EXPIRING, mails.HELD_MAILBOXES, mails.APP_LOST)
REMINDED_FOR_DAYS = 14


@dataclass(frozen=True, slots=True)
class News:
    """Something that a person should know. `about`: ids, codes and dates."""

    kind: str
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Noted:
    at: datetime
    id: int


def of_connection(connection: Connection, *, now: datetime) -> list[News]:
    """As long as it lasts."""
    if connection.state == connections.DISCONNECTED:
        return []
    why = connection.cut_off_why or connection.cause or ""
    found = []
    # By application permissions nobody gave a consent of their own: administrators hear of it.
    if connection.state == connections.NEEDS_CONSENT and connection.mode == connections.OAUTH:
        found.append(News(mails.CONSENT_LOST))
    if connection.held_at is not None:
        found.append(News(mails.HELD))
    if connection.state == connections.BLOCKED:
        found.append(News(mails.BLOCKED, {"why": why}))
    elif connection.cut_off_at is not None and connection.cut_off_at > now:
        until = connection.cut_off_at.isoformat()
        found.append(News(mails.CUT_OFF, {"why": why, "until": until}))
    return found


def of_person(db: Session, person_id: int, *, now: datetime) -> list[News]:
    """For the person's own pages."""
    connection = connections.live_of(db, person_id)
    if connection is not None:
        return of_connection(connection, now=now)
    asked = select(OutgoingMail).where(
        OutgoingMail.person_id == person_id, OutgoingMail.kind == mails.REMINDER
    )
    latest = db.scalar(asked.order_by(OutgoingMail.id.desc()).limit(1))
    if latest is None or (now - latest.created_at).days >= REMINDED_FOR_DAYS:
        return []
    return [News(mails.REMINDER, dict(latest.about))]


def of_administrators(db: Session, *, now: datetime) -> list[News]:
    """For every page of theirs."""
    found = []
    if (expiry := _expiry(db, now)) is not None:
        found.append(expiry)
    held = Connection.held_at.is_not(None), Connection.state != connections.DISCONNECTED
    lost = (
        Connection.state == connections.NEEDS_CONSENT,
        Connection.mode == connections.APPLICATION,
    )
    found += _mailboxes(db, mails.HELD_MAILBOXES, func.max(Connection.held_at), held)
    found += _mailboxes(db, mails.APP_LOST, func.max(Connection.connected_at), lost)
    return found


def still_so(db: Session, mail: OutgoingMail, *, now: datetime) -> bool:
    """Whether what the mail would say holds when it goes at last."""
    person = people.by_id(db, mail.person_id)
    if person.disabled_at is not None:
        return False
    if mail.kind in FOR_ADMINISTRATORS:
        news = of_administrators(db, now=now)
        administers = person.role in (people.OWNER, people.ADMIN)
        return administers and any(one.kind == mail.kind for one in news)
    if mail.kind == mails.REMINDER:
        return connections.live_of(db, mail.person_id) is None
    connection = connections.live_of(db, mail.person_id)
    if connection is None:
        return False
    if mail.kind == mails.CONSENT_BACK:
        return connection.state in AGAIN_WELL
    return any(one.kind == mail.kind for one in of_connection(connection, now=now))


def note_all(db: Session, *, now: datetime) -> int:
    """Keeps a mail for every occasion that has none yet; gives how many."""
    noted = _noted(db)
    fresh = sum(_note_of(db, one, noted, now) for one in _troubled(db))
    fresh += sum(_note_recovery(db, one, noted, now) for one in _lost_before(db, noted))
    for news in of_administrators(db, now=now):
        for person_id in _administrators(db):
            fresh += _note(db, person_id, news, _once_of_admin(news, person_id), noted, now)
    return fresh


def _troubled(db: Session) -> Iterable[Connection]:
    mine = select(Connection).join(Person, Person.id == Connection.person_id)
    trouble = or_(
        Connection.state.in_((connections.NEEDS_CONSENT, connections.BLOCKED)),
        Connection.held_at.is_not(None),
        Connection.cut_off_at.is_not(None),
    )
    return db.scalars(mine.where(Person.disabled_at.is_(None), trouble)).all()


def _note_of(
    db: Session, connection: Connection, noted: dict[tuple[int, str], _Noted], now: datetime
) -> int:
    fresh = 0
    for news in of_connection(connection, now=now):
        if news.kind == mails.CONSENT_LOST and _is_lost(noted, connection.person_id):
            continue
        once = _once(connection, news, now)
        fresh += _note(db, connection.person_id, news, once, noted, now)
    return fresh


def _once(connection: Connection, news: News, now: datetime) -> str:
    begun = {
        mails.HELD: connection.held_at,
        mails.CUT_OFF: connection.cut_off_at,
        mails.BLOCKED: connection.cut_off_at,
    }.get(news.kind)
    return f"{news.kind}:{connection.id}:{begun or now:%Y-%m-%d}"


def _note(
    db: Session,
    person_id: int,
    news: News,
    once: str,
    noted: dict[tuple[int, str], _Noted],
    now: datetime,
) -> int:
    before = noted.get((person_id, news.kind))
    if before is not None and now - before.at < mails.AT_MOST_EVERY:
        return 0
    return int(mails.note(db, person_id, news.kind, news.about, once=once, now=now))


def _is_lost(noted: dict[tuple[int, str], _Noted], person_id: int) -> bool:
    """The last that the person was told of the consent is that it was lost."""
    lost = noted.get((person_id, mails.CONSENT_LOST))
    back = noted.get((person_id, mails.CONSENT_BACK))
    return lost is not None and (back is None or back.id < lost.id)


def _lost_before(db: Session, noted: dict[tuple[int, str], _Noted]) -> Iterable[Connection]:
    """Of those told so, the ones that work again."""
    told = [person_id for person_id, kind in noted if kind == mails.CONSENT_LOST]
    told = [person_id for person_id in told if _is_lost(noted, person_id)]
    if not told:
        return ()
    mine = select(Connection).where(
        Connection.person_id.in_(told), Connection.state.in_(AGAIN_WELL)
    )
    return db.scalars(mine).all()


def _note_recovery(
    db: Session, connection: Connection, noted: dict[tuple[int, str], _Noted], now: datetime
) -> int:
    person_id = connection.person_id
    lost = db.get_one(OutgoingMail, noted[person_id, mails.CONSENT_LOST].id)
    if lost.sent_at is None:
        mails.withdraw(lost)  # nobody heard of the loss, so nobody wonders whether it is over
        return 0
    news = News(mails.CONSENT_BACK)
    once = f"{news.kind}:{connection.id}:{lost.id}"
    return _note(db, person_id, news, once, noted, now)


def _noted(db: Session) -> dict[tuple[int, str], _Noted]:
    """The latest mail of each kind to each person, those overtaken left out."""
    rows = db.execute(
        select(
            OutgoingMail.person_id,
            OutgoingMail.kind,
            func.max(OutgoingMail.created_at),
            func.max(OutgoingMail.id),
        )
        .where(func.coalesce(OutgoingMail.code, "") != mails.OVERTAKEN)
        .group_by(OutgoingMail.person_id, OutgoingMail.kind)
    )
    return {(person_id, kind): _Noted(at, last) for person_id, kind, at, last in rows}


def _administrators(db: Session) -> list[int]:
    mine = select(Person.id).where(
        Person.role.in_((people.OWNER, people.ADMIN)), Person.disabled_at.is_(None)
    )
    return list(db.scalars(mine.order_by(Person.id)))


def _once_of_admin(news: News, person_id: int) -> str:
    """The newest mailbox names the occasion, so one that lasts is told once."""
    if news.kind == mails.EXPIRING:
        return f"{news.kind}:{news.about['on']}:{news.about['step']}:{person_id}"
    return f"{news.kind}:{news.about['newest']}:{person_id}"


def _expiry(db: Session, now: datetime) -> News | None:
    """Of the secret or the certificate, from thirty days before."""
    row = registrations.current(db)
    if row is None or row.expires_on is None:
        return None
    left = (row.expires_on - now.date()).days
    step = next((days for days in EXPIRY_DAYS if left <= days), None)
    if step is None:
        return None
    proof = "client secret" if row.client_secret else "certificate"
    return News(mails.EXPIRING, {"on": row.expires_on.isoformat(), "step": step, "proof": proof})


def _mailboxes(
    db: Session, kind: str, newest: Function[datetime | None], which: Iterable[ColumnElement[bool]]
) -> list[News]:
    """One for all of these mailboxes: trouble of the whole organisation is not a mail for each."""
    count, at = db.execute(select(func.count(Connection.id), newest).where(*which)).one()
    return [News(kind, {"mailboxes": count, "newest": at.isoformat()})] if at is not None else []
