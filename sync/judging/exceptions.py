"""The occurrences of a series that are not as the series says, on both sides."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import exceptions as rows
from portal import links, recurrence, timeline
from portal.tables import Link, Meeting
from sync.judging.content import LOCATION, TIME, TITLE
from sync.judging.judge import Units
from sync.judging.occurrence import (
    AS_THE_SERIES,
    CANCELLED,
    Base,
    Difference,
    Seen,
    base_from,
    judge_occurrence,
    moved,
    of_exception,
    with_units,
    without_echoes,
)
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_LOST = 3


def base_of(link: Link, day: date) -> Base:
    """What is from before our write that took all exceptions away is older than what is known."""
    base, anew = base_from(link.exceptions.get(day.isoformat(), {})), links.begun_anew(link)
    moments = [one for one in (base.modified, anew) if one is not None]
    return replace(base, modified=max(moments, default=None))


def keep_base(link: Link, day: date, base: Base) -> None:
    others = {name: one for name, one in link.exceptions.items() if name != day.isoformat()}
    fresh = {} if base.says_nothing() else {day.isoformat(): base.stored()}
    link.exceptions = others | fresh


def called_off(link: Link) -> frozenset[date]:
    """The days that Outlook no longer had when both sides agreed."""
    days = [date.fromisoformat(name) for name in link.exceptions]
    return frozenset(day for day in days if base_of(link, day).theirs.cancelled)


def ours_of(meeting: Meeting, day: date) -> Difference:
    return of_exception(meeting, rows.held(meeting, day))


def unsent(meeting: Meeting, link: Link) -> list[date]:
    """The days on which our version is not yet agreed, in order; also those of which something
    else was sent that may have been done.
    """
    doubtful = [day for day in _days(meeting, link) if _is_in_doubt(meeting, link, day)]
    return sorted({*differing(meeting, link), *doubtful})


def differing(meeting: Meeting, link: Link) -> list[date]:
    """The days on which our version is not as it was agreed."""
    days = _days(meeting, link)
    return [day for day in days if moved(ours_of(meeting, day), base_of(link, day).ours)]


def _days(meeting: Meeting, link: Link) -> list[date]:
    """Of the series as it is here, those of which something is known."""
    series = meeting.recurrence
    if series is None:
        return []
    held = {row.original_day for row in meeting.exceptions}
    held |= {date.fromisoformat(name) for name in link.exceptions}
    return sorted(day for day in held if recurrence.has_day(series, day))


def _is_in_doubt(meeting: Meeting, link: Link, day: date) -> bool:
    return bool(in_doubt(ours_of(meeting, day), base_of(link, day).sent))


def in_doubt(ours: Difference, sent: Iterable[Difference]) -> Units:
    """What was sent otherwise than it is now, and may have been done though nothing shows it. What
    was called off does not come back by being written.
    """
    units = frozenset().union(*(moved(ours, one) for one in sent))
    return units if ours.cancelled else units - {CANCELLED}


def vanished(link: Link, seen: Mapping[date, Seen]) -> list[date]:
    """The days that were there at the last look, and which nobody here has called off."""
    return sorted(
        day
        for day, one in seen.items()
        if one.theirs.cancelled
        and not base_of(link, day).theirs.cancelled
        and not ours_of(link.meeting, day).cancelled
    )


def judge_days(db: Session, turn: Turn, link: Link, seen: Mapping[date, Seen]) -> bool:
    """Every day that was looked at is held against its base; whether something is to be sent."""
    verdicts = [judge_day(db, turn, link, day, seen[day]) for day in sorted(seen)]
    return any(verdicts)


def judge_day(db: Session, turn: Turn, link: Link, day: date, seen: Seen) -> bool:
    """True when an edit of theirs left something of ours to send. Old news change nothing: the
    series is looked at once more.
    """
    meeting = link.meeting
    held = base_of(link, day)
    if held.is_late(seen, turn.now()):
        link.series_due = True
        return False
    lost = held.was_lost(seen, turn.now())
    ours = ours_of(meeting, day)
    if lost:
        held = _after_loss(db, turn, link, day, held, ours)
    base = without_echoes(held, seen.theirs)
    verdict = judge_occurrence(
        base, ours, seen.theirs, outlook_wins=turn.policy.conflict_rule == "outlook"
    )
    if verdict.conflicts:
        _note_conflict(db, turn, link, day, ours, seen.theirs, verdict.conflicts)
    if verdict.take:
        take(meeting, day, seen.theirs, verdict.take)
        meeting.changed_at = turn.now()
        subject = timeline.of_link(link, original_day=day)
        fields, now = verdict.take, turn.now()
        timeline.note(db, subject, timeline.OUTLOOK, "taken", fields=fields, now=now)
        log.info("occurrence taken link=%d day=%s units=%s", link.id, day, sorted(fields))
    ours = ours_of(meeting, day)
    agreed = with_units(ours, base.ours, verdict.send)
    # What was sent is only of use while something of it may still be on its way.
    sent = () if agreed == ours else base.sent
    known = seen.modified or base.modified
    fresh = replace(base, ours=agreed, theirs=seen.theirs, key=seen.key, sent=sent, modified=known)
    keep_base(link, day, fresh if seen.is_plain else replace(fresh, lost=0))
    return bool(verdict.send) and (lost or seen.theirs != base.theirs)


def _after_loss(
    db: Session, turn: Turn, link: Link, day: date, held: Base, ours: Difference
) -> Base:
    """Microsoft confirmed our write and did not keep it. It is sent again a few times; then their
    version stands, and ours is a conflict.
    """
    subject, now = timeline.of_link(link, original_day=day), turn.now()
    timeline.note(db, subject, timeline.ENGINE, "not kept", now=now)
    log.warning("occurrence not kept link=%d day=%s times=%d", link.id, day, held.lost + 1)
    if held.lost < MOST_LOST:
        return Base(lost=held.lost + 1)
    fields = moved(ours, AS_THE_SERIES)
    _theirs_stands(db, link, day, fields, ours=ours, theirs=AS_THE_SERIES, now=now)
    return Base(ours=ours, theirs=held.theirs)


def give_way(db: Session, turn: Turn, link: Link, day: date) -> bool:
    """Microsoft has no room for our time between what comes before and after: theirs stands, and
    ours is kept as a conflict. False where it is not about the time.
    """
    meeting, now = link.meeting, turn.now()
    held, ours = base_of(link, day), ours_of(meeting, day)
    time = moved(ours, held.ours) & {TIME}
    if not time:
        return False
    _theirs_stands(db, link, day, time, ours=ours, theirs=held.theirs, now=now)
    subject = timeline.of_link(link, original_day=day)
    timeline.note(db, subject, timeline.ENGINE, "conflict", fields=time, now=now)
    take(meeting, day, held.theirs, time)
    meeting.changed_at = now
    agreed = with_units(held.ours, ours_of(meeting, day), time)
    keep_base(link, day, replace(held, ours=agreed, sent=()))
    return True


def _theirs_stands(
    db: Session,
    link: Link,
    day: date,
    units: Units,
    *,
    ours: Difference,
    theirs: Difference,
    now: datetime,
) -> None:
    links.note_conflict(
        db,
        link.meeting,
        original_day=day,
        fields=units,
        ours=ours.stored(),
        theirs=theirs.stored(),
        winner=links.OUTLOOK,
        now=now,
    )


def judge_before_moving(db: Session, turn: Turn, link: Link, seen: Mapping[date, Seen]) -> None:
    """What is news in Outlook, while the series has other days here already: an edit of a day that
    it no longer has is kept as a conflict. What was agreed before goes as the person wanted.
    """
    rhythm = link.meeting.recurrence
    for day in sorted(seen):
        held, theirs, key = base_of(link, day), seen[day].theirs, seen[day].key
        news = moved(theirs, without_echoes(held, theirs).theirs)
        if not news or key in held.former or held.is_late(seen[day], turn.now()):
            continue
        if rhythm is not None and recurrence.has_day(rhythm, day):
            judge_day(db, turn, link, day, seen[day])
        elif key is not None:
            _note_conflict(db, turn, link, day, AS_THE_SERIES, theirs, news)


def _note_conflict(
    db: Session,
    turn: Turn,
    link: Link,
    day: date,
    ours: Difference,
    theirs: Difference,
    units: Units,
) -> None:
    portal_wins = turn.policy.conflict_rule != "outlook"
    wins = ours.cancelled or (portal_wins and not theirs.cancelled)
    links.note_conflict(
        db,
        link.meeting,
        original_day=day,
        fields=units,
        ours=ours.stored(),
        theirs=theirs.stored(),
        winner="portal" if wins else "outlook",
        now=turn.now(),
    )
    subject = timeline.of_link(link, original_day=day)
    timeline.note(db, subject, timeline.ENGINE, "conflict", fields=units, now=turn.now())


def take(meeting: Meeting, day: date, theirs: Difference, units: Units) -> None:
    """Brings these units of one occurrence to Outlook's version."""
    row = rows.of_day(meeting, day)
    if CANCELLED in units:
        row.cancelled = theirs.cancelled
    if row.cancelled:
        rows.call_off(row)
        return
    if TITLE in units:
        row.title = theirs.title
    if LOCATION in units:
        row.location = theirs.location
    if TIME in units:
        row.starts_at = _instant(meeting, theirs.starts)
        row.ends_at = _instant(meeting, theirs.ends)
    rows.drop_if_plain(meeting, row)


