"""How a turn ended, and what that means for the mailbox and for its next turn."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from m365.errors import (
    AdminApprovalNeeded,
    Forbidden,
    Later,
    MicrosoftError,
    NeedsConsent,
    NoMailbox,
    Throttled,
)
from portal import claims, connections, removals
from sync.access import Gate

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
DEFAULT_PAUSE = timedelta(seconds=10)
# Under a burst Microsoft forbids what it allows a minute later; a second refusal is meant so.
DOUBT_A_REFUSAL, BELIEVE_A_REFUSAL = timedelta(minutes=1), timedelta(hours=1)
APPROVAL_AGAIN = timedelta(hours=1)
MAILBOX_AGAIN = timedelta(days=1)  # a licence may have been given meanwhile


@dataclass(frozen=True, slots=True)
class _Sequel:
    """What a turn's end means for the next one."""

    state: str | None = None
    not_before: datetime | None = None
    pause_until: datetime | None = None


def record(gate: Gate, claim: claims.Claim, error: MicrosoftError | None) -> None:
    """Ends the turn. Raises claims.LeaseLost."""
    now = gate.outside.clock()
    with gate.database.writing() as db:
        connection = claims.hold(db, claim, now=now)
        if error is None:
            connection.failures, connection.good_at = 0, now
            removals.note_good_turn(connection)
            claims.release(db, claim, not_before=None, now=now)
            return
        connection.failures += 1
        sequel = _after(gate, error, connection.failures, now)
        if sequel.pause_until is not None:
            claims.pause(db, connection.id, until=sequel.pause_until)
        state, kind = sequel.state or connection.state, type(error).__name__
        connections.set_state(connection, state, cause=error.code, kind=kind)
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
        return _Sequel(state=connections.NO_MAILBOX, not_before=now + MAILBOX_AGAIN)
    if isinstance(error, AdminApprovalNeeded):
        return _Sequel(state=connections.NEEDS_APPROVAL, not_before=now + APPROVAL_AGAIN)
    asked = error.retry_after if isinstance(error, Later) else None
    if asked is not None or isinstance(error, Throttled):
        quiet = DEFAULT_PAUSE if asked is None else timedelta(seconds=asked)
        return _Sequel(not_before=now + quiet, pause_until=now + quiet)
    if isinstance(error, Forbidden):
        return _Sequel(not_before=now + (DOUBT_A_REFUSAL if failures == 1 else BELIEVE_A_REFUSAL))
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 8), LONGEST_WAIT)
    wait += wait * gate.outside.random.random() / 4
    return _Sequel(not_before=now + wait)
