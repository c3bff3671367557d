"""A person's tie to Microsoft 365: its states and tokens, its calendars, and its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from portal import held_events, outbox, policy, retries, subscriptions
from portal.cache import MASTER
from portal.tables import Calendar, Connection, Event, Link, Meeting, Window

CONNECTING, CONNECTED = "connecting", "connected"
NEEDS_CONSENT, NO_MAILBOX, DISCONNECTED = "needs_consent", "no_mailbox", "disconnected"
HELD = "held"  # by the brake: read, so that the list stays true, and not written
AT_WORK = (CONNECTING, CONNECTED, HELD)
ASKED = (*AT_WORK, NO_MAILBOX)  # a mailbox may come with a licence, so it is looked for daily
READ, READ_WRITE = "read", "read_write"
LATE_AFTER, STALLED_AFTER = timedelta(minutes=30), timedelta(hours=2)
# Why a first round only reads.
RECONNECT, PAUSE, VERSION = "reconnect", "pause", "version"


class TakenByAnother(Exception):
    """Another person of this portal has connected this Microsoft account."""


class AnotherUser(Exception):
    """The person was connected as a different Microsoft user and has not agreed to a change."""


@dataclass(frozen=True, slots=True)
class MicrosoftTie:
    """What a finished consent brings: who at Microsoft, what they granted, the tokens."""

    tenant_id: str
    object_id: str
    username: str
    calendar_access: str
    scopes: tuple[str, ...]
    access_token: str
    refresh_token: str | None
    expires_at: datetime


def by_id(db: Session, connection_id: int) -> Connection:
    return db.get_one(Connection, connection_id)


def of_person(db: Session, person_id: int) -> Connection | None:
    return db.scalar(select(Connection).where(Connection.person_id == person_id))


def live_of(db: Session, person_id: int) -> Connection | None:
    """The connection unless it was never made or has been ended."""
    connection = of_person(db, person_id)
    return None if connection is None or connection.state == DISCONNECTED else connection


def target_of(db: Session, person_id: int) -> Calendar | None:
    """The calendar that meetings of this person are written to; None: they stay only here."""
    chosen = policy.of(db, person_id)
    if not (chosen.enabled and chosen.bidirectional):
        return None
    return db.scalar(
        select(Calendar)
        .join(Connection)
        .where(
            Connection.person_id == person_id,
            Connection.state.in_((*AT_WORK, NEEDS_CONSENT, NO_MAILBOX)),
            Connection.calendar_access == READ_WRITE,
            Calendar.is_target,
            Calendar.can_edit,
            Calendar.missing_since.is_(None),
        )
    )


def establish(
    db: Session, person_id: int, tie: MicrosoftTie, *, replace_user: bool, now: datetime
) -> Connection:
    """Connects or reconnects. The same Microsoft user (tenant and object id) keeps calendars and
    links; another one starts anew, and only when `replace_user`.

    Raises TakenByAnother and AnotherUser.
    """
    same_user = db.scalar(
        select(Connection).where(
            Connection.tenant_id == tie.tenant_id, Connection.object_id == tie.object_id
        )
    )
    if same_user is not None and same_user.person_id != person_id:
        if same_user.state != DISCONNECTED:
            raise TakenByAnother
        _forget(db, same_user)
    connection = of_person(db, person_id)
    if connection is not None and _is_other(connection, tie):
        if not replace_user:
            raise AnotherUser
        _forget(db, connection)
        connection = None
    if connection is None:
        connection = _new(person_id)
        db.add(connection)
    else:
        read_first(connection, RECONNECT, now=now)
        retries.try_now(db, connection.id, now=now)
    _bring(connection, tie, now)
    db.flush()
    if tie.calendar_access != READ_WRITE:
        _give_up(db, connection, code="read_only", now=now)
    return connection


def _is_other(connection: Connection, tie: MicrosoftTie) -> bool:
    return (connection.tenant_id, connection.object_id) != (tie.tenant_id, tie.object_id)


def _new(person_id: int) -> Connection:
    return Connection(
        person_id=person_id,
        mailbox_address=None,
        mailbox_zone=None,
        refresh_until=None,
        leased_until=None,
        lease_number=0,
        only_reads=False,
    )


def _bring(connection: Connection, tie: MicrosoftTie, now: datetime) -> None:
    connection.tenant_id, connection.object_id = tie.tenant_id, tie.object_id
    connection.username = tie.username
    connection.calendar_access = tie.calendar_access
    connection.scopes = list(tie.scopes)
    connection.access_token, connection.refresh_token = tie.access_token, tie.refresh_token
    connection.token_expires_at, connection.refresh_until = tie.expires_at, None
    connection.connected_at, connection.good_at = now, None
    connection.due_at, connection.pause_until = now, None
    connection.failures, connection.described_at = 0, None
    set_state(connection, CONNECTING)


def read_first(connection: Connection, why: str, *, now: datetime) -> None:
    """The next round only reads: nothing is written before every hot window was looked at again."""
    if not connection.only_reads:
        connection.only_reads_why = why
    connection.only_reads, connection.only_reads_since = True, now


def set_state(connection: Connection, state: str, *, cause: str | None = None) -> None:
    connection.state, connection.cause = state, cause


def mark_due(db: Session, connection_id: int, *, now: datetime) -> None:
    """The dispatcher takes it at its next look."""
    db.execute(
        update(Connection)
        .where(
            Connection.id == connection_id,
            or_(Connection.due_at.is_(None), Connection.due_at > now),
        )
        .values(due_at=now)
    )


def look_now(db: Session, connection_id: int, *, now: datetime) -> None:
    """Sync now: every window of every ticked calendar, the calendar list and what waits are due."""
    mine = select(Calendar.id).where(Calendar.connection_id == connection_id)
    db.execute(update(Window).where(Window.calendar_id.in_(mine)).values(due_at=now))
    db.execute(update(Connection).where(Connection.id == connection_id).values(described_at=None))
    retries.try_now(db, connection_id, now=now)
    mark_due(db, connection_id, now=now)


def choose_calendars(
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
            _drop_cache(db, [calendar.id])
    mark_due(db, connection.id, now=now)
    return kept


def _with_meetings(db: Session, connection_id: int, *, now: datetime) -> set[int]:
    linked = {
        meeting.link.calendar_id
        for meeting in linked_ahead(db, connection_id, now=now)
        if meeting.link is not None
    }
    return linked | {change.calendar_id for change in outbox.waiting_of(db, connection_id)}


def linked_ahead(db: Session, connection_id: int, *, now: datetime) -> list[Meeting]:
    """Meetings to come that have an event in this mailbox."""
    return list(
        db.scalars(
            select(Meeting)
            .join(Link)
            .join(Calendar, Calendar.id == Link.calendar_id)
            .where(
                Calendar.connection_id == connection_id,
                Meeting.cancelled_at.is_(None),
                or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now),
            )
            .order_by(Meeting.starts_at)
        )
    )


def disconnect(db: Session, connection: Connection, *, now: datetime) -> None:
    """Ends waiting changes; deletes tokens, cursors and cached events; keeps meetings and links.

    Deletes nothing outside: see docs for where the consent itself is withdrawn.
    """
    _give_up(db, connection, code="disconnected", now=now)
    _drop_cache(db, [calendar.id for calendar in connection.calendars])
    subscriptions.forget(db, connection.id)
    connection.access_token = connection.refresh_token = None
    connection.token_expires_at = connection.refresh_until = None
    connection.due_at = connection.leased_until = None
    connection.lease_number += 1  # a round under way can no longer write
    set_state(connection, DISCONNECTED)


def _give_up(db: Session, connection: Connection, *, code: str, now: datetime) -> None:
    outbox.give_up(db, [calendar.id for calendar in connection.calendars], code=code, now=now)


def _drop_cache(db: Session, calendar_ids: Collection[int]) -> None:
    held_events.drop(db, calendar_ids)
    db.execute(delete(Event).where(Event.calendar_id.in_(calendar_ids)))
    db.execute(delete(Window).where(Window.calendar_id.in_(calendar_ids)))


def _forget(db: Session, connection: Connection) -> None:
    """Another Microsoft user takes over: nothing of the former tie may reach the new mailbox."""
    calendar_ids = [calendar.id for calendar in connection.calendars]
    outbox.forget(db, calendar_ids)
    _drop_cache(db, calendar_ids)
    db.execute(delete(Link).where(Link.calendar_id.in_(calendar_ids)))
    db.execute(delete(Calendar).where(Calendar.id.in_(calendar_ids)))
    subscriptions.forget(db, connection.id)
    db.delete(connection)
    db.flush()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the first sync is: windows filled of all, events held, whether it is still going."""

    filled: int
    windows: int
    events: int
    running: bool


def progress_of(db: Session, connection: Connection) -> Progress:
    mine = select(Calendar.id).where(Calendar.connection_id == connection.id, Calendar.ticked)
    windows, filled = db.execute(
        select(func.count(Window.id), func.count(Window.filled_at)).where(
            Window.calendar_id.in_(mine)
        )
    ).one()
    events = db.scalar(
        select(func.count(Event.id)).where(Event.calendar_id.in_(mine), Event.kind != MASTER)
    )
    going = connection.state in AT_WORK and (windows == 0 or filled < windows)
    return Progress(filled=filled, windows=windows, events=events or 0, running=going)


def first_sync_runs(db: Session, person_id: int) -> bool:
    connection = live_of(db, person_id)
    return connection is not None and progress_of(db, connection).running


def timeliness(connection: Connection, *, poll: timedelta, now: datetime) -> str:
    """One of "connected", "delayed" or "stalled", by the time of the last good round."""
    since = now - (connection.good_at or connection.connected_at)
    if since > max(STALLED_AFTER, 6 * poll):
        return "stalled"
    return "delayed" if since > max(LATE_AFTER, 3 * poll) else CONNECTED
