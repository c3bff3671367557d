"""What a change in Outlook does to the meetings it is linked to."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from m365.remote import RemoteEvent
from portal import cache, held_events, links, outbox, recurrence, remaking, returning, timeline
from portal.tables import Link, Meeting
from sync.judging import content, exceptions, room
from sync.judging.judge import Verdict
from sync.judging.merge import merge, with_lost_answers
from sync.turn import Turn

log = logging.getLogger(__name__)


def judge_events(db: Session, turn: Turn, calendar_id: int, events: Iterable[RemoteEvent]) -> None:
    """Every linked event among these is held against its base. A page may show a few occurrences
    of a series or all: which of them differ, and which are no more, is looked up afterwards.
    """
    by_id = {event.graph_id: event for event in events}
    series = {event.series_id for event in by_id.values() if event.series_id}
    series |= {event.graph_id for event in by_id.values() if event.kind == cache.MASTER}
    for link in links.of_events(db, calendar_id, series.union(by_id)):
        if link.graph_id in by_id:
            judge_event(db, turn, link, by_id[link.graph_id])
        if link.graph_id in series and link.meeting.cancelled_at is None:
            link.series_due = True


def judge_event(
    db: Session, turn: Turn, link: Link, event: RemoteEvent, *, under_way: bool = False
) -> None:
    """Takes, keeps or sends per unit. Old news and our own echo change nothing.

    `under_way`: a change of this meeting is just being sent and says what is to be sent.
    """
    meeting = link.meeting
    if links.is_late(link, event.change_key, event.modified, now=turn.now()):
        return
    if meeting.cancelled_at is not None:
        _show_again(db, turn, link, event)
        return
    if link.gone_at is not None and not event.is_cancelled:
        link.gone_at = None
        timeline.note(db, timeline.of_link(link), timeline.OUTLOOK, "came back", now=turn.now())
    if event.change_key == link.change_key:
        return
    if event.is_cancelled:
        gone(db, turn, link)
        return
    theirs = content.of_remote(event)
    if theirs is None:
        log.warning("linked event cannot be followed link=%d", link.id)
        subject = timeline.of_link(link)
        timeline.note(db, subject, timeline.ENGINE, "kept", why="times unknown", now=turn.now())
        return
    verdict = _settle_units(db, turn, link, theirs, event.modified)
    room.follow(db, turn, link, event)
    if verdict.send and not under_way:
        outbox.update_event(db, meeting, transaction_id=turn.outside.ids(), now=turn.now())
    links.note_version(link, event.change_key, event.modified)
    link.ical_uid = event.ical_uid or link.ical_uid
    mirror_invitees(meeting, event)


def _show_again(db: Session, turn: Turn, link: Link, event: RemoteEvent) -> None:
    """Of a cancelled meeting. An event that was deleted in Outlook may have been put back there, or
    be shown as it was before: it is asked for once it can no longer be the latter.
    """
    meeting, now = link.meeting, turn.now()
    if meeting.cancelled_at is None or meeting.cancelled_in != links.OUTLOOK:
        link.change_key = event.change_key
    elif not event.is_cancelled:
        held_events.note_until(
            db,
            link.calendar_id,
            event.graph_id,
            held_events.DIFFER,
            until=meeting.cancelled_at + links.LAG,
            now=now,
        )


def put_back(db: Session, turn: Turn, calendar_id: int, graph_id: str) -> None:
    """Asked for by its id, the event is there: a meeting that was cancelled long enough ago because
    it had been deleted takes place again.
    """
    now = turn.now()
    for link in links.of_events(db, calendar_id, [graph_id]):
        meeting = link.meeting
        if meeting.cancelled_at is None or meeting.cancelled_in != links.OUTLOOK:
            continue
        if now < meeting.cancelled_at + links.LAG:
            continue
        links.hold_again(link, now=now)
        timeline.note(db, timeline.of_link(link), timeline.OUTLOOK, "came back", now=now)
        log.info("meeting takes place again meeting=%d", meeting.id)


def _settle_units(
    db: Session, turn: Turn, link: Link, theirs: content.Content, modified: datetime | None
) -> Verdict:
    meeting = link.meeting
    ours = content.of_meeting(meeting)
    base_ours, base_theirs = _with_lost_answers(link, theirs)
    if content.TIME in content.moved(base_ours, bases(link)[0]):
        # As after an answer that came; whether the time is that of our write is another question.
        known = None if content.moved(theirs, base_theirs) else modified
        exceptions.start_anew(link, known, now=turn.now())
    outlook_wins = turn.policy.conflict_rule == "outlook"
    merged = merge(ours, theirs, base_ours, base_theirs, outlook_wins=outlook_wins)
    verdict = merged.verdict
    if verdict.conflicts:
        _note_conflict(db, turn, link, verdict, ours, theirs)
    if verdict.take:
        content.take(meeting, merged.taken, verdict.take)
        if content.TIME in verdict.take and _cut_too(meeting):
            verdict = replace(verdict, send=verdict.send | {content.TIME})
        meeting.changed_at = turn.now()
        subject, now = timeline.of_link(link), turn.now()
        timeline.note(db, subject, timeline.OUTLOOK, "taken", fields=verdict.take, now=now)
    set_base(link, merged.base_ours, merged.base_theirs, turn)
    if content.TIME in verdict.take:
        exceptions.fit(db, turn, link)
    log.info(
        "linked event changed link=%d took=%s sends=%s conflicts=%s",
        link.id,
        sorted(verdict.take),
        sorted(verdict.send),
        sorted(verdict.conflicts),
    )
    return verdict


def _cut_too(meeting: Meeting) -> bool:
    """What Outlook made of a series whose end waits to be cut off is cut as well: its tail is on
    the way. Whether there was something to cut.
    """
    waiting = (one for one in meeting.changes if one.kind == outbox.SPLIT and one.done_at is None)
    split = next(waiting, None)
    if split is None or meeting.recurrence is None:
        return False
    taken = meeting.recurrence
    day = date.fromisoformat(split.intent["ends"]) + recurrence.DAY
    if recurrence.first_day(taken) < day:
        meeting.recurrence = recurrence.cut_before(taken, day)
    split.intent = split.intent | {"former": taken}
    return meeting.recurrence != taken


def _note_conflict(
    db: Session,
    turn: Turn,
    link: Link,
    verdict: Verdict,
    ours: content.Content,
    theirs: content.Content,
) -> None:
    links.note_conflict(
        db,
        link.meeting,
        fields=verdict.conflicts,
        ours=ours.stored(),
        theirs=theirs.stored(),
        winner="outlook" if verdict.conflicts <= verdict.take else "portal",
        now=turn.now(),
    )
    subject, fields = timeline.of_link(link), verdict.conflicts
    timeline.note(db, subject, timeline.ENGINE, "conflict", fields=fields, now=turn.now())


def _with_lost_answers(
    link: Link, theirs: content.Content
) -> tuple[content.Content, content.Content]:
    waiting = [one for one in link.meeting.changes if one.done_at is None]
    sent = [content.restored(version) for one in waiting for version in outbox.sent_versions(one)]
    return with_lost_answers(theirs, *bases(link), sent)


def mirror_invitees(meeting: Meeting, event: RemoteEvent) -> None:
    """Who is invited, and what they answered, as Outlook has it."""
    listed = [(each.address, each.name, each.response) for each in event.attendees]
    links.mirror_invitees(meeting, listed)


def gone(db: Session, turn: Turn, link: Link) -> None:
    """The event was deleted in Outlook, and a GET has said so. The brake decides what becomes of
    the meeting, once it is known how many others are gone.

    An edit made here that still waits beats the deletion: the event of a meeting that is not over
    is made again.
    """
    meeting, now = link.meeting, turn.now()
    if meeting.cancelled_at is not None:
        return
    if returning.is_ahead(meeting, now) and waits(meeting, link):
        subject = timeline.of_meeting(meeting)
        timeline.note(db, subject, timeline.ENGINE, "made again", now=now)
        fresh = turn.outside.ids()
        remaking.make_again(db, link, code="made_again", transaction_id=fresh, now=now)
        log.info("deleted event made again meeting=%d", meeting.id)
        return
    if link.gone_at is None:
        link.gone_at = now
        timeline.note(db, timeline.of_link(link), timeline.OUTLOOK, "gone", now=now)


def waits(meeting: Meeting, link: Link) -> bool:
    """Whether something was changed here that Outlook does not have yet."""
    base_ours, _base_theirs = bases(link)
    if content.moved(content.of_meeting(meeting), base_ours) or links.invitees_wait(meeting):
        return True
    on_its_way = any(change.done_at is None for change in meeting.changes)
    return on_its_way and bool(exceptions.differing(meeting, link))


def bases(link: Link) -> tuple[content.Content, content.Content]:
    """Our and their version at the last agreement."""
    return content.restored(link.base["ours"]), content.restored(link.base["theirs"])


def set_base(link: Link, ours: content.Content, theirs: content.Content, turn: Turn) -> None:
    link.base = link.base | {"ours": ours.stored(), "theirs": theirs.stored()}
    link.agreed_at = turn.now()
