"""Rounds: one worker's turn at one mailbox, at most ten seconds, then others may go.

Push first: the pull then brings our own writes home, and one round is enough. A backfill is many
short turns; between two pages of it a waiting change is looked for again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from m365.errors import (
    BadAnswer,
    Gone,
    Later,
    MicrosoftError,
    NeedsConsent,
    NoMailbox,
    Throttled,
    TokenRefused,
)
from portal import (
    calendars,
    claims,
    connections,
    coverage,
    outbox,
    policy,
    removals,
    windows,
)
from portal.tables import Calendar
from sync.access import Gate
from sync.adoption import adopt
from sync.guards import brake
from sync.notices import subscribe
from sync.notices.follow import follow
from sync.reading.describe import describe, is_due
from sync.reading.pull import pull
from sync.reading.settle import settle
from sync.turn import Turn
from sync.writing.push import push

log = logging.getLogger(__name__)

LONGEST = timedelta(seconds=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
# These end the turn, whichever calendar they came up in.
OF_THE_MAILBOX = (Throttled, NeedsConsent, TokenRefused, NoMailbox)
DEFAULT_PAUSE = timedelta(seconds=10)


def run(gate: Gate, claim: claims.Claim) -> None:
    """One turn at a claimed mailbox; safe to run twice. Never raises for what Microsoft answers."""
    try:
        if _is_switched_off(gate, claim):
            with gate.database.writing() as db:
                claims.release(db, claim, not_before=None, now=gate.outside.clock())
            return
        _record(gate, claim, _tried(gate, claim))
    except claims.LeaseLost:
        log.info("lease lost connection=%d; another worker goes on", claim.connection_id)


def _is_switched_off(gate: Gate, claim: claims.Claim) -> bool:
    with gate.database.reading() as db:
        connection = connections.by_id(db, claim.connection_id)
        return not policy.of(db, connection.person_id).enabled


def _tried(gate: Gate, claim: claims.Claim) -> MicrosoftError | None:
    """A token that Microsoft refuses before its time is renewed once."""
    refused: str | None = None
    for _ in range(2):
        try:
            with gate.mailbox(claim.connection_id, refused=refused) as (graph, token):
                with gate.database.reading() as db:
                    connection = connections.by_id(db, claim.connection_id)
                    chosen = policy.of(db, connection.person_id)
                now = gate.outside.clock()
                ends = now + LONGEST
                turn = Turn(gate.database, gate.outside, graph, claim, chosen, ends)
                _work(turn)
                subscribe.ensure(turn, gate)
                return None
        except TokenRefused as error:
            failure: MicrosoftError = error
            refused = token
        except MicrosoftError as error:
            return error
    return NeedsConsent(failure.code, status=failure.status, request_id=failure.request_id)


def _work(turn: Turn) -> None:
    with turn.database.reading() as db:
        connection = connections.by_id(db, turn.claim.connection_id)
        describing = is_due(connection.described_at, turn.now())
    if describing:
        describe(turn)
    with turn.database.reading() as db:
        read_ones = calendars.read_ones(db, turn.claim.connection_id)
        written_ones = calendars.written_ones(db, turn.claim.connection_id)
    failure: MicrosoftError | None = None
    for calendar in read_ones:
        try:
            _round(turn, calendar)
        except OF_THE_MAILBOX:
            raise
        except MicrosoftError as error:  # one calendar's trouble does not hold up the others
            failure = error
            if isinstance(error, Gone):
                _describe_anew(turn)
    brake.decide(turn)
    for calendar in written_ones:
        _push(turn, calendar.id)
    if failure is not None:
        raise failure


def _describe_anew(turn: Turn) -> None:
    """A calendar is not where it was: the next turn reads the list of calendars first."""
    with turn.writing() as db:
        connections.by_id(db, turn.claim.connection_id).described_at = None


def _round(turn: Turn, calendar: Calendar) -> None:
    """Push, settle, pull a window that is due; again until nothing is due or time is up."""
    if not _roll(turn, calendar.id):
        return
    while not turn.is_over():
        _push(turn, calendar.id)
        follow(turn)
        settle(turn, calendar.id, calendar.graph_id)
        window_id = _next_window(turn, calendar.id)
        if window_id is None:
            break
        try:
            pull(turn, window_id)
        except windows.Closed:
            return
        except (Later, *OF_THE_MAILBOX):
            raise
        except MicrosoftError as error:
            _hold_window(turn, window_id, error)
            raise
    adopt(turn, calendar.id)
    _end_of_reading(turn)


def _roll(turn: Turn, calendar_id: int) -> bool:
    """False when the person has unticked the calendar since the turn began."""
    covered = coverage.of(turn.policy)
    wanted = windows.quarters(turn.now(), covered)
    with turn.database.reading() as db:
        if not db.get_one(Calendar, calendar_id).ticked:
            return False
        held = {window.starts_at for window in windows.of_calendar(db, calendar_id)}
    if held != {start for start, _end in wanted}:
        with turn.writing() as db:
            windows.roll(db, db.get_one(Calendar, calendar_id), covered, now=turn.now())
    return True


def _next_window(turn: Turn, calendar_id: int) -> int | None:
    with turn.database.reading() as db:
        window = windows.next_due(db, calendar_id, now=turn.now())
        return None if window is None else window.id


def _hold_window(turn: Turn, window_id: int, error: MicrosoftError) -> None:
    """An answer nobody can use: the window waits an hour, the others go on."""
    until = turn.now() + windows.COLD_EVERY
    with turn.writing() as db:
        if isinstance(error, BadAnswer):  # the cursor may be what leads there
            windows.refill(windows.by_id(db, window_id), now=until)
        windows.hold(db, window_id, until=until)


def _push(turn: Turn, calendar_id: int) -> None:
    with turn.database.reading() as db:
        allowed = claims.may_write(db, connections.by_id(db, turn.claim.connection_id))
    if allowed:
        push(turn, calendar_id)


def _end_of_reading(turn: Turn) -> None:
    """After a reconnect the first round only reads. What waits then goes by itself where nobody
    gets mail from it; else it is shown to the person and waits for a click.
    """
    with turn.database.reading() as db:
        connection = connections.by_id(db, turn.claim.connection_id)
        if not connection.only_reads or not windows.hot_are_read(connection, now=turn.now()):
            return
        mails = any(change.meeting.invitees for change in outbox.waiting_of(db, connection.id))
    if not mails:
        with turn.writing() as db:
            connections.by_id(db, turn.claim.connection_id).only_reads = False


@dataclass(frozen=True, slots=True)
class _Sequel:
    """What a turn's end means for the next one."""

    state: str | None = None
    not_before: datetime | None = None
    pause_until: datetime | None = None


