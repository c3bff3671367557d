"""Create: once per meeting, whatever gets lost on the way."""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, ChangedMeanwhile, Gone, Later, NoMailbox, Refused
from m365.graph import Graph
from m365.remote import RemoteEvent
from portal import calendars, connections, links, outbox, returning
from portal.tables import Change, Link, Meeting
from sync.judging import content, exceptions, inbound, returned
from sync.reading import keep, series
from sync.turn import Turn
from sync.writing.outgoing import Job, job_of, whole
from sync.writing.record import answered, end, follow_up, look_again, written

log = logging.getLogger(__name__)


def create(turn: Turn, job: Job) -> None:
    """A meeting that was cancelled meanwhile is only looked for, so that it can be taken away."""
    called_off, anew = _called_off_at(turn, job), outbox.ANEW in job.intent
    event = already_made(turn.graph, job) if job.in_doubt else None
    if event is None and job.in_doubt and (called_off or anew):
        event = _anywhere(turn, job)
    if event is None and called_off:
        _end_called_off(turn, job, called_off)
        return
    if event is None and anew:
        job = _begun_anew(turn, job)
    if event is None:
        _look_at_head(turn, job)
    is_found = event is not None
    event = event or _sent(turn, job)
    place = _place_of(turn, job, event)
    _record_created(turn, job, event, place, is_found=is_found)


def already_made(graph: Graph, job: Job) -> RemoteEvent | None:
    """Not what was deleted before: a list may be too late to know of that."""
    try:
        found = graph.find_by_property(job.calendar_graph_id, job.key)
    except Gone:  # the calendar itself
        return None
    return next((one for one in found if one.graph_id not in job.gone_ids), None)


def _called_off_at(turn: Turn, job: Job) -> datetime | None:
    with turn.database.reading() as db:
        return db.get_one(Change, job.change_id).meeting.cancelled_at


def _end_called_off(turn: Turn, job: Job, since: datetime) -> None:
    """Raises Later while it may yet be found."""
    if job.in_doubt and turn.now() < since + links.LAG:  # after that it was never made
        raise Later("create_unsettled")
    end(turn, job, outbox.GIVEN_UP, "cancelled")


def _begun_anew(turn: Turn, job: Job) -> Job:
    """With what the meeting says now."""
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        outbox.not_taken(change)
        fresh = job_of(db, change)
        outbox.note_sending(change, fresh.meeting.stored(), now=turn.now())
        return fresh


def _look_at_head(turn: Turn, job: Job) -> None:
    """The tail of a series that is split is made only when the head can be cut right afterwards, or
    its dates would stand twice until then. Raises Later.
    """
    with turn.database.reading() as db:
        head = outbox.head_to_be_cut(db, job.change_id)
        link_id = None if head is None or head.link is None else head.link.id
    if link_id is None:
        return
    try:
        series.read_before_moving(turn, link_id)
    except (BadAnswer, Gone, Refused) as error:  # the cut will meet it
        log.info("head not read change=%d code=%s", job.change_id, error.code)


def _sent(turn: Turn, job: Job) -> RemoteEvent:
    try:
        return turn.graph.create(
            job.calendar_graph_id,
            whole(job),
            transaction_id=job.transaction_id,
            meeting_key=job.key,
        )
    except ChangedMeanwhile:
        # One of the answers to a repeated transactionId: the event is there.
        found = _anywhere(turn, job)
        if found is None:
            raise Later("create_unsettled") from None
        return found
    except Gone:
        _look_for_calendars(turn)
        raise Later("calendar_gone") from None
    except Refused as error:
        if type(error) is not Refused or not job.in_doubt:
            raise
        found = _anywhere(turn, job)
        if found is None:
            _end_doubt(turn, job)
            raise
        return found


def _end_doubt(turn: Turn, job: Job) -> None:
    """It is refused, and an event that was made before would show by now, or Later is raised."""
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        if change.sent_at is not None and turn.now() < change.sent_at + links.LAG:
            raise Later("create_unsettled")
        outbox.not_taken(change)


