"""The calendars of a mailbox: which are read, and which one meetings are written to."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from portal import cache, connections, links, outbox, windows
from portal.tables import Calendar, Change, Connection, Window

FOUND_AGAIN = timedelta(days=2)
GONE = "calendar_gone"  # Microsoft does not find the calendar of a create


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """A calendar as Microsoft lists it."""

    graph_id: str
    name: str
    color: str
    is_default: bool
    can_edit: bool
    owner_address: str | None


def keep(
    db: Session, connection: Connection, listed: Iterable[CalendarFacts], *, now: datetime
) -> None:
    """Brings our list to Microsoft's. A calendar that is no longer listed is kept, marked missing.

    A new default calendar is read and is the target; others wait until the person ticks them.
    """
    facts_of = {facts.graph_id: facts for facts in listed}
    _find_again(connection, facts_of, now=now)
    held = {calendar.graph_id: calendar for calendar in connection.calendars}
    for facts in facts_of.values():
        calendar = held.get(facts.graph_id)
        if calendar is None:
            calendar = Calendar(
                graph_id=facts.graph_id,
                ticked=facts.is_default,
                is_target=facts.is_default and facts.can_edit,
            )
            connection.calendars.append(calendar)
        calendar.name, calendar.color = facts.name[:255], facts.color
        calendar.is_default, calendar.can_edit = facts.is_default, facts.can_edit
        calendar.owner_address, calendar.missing_since = facts.owner_address, None
    for graph_id, calendar in held.items():
        if graph_id not in facts_of and calendar.missing_since is None:
            calendar.missing_since = now
    db.flush()


def _find_again(
    connection: Connection, facts_of: Mapping[str, CalendarFacts], *, now: datetime
) -> None:
    """A young calendar may get another id: the one that came with the name of the one that went is
    the same. Its events keep their ids; its cursors lead to the old address.
    """
    held = {calendar.graph_id for calendar in connection.calendars}
    came = [facts for facts in facts_of.values() if facts.graph_id not in held]
    went = [one for one in connection.calendars if _went_lately(one, facts_of, now)]
    for calendar in went:
        alike = [facts for facts in came if _is_like(calendar, facts)]
        if len(alike) != 1 or sum(_is_like(other, alike[0]) for other in went) != 1:
            continue
        calendar.graph_id = alike[0].graph_id
        for window in calendar.windows:
            windows.refill(window, now=now)


def _went_lately(calendar: Calendar, listed: Container[str], now: datetime) -> bool:
    since = calendar.missing_since or now
    return calendar.graph_id not in listed and now - since <= FOUND_AGAIN


def _is_like(calendar: Calendar, facts: CalendarFacts) -> bool:
    ours = (calendar.name, calendar.is_default, calendar.owner_address)
    return ours == (facts.name[:255], facts.is_default, facts.owner_address)


def missing_with_events(db: Session, connection_id: int) -> list[Calendar]:
    """Calendars that are no longer listed and have not been emptied yet."""
    return list(
        db.scalars(
            select(Calendar)
            .where(
                Calendar.connection_id == connection_id,
                Calendar.missing_since.is_not(None),
                Calendar.id.in_(select(Window.calendar_id)),
            )
            .order_by(Calendar.id)
        )
    )


def empty(db: Session, calendar_id: int) -> None:
    """Its events leave the cache; links and meetings stay."""
    cache.drop(db, [calendar_id])


def read_ones(db: Session, connection_id: int, *, now: datetime) -> list[Calendar]:
    """The calendars a round looks at, the default one first; not those in trouble."""
    return list(
        db.scalars(
            select(Calendar)
            .where(
                Calendar.connection_id == connection_id,
                Calendar.ticked,
                Calendar.missing_since.is_(None),
                is_free(now),
            )
            .order_by(Calendar.is_default.desc(), Calendar.id)
        )
    )


def is_free(now: datetime) -> ColumnElement[bool]:
    """Not left alone because of trouble that is its own."""
    return or_(Calendar.held_until.is_(None), Calendar.held_until <= now)


def once_free(due_at: SQLColumnExpression[datetime]) -> ColumnElement[datetime]:
    """That moment, or the later one until which its calendar is left alone."""
    return func.max(due_at, func.coalesce(Calendar.held_until, due_at))


def hold(db: Session, calendar_id: int, *, until: datetime | None, code: str | None) -> None:
    """Leaves a calendar alone until then; without `until` it is read again. `code` for pages."""
    calendar = db.get_one(Calendar, calendar_id)
    calendar.held_until, calendar.held_code = until, code


def written_ones(db: Session, connection_id: int) -> list[Calendar]:
    """Calendars that are not read, with changes that wait to be written there all the same."""
    waiting = select(Change.calendar_id).where(Change.done_at.is_(None))
    return list(
        db.scalars(
            select(Calendar)
            .where(
                Calendar.connection_id == connection_id,
                or_(Calendar.ticked.is_(False), Calendar.missing_since.is_not(None)),
                Calendar.id.in_(waiting),
            )
            .order_by(Calendar.id)
        )
    )


def read_from_now_on(db: Session, calendar_id: int) -> None:
    """A meeting's event is in it, and what Outlook does to that must be seen."""
    db.get_one(Calendar, calendar_id).ticked = True


