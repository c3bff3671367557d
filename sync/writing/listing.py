"""One occurrence as Microsoft lists it now, before it is written.

Its id is looked up when it is needed: Microsoft gives every occurrence a new one whenever the
series itself changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from m365.errors import Later
from m365.remote import RemoteEvent
from portal import cache, links
from portal.tables import Calendar, Change, Link
from sync.judging import exceptions, inbound
from sync.judging.content import Content
from sync.judging.occurrence import day_of, start_of
from sync.turn import Turn
from sync.writing.outgoing import Job

NEAR, FAR = timedelta(days=2), timedelta(days=400)


class NotYet(Later):
    """This occurrence cannot be written now; others may be."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look for the occurrence: around the series' own time, and where it was moved to."""

    series: Content  # as Outlook has it
    zone: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """The occurrence as it is listed. `is_vouched`: others beside it show that the list is no
    older than the last agreement about their series.
    """

    event: RemoteEvent | None
    is_vouched: bool


def place_of(turn: Turn, job: Job, day: date) -> Place:
    with turn.database.reading() as db:
        link = link_of(db, job)
        series = inbound.bases(link)[1]
        connection = db.get_one(Calendar, job.calendar_id).connection
        base, starts = exceptions.base_of(link, day), start_of(series, day)
        places = [starts, base.theirs.starts or starts]
        own_zone = series.zone or link.meeting.zone
        zone = (connection.mailbox_zone if series.all_day else None) or own_zone
        return Place(series, zone, min(places), max(places))


def link_of(db: Session, job: Job) -> Link:
    link = db.get_one(Change, job.change_id).meeting.link
    if link is None:
        raise Later("link_dropped_meanwhile")
    return link


def listed(turn: Turn, job: Job, place: Place, day: date) -> Listed:
    """As Microsoft lists it; somebody may have moved it far without our knowing. Raises NotYet
    where it may be among what cannot be read, or where it is not listed and the series has changed:
    that it has another day now is for the reading of the series to see.
    """
    with turn.database.reading() as db:
        link = link_of(db, job)
    versions: set[str] = set()
    whole = True
    for event in _around(turn, job, place):
        its_day = None if event is None else day_of(event, place.zone)
        whole = whole and its_day is not None
        if event is None:
            continue
        if its_day == day:
            return Listed(event, is_vouched=True)
        if _vouches(turn, link, event):
            versions.add(event.change_key)
    if not whole:
        raise NotYet("occurrence_unreadable")
    if versions - {link.change_key}:
        with turn.writing() as db:
            link_of(db, job).series_due = True
        raise NotYet("series_changed")
    return Listed(None, is_vouched=bool(versions))


def _around(turn: Turn, job: Job, place: Place) -> Iterator[RemoteEvent | None]:
    """What is listed near by, then further off; None for what cannot be read."""
    for further in (NEAR, FAR):
        since, until = place.since - further, place.until + further
        for page in turn.graph.instances(job.graph_id or "", since, until):
            yield from (item for item in page.items if isinstance(item, RemoteEvent))
            yield from (None for _item in page.broken)


def _vouches(turn: Turn, link: Link, event: RemoteEvent) -> bool:
    """A plain occurrence has the version of its series."""
    late = links.is_late(link, event.change_key, event.modified, now=turn.now())
    return event.kind == cache.OCCURRENCE and not late