def _anywhere(turn: Turn, job: Job) -> RemoteEvent | None:
    """In its calendar, or in the one to which it was moved meanwhile."""
    with turn.database.reading() as db:
        connection = connections.by_id(db, turn.claim.connection_id)
        others = [
            one.graph_id
            for one in connection.calendars
            if one.missing_since is None and (one.can_edit or one.id == job.calendar_id)
        ]
    for calendar in sorted(others, key=lambda one: one != job.calendar_graph_id):
        try:
            found = already_made(turn.graph, replace(job, calendar_graph_id=calendar))
        except (BadAnswer, Refused) as error:
            if calendar == job.calendar_graph_id or isinstance(error, NoMailbox):
                raise
            continue  # a calendar that does not let itself be read is none it could be moved to
        if found is not None:
            return found
    return None


def _look_for_calendars(turn: Turn) -> None:
    with turn.writing() as db:
        connections.by_id(db, turn.claim.connection_id).described_at = None


def _place_of(turn: Turn, job: Job, event: RemoteEvent) -> int:
    """Our id of the calendar it lies in: after a lost answer it may have been moved. Raises Later
    where it is gone and another one is to be made.
    """
    if not job.in_doubt:
        return job.calendar_id
    try:
        holder = turn.graph.calendar_id_of(event.graph_id)
    except Gone:
        if outbox.ANEW in job.intent:
            raise Later("create_unsettled") from None
        return job.calendar_id
    except Refused as error:
        if type(error) is not Refused:
            raise
        raise BadAnswer(error.code) from error  # the id that a list has just told is none
    with turn.database.reading() as db:
        known = calendars.by_graph_id(db, turn.claim.connection_id, holder)
        return job.calendar_id if known is None else known.id


def _record_created(
    turn: Turn, job: Job, event: RemoteEvent, calendar_id: int, *, is_found: bool
) -> None:
    theirs = answered(event)
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        meeting, now = change.meeting, turn.now()
        if meeting.link is None:
            link = links.make(
                db,
                meeting,
                calendar_id,
                graph_id=event.graph_id,
                ical_uid=event.ical_uid,
                change_key=event.change_key,
                base={"ours": job.meeting.stored(), "theirs": theirs.stored()},
                now=now,
            )
            links.note_version(link, event.change_key, event.modified)
            keep.doubt_version(db, calendar_id, event, now=now)
            links.follow(db, link, calendar_id)
            calendars.read_from_now_on(db, calendar_id)
            written(db, turn, link)
            if job.in_doubt:
                if outbox.ANEW in job.intent:  # it was found, then
                    _invite_the_others(db, turn, meeting, event)
                is_unsure = is_found and outbox.UNSURE in job.intent
                sent = content.never_agreed(job.meeting) if is_unsure else job.meeting
                _judge(db, turn, sent, link, event)
        outbox.settle(change, outbox.DONE, now=now)
        look_again(db, replace(job, calendar_id=calendar_id), event, now)
        _follow_up(db, turn, job, meeting)
    log.info("event created change=%d", job.change_id)


def _invite_the_others(db: Session, turn: Turn, meeting: Meeting, event: RemoteEvent) -> None:
    """A person has sent it as it is here; nothing else knows who was invited since it was lost."""
    listed = {one.address.lower() for one in event.attendees}
    others = {one.address for one in meeting.invitees} - listed
    if others and meeting.cancelled_at is None:
        ids, by, now = turn.outside.ids(), meeting.person_id, turn.now()
        outbox.update_event(db, meeting, invite=others, made_by=by, transaction_id=ids, now=now)


def _judge(
    db: Session,
    turn: Turn,
    sent: content.Content,
    link: Link,
    event: RemoteEvent,
) -> None:
    """What it says otherwise than it was sent was changed there before we heard of it; where nobody
    knows what was sent, each difference is a conflict.
    """
    theirs = answered(event)
    differing = frozenset(content.UNITS) - content.agreed(sent, theirs)
    as_sent = content.with_units(theirs, sent, differing)
    inbound.set_base(link, sent, as_sent, turn)
    link.change_key = ""
    inbound.judge_event(db, turn, link, event, under_way=True)


def _follow_up(db: Session, turn: Turn, job: Job, meeting: Meeting) -> None:
    """Exceptions that were made before the series was in Outlook follow it there, too."""
    link = meeting.link
    if link is None:
        return
    agreed, theirs = inbound.bases(link)
    link.series_due = theirs.recurrence is not None
    follow_up(db, turn, replace(job, meeting=agreed), meeting)
    if returning.is_unsaid(meeting):
        returned.call_off(db, turn, meeting)
    elif meeting.cancelled_at is None and exceptions.unsent(meeting, link):
        outbox.update_event(db, meeting, transaction_id=turn.outside.ids(), now=turn.now())