def _instant(meeting: Meeting, moment: datetime | None) -> datetime | None:
    """Of an all-day series the days are midnights in its zone."""
    if moment is None or not meeting.all_day:
        return moment
    return moment.replace(tzinfo=ZoneInfo(meeting.zone))


def fit(db: Session, turn: Turn, link: Link) -> None:
    """The series has other days now: what was said of a day that it no longer has goes with it. An
    edit made here that was not sent yet is kept as a conflict.
    """
    meeting = link.meeting
    for row in list(meeting.exceptions):
        day = row.original_day
        if meeting.recurrence is not None and recurrence.has_day(meeting.recurrence, day):
            continue
        ours, base = ours_of(meeting, day), base_of(link, day)
        lost = moved(ours, base.ours)
        if lost and not ours.cancelled:
            _note_conflict(db, turn, link, day, ours, AS_THE_SERIES, lost)
        meeting.exceptions.remove(row)
        keep_base(link, day, Base())


def start_anew(link: Link, modified: datetime | None, *, now: datetime) -> None:
    """Our own write moved the series: Microsoft drops its exceptions then. What is held here is
    sent again, and what Microsoft kept all the same is read again. `modified`: of the series.
    """
    if modified is not None:
        link.base = link.base | {links.ANEW: modified.isoformat()}
    for name, stored in list(link.exceptions.items()):
        day, base = date.fromisoformat(name), base_from(stored)
        gone = base.written(AS_THE_SERIES, AS_THE_SERIES, key=None, replaced=None, now=now)
        keep_base(link, day, gone)
