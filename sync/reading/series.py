"""The occurrences of linked series: what a page of changes shows of one is never the whole of it.

A deleted occurrence is not reported, an exception may come without its words. So a series that was
touched is looked at as a whole, by its own list of instances.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from m365.errors import BadAnswer, Gone, Later, NoMailbox, Refused
from m365.remote import RemoteEvent, Singles
from portal import cache, links, outbox, windows
from portal.cache import MASTER
from portal.recurrence import occurrences
from portal.tables import Calendar, Link
from sync.guards import brake
from sync.judging import content, exceptions, inbound
from sync.judging.content import Content
from sync.judging.occurrence import CALLED_OFF, Seen, day_of
from sync.reading.instances import (
    Series,
    as_seen,
    fits,
    is_changed_lately,
    listed,
    zone_of_days,
)
from sync.reading.pull import MARGIN
from sync.reading.single import about_one
from sync.turn import Turn

log = logging.getLogger(__name__)

# An occurrence at an end of the span may have been moved out of it: a wider list says.
FURTHER = timedelta(days=400)
UNTOLD = Singles()


def look(turn: Turn, calendar_id: int) -> None:
    """Looks at every linked series of the calendar that was touched, as far as the turn goes."""
    with turn.database.reading() as db:
        due = links.series_due(db, calendar_id)
    for link_id in due:
        series = None if turn.is_over() else _series(turn, link_id)
        if series is None:
            continue
        try:
            about_one(turn, partial(_look_at, turn, series))
        except NoMailbox:
            raise
        except Gone:
            _doubt(turn, calendar_id, series)
        except (BadAnswer, Refused) as error:
            log.warning("series unsettled link=%d code=%s", link_id, error.code)


def look_before_moving(turn: Turn, link_id: int) -> None:
    """The series is about to get other days from here, and Microsoft drops its exceptions then:
    what was changed of single ones there and not seen yet is seen now. Raises as reading them does.
    """
    found = read_before_moving(turn, link_id)
    if found is None:
        return
    master, seen = found
    with turn.writing() as db:
        link = links.by_id(db, link_id)
        if link is not None and seen:
            # First of the series: it may be as we sent it, and then its single ones fell with that.
            inbound.judge_event(db, turn, link, master, under_way=True)
            exceptions.judge_before_moving(db, turn, link, seen)


def read_before_moving(turn: Turn, link_id: int) -> tuple[RemoteEvent, Mapping[date, Seen]] | None:
    """The series with its days as Microsoft shows them now; None where there is nothing to be seen.

    Raises Gone where the series is not there, Later where an answer is from before what is known
    of it, and what the Graph client raises.
    """
    series = _series(turn, link_id)
    if series is None:
        return None
    master, singles = _by_id(turn, series.graph_id)
    theirs = content.of_remote(master)
    if master.kind != MASTER or theirs is None or master.is_cancelled:
        return None
    seen = _seen(turn, series, master, theirs, singles)
    with turn.database.reading() as db:
        link = links.by_id(db, link_id)
        if seen is None or (link is not None and _is_late(link, master, turn)):
            raise Later("series_from_before")
    return master, seen


def _by_id(turn: Turn, graph_id: str) -> tuple[RemoteEvent, Singles]:
    """With as much of its single ones as Microsoft tells; for the rest the list has to do."""
    for called_off in (True, False):
        try:
            return turn.graph.series(graph_id, called_off=called_off)
        except (BadAnswer, Refused) as error:
            log.warning("singles not told graph code=%s request=%s", error.code, error.request_id)
    return turn.graph.event(graph_id), Singles()


def _series(turn: Turn, link_id: int) -> Series | None:
    with turn.database.reading() as db:
        link = links.by_id(db, link_id)
        held = [] if link is None else windows.of_calendar(db, link.calendar_id)
        if link is None or not held:
            return None
        connection = db.get_one(Calendar, link.calendar_id).connection
        return Series(
            link_id=link.id,
            graph_id=link.graph_id,
            change_key=link.change_key,
            former_keys=tuple(link.former_keys),
            called_off=exceptions.called_off(link),
            since=min(window.starts_at for window in held) - MARGIN,
            until=max(window.ends_at for window in held) + MARGIN,
            zone=link.meeting.zone,
            mailbox_zone=connection.mailbox_zone,
        )


def _look_at(turn: Turn, series: Series) -> None:
    """Raises Gone where the series is not there."""
    master = turn.graph.event(series.graph_id)
    seen: dict[date, Seen] = {}
    theirs = content.of_remote(master)
    if master.kind == MASTER and theirs is not None:
        found = _seen(turn, series, master, theirs)
        if found is None:
            return
        seen = found
    with turn.writing() as db:
        link = links.by_id(db, series.link_id)
        if link is None or link.change_key != series.change_key or _is_late(link, master, turn):
            return  # it is looked at again in the next round
        inbound.judge_event(db, turn, link, master)
        link.series_due = False
        if link.meeting.cancelled_at is None and link.meeting.recurrence is not None:
            _judge(db, turn, link, seen)


def _is_late(link: Link, master: RemoteEvent, turn: Turn) -> bool:
    return links.is_late(link, master.change_key, master.modified, now=turn.now())


def _judge(db: Session, turn: Turn, link: Link, seen: Mapping[date, Seen]) -> None:
    ours = content.of_meeting(link.meeting)
    if content.TIME in content.moved(ours, inbound.bases(link)[0]):
        return  # the days are about to change, and then the series is looked at again
    vanished = exceptions.vanished(link, seen)
    if brake.may_vanish(len(vanished)):
        link.vanished = []
    else:
        link.vanished = [day.isoformat() for day in vanished]
        seen = {day: one for day, one in seen.items() if day not in vanished}
    if exceptions.judge_days(db, turn, link, seen):
        outbox.update_event(db, link.meeting, transaction_id=turn.outside.ids(), now=turn.now())


def _doubt(turn: Turn, calendar_id: int, series: Series) -> None:
    """Not there by its id: its rows are candidates, and settling decides as about any other."""
    with turn.writing() as db:
        cache.doubt_series(db, calendar_id, series.graph_id, now=turn.now())
        link = links.by_id(db, series.link_id)
        if link is not None:
            link.series_due = False


def _seen(
    turn: Turn,
    series: Series,
    master: RemoteEvent,
    theirs: Content,
    singles: Singles = UNTOLD,
) -> dict[date, Seen] | None:
    """What Microsoft shows of each day of the series in the windows held; None when the list is
    from before the last change of it. `singles`: as read by id, which may be newer.
    """
    theirs = replace(theirs, zone=theirs.zone or series.zone)
    near, days = listed(turn, series, theirs, series.since, series.until), _days(series, theirs)
    if not near.plain and days.keys() - near.by_day.keys():  # further off may be some that vouch
        since, until = series.since - FURTHER, series.until + FURTHER
        near = listed(turn, series, theirs, since, until)
    lately = is_changed_lately(near, master, turn)
    if near.is_old or (lately and not fits(near, series, master, theirs, days)):
        return None
    shown, missing = dict(near.by_day), days.keys() - near.by_day.keys()
    if near.is_whole and (unsure := [day for day in missing if not _lies_between(day, shown)]):
        since, until = days[min(unsure)] - FURTHER, days[max(unsure)] + FURTHER
        further = listed(turn, series, theirs, since, until)
        shown |= {day: one for day, one in further.by_day.items() if day in missing}
        if not further.is_whole:
            missing -= set(unsure)
    gone = missing - shown.keys() if near.is_whole else set()
    read = {day: one for day, one in shown.items() if one is not None}
    read |= {day: Seen(CALLED_OFF, None) for day in gone}
    return read | _newer(read, singles, theirs, series)


def _newer(
    shown: Mapping[date, Seen], singles: Singles, theirs: Content, series: Series
) -> dict[date, Seen]:
    """What of the single ones a list shows as it was before, or not at all. Of what lies before the
    windows nothing is written anew.
    """
    first = (series.since + MARGIN).date()
    found = {day: Seen(CALLED_OFF, None) for day in singles.called_off if day >= first}
    for event in singles.exceptions:
        day = day_of(event, zone_of_days(series, theirs))
        seen = None if day is None else as_seen(event, theirs, day)
        if day is None or seen is None:
            continue
        if shown[day].gives_way_to(seen) if day in shown else day >= first:
            found[day] = seen
    return found


def _days(series: Series, theirs: Content) -> dict[date, datetime]:
    """The original days of the series in the windows held, with their starts."""
    if theirs.recurrence is None:
        return {}
    found = occurrences(
        theirs.recurrence,
        starts=theirs.starts,
        zone="UTC" if theirs.all_day else theirs.zone or "UTC",
        since=series.since + MARGIN,
        until=series.until - MARGIN,
    )
    return dict(found)


def _lies_between(day: date, shown: Iterable[date]) -> bool:
    """No occurrence can be moved past its neighbours, so one that lies between others which are
    listed would be listed too, were it there.
    """
    return min(shown, default=day) < day < max(shown, default=day)
