"""Groups, ways of signing in, application permissions, invitations and mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Table
from portal.tables.columns import Sealed


class Group(Table):
    __tablename__ = "groups"
    # The audit log keeps the ids of groups that were removed: no number is given out twice.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(255), unique=True)  # the name, case folded
    created_at: Mapped[datetime]


class Membership(Table):
    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("group_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime]


class SignInProvider(Table):
    """Who people may sign in with beside a password here: Microsoft once, others by discovery."""

    __tablename__ = "sign_in_providers"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # microsoft, oidc
    name: Mapped[str] = mapped_column(String(60))  # on the button
    issuer: Mapped[str] = mapped_column(String(255))  # empty: Microsoft, of the registration
    client_id: Mapped[str] = mapped_column(String(255))
    client_secret: Mapped[str | None] = mapped_column(Sealed)
    enabled: Mapped[bool]
    creates_people: Mapped[bool]
    allowed_domains: Mapped[list[str]]  # of addresses that may become people
    allowed_tenants: Mapped[list[str]]  # Microsoft: GUIDs
    role_claim: Mapped[str] = mapped_column(String(64))  # empty: everybody is a member
    roles: Mapped[dict[str, Any]] = mapped_column(JSON)  # value of the claim -> role here
    group_claim: Mapped[str] = mapped_column(String(64))
    groups: Mapped[dict[str, Any]] = mapped_column(JSON)  # value of the claim -> group id here
    changed_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]  # the last sign-in that came through


class SignInIdentity(Table):
    """A person as a provider knows them. The subject is what stays; addresses change."""

    __tablename__ = "sign_in_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_in_providers.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(254))  # for show only
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # the last sign-in; None: tied, and not used since


class SignInRequest(Table):
    """A browser sent to a provider: one use, ten minutes, bound to that browser."""

    __tablename__ = "sign_in_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_in_providers.id"))
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(Sealed)
    verifier: Mapped[str] = mapped_column(Sealed)
    # Whom the identity that comes back is to be tied to. None: whoever it is signs in.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    goes_to: Mapped[str] = mapped_column(String(255))
    anew: Mapped[bool]  # an older sign-in there is not enough
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AdminConsentRequest(Table):
    """An administrator sent to Microsoft to authorise the portal: one use, ten minutes."""

    __tablename__ = "admin_consent_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))  # None: the account
    tenant_id: Mapped[str] = mapped_column(String(36))  # the one that was asked; no other will do
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    waits_until: Mapped[datetime | None]  # Microsoft said yes; it has yet to come into effect
    try_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(64))  # of the last attempt


class ApplicationAccess(Table):
    """What a Microsoft administrator let the portal itself reach: one for the account, and one for
    each group that was authorised on its own.
    """

    __tablename__ = "application_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), unique=True)
    tenant_id: Mapped[str] = mapped_column(String(36))
    narrowing: Mapped[str] = mapped_column(String(12))  # none, policy, rbac
    mail_group: Mapped[str] = mapped_column(String(254))  # at Exchange: whom it is narrowed to
    authorized_by: Mapped[int | None]  # a person's id; the person may be gone
    authorized_at: Mapped[datetime]
    reached: Mapped[str] = mapped_column(String(254))  # a mailbox that must answer
    refused: Mapped[str] = mapped_column(String(254))  # and one that must not
    findings: Mapped[list[Any]] = mapped_column(JSON)
    probed_at: Mapped[datetime | None]


class Enrolment(Table):
    """How looking for a person's mailbox ended, where application permissions connect people."""

    __tablename__ = "enrolments"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    looked_at: Mapped[datetime]
    look_at: Mapped[datetime]  # the next time, while it is not well
    outcome: Mapped[str] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(254))  # of the mailbox that was found
    code: Mapped[str | None] = mapped_column(String(64))  # Microsoft's or ours, never a text
    replaces: Mapped[bool] = mapped_column(default=False)  # another account may take its place


class Invitation(Table):
    """A link by which somebody becomes a person of this portal. Only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class MailSettings(Table):
    """How the portal sends mail: one row, or none and then it sends none."""

    __tablename__ = "mail_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    port: Mapped[int]
    security: Mapped[str] = mapped_column(String(12))  # starttls, tls, none
    username: Mapped[str] = mapped_column(String(255))
    password: Mapped[str | None] = mapped_column(Sealed)
    sender: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime]
    tested_at: Mapped[datetime | None]
    code: Mapped[str | None] = mapped_column(String(64))  # why the last attempt failed


class OutgoingMail(Table):
    """A notice to a person, written from `kind` and `about` when it is sent."""

    __tablename__ = "outgoing_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    about: Mapped[dict[str, Any]] = mapped_column(JSON)  # ids, codes, dates; never a secret
    once: Mapped[str] = mapped_column(String(80), unique=True)  # the occasion: one mail for it
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # None: nothing more is tried
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(64))


class JobRun(Table):
    """How a job of the timetable fared last, for administrators to see from any process."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # None: under way, or its process ended
    next_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12))  # ok, failed; empty: under way
    count: Mapped[int]  # of what it did: rounds, mails


class Checkup(Table):
    """One look of the tenant doctor: the latest ones are kept."""

    __tablename__ = "checkups"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None]  # a person, who may be gone; None: by the clock
    seen_as: Mapped[str] = mapped_column(String(255))  # the address the asking browser used
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    steps: Mapped[int] = mapped_column(default=0)  # of those that are to be taken
    done: Mapped[int] = mapped_column(default=0)
    findings: Mapped[list[Any]] = mapped_column(JSON)
