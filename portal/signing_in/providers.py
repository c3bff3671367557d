"""Whom people may sign in with beside a password here: Microsoft, and others by discovery."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal import audit, registrations
from portal.addresses import is_loopback
from portal.tables import (
    Account,
    Registration,
    SessionRow,
    SignInIdentity,
    SignInProvider,
    SignInRequest,
)

MICROSOFT, OIDC = "microsoft", "oidc"
NAME_OF_MICROSOFT = "Microsoft"
CALLBACKS = {MICROSOFT: "/sign-in/microsoft/callback", OIDC: "/sign-in/oidc/{id}/callback"}
LONGEST_NAME, LONGEST_TEXT, MOST_TENANTS = 60, 255, 100


@dataclass(frozen=True, slots=True)
class Wish:
    """How a provider is to be. `secret` None: the kept one stays."""

    name: str = NAME_OF_MICROSOFT
    issuer: str = ""
    client_id: str = ""
    secret: str | None = field(default=None, repr=False)
    enabled: bool = False
    creates_people: bool = False
    allowed_domains: list[str] = field(default_factory=list)
    allowed_tenants: list[str] = field(default_factory=list)
    role_claim: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    group_claim: str = ""
    groups: dict[str, int] = field(default_factory=dict)


def all_of_them(db: Session) -> list[SignInProvider]:
    """Microsoft first, then by name."""
    by_name = select(SignInProvider).order_by(func.lower(SignInProvider.name), SignInProvider.id)
    return sorted(db.scalars(by_name), key=lambda one: one.kind != MICROSOFT)


def enabled(db: Session) -> list[SignInProvider]:
    return [one for one in all_of_them(db) if one.enabled]


def find(db: Session, provider_id: int, *, kind: str | None = None) -> SignInProvider | None:
    found = db.get(SignInProvider, provider_id)
    return None if found is None or kind not in (None, found.kind) else found


def microsoft(db: Session) -> SignInProvider | None:
    return db.scalar(select(SignInProvider).where(SignInProvider.kind == MICROSOFT))


def of_kind(db: Session, kind: str) -> list[SignInProvider]:
    return [one for one in all_of_them(db) if one.kind == kind]


def callback_address(account: Account, provider: SignInProvider | None) -> str:
    """Exactly what has to stand as redirect address at the provider. None: Microsoft's."""
    kind = MICROSOFT if provider is None else provider.kind
    path = CALLBACKS[kind].format(id=provider.id if provider else "")
    return account.public_address + path


def people_of(db: Session) -> dict[int, int]:
    """How many people are tied to each provider; those with none are not named."""
    counted = select(SignInIdentity.provider_id, func.count(SignInIdentity.id))
    return {row[0]: row[1] for row in db.execute(counted.group_by(SignInIdentity.provider_id))}


