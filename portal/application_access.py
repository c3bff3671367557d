"""What a Microsoft administrator let the portal itself reach: for the account, or for a group."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.configuration import settings
from portal.configuration.choices import APPLICATION
from portal.configuration.settings import Level
from portal.tables import ApplicationAccess

NONE, POLICY, RBAC = "none", "policy", "rbac"
NARROWINGS = (NONE, POLICY, RBAC)
OUTSIDER = "outsider"  # the finding about a mailbox that must be refused
WRITING = "Calendars.ReadWrite"  # the finding that says whether events may be written


def of_level(db: Session, group_id: int | None) -> ApplicationAccess | None:
    """Of this level itself; None: it was never authorised on its own."""
    mine = select(ApplicationAccess).where(ApplicationAccess.group_id.is_(group_id))
    return db.scalar(mine.order_by(ApplicationAccess.id).limit(1))


def everywhere(db: Session) -> dict[int | None, ApplicationAccess]:
    """By group; None is the account's, for everybody whose group has none of its own."""
    rows = db.scalars(select(ApplicationAccess).order_by(ApplicationAccess.id.desc()))
    return {row.group_id: row for row in rows}


def counting(db: Session, group_id: int | None) -> ApplicationAccess | None:
    """What counts on this level: its own, else the account's."""
    held = everywhere(db)
    return held.get(group_id) or held.get(None)


def authorize(
    db: Session, *, group_id: int | None, tenant_id: str, by: int, now: datetime
) -> ApplicationAccess:
    """Keeps that it was authorised, and saves who sets up the integration with it.

    Raises settings.Locked where the account has locked that.
    """
    level = Level(group_id=group_id)
    settings.choose(db, "setup_by", APPLICATION, level=level, by=by, now=now)
    access = of_level(db, group_id)
    before = None if access is None else access.tenant_id
    if access is None:
        access = ApplicationAccess(
            group_id=group_id,
            narrowing=NONE,
            mail_group="",
            reached="",
            refused="",
            findings=[],
            probed_at=None,
        )
        db.add(access)
    if before not in (None, tenant_id):  # what was found belongs to another organisation
        access.findings, access.probed_at = [], None
    access.tenant_id, access.authorized_by, access.authorized_at = tenant_id, by, now
    db.flush()
    audit.record(
        db,
        by=by,
        act="application authorized",
        subject="microsoft",
        before=before,
        after=tenant_id,
        group_id=group_id,
        now=now,
    )
    return access


def note_refusal(db: Session, code: str, *, group_id: int | None, by: int, now: datetime) -> None:
    """An authorisation that came to nothing: forged, late, declined, of another organisation."""
    audit.record(
        db,
        by=by,
        act="application not authorized",
        subject="microsoft",
        after=code[:64],
        group_id=group_id,
        now=now,
    )


def narrow(
    db: Session, access: ApplicationAccess, way: str, mail_group: str, *, by: int, now: datetime
) -> None:
    """How its reach is narrowed, and to whom. Microsoft's own settings do it: this only says which
    way was taken.
    """
    before, after = (access.narrowing, access.mail_group), (way, mail_group)
    if before == after:
        return
    access.narrowing, access.mail_group = after
    audit.record(
        db,
        by=by,
        act="application narrowing changed",
        subject="microsoft",
        before=list(before),
        after=list(after),
        group_id=access.group_id,
        now=now,
    )


def note_probe(
    db: Session,
    access: ApplicationAccess,
    *,
    reached: str,
    refused: str,
    findings: list[Any],
    by: int,
    now: datetime,
) -> None:
    access.reached, access.refused = reached, refused
    access.findings, access.probed_at = findings, now
    audit.record(
        db,
        by=by,
        act="application probed",
        subject="microsoft",
        after={one["name"]: one["ok"] for one in findings},
        group_id=access.group_id,
        now=now,
    )


def may_write(access: ApplicationAccess) -> bool:
    """Unless a probe found that it may not."""
    return all(one.get("ok") is not False for one in access.findings if one["name"] == WRITING)
