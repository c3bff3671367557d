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
    mode: Mapped[str] = mapped_column(String(12), default="oauth")  # or application
    state: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str | None] = mapped_column(String(64))  # Microsoft's or our code, never a text
    cause_kind: Mapped[str | None] = mapped_column(String(24))  # which of our kinds of errors
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
    only_reads_why: Mapped[str | None] = mapped_column(String(16))  # reconnect, pause, restore, ...
    only_reads_since: Mapped[datetime | None]  # windows looked at since then have been read
    dry_run: Mapped[bool] = mapped_column(default=False)  # an administrator only wants the plan
    paused_by: Mapped[str | None] = mapped_column(String(12))  # person, admin
    paused_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    backfill_paused: Mapped[bool] = mapped_column(default=False)
    adopts: Mapped[bool] = mapped_column(default=True)  # events with a join link become meetings
    sync_version: Mapped[str] = mapped_column(String(4), default="2.0")  # of the last round
    covered: Mapped[str | None] = mapped_column(String(16))  # its coverage; None: no round yet
    first_answer_at: Mapped[datetime | None]  # Microsoft's clock at the first answer of Graph
    held_at: Mapped[datetime | None]  # the brake
    offered_at: Mapped[datetime | None]  # the person chose which meetings "only here" to send
    released: Mapped[int] = mapped_column(default=0)  # removals the person let go in this hold
    released_at: Mapped[datetime | None]  # removals before that were seen by a person
    cut_off_at: Mapped[datetime | None]  # until then a setting that ends it has no effect on it
    cut_off_why: Mapped[str | None] = mapped_column(String(24))
    one_way: Mapped[bool] = mapped_column(default=False)  # at the last review nothing could be sent

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
    code: Mapped[str | None] = mapped_column(Sealed)  # kept while Microsoft is not ready to take it
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None]


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
    compared_at: Mapped[datetime | None]  # daily comparison
    held_until: Mapped[datetime | None]  # this calendar alone gives trouble
    held_code: Mapped[str | None] = mapped_column(String(64))

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
    compared_at: Mapped[datetime | None]  # its rows were held against Microsoft's list
    due_at: Mapped[datetime]
    pages: Mapped[int]  # of the round under way
    touched: Mapped[list[str]]  # series that the round under way has met
    last_page: Mapped[str | None] = mapped_column(String(64))  # digest, to see a repeated one
    failures: Mapped[int] = mapped_column(default=0)  # looks in a row that timed out
    by_list: Mapped[bool] = mapped_column(default=False)  # its delta is broken at Microsoft
    held_code: Mapped[str | None] = mapped_column(String(64))

    calendar: Mapped[Calendar] = relationship(back_populates="windows")


class HeldEvent(Table):
    """An event that could not be read: it is asked for again, and the others go on."""

    __tablename__ = "held_events"
    __table_args__ = (UniqueConstraint("calendar_id", "graph_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    graph_id: Mapped[str] = mapped_column(String(512))
    code: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    ask_at: Mapped[datetime]


class Subscription(Table):
    """What Microsoft was asked to notify us of: one per connection."""

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connections.id"), unique=True)
    graph_id: Mapped[str | None] = mapped_column(String(64), index=True)
    client_state: Mapped[str] = mapped_column(Sealed)
    address: Mapped[str] = mapped_column(String(255))  # where notices go
    expires_at: Mapped[datetime | None]
    renew_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(64))  # of the last refusal
    heard_at: Mapped[datetime | None]


class Notice(Table):
    """A hint that an event changed. The same event twice is one row."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("connection_id", "graph_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    graph_id: Mapped[str] = mapped_column(String(512))  # empty: look everywhere
    due_at: Mapped[datetime] = mapped_column(index=True)
    looks: Mapped[int] = mapped_column(default=0)  # already followed up this often


class Lease(Table):
    """Who leads: the one process that does the waiting work."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    ticked_at: Mapped[datetime]
