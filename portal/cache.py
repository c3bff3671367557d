"""The cache of events: what a page brings in, what is in doubt, what is gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from portal.tables import Calendar, Event, HeldEvent, Window

SINGLE, OCCURRENCE, EXCEPTION, MASTER = "single", "occurrence", "exception", "master"
Row = Mapping[str, Any]


def upsert(db: Session, rows: Iterable[Row]) -> None:
    """Writes rows by (calendar, graph id); the same rows twice change nothing.

    All rows carry the same columns. What is written is no longer in doubt.
    """
    fresh = [dict(row) for row in rows]
    if not fresh:
        return
    statement = insert(Event)
    replaced = {
        name: statement.excluded[name]
        for name in fresh[0]
        if name not in ("calendar_id", "graph_id")
    }
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[Event.calendar_id, Event.graph_id], set_=replaced
        ),
        fresh,
    )


def doubt_removed(db: Session, window: Window, graph_ids: list[str], *, now: datetime) -> None:
    """Microsoft took these out of the view of this window. Only rows at home here are doubted: the
    word is also sent for what moved away. For a master: its rows in this window.
    """
    if graph_ids:
        db.execute(
            update(Event)
            .where(
                Event.home_id == window.id,
                or_(Event.graph_id.in_(graph_ids), Event.series_id.in_(graph_ids)),
            )
            .values(doubted_at=now)
        )


def doubt_unseen(db: Session, window: Window, *, now: datetime) -> None:
    """At the end of a round: what it should have shown and did not.

    A filling round shows everything; a later one shows the whole of each series it touches.
    """
    unseen = [Event.home_id == window.id, Event.seen_in != window.round_number]
    if not window.filling:
        if not window.touched:
            return
        unseen.append(Event.series_id.in_(window.touched))
    db.execute(update(Event).where(*unseen).values(doubted_at=now))


def doubt_unlisted(db: Session, window: Window, listed: list[str], *, now: datetime) -> int:
    """Rows at home in this window that the list of its calendar does not name; how many."""
    at_home = select(Event.graph_id).where(Event.home_id == window.id)
    lost = set(db.scalars(at_home)).difference(listed)
    doubted = update(Event).where(Event.home_id == window.id, Event.graph_id.in_(lost))
    db.execute(doubted.values(doubted_at=now))
    return len(lost)


def doubt_moved(
    db: Session,
    window: Window,
    spans: Mapping[str, tuple[datetime | None, datetime | None]],
    *,
    now: datetime,
) -> int:
    """Rows at home in this window that lie elsewhere than the list of its calendar says; how many.
    Not all-day ones: they are kept by the day, not by the moment.
    """
    mine = select(Event.id, Event.graph_id, Event.starts_at, Event.ends_at)
    mine = mine.where(Event.home_id == window.id, Event.all_day.is_(False))
    moved = [
        row.id
        for row in db.execute(mine)
        if spans.get(row.graph_id, (row.starts_at, row.ends_at)) != (row.starts_at, row.ends_at)
    ]
    db.execute(update(Event).where(Event.id.in_(moved)).values(doubted_at=now))
    return len(moved)


def graph_ids(db: Session, calendar_id: int) -> set[str]:
    return set(db.scalars(select(Event.graph_id).where(Event.calendar_id == calendar_id)))


def doubt_series(db: Session, calendar_id: int, series_id: str, *, now: datetime) -> None:
    """In all windows: the series as it was is no more."""
    db.execute(
        update(Event)
        .where(Event.calendar_id == calendar_id, Event.series_id == series_id)
        .values(doubted_at=now)
    )


def of_series(db: Session, calendar_id: int, series_id: str) -> list[str]:
    """Graph ids of the occurrences and exceptions that are cached."""
    mine = (Event.calendar_id == calendar_id, Event.series_id == series_id)
    return list(db.scalars(select(Event.graph_id).where(*mine)))


def doubted(db: Session, calendar_id: int) -> list[tuple[Event, Window]]:
    """The candidates with their homes."""
    mine = select(Event, Window).join(Window, Window.id == Event.home_id)
    mine = mine.where(Event.calendar_id == calendar_id, Event.doubted_at.is_not(None))
    return [(event, window) for event, window in db.execute(mine.order_by(Event.id))]


def is_any_doubted(db: Session, connection_id: int, *, now: datetime) -> bool:
    """Whether a candidate waits in a calendar that is read."""
    waiting = (
        select(Event.id)
        .join(Calendar, Calendar.id == Event.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            Calendar.ticked,
            Calendar.missing_since.is_(None),
            or_(Calendar.held_until.is_(None), Calendar.held_until <= now),
            Event.doubted_at.is_not(None),
        )
    )
    return db.scalar(waiting.limit(1)) is not None


def trust(db: Session, calendar_id: int, graph_ids: Iterable[str]) -> None:
    """Nobody could say that these are gone, so they stay."""
    db.execute(
        update(Event)
        .where(Event.calendar_id == calendar_id, Event.graph_id.in_(list(graph_ids)))
        .values(doubted_at=None)
    )


def remove(db: Session, calendar_id: int, graph_ids: Iterable[str]) -> None:
    """Confirmed gone. A master leaves with its last row."""
    ids = list(graph_ids)
    series = set(
        db.scalars(
            select(Event.series_id).where(
                Event.calendar_id == calendar_id,
                Event.graph_id.in_(ids),
                Event.series_id.is_not(None),
            )
        )
    )
    db.execute(delete(Event).where(Event.calendar_id == calendar_id, Event.graph_id.in_(ids)))
    drop_bare_masters(db, calendar_id, series)


def drop_bare_masters(
    db: Session, calendar_id: int, series: Iterable[str | None] | None = None
) -> None:
    """Masters that have no row left; those of `series` alone where given."""
    rows = select(Event.series_id).where(
        Event.calendar_id == calendar_id, Event.series_id.is_not(None)
    )
    bare = [
        Event.calendar_id == calendar_id,
        Event.kind == MASTER,
        Event.graph_id.not_in(rows),
    ]
    if series is not None:
        bare.append(Event.graph_id.in_([one for one in series if one]))
    db.execute(delete(Event).where(*bare))


def by_graph_id(db: Session, calendar_id: int, graph_id: str) -> Event | None:
    mine = select(Event).where(Event.calendar_id == calendar_id, Event.graph_id == graph_id)
    return db.scalar(mine)


def masters(db: Session, calendar_id: int, series: Iterable[str]) -> list[Event]:
    wanted = select(Event).where(Event.calendar_id == calendar_id, Event.kind == MASTER)
    return list(db.scalars(wanted.where(Event.graph_id.in_(set(series)))))


def change_keys(db: Session, calendar_id: int, graph_ids: Iterable[str]) -> dict[str, str | None]:
    """Of those that are cached; of exceptions only where their words are."""
    mine = select(Event.graph_id, Event.change_key).where(
        Event.calendar_id == calendar_id,
        or_(Event.kind != EXCEPTION, Event.title.is_not(None)),
        Event.graph_id.in_(list(graph_ids)),
    )
    return {row.graph_id: row.change_key for row in db.execute(mine)}


def mark_seen(db: Session, window: Window, graph_ids: list[str]) -> None:
    """They are there, though they could not be read."""
    if graph_ids:
        db.execute(
            update(Event)
            .where(Event.home_id == window.id, Event.graph_id.in_(graph_ids))
            .values(seen_in=window.round_number)
        )


def drop(db: Session, calendar_ids: Iterable[int]) -> None:
    """All events and windows of these calendars; what is linked to them stays."""
    ids = list(calendar_ids)
    db.execute(delete(HeldEvent).where(HeldEvent.calendar_id.in_(ids)))
    db.execute(delete(Event).where(Event.calendar_id.in_(ids)))
    db.execute(delete(Window).where(Window.calendar_id.in_(ids)))
