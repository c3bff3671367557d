"""The account, its people, how they sign in, and what its administrators chose."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Table
from portal.tables.columns import Sealed


class Account(Table):
    """The organisation that runs this portal: one row."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    public_address: Mapped[str] = mapped_column(String(255))
    zone: Mapped[str] = mapped_column(String(64))  # IANA
    join_link_template: Mapped[str] = mapped_column(String(255))  # empty: meetings have no link
    seal_check: Mapped[str] = mapped_column(Sealed)  # opens only with the right key
    setup_token_hash: Mapped[str | None] = mapped_column(String(64))
    set_up_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(default=0)  # counts starts; a restored copy is behind
    restored_at: Mapped[datetime | None]  # until an administrator has read that it was
    paused_at: Mapped[datetime | None]  # every mailbox rests since then


class Registration(Table):
    """The app registration at Microsoft that this portal signs in with: one row."""

    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(String(255))  # GUID, domain name or "organizations"
    client_id: Mapped[str] = mapped_column(String(64))
    client_secret: Mapped[str | None] = mapped_column(Sealed)
    certificate_pem: Mapped[str | None]
    private_key_pem: Mapped[str | None] = mapped_column(Sealed)
    expires_on: Mapped[date | None]
    changed_at: Mapped[datetime]
    tested_at: Mapped[datetime | None]
    findings: Mapped[list[Any]] = mapped_column(JSON)


class Person(Table):
    __tablename__ = "people"
    # The audit log keeps the ids of people who were deleted: no number is given out twice.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254), unique=True)  # e-mail, lower case
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))  # owner, admin, member
    zone: Mapped[str] = mapped_column(String(64))  # IANA
    password_hash: Mapped[str] = mapped_column(String(255))  # empty: signs in elsewhere
    must_change_password: Mapped[bool]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    approval_asked_at: Mapped[datetime | None]  # Microsoft wants an administrator to agree first
    primary_group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    prompts: Mapped[int] = mapped_column(default=0)  # how often a sign-in asked to integrate
    prompted_at: Mapped[datetime | None]
    prompt_answer: Mapped[str | None] = mapped_column(String(16))  # not_now, failed, accepted


class SessionRow(Table):
    """One signed-in browser."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str] = mapped_column(String(45))  # network address
    # Who vouched for the person. None: a password.
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_providers.id"))
    proved_at: Mapped[datetime | None]  # when the person last showed who they are


class SignInFailure(Table):
    """A refused password, kept for the throttle. The key is hashed: it may be a mistyped secret."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Setting(Table):
    """One choice: of an administrator for the whole account or for a group, or a person's own."""

    __tablename__ = "settings"
    __table_args__ = (
        Index(
            "uq_settings_account",
            "key",
            unique=True,
            sqlite_where=text("group_id IS NULL AND person_id IS NULL"),
        ),
        Index("uq_settings_group", "group_id", "key", unique=True),
        Index("uq_settings_person", "person_id", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    value: Mapped[Any] = mapped_column(JSON)
    set_by: Mapped[int | None]  # a person's id; the person may be gone
    set_at: Mapped[datetime]
    locked_by: Mapped[int | None]
    locked_at: Mapped[datetime | None]  # nobody below can choose otherwise
    lock_reason: Mapped[str | None] = mapped_column(String(255))


class Audit(Table):
    """Who did what, when. Ids and settings only, never content or secrets. The database itself
    refuses to change or to delete a row.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)  # who; they may be gone
    act: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    group_id: Mapped[int | None]  # whose setting it is; the group may be gone
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))  # over this row and the hash of the one before