def _record(gate: Gate, claim: claims.Claim, error: MicrosoftError | None) -> None:
    now = gate.outside.clock()
    with gate.database.writing() as db:
        connection = claims.hold(db, claim, now=now)
        if error is None:
            connection.failures, connection.good_at = 0, now
            connection.pause_until = None
            removals.note_good_turn(connection)
            claims.release(db, claim, not_before=None, now=now)
            return
        connection.failures += 1
        sequel = _after(gate, error, connection.failures, now)
        connection.pause_until = sequel.pause_until
        connections.set_state(connection, sequel.state or connection.state, cause=error.code)
        claims.release(db, claim, not_before=sequel.not_before, now=now)
    log.warning(
        "turn failed connection=%d kind=%s code=%s status=%d request=%s",
        claim.connection_id,
        type(error).__name__,
        error.code,
        error.status,
        error.request_id,
    )


def _after(gate: Gate, error: MicrosoftError, failures: int, now: datetime) -> _Sequel:
    if isinstance(error, NeedsConsent):
        return _Sequel(state=connections.NEEDS_CONSENT)
    if isinstance(error, NoMailbox):
        return _Sequel(state=connections.NO_MAILBOX)
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 8), LONGEST_WAIT)
    wait += wait * gate.outside.random.random() / 4
    if isinstance(error, Throttled):
        asked = error.retry_after
        quiet = DEFAULT_PAUSE if asked is None else timedelta(seconds=asked)
        return _Sequel(not_before=now + quiet, pause_until=now + quiet)
    return _Sequel(not_before=now + wait)
