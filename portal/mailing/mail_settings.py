"""How the portal sends mail: one server, or none and then notices are banners only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from outside import MailServer
from portal import accounts, audit
from portal.addresses import is_loopback, mail_server_problem
from portal.tables import MailSettings

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}


@dataclass(frozen=True, slots=True)
class Entered:
    """What an administrator entered. `password` None: the kept one stays."""

    host: str
    port: int
    security: str
    username: str
    password: str | None
    sender: str

    def problem(self, kept: MailSettings | None) -> tuple[str, str] | None:
        """The field that is wrong, and a sentence; None: it can be tried."""
        if said := mail_server_problem(self.host):
            return "host", said
        if self.security == PLAIN and self.username and not is_loopback(self.host):
            return "security", "A password is never sent in the open. Choose STARTTLS or TLS."
        if self.username and self.password is None and not self._may_keep(kept):
            return "password", "Enter the password: a kept one goes only to its own server."
        return None

    def _may_keep(self, kept: MailSettings | None) -> bool:
        if kept is None or not kept.password:
            return False
        same = (kept.host, kept.port, kept.username) == (self.host, self.port, self.username)
        return same and not (self.security == PLAIN != kept.security)


def current(db: Session) -> MailSettings | None:
    return db.scalar(select(MailSettings))


def is_set_up(db: Session) -> bool:
    """Whether notices go by mail too."""
    return current(db) is not None


def keep(db: Session, entered: Entered, *, by: int, now: datetime) -> None:
    """The audit log learns of everything but the password."""
    row = current(db)
    before = None if row is None else _told(row)
    if row is None:
        row = MailSettings()
        db.add(row)
    row.host, row.port, row.security = entered.host, entered.port, entered.security
    row.username, row.sender = entered.username, entered.sender
    if not entered.username:
        row.password = None
    elif entered.password is not None:
        row.password = entered.password
    row.changed_at, row.tested_at, row.code = now, None, None
    db.flush()
    after = {**_told(row), "password_replaced": bool(entered.password)}
    _note(db, "mail server changed", before, after, by=by, now=now)


def forget(db: Session, *, by: int, now: datetime) -> None:
    """The portal sends no more mail."""
    row = current(db)
    if row is not None:
        _note(db, "mail server removed", _told(row), None, by=by, now=now)
        db.delete(row)


def note_attempt(db: Session, code: str | None, *, now: datetime) -> None:
    """How the last mail fared at the kept server; None: it was taken."""
    row = current(db)
    if row is not None:
        row.tested_at, row.code = now, code


def server_of(db: Session) -> MailServer | None:
    """The kept one."""
    row = current(db)
    if row is None:
        return None
    password = row.password or ""
    return MailServer(row.host, row.port, row.security, row.username, password, _greeting(db))


def server_entered(db: Session, entered: Entered) -> MailServer:
    """The one that was entered, with the kept password in place of one that was left out."""
    row = current(db)
    kept = (row.password if row else None) or ""
    return MailServer(
        entered.host,
        entered.port,
        entered.security,
        entered.username,
        (entered.password or kept) if entered.username else "",
        _greeting(db),
    )


def _greeting(db: Session) -> str:
    """What the portal calls itself to a mail server."""
    return urlsplit(accounts.the_account(db).public_address).hostname or "localhost"


def is_kept(db: Session, entered: Entered) -> bool:
    """Whether this is what is kept already."""
    row = current(db)
    return row is not None and not entered.password and _told(row) == _said(entered)


def _said(entered: Entered) -> dict[str, Any]:
    return {
        "host": entered.host,
        "port": entered.port,
        "security": entered.security,
        "username": entered.username,
        "sender": entered.sender,
    }


def _told(row: MailSettings) -> dict[str, Any]:
    kept = Entered(row.host, row.port, row.security, row.username, None, row.sender)
    return _said(kept)


def _note(db: Session, act: str, before: Any, after: Any, *, by: int, now: datetime) -> None:
    audit.record(db, by=by, act=act, subject="mail", before=before, after=after, now=now)
