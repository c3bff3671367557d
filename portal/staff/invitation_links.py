"""Invitations by link: somebody becomes a person of this portal with a token that works once.

Only the token's hash is kept. (What is sent to invitees of a meeting is in portal/invitation.py.)
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal import audit, people
from portal.signing_in.sessions import fingerprint
from portal.staff import groups
from portal.tables import Invitation, Person

VALID = timedelta(days=7)
PER_PAGE = 50
OPEN, USED, WITHDRAWN, EXPIRED = "open", "used", "withdrawn", "expired"


class NotOpen(Exception):
    """`why` is one of the states above."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def invite(
    db: Session,
    *,
    address: str,
    name: str,
    role: str,
    group_id: int | None,
    token: str,
    by: int,
    now: datetime,
) -> Invitation:
    """One to the same address that is still open ends by it. Raises people.AddressTaken."""
    if people.by_address(db, address) is not None:
        raise people.AddressTaken
    address = people.normal_address(address)
    for former in db.scalars(_waiting().where(Invitation.address == address)):
        withdraw(db, former, by=by, now=now)
    invitation = Invitation(
        address=address,
        name=name.strip(),
        role=role,
        group_id=group_id,
        token_hash=fingerprint(token),
        made_by=by,
        made_at=now,
        expires_at=now + VALID,
        used_at=None,
        withdrawn_at=None,
    )
    db.add(invitation)
    db.flush()
    _note(db, invitation, "person invited", by, now)
    return invitation


def waiting(db: Session, number: int = 1) -> tuple[list[Invitation], int]:
    """Neither used nor withdrawn, the newest first: a page of them, and how many pages there are.
    Those that have expired can be renewed.
    """
    total = db.scalar(select(func.count()).select_from(_waiting().subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    newest = _waiting().order_by(Invitation.made_at.desc(), Invitation.id.desc())
    start = (min(max(1, number), pages) - 1) * PER_PAGE
    return list(db.scalars(newest.offset(start).limit(PER_PAGE))), pages


def _waiting() -> Select[Invitation]:
    return select(Invitation).where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))


def find(db: Session, invitation_id: int) -> Invitation | None:
    """One that waits."""
    found = db.get(Invitation, invitation_id)
    is_over = found is None or found.used_at is not None or found.withdrawn_at is not None
    return None if is_over else found


def by_token(db: Session, token: str) -> Invitation | None:
    return db.scalar(select(Invitation).where(Invitation.token_hash == fingerprint(token)))


def open_for(db: Session, address: str, *, now: datetime) -> Invitation | None:
    """The one with which somebody of exactly this address can join now."""
    mine = _waiting().where(Invitation.address == people.normal_address(address))
    newest = db.scalar(mine.order_by(Invitation.id.desc()).limit(1))
    is_open = newest is not None and state_of(db, newest, now=now) == OPEN
    return newest if is_open else None


def state_of(db: Session, invitation: Invitation, *, now: datetime) -> str:
    """Whoever may no longer give the role away has no invitation to it out either."""
    if invitation.used_at is not None:
        return USED
    inviter = people.find(db, invitation.made_by)
    if invitation.withdrawn_at is not None or not _may_give(inviter, invitation.role):
        return WITHDRAWN
    return OPEN if invitation.expires_at > now else EXPIRED


def renew(db: Session, invitation: Invitation, *, token: str, by: int, now: datetime) -> None:
    """Another link for another week; the former one opens nothing any more."""
    invitation.token_hash, invitation.made_by = fingerprint(token), by
    invitation.made_at, invitation.expires_at = now, now + VALID
    _note(db, invitation, "invitation renewed", by, now)


def withdraw(db: Session, invitation: Invitation, *, by: int, now: datetime) -> None:
    invitation.withdrawn_at = now
    _note(db, invitation, "invitation withdrawn", by, now)


def accept(
    db: Session,
    invitation: Invitation,
    *,
    name: str,
    zone: str,
    password_hash: str,
    now: datetime,
) -> Person:
    """The person who was invited. An empty hash: they sign in elsewhere. Asked in the transaction
    that looked the invitation up. Raises NotOpen and people.AddressTaken.
    """
    state = state_of(db, invitation, now=now)
    if state != OPEN:
        raise NotOpen(state)
    person = people.add(
        db,
        address=invitation.address,
        name=name,
        role=invitation.role,
        zone=zone,
        password_hash=password_hash,
        must_change_password=False,
        now=now,
    )
    invitation.used_at = now
    group = groups.find(db, invitation.group_id) if invitation.group_id else None
    if group is not None:
        groups.join(db, group, person, by=invitation.made_by, now=now)
    _note(db, invitation, "invitation accepted", person.id, now)
    return person


def _may_give(inviter: Person | None, role: str) -> bool:
    if inviter is None or inviter.disabled_at is not None or inviter.role == people.MEMBER:
        return False
    return role != people.OWNER or inviter.role == people.OWNER


def _note(db: Session, invitation: Invitation, act: str, by: int, now: datetime) -> None:
    subject = f"invitation {invitation.id}"
    after = {"role": invitation.role}
    audit.record(db, by=by, act=act, subject=subject, after=after, now=now)
