"""A person's tie to Microsoft 365: its states and tokens, its calendars, and its end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal import cache, coverage, grants, outbox, policy, retries, subscriptions, windows
from portal.tables import Calendar, Connection, Link, Meeting, Window

CONNECTING, CONNECTED = "connecting", "connected"
NEEDS_CONSENT, NO_MAILBOX, DISCONNECTED = "needs_consent", "no_mailbox", "disconnected"
NEEDS_APPROVAL = "needs_approval"  # an administrator at Microsoft has to agree first
BLOCKED = policy.BLOCKED  # a setting ended it
HELD = "held"  # by the brake: read, so that the list stays true, and not written
AT_WORK = (CONNECTING, CONNECTED, HELD)
# A mailbox may come with a licence and an approval by itself, so both are looked for.
ASKED = (*AT_WORK, NO_MAILBOX, NEEDS_APPROVAL)
OAUTH, APPLICATION = "oauth", "application"  # how the mailbox is reached
READ, READ_WRITE = "read", "read_write"
# Why a first round only reads.
RECONNECT, PAUSE, VERSION, SWITCHED_ON = "reconnect", "pause", "version", "switched_on"
UNBLOCKED = "policy"


class TakenByAnother(Exception):
    """Another person of this portal has connected this Microsoft account."""


class AnotherUser(Exception):
    """The person was connected as a different Microsoft user and has not agreed to a change."""


@dataclass(frozen=True, slots=True)
class MicrosoftTie:
    """What a consent brings: who at Microsoft, what they granted, and a person's own: tokens."""

    tenant_id: str
    object_id: str
    username: str
    calendar_access: str
    scopes: tuple[str, ...]
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: datetime | None = None
    mode: str = OAUTH


def by_id(db: Session, connection_id: int) -> Connection:
    return db.get_one(Connection, connection_id)


def of_person(db: Session, person_id: int) -> Connection | None:
    return db.scalar(select(Connection).where(Connection.person_id == person_id))


def live_of(db: Session, person_id: int) -> Connection | None:
    """The connection unless it was never made or has been ended."""
    connection = of_person(db, person_id)
    return None if connection is None or connection.state == DISCONNECTED else connection


def target_of(db: Session, person_id: int) -> Calendar | None:
    """The calendar that new meetings of this person are written to; None: those stay only here."""
    connection = of_person(db, person_id)
    if connection is None or not sends(connection, policy.of(db, person_id)):
        return None
    return db.scalar(
        select(Calendar).where(
            Calendar.connection_id == connection.id,
            Calendar.is_target,
            Calendar.can_edit,
            Calendar.missing_since.is_(None),
        )
    )


def reaches(db: Session, meeting: Meeting) -> bool:
    """Whether what is changed of it here is to be written, now or once what is in the way is over.
    Where it has an event, or gets one, the calendar chosen for new ones may be missing.
    """
    if meeting.link is None and all(one.done_at is not None for one in meeting.changes):
        return target_of(db, meeting.person_id) is not None
    connection = of_person(db, meeting.person_id)
    return connection is not None and sends(connection, policy.of(db, meeting.person_id))


def sends(connection: Connection, chosen: policy.Policy) -> bool:
    """Whether what waits for this connection is sent, be it after somebody has acted."""
    waits_there = (*AT_WORK, NEEDS_CONSENT, NEEDS_APPROVAL, NO_MAILBOX)
    return connection.state in waits_there and grants.sends(connection, chosen)


def stopped_by(connection: Connection, chosen: policy.Policy) -> str | None:
    """What keeps it from working until somebody acts: a state, "paused", "switched_off", or
    "one_way" where it only reads; None: nothing.
    """
    if connection.state == BLOCKED or not chosen.enabled:
        return BLOCKED if connection.state == BLOCKED else "switched_off"
    if connection.paused_by is not None:
        return "paused"
    stopped = (NEEDS_CONSENT, NEEDS_APPROVAL, NO_MAILBOX)
    if connection.state in stopped:
        return connection.state
    return None if grants.sends(connection, chosen) else "one_way"


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
        connection = _new(person_id, tie.mode)
        db.add(connection)
    else:
        read_first(connection, RECONNECT, now=now)
        retries.try_now(db, connection.id, now=now)
        reach_by(db, connection, tie.mode, now=now)
    _bring(connection, tie, now)
    db.flush()
    if tie.calendar_access != READ_WRITE:
        _give_up(db, connection, code="read_only", now=now)
    return connection


def _is_other(connection: Connection, tie: MicrosoftTie) -> bool:
    return (connection.tenant_id, connection.object_id) != (tie.tenant_id, tie.object_id)


def _new(person_id: int, mode: str) -> Connection:
    return Connection(
        person_id=person_id,
        mailbox_address=None,
        mailbox_zone=None,
        mode=mode,
        refresh_until=None,
        leased_until=None,
        lease_number=0,
        only_reads=False,
    )


