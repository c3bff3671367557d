"""Push: write what waits in the outbox to Microsoft, one change after the other.

Before every sending it is noted that the sending began: a lost answer is then told from a change
that was never sent, and looked up instead of repeated blindly.
"""

import logging

from sqlalchemy.orm import Session

from m365.errors import MicrosoftError, NoMailbox
from portal import connections, loops, next_change, outbox, retries
from portal.tables import Change
from sync.guards import brake
from sync.turn import Turn
from sync.writing import meaning, ownership, record, waits
from sync.writing.cancel import cancel
from sync.writing.create import create
from sync.writing.meaning import Answer, Concern, Meaning
from sync.writing.outgoing import Job, job_of
from sync.writing.split import split
from sync.writing.update import update

log = logging.getLogger(__name__)

MOST_IN_A_ROW = 3  # refusals that say nothing about one change; the others then wait untried
_SENDERS = {
    outbox.CREATE: create,
    outbox.UPDATE: update,
    outbox.SPLIT: split,
    outbox.CANCEL: cancel,
}


def push(turn: Turn, calendar_id: int) -> None:
    """Sends every due change of the calendar.

    What stands in the way of one change alone postpones or ends that change and no other.
    Raises what ends the turn: Microsoft asks for quiet, wants a new sign-in, or has no mailbox.
    """
    in_a_row = 0
    while not turn.is_over():
        job = _next(turn, calendar_id)
        if job is None:
            return
        try:
            _send(turn, job)
            in_a_row = 0
        except MicrosoftError as error:
            answer = meaning.of(error)
            _settle(turn, job, error, answer)
            if _ends_the_turn(error, answer):
                raise
            in_a_row = 0 if answer.meaning is Meaning.TERMINAL else in_a_row + 1
            if in_a_row == MOST_IN_A_ROW:
                _let_wait(turn, calendar_id, error)
                return


def _send(turn: Turn, job: Job) -> None:
    objection = ownership.objection(turn, job)
    if objection is None:
        _SENDERS[job.kind](turn, job)
    else:
        record.give_up(turn, job, objection)


def _next(turn: Turn, calendar_id: int) -> Job | None:
    with turn.writing() as db:
        while change := next_change.of_calendar(db, calendar_id, now=turn.now()):
            link = change.meeting.link
            if link is not None and loops.is_full(link, now=turn.now()):
                loops.freeze(db, link, now=turn.now())
                log.warning("link frozen link=%d change=%d", link.id, change.id)
                continue
            if _is_stopped(db, turn, change):
                return None
            job = job_of(db, change)
            outbox.note_sending(change, job.meeting.stored(), now=turn.now())
            return job
        return None


def _is_stopped(db: Session, turn: Turn, change: Change) -> bool:
    """What the engine itself would take away goes only while it is not too much."""
    if change.kind != outbox.CANCEL or change.made_by is not None:
        return False
    return brake.stops(db, turn, connections.by_id(db, turn.claim.connection_id))


def _ends_the_turn(error: MicrosoftError, answer: Answer) -> bool:
    return (
        answer.meaning is Meaning.NEEDS_CONSENT
        or isinstance(error, NoMailbox)
        or meaning.asks_for_quiet(error)
    )


def _settle(turn: Turn, job: Job, error: MicrosoftError, answer: Answer) -> None:
    """What the answer means for the change itself."""
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        if not (job.in_doubt or meaning.may_be_done(error)):
            outbox.not_taken(change)
        if answer.meaning is Meaning.TERMINAL:
            record.refused(db, change, error, now=turn.now())
        elif answer.meaning is not Meaning.NEEDS_CONSENT:
            chance = turn.outside.random.random()
            wait = waits.wait(error, answer.concern, change.attempts, chance=chance)
            record.waits(db, change, error, until=turn.now() + wait, now=turn.now())
    log.warning(
        "change not taken change=%d means=%s code=%s status=%d request=%s",
        job.change_id,
        answer.meaning,
        error.code,
        error.status,
        error.request_id,
    )


def _let_wait(turn: Turn, calendar_id: int, error: MicrosoftError) -> None:
    """The others would meet the same: they wait as long as a first try would have to."""
    wait = waits.wait(error, Concern.CALENDAR, 0, chance=turn.outside.random.random())
    with turn.writing() as db:
        retries.let_wait(db, calendar_id, until=turn.now() + wait, code=error.code, now=turn.now())
