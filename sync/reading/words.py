"""Words that a page leaves out: those of a series stand on its master, which may be missing."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from m365.errors import BadAnswer, Gone, NoMailbox, Refused
from m365.remote import BrokenItem, Page, RemoteEvent
from portal import cache, held_events
from sync.reading.single import about_one
from sync.turn import Turn

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Added:
    """What was asked for beside the page. `known`: slim exceptions that are cached as they are."""

    events: list[RemoteEvent] = field(default_factory=list)
    broken: list[BrokenItem] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    def replaces(self, event: RemoteEvent) -> bool:
        return _is_slim_exception(event)


def whole(
    turn: Turn, calendar_id: int, page: Page, *, fetched: Collection[str], listed: bool
) -> Added:
    """Masters whose occurrences came without them, for nobody else tells what has changed in them;
    not those in `fetched`, which an earlier page of the round has brought. Exceptions without
    words. A list (`listed`) has no masters at all: there an occurrence's key tells.
    """
    events = [item for item in page.items if isinstance(item, RemoteEvent)]
    if not events:
        return Added()
    there = {event.graph_id for event in events if event.kind == cache.MASTER}
    there |= {item.graph_id for item in page.broken if item.graph_id}
    with turn.database.reading() as db:
        keys = cache.change_keys(db, calendar_id, [event.graph_id for event in events])
        fresh = [event for event in events if keys.get(event.graph_id) != event.change_key]
        named = {event.series_id for event in events if event.series_id}
        if listed:
            held = {row.graph_id for row in cache.masters(db, calendar_id, named)}
            named -= held - {event.series_id for event in fresh}
        named -= {row.graph_id for row in held_events.of_calendar(db, calendar_id, named)}
    slim = {event.graph_id: event.change_key for event in events if _is_slim_exception(event)}
    wordless = slim.keys() & {event.graph_id for event in fresh}
    added = Added(known=sorted(slim.keys() - wordless))
    _fetch(turn, sorted(named - there - set(fetched)) + sorted(wordless), added, told=slim)
    return added


def _is_slim_exception(event: RemoteEvent) -> bool:
    return event.slim and event.kind == cache.EXCEPTION


def _fetch(turn: Turn, graph_ids: Iterable[str], added: Added, *, told: Mapping[str, str]) -> None:
    """`told`: change keys by the page, of the exceptions. An answer with another key may be from
    before the page, whose cursor does not come back: it counts for now, and is asked for again.
    """
    for graph_id in graph_ids:
        try:
            event = about_one(turn, partial(turn.graph.event, graph_id))
        except Gone:
            log.info("occurrences without words connection=%d", turn.claim.connection_id)
        except NoMailbox:
            raise
        except (BadAnswer, Refused) as error:
            added.broken.append(BrokenItem(graph_id, error.code))
        else:
            added.events.append(event)
            if event.change_key != told.get(graph_id, event.change_key):
                added.broken.append(BrokenItem(graph_id, held_events.DIFFER))