def _bring(connection: Connection, tie: MicrosoftTie, now: datetime) -> None:
    connection.tenant_id, connection.object_id = tie.tenant_id, tie.object_id
    connection.username = tie.username
    if connection.state == BLOCKED:  # else a notice that runs goes on
        connection.cut_off_at = connection.cut_off_why = None
    connection.calendar_access = tie.calendar_access
    connection.scopes = list(tie.scopes)
    connection.access_token, connection.refresh_token = tie.access_token, tie.refresh_token
    connection.token_expires_at, connection.refresh_until = tie.expires_at, None
    connection.connected_at, connection.good_at = now, None
    connection.due_at, connection.pause_until = now, None
    connection.offered_at = connection.resumed_at = None
    connection.failures, connection.described_at = 0, None
    connection.one_way = False  # it reads first anyway
    set_state(connection, CONNECTING)


def reach_by(db: Session, connection: Connection, mode: str, *, now: datetime) -> None:
    """Cursors and subscriptions of one way are nothing to the other: windows are filled anew."""
    if connection.mode == mode:
        return
    connection.mode = mode
    connection.access_token = connection.refresh_token = connection.token_expires_at = None
    subscriptions.forget(db, connection.id)
    for calendar in connection.calendars:
        for window in calendar.windows:
            windows.refill(window, now=now)
    read_first(connection, RECONNECT, now=now)


def read_first(connection: Connection, why: str, *, now: datetime) -> None:
    """The next round only reads: nothing is written before every hot window was looked at again."""
    if not connection.only_reads:
        connection.only_reads_why = why
    connection.only_reads, connection.only_reads_since = True, now


def meet_coverage(db: Session, connection: Connection, *, now: datetime) -> None:
    """Called by each round: where the coverage is another than the last round's, this one only
    reads. On the way to 2.0 the open windows are filled anew; nothing leaves them meanwhile.
    """
    chosen = policy.of(db, connection.person_id)
    before, connection.covered = connection.covered, coverage.name(chosen)
    was, connection.sync_version = connection.sync_version, chosen.sync_version
    if before in (None, connection.covered):
        return
    read_first(connection, VERSION, now=now)
    widens = was == coverage.MEETINGS_ONLY != chosen.sync_version
    for calendar in connection.calendars:
        for window in calendar.windows:
            if widens:
                windows.refill(window, now=now)
            window.due_at = min(window.due_at, now)


def write_again(db: Session, connection_ids: list[int], *, now: datetime) -> None:
    """A setting had switched their writing off: what was changed here meanwhile is looked for
    first, and shown where people get mail from it.
    """
    for connection in db.scalars(select(Connection).where(Connection.id.in_(connection_ids))):
        read_first(connection, SWITCHED_ON, now=now)
        connection.described_at = None
        mark_due(db, connection.id, now=now)


def set_state(
    connection: Connection, state: str, *, cause: str | None = None, kind: str | None = None
) -> None:
    """`cause` is a code, of the kind of error `kind`."""
    connection.state, connection.cause, connection.cause_kind = state, cause, kind


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


def disconnect(db: Session, connection: Connection, *, now: datetime) -> None:
    """Ends waiting changes; deletes tokens, cursors and cached events; keeps meetings and links.

    Deletes nothing outside: see docs for where the consent itself is withdrawn.
    """
    _give_up(db, connection, code="disconnected", now=now)
    cache.drop(db, [calendar.id for calendar in connection.calendars])
    _forget_trouble(db, connection)
    connection.backfill_paused = False
    if connection.paused_by != "admin":  # coming back does not end an administrator's pause
        connection.paused_by = connection.paused_at = None
    connection.access_token = connection.refresh_token = None
    connection.token_expires_at = connection.refresh_until = None
    connection.due_at = connection.leased_until = None
    connection.first_answer_at = connection.covered = None  # coming back begins anew
    connection.cut_off_at = connection.cut_off_why = None
    connection.lease_number += 1  # a round under way can no longer write
    set_state(connection, DISCONNECTED)


def _give_up(db: Session, connection: Connection, *, code: str, now: datetime) -> None:
    outbox.give_up(db, [calendar.id for calendar in connection.calendars], code=code, now=now)


def _forget_trouble(db: Session, connection: Connection) -> None:
    """What was noted about a mailbox that is no longer looked at."""
    subscriptions.forget(db, connection.id)
    for calendar in connection.calendars:
        calendar.held_until = calendar.held_code = None


def _forget(db: Session, connection: Connection) -> None:
    """Another Microsoft user takes over: nothing of the former tie may reach the new mailbox."""
    calendar_ids = [calendar.id for calendar in connection.calendars]
    _forget_trouble(db, connection)
    outbox.forget(db, calendar_ids)
    cache.drop(db, calendar_ids)
    db.execute(delete(Link).where(Link.calendar_id.in_(calendar_ids)))
    db.execute(delete(Calendar).where(Calendar.id.in_(calendar_ids)))
    db.delete(connection)
    db.flush()
