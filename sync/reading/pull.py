"""Pull: bring one window up to what Microsoft holds, page by page.

Each page and its cursor land in one transaction: a crash goes on at the stored link, and a page
that is applied twice changes nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, CursorDead, Gone, NoMailbox, Refused
from m365.remote import Page, RemoteEvent, RemovedEvent
from portal import cache, links, windows
from sync.judging import inbound
from sync.reading import rows
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_PAGES = 500  # of one round; more is Microsoft repeating itself
# All-day events lie at the local midnight of the mailbox, so the edges of a quarter are off by its
# offset: a day is asked for on both sides, and the home of each event decides.
MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Plan:
    window_id: int
    calendar_id: int
    graph_id: str
    cursor: str | None
    starts_at: datetime
    ends_at: datetime
    pages: int
    filling: bool


def pull(turn: Turn, window_id: int) -> bool:
    """True when the round of this window came to its end within the turn.

    Raises windows.Closed and what the Graph client raises; what was applied before stays.
    """
    while not turn.is_over():
        plan = _plan(turn, window_id)
        try:
            page = _ask(turn, plan)
        except CursorDead as error:
            _refill(turn, plan, error)
            continue
        masters = _unknown_masters(turn, plan, page)
        unseen = _unseen_links(turn, plan, page)
        with turn.writing() as db:
            _apply(db, turn, plan, page, masters)
            _judge_unseen(db, turn, plan, unseen)
        if page.delta_link is not None:
            return True
    return False


def _plan(turn: Turn, window_id: int) -> _Plan:
    with turn.database.reading() as db:
        window = windows.by_id(db, window_id)
        return _Plan(
            window_id=window.id,
            calendar_id=window.calendar_id,
            graph_id=window.calendar.graph_id,
            cursor=window.cursor,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            pages=window.pages if window.in_round else 0,
            filling=window.filling,
        )


def _ask(turn: Turn, plan: _Plan) -> Page:
    if plan.pages >= MOST_PAGES:
        raise BadAnswer("endless_pages")
    if plan.cursor is not None:
        page = turn.graph.follow(plan.cursor)
        if page.next_link == plan.cursor:
            raise BadAnswer("page_repeats")
        return page
    return turn.graph.changes(
        plan.graph_id, start=plan.starts_at - MARGIN, end=plan.ends_at + MARGIN
    )


def _refill(turn: Turn, plan: _Plan, error: CursorDead) -> None:
    if plan.cursor is None:
        raise BadAnswer(error.code, status=error.status, request_id=error.request_id)
    with turn.writing() as db:
        windows.refill(windows.by_id(db, plan.window_id), now=turn.now())
    log.info("cursor dead window=%d code=%s; filling anew", plan.window_id, error.code)


def _unknown_masters(turn: Turn, plan: _Plan, page: Page) -> list[RemoteEvent]:
    """Occurrences hold no words of their own: masters that neither we nor the page have."""
    events = [item for item in page.items if isinstance(item, RemoteEvent)]
    with_page = {event.graph_id for event in events if event.kind == cache.MASTER}
    named = {event.series_id for event in events if event.series_id} - with_page
    with turn.database.reading() as db:
        known = {row.graph_id for row in cache.masters(db, plan.calendar_id, named)}
    found = []
    for graph_id in sorted(named - known):
        try:
            found.append(turn.graph.event(graph_id))
        except Gone:
            log.info("occurrences without master window=%d", plan.window_id)
    return found


def _unseen_links(turn: Turn, plan: _Plan, page: Page) -> dict[str, RemoteEvent | None]:
    """At the end of a backfill: linked events it did not show, each asked for by its id. The cache
    may have been dropped since they were last seen, so no row of theirs is in doubt.
    """
    if page.delta_link is None or not plan.filling:
        return {}
    shown = {item.graph_id for item in page.items if isinstance(item, RemoteEvent)}
    with turn.database.reading() as db:
        unseen = set(links.unseen(db, windows.by_id(db, plan.window_id)))
    found: dict[str, RemoteEvent | None] = {}
    for graph_id in sorted(unseen - shown - set(page.broken)):
        try:
            found[graph_id] = turn.graph.event(graph_id)
        except Gone:
            found[graph_id] = None
        except NoMailbox:
            raise
        except (BadAnswer, Refused) as error:
            log.warning("linked event unsettled window=%d code=%s", plan.window_id, error.code)
    return found


def _judge_unseen(
    db: Session, turn: Turn, plan: _Plan, unseen: dict[str, RemoteEvent | None]
) -> None:
    for link in links.of_events(db, plan.calendar_id, unseen):
        event = unseen[link.graph_id]
        if event is None:
            inbound.gone(db, turn, link)
        else:
            inbound.judge_event(db, turn, link, event)


def _apply(db: Session, turn: Turn, plan: _Plan, page: Page, masters: list[RemoteEvent]) -> None:
    window, now = windows.by_id(db, plan.window_id), turn.now()
    if not window.in_round:
        windows.begin_round(window)
    events = masters + [item for item in page.items if isinstance(item, RemoteEvent)]
    gone = [item.graph_id for item in page.items if isinstance(item, RemovedEvent)]
    believed = write_events(db, plan.calendar_id, events)
    cache.mark_seen(db, window, [graph_id for graph_id in page.broken if graph_id])
    cache.doubt_removed(db, window, gone, now=now)
    if not window.filling:
        # Single ones too: a series that repeats no more comes back as one.
        series = {event.series_id or event.graph_id for event in events}
        window.touched = sorted(series.union(window.touched))
    window.pages += 1
    inbound.judge_events(db, turn, plan.calendar_id, believed)
    if page.broken:
        log.warning("unreadable events window=%d count=%d", window.id, len(page.broken))
    if page.delta_link is None:
        window.cursor = page.next_link
        return
    cache.doubt_unseen(db, window, now=now)
    poll = timedelta(minutes=turn.policy.poll_minutes)
    windows.end_round(window, page.delta_link, poll=poll, now=now)


def write_events(db: Session, calendar_id: int, events: list[RemoteEvent]) -> list[RemoteEvent]:
    """Upserts what was read; what now lies outside every window leaves the cache.

    Gives what is to be believed: a late page may hold copies that our own writes have replaced.
    """
    held = windows.of_calendar(db, calendar_id)
    stale = links.old_news(db, calendar_id, [event.graph_id for event in events])
    events = [event for event in events if (event.graph_id, event.change_key) not in stale]
    series = [event.series_id for event in events if event.series_id]
    known = cache.masters(db, calendar_id, series)
    fresh, outside = rows.rows_of(
        events,
        calendar_id=calendar_id,
        held=held,
        all_day_series=rows.all_day_masters(known, events),
    )
    cache.upsert(db, fresh)
    cache.remove(db, calendar_id, outside)
    return events
