"""The app registration at Microsoft that the portal signs in with: one row, secrets sealed."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.certificates import Pair
from portal.tables import Account, Registration

CALLBACK = "/connect/microsoft/callback"
ADMIN_CALLBACK = "/admin/application/authorized"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.I)
MANY_TENANTS = "organizations"


@dataclass(frozen=True, slots=True)
class Entered:
    """What an administrator entered. Neither secret nor pair: the kept credential stays.

    `secret_ends`: the last day of the secret, which Microsoft shows in Entra and tells nobody.
    """

    tenant: str
    client_id: str
    secret: str | None = None
    pair: Pair | None = None
    secret_ends: date | None = None


def current(db: Session) -> Registration | None:
    return db.scalar(select(Registration))


def redirect_address(account: Account) -> str:
    """Where Microsoft sends back a person who connects."""
    return account.public_address + CALLBACK


def admin_redirect_address(account: Account) -> str:
    """Where Microsoft sends back an administrator who authorises the portal."""
    return account.public_address + ADMIN_CALLBACK


def tenant_problem(text: str) -> str | None:
    if text.lower() == MANY_TENANTS or GUID.fullmatch(text) or DOMAIN.fullmatch(text):
        return None
    return "Give the tenant's ID (a GUID), one of its domains, or the word organizations."


def client_id_problem(text: str) -> str | None:
    return None if GUID.fullmatch(text) else "The client ID is a GUID, as the app's overview shows."


def secret_problem(text: str) -> str | None:
    if GUID.fullmatch(text):
        return "This is the secret's ID. Copy its value, which Microsoft shows only once."
    return None


def keep(db: Session, entered: Entered, *, by: int, now: datetime) -> None:
    """Stores it whole; the audit log learns of everything but the secrets."""
    row = current(db)
    before = None if row is None else _told(row)
    if row is None:
        row = Registration()
        db.add(row)
    row.tenant, row.client_id = entered.tenant.lower(), entered.client_id.lower()
    if entered.secret:
        row.client_secret = entered.secret
        row.certificate_pem = row.private_key_pem = None
    elif entered.pair:
        row.client_secret = None
        row.certificate_pem = entered.pair.certificate_pem
        row.private_key_pem = entered.pair.private_key_pem
        row.expires_on = entered.pair.expires_on
    if row.client_secret:
        row.expires_on = entered.secret_ends
    row.changed_at, row.tested_at, row.findings = now, None, []
    db.flush()
    told = {**_told(row), "credential_replaced": bool(entered.secret or entered.pair)}
    audit.record(
        db,
        by=by,
        act="registration changed",
        subject="microsoft",
        before=before,
        after=told,
        now=now,
    )


def note_test(db: Session, findings: list[Any], *, now: datetime) -> None:
    """What the last test of the kept registration found; nothing where none is kept."""
    row = current(db)
    if row is not None:
        row.tested_at, row.findings = now, findings


def _told(row: Registration) -> dict[str, Any]:
    return {
        "tenant": row.tenant,
        "client_id": row.client_id,
        "credential": "secret" if row.client_secret else "certificate",
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
    }