def by_graph_id(db: Session, connection_id: int, graph_id: str) -> Calendar | None:
    """None for a calendar that Microsoft did not list, or no longer does."""
    return db.scalar(
        select(Calendar).where(
            Calendar.connection_id == connection_id,
            Calendar.graph_id == graph_id,
            Calendar.missing_since.is_(None),
        )
    )


def of_person(db: Session, person_id: int, calendar_id: int) -> Calendar | None:
    return db.scalar(
        select(Calendar)
        .join(Connection)
        .where(Connection.person_id == person_id, Calendar.id == calendar_id)
    )


def choose(
    db: Session, connection: Connection, *, ticked: set[int], target: Calendar | None, now: datetime
) -> list[Calendar]:
    """What is read, and where meetings go; without `target` that stays as it is.

    The target and calendars with meetings to come are always read, for what Outlook does to those
    must be seen. The events of a calendar that is no longer read leave the cache; links stay.
    Returns the calendars that are read against the wish.
    """
    needed = _with_meetings(db, connection.id, now=now)
    kept = []
    for calendar in connection.calendars:
        if target is not None:
            calendar.is_target = calendar is target
        if calendar.missing_since is not None:
            continue
        wanted, was = calendar.id in ticked, calendar.ticked
        calendar.ticked = wanted or calendar.is_target or calendar.id in needed
        if calendar.ticked and not wanted:
            kept.append(calendar)
        if was and not calendar.ticked:
            cache.drop(db, [calendar.id])
    connections.mark_due(db, connection.id, now=now)
    return kept


def redirect(
    db: Session, connection: Connection, *, transaction_id: Callable[[], str], now: datetime
) -> int:
    """Meetings on their way into a calendar that is gone go to the target instead; how many. Only
    those that Microsoft has not made: never sent, or refused because the calendar is not there.
    """
    target = next((one for one in connection.calendars if one.is_target), None)
    if target is None or target.missing_since is not None:
        return 0
    gone = {one.id for one in connection.calendars if one.missing_since is not None}
    waiting = [one for one in outbox.waiting_of(db, connection.id) if one.calendar_id in gone]
    turned = [
        one
        for one in waiting
        if one.kind == outbox.CREATE and (one.sent_at is None or one.code == GONE)
    ]
    for change in turned:
        change.calendar_id, change.transaction_id = target.id, transaction_id()
        change.sent_at, change.code, change.attempts, change.due_at = None, None, 0, now
    return len(turned)


def _with_meetings(db: Session, connection_id: int, *, now: datetime) -> set[int]:
    linked = {
        meeting.link.calendar_id
        for meeting in links.linked_ahead(db, connection_id, now=now)
        if meeting.link is not None
    }
    return linked | {change.calendar_id for change in outbox.waiting_of(db, connection_id)}
