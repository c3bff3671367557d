"""A person's tie to Microsoft 365, its calendars and their windows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.tables.base import Table
from portal.tables.columns import Sealed


class Connection(Table):
    """One per person. Outlives a disconnect, so that coming back keeps calendars and links."""

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("tenant_id", "object_id"),
        Index("ix_connections_due", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    tenant_id: Mapped[str] = mapped_column(String(36))
    object_id: Mapped[str] = mapped_column(String(36))
    username: Mapped[str] = mapped_column(String(254))  # for show only, it can change
    mailbox_address: Mapped[str | None] = mapped_column(String(254))
    mailbox_zone: Mapped[str | None] = mapped_column(String(64))  # IANA
    state: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str | None] = mapped_column(String(64))  # Microsoft's or our code, never a text
    calendar_access: Mapped[str] = mapped_column(String(12))  # read, read_write
    scopes: Mapped[list[str]]  # as granted

    access_token: Mapped[str | None] = mapped_column(Sealed)
    refresh_token: Mapped[str | None] = mapped_column(Sealed)
    token_expires_at: Mapped[datetime | None]
    refresh_until: Mapped[datetime | None]  # somebody is refreshing; lapses by itself

    connected_at: Mapped[datetime]
    good_at: Mapped[datetime | None]  # end of the last good round
    due_at: Mapped[datetime | None]  # None: nothing will be due until somebody acts
    leased_until: Mapped[datetime | None]
    lease_number: Mapped[int]  # fencing: every write of a round checks it
    pause_until: Mapped[datetime | None]  # Microsoft asked for quiet until then
    failures: Mapped[int]  # rounds that failed in a row
    described_at: Mapped[datetime | None]  # mailbox and calendar list last read
    only_reads: Mapped[bool]  # the first round after a reconnect writes nothing

    calendars: Mapped[list["Calendar"]] = relationship(
        back_populates="connection", order_by="Calendar.id"
    )


class ConsentRequest(Table):
    """A person sent to Microsoft: one use, ten minutes, bound to the session it began in."""

    __tablename__ = "consent_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    nonce: Mapped[str] = mapped_column(Sealed)
    verifier: Mapped[str] = mapped_column(Sealed)
    calendar_access: Mapped[str] = mapped_column(String(12))
    replace_user: Mapped[bool]  # the person agreed that another Microsoft user takes over
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Calendar(Table):
    __tablename__ = "calendars"
    __table_args__ = (UniqueConstraint("connection_id", "graph_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    graph_id: Mapped[str] = mapped_column(String(512))
    name: Mapped[str] = mapped_column(String(255))
    color: Mapped[str] = mapped_column(String(24))
    is_default: Mapped[bool]
    can_edit: Mapped[bool]
    owner_address: Mapped[str | None] = mapped_column(String(254))
    ticked: Mapped[bool]  # read and shown
    is_target: Mapped[bool]  # meetings are written here
    missing_since: Mapped[datetime | None]  # Microsoft no longer lists it

    connection: Mapped[Connection] = relationship(back_populates="calendars")
    windows: Mapped[list["Window"]] = relationship(
        back_populates="calendar", order_by="Window.starts_at"
    )


class Window(Table):
    """One quarter (UTC) of one calendar with its own delta cursor."""

    __tablename__ = "windows"
    __table_args__ = (UniqueConstraint("calendar_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cursor: Mapped[str | None]  # next or delta link; None: begin from nothing
    in_round: Mapped[bool]  # a round of pages has begun and not ended
    filling: Mapped[bool]  # the round under way (or to come) is a backfill
    round_number: Mapped[int]  # marks the rows a round has seen
    filled_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    pages: Mapped[int]  # of the round under way
    touched: Mapped[list[str]]  # series that the round under way has met

    calendar: Mapped[Calendar] = relationship(back_populates="windows")


class Lease(Table):
    """Who leads: the one process that does the waiting work."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    ticked_at: Mapped[datetime]
