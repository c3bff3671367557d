"""What Microsoft answers about one event by its id, and what that does here."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, Gone, NoMailbox, Refused
from m365.remote import RemoteEvent
from portal import cache, calendars, connections, held_events, links, timeline, windows
from portal.tables import Calendar
from sync.judging import inbound
from sync.reading.describe import describe
from sync.reading.keep import write_events
from sync.reading.single import Unanswered, about_one
from sync.turn import Turn

log = logging.getLogger(__name__)

UNKNOWN = "calendar_unknown"
NO_ID = "ErrorInvalidIdMalformed"  # no event has or had such an id
FRESH = timedelta(seconds=10)  # a list of calendars this old need not be read again


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar, by our id and Microsoft's."""

    calendar_id: int
    graph_id: str


def ask(turn: Turn, place: Place, graph_id: str) -> BadAnswer | Refused | None:
    """Asks for an event and records what is true. Gives the error when nobody can say."""
    try:
        event = about_one(turn, lambda: turn.graph.event(graph_id))
        found_in = None if event.is_cancelled else calendar_of(turn, graph_id)
    except Gone:
        record(turn, place, [], [graph_id])
        return None
    except NoMailbox:
        raise
    except (BadAnswer, Refused) as error:
        if error.code == UNKNOWN and is_no_news(turn, place, graph_id):
            series_gone(turn, place, graph_id)
            return None
        if error.code != NO_ID or _is_linked(turn, place, graph_id):
            hold(turn, place, [graph_id], error)
            return error
        record(turn, place, [], [graph_id])  # a damaged answer brought it
        return None
    if found_in is None:
        record(turn, place, [], [graph_id])
        return None
    with turn.writing() as db:
        inbound.put_back(db, turn, place.calendar_id, graph_id)
    if found_in == place.calendar_id:
        record(turn, place, [event], [])
    else:
        _record_moved(turn, place, event, found_in)
    return None


def hold(turn: Turn, place: Place, graph_ids: list[str], error: BadAnswer | Refused) -> None:
    """Where Microsoft may know more later, it is asked again, and the brake waits for it."""
    if isinstance(error, Unanswered) or error.code == UNKNOWN:
        with turn.writing() as db:
            asked = dict.fromkeys(graph_ids, error.code)
            held_events.note(db, place.calendar_id, asked, now=turn.now())


def _is_linked(turn: Turn, place: Place, graph_id: str) -> bool:
    with turn.database.reading() as db:
        return bool(links.of_events(db, place.calendar_id, [graph_id]))


def is_no_news(turn: Turn, place: Place, graph_id: str) -> bool:
    """Whether it was in an unknown calendar ten minutes ago as well, or no meeting hangs on it. The
    list of calendars may have been too late for one made a moment ago.
    """
    now = turn.now()
    with turn.writing() as db:
        held_events.note_anew(db, place.calendar_id, graph_id, UNKNOWN, now=now)
        [held] = held_events.of_calendar(db, place.calendar_id, [graph_id])
        is_linked = bool(links.of_events(db, place.calendar_id, [graph_id]))
        return not is_linked or now - held.since >= links.LAG


def calendar_of(turn: Turn, graph_id: str) -> int | None:
    """Our id of the calendar an event lies in; None when it is in none. Raises BadAnswer where it
    is in one that Microsoft does not list.
    """
    try:
        holder = about_one(turn, lambda: turn.graph.calendar_id_of(graph_id))
    except Gone:
        return None
    calendar = _known(turn, holder)
    if calendar is None and _describes_again(turn):  # a new calendar, perhaps
        calendar = _known(turn, holder)
    if calendar is None:
        raise BadAnswer(UNKNOWN)
    return calendar.id


def _known(turn: Turn, graph_id: str) -> Calendar | None:
    with turn.database.reading() as db:
        return calendars.by_graph_id(db, turn.claim.connection_id, graph_id)


def _describes_again(turn: Turn) -> bool:
    with turn.database.reading() as db:
        described_at = connections.by_id(db, turn.claim.connection_id).described_at
    if described_at is not None and turn.now() - described_at < FRESH:
        return False
    describe(turn)
    return True


def record(turn: Turn, place: Place, found: list[RemoteEvent], gone: Collection[str]) -> None:
    with turn.writing() as db:
        believed = write_events(db, place.calendar_id, found, now=turn.now())
        inbound.judge_events(db, turn, place.calendar_id, believed)
        # A series without a date left is in no view: kept here, nobody would ask for it again.
        cache.drop_bare_masters(db, place.calendar_id, [event.graph_id for event in found])
        _remove(db, turn, place.calendar_id, gone)
    if gone:
        log.info("events gone calendar=%d count=%d", place.calendar_id, len(gone))


def series_gone(turn: Turn, place: Place, series_id: str) -> None:
    """The whole series, in every window; or an event that is none."""
    with turn.writing() as db:
        ids = cache.of_series(db, place.calendar_id, series_id)
        _remove(db, turn, place.calendar_id, [series_id, *ids])
    log.info("series gone calendar=%d occurrences=%d", place.calendar_id, len(ids))


def _remove(db: Session, turn: Turn, calendar_id: int, gone: Collection[str]) -> None:
    for link in links.of_events(db, calendar_id, gone):
        inbound.gone(db, turn, link)
    cache.remove(db, calendar_id, gone)
    held_events.free(db, calendar_id, gone)


def series_moved(turn: Turn, place: Place, series_id: str, calendar_id: int) -> None:
    """It leaves this calendar whole; its meeting follows, and its new place is looked at."""
    with turn.writing() as db:
        ids = [series_id, *cache.of_series(db, place.calendar_id, series_id)]
        _follow(db, turn, place, ids, calendar_id)
        windows.all_due(db, calendar_id, now=turn.now())
    log.info("series moved calendar=%d to=%d", place.calendar_id, calendar_id)


def _record_moved(turn: Turn, place: Place, event: RemoteEvent, calendar_id: int) -> None:
    """The event is in another calendar now: it leaves this one, and its meeting follows it."""
    with turn.writing() as db:
        _follow(db, turn, place, [event.graph_id], calendar_id)
        believed = write_events(db, calendar_id, [event], now=turn.now())
        inbound.judge_events(db, turn, calendar_id, believed)
        cache.drop_bare_masters(db, calendar_id, [event.graph_id])
        windows.all_due(db, calendar_id, now=turn.now())
    log.info("event moved calendar=%d to=%d", place.calendar_id, calendar_id)


def _follow(
    db: Session, turn: Turn, place: Place, graph_ids: Collection[str], calendar_id: int
) -> None:
    for link in links.of_events(db, place.calendar_id, graph_ids):
        links.follow(db, link, calendar_id)
        calendars.read_from_now_on(db, calendar_id)
        timeline.note(db, timeline.of_link(link), timeline.OUTLOOK, "moved", now=turn.now())
    cache.remove(db, place.calendar_id, graph_ids)
    held_events.free(db, place.calendar_id, graph_ids)
