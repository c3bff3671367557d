"""What people schedule here, its tie to an event, and what waits to be written to Microsoft."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.tables.base import Table


class Meeting(Table):
    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_span", "person_id", "starts_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)  # names it in Microsoft's event
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who hosts it
    title: Mapped[str] = mapped_column(String(255))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))  # IANA; the zone it was scheduled in
    all_day: Mapped[bool] = mapped_column(default=False)  # midnights in `zone`; made so in Outlook
    location: Mapped[str] = mapped_column(String(255))
    description: Mapped[str]
    join_url: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_in: Mapped[str | None] = mapped_column(String(12))  # portal, outlook

    invitees: Mapped[list["Invitee"]] = relationship(
        order_by="Invitee.id", cascade="all, delete-orphan"
    )
    link: Mapped["Link | None"] = relationship(back_populates="meeting")
    changes: Mapped[list["Change"]] = relationship(back_populates="meeting", order_by="Change.id")


class Invitee(Table):
    __tablename__ = "invitees"
    __table_args__ = (UniqueConstraint("meeting_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    address: Mapped[str] = mapped_column(String(254))  # lower case
    name: Mapped[str] = mapped_column(String(255))
    response: Mapped[str] = mapped_column(String(20))  # as last read from Outlook


class Link(Table):
    """The tie meeting - event, with the base: the content on which both sides last agreed."""

    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("calendar_id", "graph_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), unique=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    graph_id: Mapped[str] = mapped_column(String(512))
    ical_uid: Mapped[str | None] = mapped_column(String(512))
    base: Mapped[dict[str, Any]] = mapped_column(JSON)
    change_key: Mapped[str] = mapped_column(String(128))
    former_keys: Mapped[list[str]]  # change keys we held before our last write: old news
    agreed_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(back_populates="link")


class Change(Table):
    """An intent in the outbox, waiting to be written to Microsoft."""

    __tablename__ = "changes"
    __table_args__ = (
        # One create under way per meeting and calendar, whatever goes wrong around it.
        Index(
            "uq_changes_create",
            "meeting_id",
            "calendar_id",
            unique=True,
            sqlite_where=text("kind = 'create' AND done_at IS NULL"),
        ),
        Index("ix_changes_waiting", "calendar_id", "done_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    kind: Mapped[str] = mapped_column(String(12))  # create, update, cancel
    transaction_id: Mapped[str] = mapped_column(String(36))
    intent: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # first sending; set and not done: the answer may be lost
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(24))  # done, failed, given up
    attempts: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(64))  # of the last refusal

    meeting: Mapped[Meeting] = relationship(back_populates="changes")


class Conflict(Table):
    """Both sides changed the same thing since the base: both versions, and which one stands."""

    __tablename__ = "conflicts"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    found_at: Mapped[datetime]
    fields: Mapped[list[str]]
    ours: Mapped[dict[str, Any]] = mapped_column(JSON)
    theirs: Mapped[dict[str, Any]] = mapped_column(JSON)
    winner: Mapped[str] = mapped_column(String(12))  # outlook, portal
