"""The answers of Graph as it sends them: only what is read; everything else is skipped.

Property names and types: Graph v1.0 metadata (event, calendar, user). All but the id may be null.
"""

from typing import Any

import msgspec


class Shape(msgspec.Struct, rename="camel"):
    pass


class EmailAddress(Shape):
    name: str | None = None
    address: str | None = None


class Recipient(Shape):
    email_address: EmailAddress | None = None


class Response(Shape):
    response: str | None = None


class AttendeeShape(Shape):
    email_address: EmailAddress | None = None
    type: str | None = None
    status: Response | None = None


class ZonedTime(Shape):
    date_time: str
    time_zone: str | None = None


class Body(Shape):
    content: str | None = None


class Location(Shape):
    display_name: str | None = None


class OnlineMeeting(Shape):
    join_url: str | None = None


class ExtendedProperty(Shape):
    id: str
    value: str | None = None


class Identified(Shape):
    id: str


class EventShape(Shape):
    id: str
    etag: str | None = msgspec.field(name="@odata.etag", default=None)
    removed: dict[str, Any] | None = msgspec.field(name="@removed", default=None)
    change_key: str | None = None
    type: str | None = None
    series_master_id: str | None = None
    original_start: str | None = None
    occurrence_id: str | None = None
    subject: str | None = None
    start: ZonedTime | None = None
    end: ZonedTime | None = None
    is_all_day: bool | None = None
    original_start_time_zone: str | None = None
    location: Location | None = None
    body: Body | None = None
    body_preview: str | None = None
    organizer: Recipient | None = None
    is_organizer: bool | None = None
    attendees: list[AttendeeShape] | None = None
    show_as: str | None = None
    sensitivity: str | None = None
    response_status: Response | None = None
    response_requested: bool | None = None
    is_cancelled: bool | None = None
    is_online_meeting: bool | None = None
    is_draft: bool | None = None
    online_meeting: OnlineMeeting | None = None
    online_meeting_url: str | None = None
    web_link: str | None = None
    ical_uid: str | None = msgspec.field(name="iCalUId", default=None)
    recurrence: dict[str, Any] | None = None
    last_modified_date_time: str | None = None
    single_value_extended_properties: list[ExtendedProperty] | None = None


class SeriesShape(Shape):
    exception_occurrences: list[msgspec.Raw] | None = None
    cancelled_occurrences: list[str] | None = None


class ListedShape(Shape):
    id: str
    start: ZonedTime | None = None
    end: ZonedTime | None = None


class PageShape(Shape):
    value: list[msgspec.Raw]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)
    delta_link: str | None = msgspec.field(name="@odata.deltaLink", default=None)


class CalendarShape(Shape):
    id: str
    name: str | None = None
    color: str | None = None
    is_default_calendar: bool | None = None
    can_edit: bool | None = None
    owner: EmailAddress | None = None


class UserShape(Shape):
    id: str
    display_name: str | None = None
    mail: str | None = None
    user_principal_name: str | None = None


class MailboxSettingsShape(Shape):
    time_zone: str | None = None
