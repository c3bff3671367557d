"""A meeting as an .ics file, for calendars that are not connected."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import icalendar

from portal import occurrences, recurrence
from portal.occurrences import Occurrence
from portal.tables import Meeting

PRODUCT = "-//Lockstep//Meetings//EN"


def as_ics(meeting: Meeting, *, host_name: str, host_address: str, now: datetime) -> bytes:
    """The file. Invitees are left out: opening it must not make another program mail them."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in _events(meeting):
        _add_words(event, meeting, host_name, host_address, now)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def _events(meeting: Meeting) -> Iterator[icalendar.Event]:
    """The meeting; of a series also each occurrence that was changed."""
    event = _event(meeting, None)
    yield event
    if meeting.recurrence is None:
        return
    event.add("rrule", icalendar.vRecur.from_ical(_rule(meeting, meeting.recurrence)))
    for row in meeting.exceptions:
        planned = occurrences.as_planned(meeting, row.original_day)
        starts = _span(meeting, planned)[0]
        one = occurrences.of_day(meeting, row.original_day)
        if row.cancelled:
            event.add("exdate", starts)
        elif one is not None:
            changed = _event(meeting, one)
            changed.add("recurrence-id", starts)
            yield changed


def _event(meeting: Meeting, one: Occurrence | None) -> icalendar.Event:
    starts, ends = _span(meeting, one or meeting)
    event = icalendar.Event()
    event.add("uid", _uid(meeting))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", (one or meeting).title)
    if location := (one or meeting).location:
        event.add("location", location)
    return event


def _add_words(
    event: icalendar.Event, meeting: Meeting, host_name: str, host_address: str, now: datetime
) -> None:
    organizer = icalendar.vCalAddress(f"mailto:{host_address}")
    organizer.params["cn"] = icalendar.vText(host_name)
    event.add("dtstamp", now)
    event.add("organizer", organizer)
    event.add("status", "CONFIRMED" if meeting.cancelled_at is None else "CANCELLED")
    if words := "\n\n".join(filter(None, (meeting.description, meeting.join_url))):
        event.add("description", words)
    if meeting.join_url:
        event.add("url", meeting.join_url)


def _rule(meeting: Meeting, repeats: recurrence.Recurrence) -> str:
    span, rule = repeats["range"], recurrence.rule(repeats)
    if "numberOfOccurrences" in span:
        return f"{rule};COUNT={span['numberOfOccurrences']}"
    last = recurrence.last_day(repeats)
    if last is None:
        return rule
    if meeting.all_day:
        return f"{rule};UNTIL={last:%Y%m%d}"
    # A moment where the series has times of a zone: the start of the last one.
    return f"{rule};UNTIL={occurrences.as_planned(meeting, last).starts_at:%Y%m%dT%H%M%SZ}"


def _span(meeting: Meeting, one: Meeting | Occurrence) -> tuple[date, date]:
    """Dates for an all-day meeting, else times in the zone it was scheduled in."""
    zone = ZoneInfo(meeting.zone)
    starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    return (starts.date(), ends.date()) if meeting.all_day else (starts, ends)


def _uid(meeting: Meeting) -> str:
    """Outlook's own where the meeting is there, so that opening the file makes no second entry."""
    known = meeting.link.ical_uid if meeting.link else None
    return known or f"{meeting.key}@lockstep"
