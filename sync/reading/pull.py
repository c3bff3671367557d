"""Pull: bring one window up to what Microsoft holds, page by page.

Each page and its cursor land in one transaction: a crash goes on at the stored link, and a page
that is applied twice changes nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, CursorDead, Gone, Later, NoMailbox, Refused
from m365.remote import BrokenItem, Page, RemoteEvent, RemovedEvent
from portal import cache, claims, connections, held_events, links, windows
from portal.tables import Window
from sync.judging import inbound
from sync.reading import mending, verdict
from sync.reading.keep import write_events
from sync.reading.single import about_one
from sync.reading.verdict import Place
from sync.reading.words import Added, whole
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_PAGES = 500  # of one round; more is Microsoft repeating itself
MOST_EMPTY_PAGES = 20  # at the beginning of a round
MOST_REFILLS = 3  # of one window in a turn
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
    last_page: str | None
    filling: bool
    by_list: bool
    touched: frozenset[str]

    def ends_with(self, page: Page) -> bool:
        """Whether the round is over: a list ends without a link."""
        return page.next_link is None


def pull(turn: Turn, window_id: int) -> bool:
    """True when the round of this window came to its end within the turn, or never will and was
    seen to; False too where a backfill makes way for what cannot wait.

    Raises windows.Closed and what the Graph client raises; what was applied before stays.
    """
    refills = 0
    while not turn.is_over():
        plan = _plan(turn, window_id)
        try:
            page = _ask(turn, plan)
        except CursorDead as error:
            refills += 1
            if refills > MOST_REFILLS:
                mending.mend(turn, window_id, "delta_dies")
                return True
            _refill(turn, plan, error)
            continue
        except mending.CannotTell as sign:
            mending.mend(turn, window_id, sign.code)
            return True
        except Later as error:
            if error.status != mending.TIMED_OUT:
                raise
            mending.timed_out(turn, window_id, error)
            return True
        ended = _taken_in(turn, plan, page)
        pressed = plan.filling and _is_pressed(turn)
        if ended or pressed:
            return ended and not pressed
    return False


def _taken_in(turn: Turn, plan: _Plan, page: Page) -> bool:
    """True at the end of the round."""
    added = whole(turn, plan.calendar_id, page, fetched=plan.touched, listed=plan.by_list)
    unseen = _unseen_links(turn, plan, page)
    with turn.writing() as db:
        _apply(db, turn, plan, page, added)
        _judge_unseen(db, turn, plan, unseen)
    return plan.ends_with(page)


def _is_pressed(turn: Turn) -> bool:
    with turn.database.reading() as db:
        connection = connections.by_id(db, turn.claim.connection_id)
        return claims.is_pressed(db, connection, now=turn.now())


def _plan(turn: Turn, window_id: int) -> _Plan:
    with turn.database.reading() as db:
        window = windows.with_calendar(db, window_id)
        return _Plan(
            window_id=window.id,
            calendar_id=window.calendar_id,
            graph_id=window.calendar.graph_id,
            cursor=window.cursor,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            pages=window.pages if window.in_round else 0,
            last_page=window.last_page if window.in_round else None,
            filling=window.filling,
            by_list=window.by_list,
            touched=frozenset(window.touched if window.in_round else ()),
        )


def _ask(turn: Turn, plan: _Plan) -> Page:
    """Raises mending.CannotTell for what will never end."""
    if plan.pages >= (MOST_PAGES if plan.last_page else MOST_EMPTY_PAGES):
        raise mending.CannotTell("delta_endless")
    start, end = plan.starts_at - MARGIN, plan.ends_at + MARGIN
    graph = turn.graph
    if plan.cursor is None:
        ask = graph.view_page if plan.by_list else graph.changes
        page = ask(plan.graph_id, start=start, end=end)
    else:
        page = (graph.follow_view if plan.by_list else graph.follow)(plan.cursor)
    known = plan.last_page is not None and mending.digest(page) == plan.last_page
    if page.next_link is not None and (known or page.next_link == plan.cursor):
        raise mending.CannotTell("delta_repeats")
    return page


def _refill(turn: Turn, plan: _Plan, error: CursorDead) -> None:
    if plan.cursor is None:
        raise BadAnswer(error.code, status=error.status, request_id=error.request_id)
    with turn.writing() as db:
        windows.refill(windows.by_id(db, plan.window_id), now=turn.now())
    log.info("cursor dead window=%d code=%s; filling anew", plan.window_id, error.code)


def _unseen_links(turn: Turn, plan: _Plan, page: Page) -> dict[str, RemoteEvent | None]:
    """At the end of a backfill: linked events it did not show, each asked for by its id. The cache
    may have been dropped since they were last seen, so no row of theirs is in doubt.
    """
    if page.next_link is not None or not plan.filling:
        return {}
    shown = {item.graph_id for item in page.items if isinstance(item, RemoteEvent)}
    with turn.database.reading() as db:
        unseen = set(links.unseen(db, windows.by_id(db, plan.window_id)))
    found: dict[str, RemoteEvent | None] = {}
    asked = sorted(unseen - shown - {item.graph_id for item in page.broken})
    for graph_id in asked:
        try:
            found[graph_id] = about_one(turn, partial(turn.graph.event, graph_id))
        except Gone:
            found[graph_id] = None
        except NoMailbox:
            raise
        except (BadAnswer, Refused) as error:
            log.warning("linked event unsettled window=%d code=%s", plan.window_id, error.code)
            verdict.hold(turn, Place(plan.calendar_id, plan.graph_id), [graph_id], error)
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


def _apply(db: Session, turn: Turn, plan: _Plan, page: Page, added: Added) -> None:
    window, now = windows.by_id(db, plan.window_id), turn.now()
    if not window.in_round:
        windows.begin_round(window)
    shown = [item for item in page.items if isinstance(item, RemoteEvent)]
    events = added.events + [event for event in shown if not added.replaces(event)]
    gone = [item.graph_id for item in page.items if isinstance(item, RemovedEvent)]
    believed = write_events(db, plan.calendar_id, events, now=now)
    _hold_broken(db, window, [*page.broken, *added.broken], now=now)
    cache.mark_seen(db, window, added.known)
    cache.doubt_removed(db, window, gone, now=now)
    # Single ones too: a series that repeats no more comes back as one.
    series = {event.series_id or event.graph_id for event in shown}
    window.touched = sorted(series.union(window.touched))
    window.pages += 1
    window.last_page = mending.digest(page) or window.last_page
    inbound.judge_events(db, turn, plan.calendar_id, believed)
    if not plan.ends_with(page):
        window.cursor = page.next_link
        return
    cache.doubt_unseen(db, window, now=now)
    poll = timedelta(minutes=turn.policy.poll_minutes)
    windows.end_round(window, page.delta_link, poll=poll, now=now)


def _hold_broken(db: Session, window: Window, broken: list[BrokenItem], *, now: datetime) -> None:
    """They are there, though they could not be read."""
    if not broken:
        return
    codes = {item.graph_id: item.code for item in broken if item.graph_id}
    cache.mark_seen(db, window, list(codes))
    held_events.note(db, window.calendar_id, codes, now=now)
    log.warning(
        "unreadable events window=%d count=%d codes=%s",
        window.id,
        len(broken),
        sorted({item.code for item in broken}),
    )
