"""What was read is kept: rows are written, and what they mean for other windows is noted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from m365.remote import RemoteEvent
from portal import cache, held_events, links, windows
from portal.tables import Event
from sync.judging.content import span_of
from sync.reading import rows


def write_events(
    db: Session, calendar_id: int, events: list[RemoteEvent], *, now: datetime
) -> list[RemoteEvent]:
    """Upserts what was read; what now lies outside every window leaves the cache.

    Gives what is to be believed: what is late says no more than that the event is there.
    """
    if not events:  # most looks bring nothing
        return []
    held = windows.of_calendar(db, calendar_id)
    late = _late_ones(db, calendar_id, events, now=now)
    if late:
        cache.trust(db, calendar_id, [graph_id for graph_id, _key in late])
        events = [event for event in events if (event.graph_id, event.change_key) not in late]
    series = {event.series_id or event.graph_id for event in events}
    known = cache.masters(db, calendar_id, series)
    _note_changed_series(db, calendar_id, known, events, now=now)
    fresh, outside = rows.rows_of(
        events,
        calendar_id=calendar_id,
        held=held,
        all_day_series=rows.all_day_masters(known, events),
    )
    cache.upsert(db, fresh)
    cache.remove(db, calendar_id, outside)
    held_events.free(db, calendar_id, [event.graph_id for event in events])
    return events


def doubt_version(db: Session, calendar_id: int, event: RemoteEvent, *, now: datetime) -> None:
    """An answer about an event that was linked to nothing yet: where the cache holds it in another
    version, either of the two is late, and it is asked for once more.
    """
    held = cache.change_keys(db, calendar_id, [event.graph_id]).get(event.graph_id)
    if held is not None and held != event.change_key:
        held_events.note(db, calendar_id, {event.graph_id: held_events.DIFFER}, now=now)


def _late_ones(
    db: Session, calendar_id: int, events: Sequence[RemoteEvent], *, now: datetime
) -> set[tuple[str, str]]:
    """By id and change key. What nobody here has seen may be an edit all the same, under a clock
    that is behind: it is asked for by its id once it can no longer be late.
    """
    known = links.versions(db, calendar_id, [event.graph_id for event in events])
    late, unseen = set(), {}
    for event in events:
        link = known.get(event.graph_id)
        if link is None or not links.is_late(link, event.change_key, event.modified, now=now):
            continue
        late.add((event.graph_id, event.change_key))
        if event.change_key not in link.former_keys:
            unseen[event.graph_id] = held_events.DIFFER
    held_events.note(db, calendar_id, unseen, now=now)
    return late


def _note_changed_series(
    db: Session,
    calendar_id: int,
    known: Sequence[Event],
    events: Sequence[RemoteEvent],
    *,
    now: datetime,
) -> None:
    """Another pattern: all windows of the old and the new range are due. No pattern at all any
    more: whatever was an occurrence is in doubt, for nobody reports it.
    """
    before = {row.graph_id: row for row in known}
    for event in events:
        row = before.get(event.graph_id)
        if row is None:
            continue
        if event.kind != cache.MASTER:
            cache.doubt_series(db, calendar_id, event.graph_id, now=now)
            continue
        starts, _ends = span_of(event)
        if starts is None or (row.recurrence, row.starts_at) == (event.recurrence, starts):
            continue
        ends = [windows.last_day_of(one) for one in (row.recurrence, event.recurrence)]
        last = None if None in ends else max(one for one in ends if one is not None)
        windows.span_due(db, calendar_id, start=min(row.starts_at, starts), end=last, now=now)
