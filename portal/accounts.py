"""The account: the organisation that runs this portal."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from conferencing.template import check_template
from portal import audit
from portal.signing_in.sessions import fingerprint
from portal.tables import Account

LINK_TEMPLATE = "https://meet.jit.si/{name}-{code}"


def the_account(db: Session) -> Account:
    return db.scalars(select(Account)).one()


def prepare(db: Session) -> None:
    """The one row that every portal has from its first start."""
    if db.scalar(select(Account.id)) is None:
        db.add(
            Account(
                name="",
                public_address="",
                zone="UTC",
                join_link_template="",
                seal_check="sealed",
                setup_token_hash=None,
                set_up_at=None,
            )
        )


def issue_setup_token(db: Session, token: str) -> None:
    the_account(db).setup_token_hash = fingerprint(token)


def setup_token_fits(db: Session, token: str) -> bool:
    expected = the_account(db).setup_token_hash
    return expected is not None and secrets.compare_digest(expected, fingerprint(token))


def is_set_up(db: Session) -> bool:
    return the_account(db).set_up_at is not None


def set_up(
    db: Session, *, name: str, public_address: str, zone: str, link_template: str, now: datetime
) -> None:
    """Ends the first run: the one-time token is spent."""
    account = the_account(db)
    _describe(account, name, public_address, zone, link_template)
    account.set_up_at = now
    account.setup_token_hash = None


def change(
    db: Session,
    *,
    name: str,
    public_address: str,
    zone: str,
    link_template: str,
    by: int,
    now: datetime,
) -> bool:
    """Noted in the audit log; True where people reach the portal by another address now."""
    account = the_account(db)
    before = _told(account)
    _describe(account, name, public_address, zone, link_template)
    after = _told(account)
    if before != after:
        audit.record(
            db,
            by=by,
            act="organisation changed",
            subject="account",
            before=before,
            after=after,
            now=now,
        )
    return before["public_address"] != after["public_address"]


def _describe(
    account: Account, name: str, public_address: str, zone: str, link_template: str
) -> None:
    account.name = name.strip()
    account.public_address = public_address.rstrip("/")
    account.zone = zone
    account.join_link_template = link_template


def _told(account: Account) -> dict[str, str]:
    return {
        "name": account.name,
        "public_address": account.public_address,
        "zone": account.zone,
        "join_link_template": account.join_link_template,
    }


def link_template_problem(text: str) -> str | None:
    """Why meetings cannot take their join link from this template, as a sentence, or None."""
    return check_template(text)
