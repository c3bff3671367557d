"""One occurrence of a series is brought to what the meeting says of it, and no other is touched."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from m365.errors import BadAnswer, ChangedMeanwhile, Gone, Refused, Throttled
from m365.remote import Content as Outgoing
from m365.remote import RemoteEvent
from m365.wire import event_payload
from portal import cache, links, loops, timeline, windows
from portal.tables import Change
from sync.judging import exceptions, inbound
from sync.judging.content import Content, of_meeting
from sync.judging.judge import Units
from sync.judging.occurrence import (
    CALLED_OFF,
    CANCELLED,
    Difference,
    Seen,
    moved,
    of_instance,
    start_of,
)
from sync.turn import Turn
from sync.writing import refusals
from sync.writing.listing import Listed, NotYet, Place, link_of, listed, place_of
from sync.writing.outgoing import Job
from sync.writing.record import written

log = logging.getLogger(__name__)

MOST_LOOKS = 5  # while the occurrence keeps changing under it


@dataclass(frozen=True, slots=True)
class _Step:
    """One write, worked out: the whole of ours, and the units that Outlook does not have yet."""

    graph_id: str
    key: str
    ours: Difference
    units: Units
    series: Content  # ours
    doubtful: tuple[Difference, ...]  # versions that were sent before and may have been done


def bring(turn: Turn, job: Job, day: date) -> None:
    """A refusal that asking again would not change is noted. Raises what else may come."""
    _check_loop(turn, job, day)
    for _ in range(MOST_LOOKS):
        place = place_of(turn, job, day)
        step = _step(turn, job, day, place, listed(turn, job, place, day))
        if step is None:
            return
        try:
            answer = _write(turn, job, step, day)
        except (ChangedMeanwhile, Gone, Refused, Throttled) as error:
            _not_taken(turn, job, day, step)
            if isinstance(error, ChangedMeanwhile):
                continue
            if isinstance(error, Gone):  # the list may be older than the series, or a deletion
                raise NotYet("occurrence_unsettled") from None
            if type(error) is not Refused:  # the calendar or the mailbox refuses, not the day
                raise
            _note_refused(turn, job, day, step, error)
            return
        _record(turn, job, day, step, answer)
        return
    raise NotYet("occurrence_keeps_changing")


def give_way(turn: Turn, job: Job, days: Iterable[date]) -> bool:
    """The first of these that Microsoft has no room for: then there may be room for the others.
    False when none can.
    """
    with turn.writing() as db:
        change, link = db.get_one(Change, job.change_id), link_of(db, job)
        crossing = refusals.held(change, days)  # one may have been edited a moment ago
        gives_way = any(exceptions.give_way(db, turn, link, day) for day in crossing)
        if gives_way:
            refusals.make_room(change)
        return gives_way


def _check_loop(turn: Turn, job: Job, day: date) -> None:
    """Raises Later where this occurrence is written again and again."""
    with turn.writing() as db:
        link, now = link_of(db, job), turn.now()
        full = loops.is_full(link, original_day=day, now=now)
        if full:
            loops.freeze(db, link, original_day=day, now=now)
    if full:
        raise NotYet("frozen")


def _step(turn: Turn, job: Job, day: date, place: Place, listed: Listed) -> _Step | None:
    """What is left to say once the occurrence as it is now has been judged. That the sending
    begins is noted first: a lost answer is then told from a change that was never sent.
    """
    event = listed.event
    with turn.writing() as db:
        link = link_of(db, job)
        meeting, base = link.meeting, exceptions.base_of(link, day)
        if event is None and not listed.is_vouched and links.lately_agreed(link, now=turn.now()):
            raise NotYet("occurrence_not_listed")
        seen = _seen(place, day, event)
        if base.is_late(seen, turn.now()):
            raise NotYet("occurrence_from_before")
        exceptions.judge_day(db, turn, link, day, seen)
        doubtful, ours = base.sent, exceptions.ours_of(meeting, day)
        base = exceptions.base_of(link, day)
        # Over the version that is listed; Microsoft refuses it where that is too old.
        units = moved(ours, base.ours) | exceptions.in_doubt(ours, doubtful)
        is_back = units == {CANCELLED} and not ours.cancelled  # and as it was
        if event is not None and is_back:
            exceptions.keep_base(link, day, replace(base, ours=ours))
        if event is None or is_back or not units:
            refusals.make_room(db.get_one(Change, job.change_id))
            return None
        exceptions.keep_base(link, day, replace(base, sent=doubtful).sending(ours))
        series = of_meeting(meeting)
        return _Step(event.graph_id, event.change_key, ours, units, series, doubtful)


def _seen(place: Place, day: date, event: RemoteEvent | None) -> Seen:
    if event is None:
        return Seen(CALLED_OFF, None)
    found = of_instance(event, place.series, day)
    if found is None:
        raise BadAnswer("occurrence_without_times")
    is_plain = event.kind == cache.OCCURRENCE
    return Seen(found, event.change_key, is_plain=is_plain, modified=event.modified)


def _write(turn: Turn, job: Job, step: _Step, day: date) -> RemoteEvent | None:
    """Microsoft's answer; None where the occurrence is gone."""
    if not step.ours.cancelled:
        return turn.graph.patch(step.graph_id, _fields(step, day), if_match=step.key)
    if job.invitees:
        turn.graph.cancel(step.graph_id, str(job.intent.get("note", "")))
    else:
        turn.graph.delete(step.graph_id, if_match=step.key)
    return None


