"""Following notices: the windows they point to become due, so that the round looks there."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, Gone, NoMailbox, Refused
from m365.remote import RemoteEvent
from portal import cache, calendars, notices
from sync.judging import inbound
from sync.judging.content import span_of
from sync.reading.keep import write_events
from sync.reading.single import about_one
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_GETS = 20  # events that the cache does not know; beyond that a look everywhere is cheaper


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in the mailbox an event lies that the cache does not know; a series has no end."""

    calendar_id: int
    event: RemoteEvent
    starts: datetime | None
    ends: datetime | None


def follow(turn: Turn) -> None:
    """Raises what a call to the mailbox raises; the notices then stay for the next turn."""
    connection_id = turn.claim.connection_id
    with turn.database.reading() as db:
        due = {one.graph_id: one.id for one in notices.due(db, connection_id, now=turn.now())}
        if not due:
            return
        places = notices.places(db, connection_id, due)
    unknown = due.keys() - {one.graph_id for one in places} - {notices.EVERYWHERE}
    everywhere = notices.EVERYWHERE in due or len(unknown) > MOST_GETS
    spots: list[_Spot] = []
    for graph_id in () if everywhere else sorted(unknown):
        try:
            spots += about_one(turn, partial(_look_up, turn, graph_id))
        except (BadAnswer, Refused) as error:
            if isinstance(error, NoMailbox):
                raise
            everywhere = True
    with turn.writing() as db:
        _mark(db, turn, places, spots)
        if everywhere:
            notices.hot_due(db, connection_id, now=turn.now())
        notices.followed(db, due.values(), now=turn.now())
    log.info(
        "notices followed connection=%d count=%d unknown=%d", connection_id, len(due), len(unknown)
    )


def _mark(db: Session, turn: Turn, places: list[notices.Place], spots: list[_Spot]) -> None:
    now = turn.now()
    homes = [place.home_id for place in places if place.home_id is not None]
    notices.windows_due(db, homes, now=now)
    for calendar_id in {place.calendar_id for place in places if place.home_id is None}:
        notices.calendar_due(db, calendar_id, now=now)
    for spot in spots:
        notices.calendar_due(db, spot.calendar_id, starts=spot.starts, ends=spot.ends, now=now)
        if spot.event.kind == cache.SINGLE and not spot.event.is_cancelled:
            # Nothing is known of it, so nothing newer can be lost: it need not wait for a window
            # that is still being filled.
            events = write_events(db, spot.calendar_id, [spot.event], now=now)
            inbound.judge_events(db, turn, spot.calendar_id, events)


def _look_up(turn: Turn, graph_id: str) -> list[_Spot]:
    """Nothing where the event is gone, or lies in a calendar that is not read."""
    try:
        event = turn.graph.event(graph_id)
        holder = turn.graph.calendar_id_of(graph_id)
    except Gone:
        return []
    with turn.database.reading() as db:
        calendar = calendars.by_graph_id(db, turn.claim.connection_id, holder)
        if calendar is None or not calendar.ticked:
            return []
        return [_spot(calendar.id, event)]


def _spot(calendar_id: int, event: RemoteEvent) -> _Spot:
    starts, ends = span_of(event)
    return _Spot(calendar_id, event, starts, None if event.kind == cache.MASTER else ends)
