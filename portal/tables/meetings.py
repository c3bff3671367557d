"""What people schedule here, its tie to an event, and what waits to be written to Microsoft."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import occurrences
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
    # A series, in Graph's own shape. Nothing is NULL here, not a null of JSON: lists ask for it.
    recurrence: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    last_ends_at: Mapped[datetime | None]  # of the last occurrence; None: a series without end
    family: Mapped[str | None] = mapped_column(String(36))  # key of the series it was split from
    adopted_at: Mapped[datetime | None]  # it began as an event in Outlook
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_in: Mapped[str | None] = mapped_column(String(12))  # portal, outlook

    invitees: Mapped[list["Invitee"]] = relationship(
        order_by="Invitee.id", cascade="all, delete-orphan"
    )
    exceptions: Mapped[list["MeetingException"]] = relationship(
        order_by="MeetingException.original_day", cascade="all, delete-orphan"
    )
    link: Mapped["Link | None"] = relationship(back_populates="meeting")
    changes: Mapped[list["Change"]] = relationship(back_populates="meeting", order_by="Change.id")


class MeetingException(Table):
    """One occurrence of a series that is not as the series says. None: as the series has it."""

    __tablename__ = "meeting_exceptions"
    __table_args__ = (UniqueConstraint("meeting_id", "original_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    original_day: Mapped[date]  # in the series' zone; names the occurrence
    cancelled: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str | None] = mapped_column(String(255))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    location: Mapped[str | None] = mapped_column(String(255))


@event.listens_for(Meeting, "before_insert")
@event.listens_for(Meeting, "before_update")
def _know_the_end(_mapper: Any, _connection: Any, meeting: Meeting) -> None:
    """Both sides change meetings and their occurrences, and every list asks for this."""
    meeting.last_ends_at = occurrences.last_end(meeting)


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
    ical_uid: Mapped[str | None] = mapped_column(String(512), index=True)
    base: Mapped[dict[str, Any]] = mapped_column(JSON)
    exceptions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # bases by original day
    series_due: Mapped[bool] = mapped_column(default=False)  # its occurrences are to be looked at
    change_key: Mapped[str] = mapped_column(String(128))
    former_keys: Mapped[list[str]]  # change keys we held before our last write: old news
    agreed_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]  # last asked by id, when no window holds it
    gone_at: Mapped[datetime | None]  # a GET said gone; the brake decides about the meeting
    vanished: Mapped[list[str]] = mapped_column(default=list)  # original days the brake keeps here
    writes: Mapped[list[str]] = mapped_column(default=list)  # instants, since a person last acted
    frozen_at: Mapped[datetime | None]  # the loop breaker stopped all writes

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
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the engine itself
    after_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id"))  # waits for that one
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
    original_day: Mapped[date | None]  # of one occurrence, in the series' zone
    found_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]  # a person chose the other version
    fields: Mapped[list[str]]
    ours: Mapped[dict[str, Any]] = mapped_column(JSON)
    theirs: Mapped[dict[str, Any]] = mapped_column(JSON)
    winner: Mapped[str] = mapped_column(String(12))  # outlook, portal