def issuer_problem(text: str) -> str | None:
    """Why this cannot be a provider's issuer address, as a sentence, or None."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or len(text) > LONGEST_TEXT or not (text.isascii() and text.isprintable()):
        return "This is not an address such as https://id.example.org."
    if " " in text or parts.username is not None or parts.query or parts.fragment:
        return "Give the address as the provider writes it, without ? and #."
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return None
    return "The address must begin with https."


def read_tenants(text: str) -> list[str]:
    """Raises ValueError with a sentence for the form."""
    found = sorted({part.lower() for part in text.replace(",", " ").replace(";", " ").split()})
    for one in found:
        if not registrations.GUID.fullmatch(one):
            raise ValueError(f"{one[:80]!r} is not a tenant's ID (a GUID).")
    if len(found) > MOST_TENANTS:
        raise ValueError(f"Give at most {MOST_TENANTS} tenants.")
    return found


def problems(wish: Wish, kind: str, *, registration: Registration | None) -> dict[str, str]:
    """Why a provider cannot be so, by the field that says it."""
    found = {}
    if wish.creates_people and not _is_narrowed(wish, kind):
        found["allowed_domains"] = (
            "Say which domains people may come from. Without it anybody at the provider could "
            "become a person of this portal."
        )
    if kind == MICROSOFT:
        found.update(_problems_at_microsoft(wish, registration))
    elif wish.enabled and not wish.client_id:
        found["client_id"] = "Enter the client ID before you switch this on."
    return found


def _is_narrowed(wish: Wish, kind: str) -> bool:
    return bool(wish.allowed_domains or (kind == MICROSOFT and wish.allowed_tenants))


def _problems_at_microsoft(wish: Wish, registration: Registration | None) -> dict[str, str]:
    if registration is None:
        said = "Enter the app registration first: people sign in through it."
        return {"enabled": said} if wish.enabled else {}
    if registration.tenant == registrations.MANY_TENANTS:
        if wish.enabled and not wish.allowed_tenants:
            said = "The registration is for every organisation. Say which of them may sign in."
            return {"allowed_tenants": said}
        return {}
    foreign = [one for one in wish.allowed_tenants if one != registration.tenant]
    if foreign and registrations.GUID.fullmatch(registration.tenant):
        said = f"The registration is for {registration.tenant} alone; others cannot sign in by it."
        return {"allowed_tenants": said}
    return {}


def admits_tenant(provider: SignInProvider, registration: Registration, tenant_id: str) -> bool:
    """Whether people of that tenant may sign in. Without a list it is the registration's own,
    which Microsoft's answer has been held against already.
    """
    if provider.allowed_tenants:
        return tenant_id.lower() in provider.allowed_tenants
    return registration.tenant != registrations.MANY_TENANTS


class IssuerTaken(Exception):
    """Another provider of this portal has the same issuer."""


def keep(
    db: Session, row: SignInProvider | None, wish: Wish, *, kind: str, by: int, now: datetime
) -> SignInProvider:
    """Stores it whole, new where `row` is None; the audit log learns of everything but secrets.

    Raises IssuerTaken.
    """
    same = select(SignInProvider).where(
        SignInProvider.kind == OIDC, SignInProvider.issuer == wish.issuer
    )
    if kind == OIDC and any(one is not row for one in db.scalars(same)):
        raise IssuerTaken
    before = None if row is None else told(row)
    if row is None:
        row = SignInProvider(kind=kind, worked_at=None, client_secret=None)
        db.add(row)
    for name, value in asdict(wish).items():
        if name != "secret":
            setattr(row, name, value)
    if wish.secret:
        row.client_secret = wish.secret
    after = told(row)
    if before == after and not wish.secret:
        return row
    row.changed_at = now
    db.flush()
    _note(
        db,
        "sign-in provider changed" if before else "sign-in provider added",
        row,
        before=before,
        after={**after, "secret_replaced": bool(wish.secret)},
        by=by,
        now=now,
    )
    return row


def remove(db: Session, row: SignInProvider, *, by: int, now: datetime) -> None:
    """With every tie of people to it; the people stay."""
    _note(db, "sign-in provider removed", row, before=told(row), after=None, by=by, now=now)
    for table in (SignInRequest, SignInIdentity):
        db.execute(delete(table).where(table.provider_id == row.id))
    mine = SessionRow.provider_id == row.id
    db.execute(update(SessionRow).where(mine).values(provider_id=None))
    db.delete(row)
    db.flush()


def told(row: SignInProvider) -> dict[str, Any]:
    """Everything but the secret and the moments."""
    names = Wish.__dataclass_fields__.keys() - {"secret"}
    return {name: getattr(row, name) for name in sorted(names)}


def _note(
    db: Session,
    act: str,
    row: SignInProvider,
    *,
    before: Any,
    after: Any,
    by: int,
    now: datetime,
) -> None:
    subject = f"sign-in provider {row.id}"
    audit.record(db, by=by, act=act, subject=subject, before=before, after=after, now=now)