def _not_taken(turn: Turn, job: Job, day: date, step: _Step) -> None:
    """Microsoft has said that nothing was done: only what was in doubt before still is."""
    with turn.writing() as db:
        link = link_of(db, job)
        base = exceptions.base_of(link, day)
        exceptions.keep_base(link, day, replace(base, sent=step.doubtful))


def _fields(step: _Step, day: date) -> dict[str, Any]:
    ours, series = step.ours, step.series
    starts = ours.starts or start_of(series, day)
    ends = ours.ends or starts + (series.ends - series.starts)
    version = Outgoing(
        title=series.title if ours.title is None else ours.title,
        starts=None if series.all_day else starts,
        ends=None if series.all_day else ends,
        zone=series.zone,
        all_day=series.all_day,
        first_day=starts.date() if series.all_day else None,
        last_day_exclusive=ends.date() if series.all_day else None,
        location=series.location if ours.location is None else ours.location,
    )
    return event_payload(version, step.units - {CANCELLED})


def _record(turn: Turn, job: Job, day: date, step: _Step, answer: RemoteEvent | None) -> None:
    with turn.writing() as db:
        change = db.get_one(Change, job.change_id)
        link = change.meeting.link
        if link is None:
            return
        base = exceptions.base_of(link, day)
        theirs, key, modified = CALLED_OFF, None, None
        if answer is not None:
            found = of_instance(answer, inbound.bases(link)[1], day)
            theirs, key, modified = found or step.ours, answer.change_key, answer.modified
        agreed = base.written(
            step.ours, theirs, key=key, replaced=step.key, now=turn.now(), modified=modified
        )
        exceptions.keep_base(link, day, agreed)
        refusals.make_room(change)
        link.series_due = True
        if answer is None:
            cache.remove(db, job.calendar_id, [step.graph_id])
        moments = [start_of(step.series, day), *(one for one in (theirs.starts,) if one)]
        windows.mark_due(db, job.calendar_id, around=moments, now=turn.now())
        written(db, turn, link, fields=step.units, original_day=day)
    log.info("occurrence written change=%d day=%s", job.change_id, day)


def _note_refused(turn: Turn, job: Job, day: date, step: _Step, error: Refused) -> None:
    with turn.writing() as db:
        refusals.note(db.get_one(Change, job.change_id), day, step.ours, error.code)
        timeline.note(
            db,
            timeline.of_link(link_of(db, job), original_day=day),
            timeline.OUTLOOK,
            "refused",
            why=error.code,
            request_id=error.request_id,
            now=turn.now(),
        )
    log.error(
        "occurrence refused change=%d day=%s code=%s request=%s",
        job.change_id,
        day,
        error.code,
        error.request_id,
    )
