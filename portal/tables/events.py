"""The cache: our copy of what Microsoft's calendars hold."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.tables.base import Table

UNCONSIDERED = "is_organizer = 1 AND considered_key IS NOT change_key"


class Event(Table):
    """One entry. An occurrence holds only what differs from its master; a master is never shown."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("calendar_id", "graph_id"),
        Index("ix_events_span", "calendar_id", "starts_at", "ends_at"),
        Index("ix_events_series", "calendar_id", "series_id"),
        Index("ix_events_home", "home_id"),
        Index("ix_events_doubted", "calendar_id", "doubted_at"),
        # What adoption has yet to look at: almost nothing, of a table with whole bodies in it.
        Index(
            "ix_events_unconsidered",
            "calendar_id",
            "kind",
            "ends_at",
            sqlite_where=text(UNCONSIDERED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("windows.id"))  # None: a master
    graph_id: Mapped[str] = mapped_column(String(512))
    kind: Mapped[str] = mapped_column(String(12))  # single, occurrence, exception, master
    series_id: Mapped[str | None] = mapped_column(String(512))  # the master's graph_id
    original_start: Mapped[datetime | None]
    seen_in: Mapped[int]  # round_number of the home window that last saw it
    doubted_at: Mapped[datetime | None]  # a candidate: it may be gone, a GET decides

    starts_at: Mapped[datetime]  # all-day: midnight UTC of first_day, for ordering only
    ends_at: Mapped[datetime]
    all_day: Mapped[bool]
    first_day: Mapped[date | None]
    end_day: Mapped[date | None]  # exclusive
    zone: Mapped[str | None] = mapped_column(String(64))  # IANA
    unknown_zone: Mapped[str | None] = mapped_column(String(64))  # a name nobody can place

    title: Mapped[str | None] = mapped_column(String(255))
    location: Mapped[str | None] = mapped_column(String(255))
    body_html: Mapped[str | None]
    preview: Mapped[str | None] = mapped_column(String(255))
    organizer_name: Mapped[str | None] = mapped_column(String(255))
    organizer_address: Mapped[str | None] = mapped_column(String(254))
    is_organizer: Mapped[bool | None]
    attendees: Mapped[list[Any] | None] = mapped_column(JSON)  # [name, address, type, response]
    show_as: Mapped[str | None] = mapped_column(String(20))
    sensitivity: Mapped[str | None] = mapped_column(String(16))
    response: Mapped[str | None] = mapped_column(String(20))
    response_requested: Mapped[bool | None]  # the organiser wants to know
    is_cancelled: Mapped[bool]
    join_url: Mapped[str | None]
    web_link: Mapped[str | None]
    ical_uid: Mapped[str | None] = mapped_column(String(512))
    change_key: Mapped[str | None] = mapped_column(String(128))
    recurrence: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    modified_at: Mapped[datetime | None]
    considered_key: Mapped[str | None] = mapped_column(String(128))  # adoption looked at this one
    left_why: Mapped[str | None] = mapped_column(String(24))  # a code: why it did not adopt it


class TimelineRow(Table):
    """One thing that happened to an event or meeting, and why. Ids and names of fields only."""

    __tablename__ = "timeline"
    __table_args__ = (
        Index("ix_timeline_meeting", "meeting_id", "id"),
        Index("ix_timeline_event", "calendar_id", "graph_id", "id"),
        Index("ix_timeline_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    meeting_id: Mapped[int | None]  # no references: a row outlives what it tells of
    calendar_id: Mapped[int | None]
    graph_id: Mapped[str | None] = mapped_column(String(512))
    original_day: Mapped[date | None]  # of one occurrence, in the series' zone
    side: Mapped[str] = mapped_column(String(12))  # portal, outlook, engine
    what: Mapped[str] = mapped_column(String(32))
    fields: Mapped[list[str]]
    why: Mapped[str | None] = mapped_column(String(64))  # a code; pages have the sentence
    request_id: Mapped[str | None] = mapped_column(String(80))
    next_at: Mapped[datetime | None]  # when it is tried again
