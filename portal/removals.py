"""Removals that nobody made in a form here: meetings whose event is gone in Outlook, events that
the engine itself would take away, dates that vanished from a series. And what becomes of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import connections, exceptions, links, outbox, remaking, timeline
from portal.tables import Calendar, Change, Connection, Link, Meeting

GONE, TAKES_AWAY, DATES = "gone", "takes away", "dates"
MOST_BY_ONESELF = 20  # of one hold; more needs an administrator


@dataclass(frozen=True, slots=True)
class Removal:
    """One meeting that waits for a word. `kind`: its event is gone, the engine takes its event
    away, or dates of the series vanished.
    """

    kind: str
    meeting: Meeting
    change: Change | None = None

    @property
    def days(self) -> tuple[date, ...]:
        vanished = [] if self.meeting.link is None else self.meeting.link.vanished
        return tuple(date.fromisoformat(day) for day in sorted(vanished))


def pending(db: Session, connection_id: int) -> list[Removal]:
    """One per meeting, the earliest meeting first."""
    found = [Removal(TAKES_AWAY, change.meeting, change) for change in _engine(db, connection_id)]
    for link in db.scalars(_waiting_links(connection_id)):
        found.append(Removal(GONE if link.gone_at else DATES, link.meeting))
    return sorted(found, key=lambda one: (one.meeting.starts_at, one.meeting.id))


def counts(db: Session, connection_ids: Iterable[int]) -> Counter[tuple[int, str]]:
    """How many of each kind wait in each of these mailboxes, for lists."""
    ids = list(connection_ids)
    gone: ColumnElement[str] = case((Link.gone_at.is_not(None), GONE), else_=DATES)
    waiting = (
        select(Calendar.connection_id, gone, func.count(Link.id))
        .join(Calendar, Calendar.id == Link.calendar_id)
        .join(Meeting, Meeting.id == Link.meeting_id)
        .where(Calendar.connection_id.in_(ids), _waits())
        .group_by(Calendar.connection_id, gone)
    )
    taken = (
        select(Calendar.connection_id, func.count(Change.id))
        .join(Calendar, Calendar.id == Change.calendar_id)
        .where(Calendar.connection_id.in_(ids), _by_engine(), Change.done_at.is_(None))
        .group_by(Calendar.connection_id)
    )
    found: Counter[tuple[int, str]] = Counter()
    for connection_id, kind, count in db.execute(waiting):
        found[connection_id, kind] = count
    for connection_id, count in db.execute(taken):
        found[connection_id, TAKES_AWAY] = count
    return found


def is_any_pending(db: Session, connection_id: int) -> bool:
    waits = _waiting_links(connection_id).with_only_columns(Link.id).limit(1)
    return db.scalar(waits) is not None or bool(_engine(db, connection_id))


def count_linked(db: Session, connection_id: int, *, now: datetime) -> int:
    """Meetings to come that have an event in this mailbox, those that wait here among them."""
    return len(links.linked_ahead(db, connection_id, now=now))


def count_done(db: Session, connection_id: int, *, since: datetime) -> int:
    """Removals that ran after that moment without anybody's word."""
    connection = connections.by_id(db, connection_id)
    since = max(since, connection.released_at or since)
    inbound = (
        select(func.count(Meeting.id))
        .join(Link)
        .join(Calendar, Calendar.id == Link.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            Meeting.cancelled_in == links.OUTLOOK,
            Meeting.cancelled_at > since,
        )
    )
    outbound = select(func.count(Change.id)).where(
        _is_engines(connection_id), Change.outcome == outbox.DONE, Change.done_at > since
    )
    return (db.scalar(inbound) or 0) + (db.scalar(outbound) or 0)


def hold(db: Session, connection: Connection, *, now: datetime) -> int:
    """The mailbox is held until somebody has seen the list. Gives how many wait."""
    connection.held_at, connection.released = now, 0
    connections.set_state(connection, connections.HELD)
    waiting = pending(db, connection.id)
    for one in waiting:
        subject = timeline.of_meeting(one.meeting)
        timeline.note(db, subject, timeline.ENGINE, "held", why="brake", now=now)
    return len(waiting)


def note_good_turn(connection: Connection) -> None:
    """A held mailbox stays so, however well it can be read."""
    held = connection.held_at is not None
    connections.set_state(connection, connections.HELD if held else connections.CONNECTED)


