"""From Microsoft's event to a row of the cache."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from m365.remote import RemoteEvent
from portal import windows
from portal.cache import MASTER, OCCURRENCE
from portal.tables import Event, Window
from sync.judging.content import midnight, span_of

# An occurrence's words are its master's: kept once, so that a renamed series is renamed at once.
WORDS: dict[str, Any] = dict.fromkeys(
    (
        "zone",
        "unknown_zone",
        "title",
        "location",
        "body_html",
        "preview",
        "organizer_name",
        "organizer_address",
        "is_organizer",
        "attendees",
        "show_as",
        "sensitivity",
        "response",
        "response_requested",
        "join_url",
        "web_link",
        "ical_uid",
        "recurrence",
        "modified_at",
    )
)


def rows_of(
    events: Sequence[RemoteEvent],
    *,
    calendar_id: int,
    held: Sequence[Window],
    all_day_series: Collection[str],
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows to write, and ids of events that lie outside every window held.

    `all_day_series`: masters whose occurrences are all-day though they do not say so themselves.
    """
    rows: dict[str, dict[str, Any]] = {}
    outside: list[str] = []
    for event in events:  # the last word on an id counts
        row = _row(event, calendar_id, all_day=event.all_day or event.series_id in all_day_series)
        if row is None:
            continue
        if event.kind != MASTER:
            home = windows.home_of(held, start=row["starts_at"], end=row["ends_at"])
            if home is None:
                outside.append(event.graph_id)
                continue
            row["home_id"], row["seen_in"] = home.id, home.round_number
        rows[event.graph_id] = row
    return list(rows.values()), outside


def _row(event: RemoteEvent, calendar_id: int, *, all_day: bool) -> dict[str, Any] | None:
    starts, ends = _span(event, all_day)
    if starts is None or ends is None:
        return None
    words = WORDS if event.kind == OCCURRENCE else _words(event)
    return {
        "calendar_id": calendar_id,
        "graph_id": event.graph_id,
        "home_id": None,
        "kind": event.kind,
        "series_id": event.series_id,
        "original_start": event.original_start,
        "seen_in": 0,
        "doubted_at": None,
        "starts_at": starts,
        "ends_at": ends,
        "all_day": all_day,
        "first_day": starts.date() if all_day else None,
        "end_day": ends.date() if all_day else None,
        "is_cancelled": event.is_cancelled,
        "change_key": event.change_key,
        **words,
    }


def _span(event: RemoteEvent, all_day: bool) -> tuple[datetime | None, datetime | None]:
    if all_day and not event.all_day and event.starts and event.ends:
        return midnight(event.starts.date()), midnight(event.ends.date())
    return span_of(event)


def _words(event: RemoteEvent) -> dict[str, Any]:
    return {
        "zone": event.zone,
        "unknown_zone": event.unknown_zone,
        "title": event.title,
        "location": event.location,
        "body_html": event.body_html,
        "preview": event.preview,
        "organizer_name": event.organizer_name,
        "organizer_address": event.organizer_address,
        "is_organizer": event.is_organizer,
        "attendees": [[a.name, a.address, a.kind, a.response] for a in event.attendees],
        "show_as": event.show_as,
        "sensitivity": event.sensitivity,
        "response": event.response,
        "response_requested": event.response_requested,
        "join_url": event.join_url,
        "web_link": event.web_link,
        "ical_uid": event.ical_uid,
        "recurrence": event.recurrence,
        "modified_at": event.modified,
    }


def all_day_masters(rows: Sequence[Event], events: Sequence[RemoteEvent]) -> set[str]:
    """Series that are all-day, by the cache and, with the last word, by what just came."""
    known = {row.graph_id: row.all_day for row in rows}
    known |= {event.graph_id: event.all_day for event in events if event.kind == MASTER}
    return {graph_id for graph_id, all_day in known.items() if all_day}
