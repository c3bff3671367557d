"""A meeting as an .ics file, for calendars that are not connected."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import icalendar

from portal.meetings import days_of
from portal.tables import Meeting

PRODUCT = "-//Lockstep//Meetings//EN"


def as_ics(meeting: Meeting, *, host_name: str, host_address: str, now: datetime) -> bytes:
    """The file. Invitees are left out: opening it must not make another program mail them."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(meeting, host_name, host_address, now))
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def _event(meeting: Meeting, host_name: str, host_address: str, now: datetime) -> icalendar.Event:
    starts, ends = _span(meeting)
    organizer = icalendar.vCalAddress(f"mailto:{host_address}")
    organizer.params["cn"] = icalendar.vText(host_name)
    event = icalendar.Event()
    event.add("uid", _uid(meeting))
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", meeting.title)
    event.add("organizer", organizer)
    event.add("status", "CONFIRMED" if meeting.cancelled_at is None else "CANCELLED")
    if meeting.location:
        event.add("location", meeting.location)
    if words := "\n\n".join(filter(None, (meeting.description, meeting.join_url))):
        event.add("description", words)
    if meeting.join_url:
        event.add("url", meeting.join_url)
    return event


def _span(meeting: Meeting) -> tuple[date, date]:
    """Dates for an all-day meeting, else times in the zone it was scheduled in."""
    first, end = days_of(meeting)
    if first and end:
        return first, end
    zone = ZoneInfo(meeting.zone)
    return meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)


def _uid(meeting: Meeting) -> str:
    """Outlook's own where the meeting is there, so that opening the file makes no second entry."""
    known = meeting.link.ical_uid if meeting.link else None
    return known or f"{meeting.key}@lockstep"
