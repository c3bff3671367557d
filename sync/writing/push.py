"""Push: write what waits in the outbox to Microsoft, one change after the other.

Before every sending it is noted that the sending began: a lost answer is then told from a change
that was never sent, and looked up instead of repeated blindly.
"""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, Later, MicrosoftError, NeedsConsent, Throttled, TokenRefused
from portal import connections, outbox
from portal.tables import Change
from sync.guards import brake
from sync.turn import Turn
from sync.writing.cancel import cancel
from sync.writing.create import create
from sync.writing.outgoing import Job, job_of
from sync.writing.record import end
from sync.writing.update import update

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
MOST_ATTEMPTS = 50
_SENDERS = {
    outbox.CREATE: create,
    outbox.UPDATE: update,
    outbox.SPLIT: update,
    outbox.CANCEL: cancel,
}


def push(turn: Turn, calendar_id: int) -> None:
    """Sends every due change of the calendar.

    What stands in the way of one change alone postpones or ends that change and no other.
    Raises Throttled, NeedsConsent and TokenRefused.
    """
    while not turn.is_over():
        job = _next(turn, calendar_id)
        if job is None:
            return
        try:
            _SENDERS[job.kind](turn, job)
        except (NeedsConsent, TokenRefused):
            raise
        except (Later, BadAnswer) as error:
            _postpone(turn, job, error)
            if isinstance(error, Throttled):
                raise
        except MicrosoftError as error:
            _fail(turn, job, error)


def _next(turn: Turn, calendar_id: int) -> Job | None:
    with turn.writing() as db:
        change = outbox.due(db, calendar_id, now=turn.now())
        if change is None or _is_stopped(db, turn, change):
            return None
        job = job_of(db, change)
        outbox.note_sending(change, job.meeting.stored(), now=turn.now())
        return job


def _is_stopped(db: Session, turn: Turn, change: Change) -> bool:
    """What the engine itself would take away goes only while it is not too much."""
    if change.kind != outbox.CANCEL or change.made_by is not None:
        return False
    return brake.stops(db, turn, connections.by_id(db, turn.claim.connection_id))


def _postpone(turn: Turn, job: Job, error: MicrosoftError) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        _fail(turn, job, error)
        return
    wait = min(FIRST_WAIT * 2 ** min(job.attempts, 10), LONGEST_WAIT)
    asked = getattr(error, "retry_after", None)
    wait = max(wait, timedelta(seconds=asked)) if asked else wait
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.postpone(change, until=turn.now() + wait, code=error.code)
    log.warning("change waits change=%d code=%s request=%s", *_named(job, error))


def _fail(turn: Turn, job: Job, error: MicrosoftError) -> None:
    end(turn, job, outbox.FAILED, error.code)
    log.error("change failed change=%d code=%s request=%s", *_named(job, error))


def _named(job: Job, error: MicrosoftError) -> tuple[int, str, str]:
    return job.change_id, error.code, error.request_id