def end_hold(db: Session, connection: Connection, *, now: datetime) -> None:
    """Nothing waits any more: writing goes on."""
    connection.held_at = None
    if connection.state == connections.HELD:
        connections.set_state(connection, connections.CONNECTED)
    connections.mark_due(db, connection.id, now=now)


def cancel(db: Session, meeting: Meeting, *, now: datetime, why: str | None = None) -> None:
    """The event is gone in Outlook, and so is the meeting."""
    links.cancel_meeting(meeting, now=now)
    outbox.withdraw(db, meeting, code="deleted_in_outlook", now=now)
    subject = timeline.of_meeting(meeting)
    timeline.note(db, subject, timeline.ENGINE, "cancelled in Outlook", why=why, now=now)


def let_go(
    db: Session, connection: Connection, chosen: Sequence[Removal], *, by: int, now: datetime
) -> None:
    """They were meant to go. `by`: the person who said so."""
    for one in chosen:
        subject = timeline.of_meeting(one.meeting)
        timeline.note(db, subject, timeline.PORTAL, "released", now=now)
        if one.change is not None:
            one.change.made_by = by
        elif one.kind == GONE:
            cancel(db, one.meeting, now=now, why="released")
        else:
            _cancel_days(one.meeting, one.days, now=now)
    _released(db, connection, len(chosen), now=now)


def put_back(
    db: Session,
    connection: Connection,
    chosen: Sequence[Removal],
    *,
    by: int,
    transaction_ids: Iterable[str],
    now: datetime,
) -> None:
    """They were not meant to go: each gets an event anew, as a new meeting does. Those invited get
    the invitation again. An event the engine would take away stays.
    """
    for one, transaction_id in zip(chosen, transaction_ids, strict=True):
        subject = timeline.of_meeting(one.meeting)
        timeline.note(db, subject, timeline.PORTAL, "put back", now=now)
        if one.change is not None:
            outbox.settle(one.change, outbox.GIVEN_UP, now=now, code="kept")
            continue
        link = one.meeting.link
        if link is None or one.kind != GONE:
            continue
        remaking.make_again(
            db, link, code="put_back", made_by=by, transaction_id=transaction_id, now=now
        )
    _released(db, connection, len(chosen), now=now)


def left_to_oneself(connection: Connection) -> int:
    """How many removals the person may still decide about in this hold."""
    return max(0, MOST_BY_ONESELF - connection.released)


def _released(db: Session, connection: Connection, count: int, *, now: datetime) -> None:
    connection.released += count
    connection.released_at = now
    db.flush()
    if connection.held_at is not None and not is_any_pending(db, connection.id):
        end_hold(db, connection, now=now)
    connections.mark_due(db, connection.id, now=now)


def _cancel_days(meeting: Meeting, days: Sequence[date], *, now: datetime) -> None:
    for day in days:
        exceptions.call_off(exceptions.of_day(meeting, day))
    meeting.changed_at = now
    if meeting.link is not None:
        meeting.link.vanished = []
        meeting.link.series_due = True


def _waiting_links(connection_id: int) -> Select[Link]:
    return (
        select(Link)
        .join(Meeting)
        .join(Calendar, Calendar.id == Link.calendar_id)
        .where(
            Calendar.connection_id == connection_id,
            _waits(),
        )
        .options(
            selectinload(Link.meeting).selectinload(Meeting.invitees),
            selectinload(Link.meeting).selectinload(Meeting.changes),
            selectinload(Link.meeting).selectinload(Meeting.exceptions),
        )
    )


def _waits() -> ColumnElement[bool]:
    return and_(
        Meeting.cancelled_at.is_(None),
        or_(Link.gone_at.is_not(None), func.json_array_length(Link.vanished) > 0),
    )


def _is_engines(connection_id: int) -> ColumnElement[bool]:
    calendars = select(Calendar.id).where(Calendar.connection_id == connection_id)
    return Change.calendar_id.in_(calendars) & _by_engine()


def _by_engine() -> ColumnElement[bool]:
    return and_(Change.kind == outbox.CANCEL, Change.made_by.is_(None))


def _engine(db: Session, connection_id: int) -> list[Change]:
    """Cancellations that wait and that the engine itself has made."""
    waiting = select(Change).where(_is_engines(connection_id), Change.done_at.is_(None))
    whole = selectinload(Change.meeting)
    return list(db.scalars(waiting.options(whole.selectinload(Meeting.invitees))))
