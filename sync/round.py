"""Rounds: one worker's turn at one mailbox, at most ten seconds, then others may go.

Push first: the pull then brings our own writes home, and one round is enough. A backfill is many
short turns; between two pages of it a waiting change is looked for again.
"""

import logging
from datetime import timedelta

from m365.errors import (
    BadAnswer,
    Gone,
    MicrosoftError,
    NeedsConsent,
    NoMailbox,
    Throttled,
    TokenRefused,
)
from portal import calendars, claims, connections, coverage, eligibility, policy
from portal.database import Database
from portal.tables import Calendar
from sync import one_calendar, outcome
from sync.access import Gate
from sync.guards import brake, first_look
from sync.notices import subscribe
from sync.reading import troubled
from sync.reading.describe import describe, is_due
from sync.reading.leaving import let_go
from sync.turn import Turn

log = logging.getLogger(__name__)

LONGEST = timedelta(seconds=10)
# These end the turn, whichever calendar they came up in.
OF_THE_MAILBOX = (Throttled, NeedsConsent, TokenRefused, NoMailbox)


def run(gate: Gate, claim: claims.Claim) -> None:
    """One turn at a claimed mailbox; safe to run twice. Never raises for what Microsoft answers."""
    try:
        if not _may_go(gate.database, claim):
            with gate.database.writing() as db:
                claims.release(db, claim, not_before=None, now=gate.outside.clock())
            return
        outcome.record(gate, claim, _tried(gate, claim))
    except claims.LeaseLost:
        log.info("lease lost connection=%d; another worker goes on", claim.connection_id)


def _may_go(database: Database, claim: claims.Claim) -> bool:
    """Whether the settings let this mailbox be looked at."""
    with database.reading() as db:
        return eligibility.allows(db, connections.by_id(db, claim.connection_id))


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
    _prepare(turn)
    if not _may_go(turn.database, turn.claim):  # only now it is known whose mailbox this is
        return
    failure = _look_at_calendars(turn)
    let_go(turn)
    with turn.database.reading() as db:
        written_ones = calendars.written_ones(db, turn.claim.connection_id)
    first_look.end(turn)
    brake.decide(turn)
    for calendar in written_ones:
        one_calendar.send(turn, calendar.id)
    if failure is not None:
        raise failure


def _prepare(turn: Turn) -> None:
    """What is in the mailbox, once a day; and whether the coverage is still that of last time."""
    with turn.database.reading() as db:
        connection = connections.by_id(db, turn.claim.connection_id)
        describing = is_due(connection.described_at, turn.now())
        covers_anew = connection.covered != coverage.name(turn.policy)
        may_wait = connection.described_at is not None and not connection.only_reads
    if describing:
        _describe(turn, may_wait=may_wait)
    if covers_anew:
        with turn.writing() as db:
            connection = connections.by_id(db, turn.claim.connection_id)
            connections.meet_coverage(db, connection, now=turn.now())


def _describe(turn: Turn, *, may_wait: bool) -> None:
    """An answer nobody can read is asked for again in the next turn; what is known is enough until
    then.
    """
    try:
        describe(turn)
    except BadAnswer as error:
        if not may_wait:
            raise
        log.warning(
            "mailbox not described connection=%d code=%s request=%s",
            turn.claim.connection_id,
            error.code,
            error.request_id,
        )


def _look_at_calendars(turn: Turn) -> MicrosoftError | None:
    """One calendar's trouble does not hold up the others. Gives what makes this turn a bad one."""
    with turn.database.reading() as db:
        read_ones = calendars.read_ones(db, turn.claim.connection_id, now=turn.now())
    failure: MicrosoftError | None = None
    troubles: list[tuple[Calendar, MicrosoftError]] = []
    for calendar in read_ones:
        try:
            failure = one_calendar.look(turn, calendar) or failure
            troubled.free(turn, calendar)
        except OF_THE_MAILBOX:
            raise
        except MicrosoftError as error:
            if isinstance(error, Gone) and troubled.is_elsewhere(turn, calendar):
                continue
            troubles.append((calendar, error))
    if troubles and len(troubles) == len(read_ones):  # it is not about a calendar
        return troubles[0][1]
    for calendar, trouble in troubles:
        troubled.hold(turn, calendar, trouble)
    return failure
