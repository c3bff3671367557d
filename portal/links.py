"""The tie meeting - event, and what Outlook's side of it does to the meeting."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session, selectinload

from portal.tables import Calendar, Change, Conflict, Event, Invitee, Link, Meeting, Window

FORMER_KEYS = 10
LAG = timedelta(minutes=10)  # by which an answer or a list of Microsoft's may be late, at most
MODIFIED = "modified"  # in a base: when the version that was agreed on came about
ANEW = "anew"  # in a base: the same of the version that gave a series other days from here
OUTLOOK = "outlook"


def of_events(db: Session, calendar_id: int, graph_ids: Iterable[str]) -> list[Link]:
    ids = list(graph_ids)
    if not ids:
        return []
    return list(
        db.scalars(
            select(Link)
            .where(Link.calendar_id == calendar_id, Link.graph_id.in_(ids))
            .options(
                selectinload(Link.meeting).selectinload(Meeting.invitees),
                selectinload(Link.meeting).selectinload(Meeting.changes),
                selectinload(Link.meeting).selectinload(Meeting.exceptions),
            )
        )
    )


def by_id(db: Session, link_id: int) -> Link | None:
    return db.scalar(
        select(Link)
        .where(Link.id == link_id)
        .options(
            selectinload(Link.meeting).selectinload(Meeting.changes),
            selectinload(Link.meeting).selectinload(Meeting.exceptions),
        )
    )


def look_at_series(db: Session, calendar_id: int, series_id: str) -> None:
    """Its single occurrences are to be looked at."""
    for link in of_events(db, calendar_id, [series_id]):
        link.series_due = True


def series_due(db: Session, calendar_id: int) -> list[int]:
    """Ids of linked series whose occurrences are to be looked at."""
    mine = select(Link.id).where(Link.calendar_id == calendar_id, Link.series_due)
    return list(db.scalars(mine.order_by(Link.id)))


def versions(db: Session, calendar_id: int, graph_ids: Iterable[str]) -> dict[str, Link]:
    """By graph id, for what is known of these events; without their meetings."""
    mine = select(Link).where(Link.calendar_id == calendar_id, Link.graph_id.in_(list(graph_ids)))
    return {link.graph_id: link for link in db.scalars(mine)}


def is_late(link: Link, change_key: str, modified: datetime | None, *, now: datetime) -> bool:
    """Whether a copy of the event is from before what is known of it. Lists and answers by id lag
    by seconds to minutes, and change keys have no order; Microsoft's time of the last change has.
    That is believed for as long as a copy may be late, no longer: its clocks may be apart.
    """
    if change_key in link.former_keys:
        return True
    known = link.base.get(MODIFIED)
    if change_key == link.change_key or modified is None or known is None:
        return False
    return lately_agreed(link, now=now) and modified < datetime.fromisoformat(known)


def note_version(link: Link, change_key: str, modified: datetime | None) -> None:
    """The version of the event that is known now."""
    link.change_key = change_key
    if modified is not None:
        link.base = link.base | {MODIFIED: modified.isoformat()}


def lately_agreed(link: Link, *, now: datetime) -> bool:
    """Whether a list may still be from before that."""
    return now - link.agreed_at < LAG


def begun_anew(link: Link) -> datetime | None:
    """When a write of the portal's took the series' exceptions away, by Microsoft's clock."""
    known = link.base.get(ANEW)
    return None if known is None else datetime.fromisoformat(known)


def unseen(db: Session, window: Window) -> list[str]:
    """Graph ids of linked events that should be in this window and are not in the cache."""
    cached = select(Event.graph_id).where(Event.calendar_id == window.calendar_id)
    return list(
        db.scalars(
            select(Link.graph_id)
            .join(Meeting)
            .where(
                Link.calendar_id == window.calendar_id,
                Link.graph_id.not_in(cached),
                Meeting.cancelled_at.is_(None),
                Meeting.starts_at >= window.starts_at,
                Meeting.starts_at < window.ends_at,
            )
        )
    )


def ahead(db: Session, calendar_id: int, *, now: datetime) -> list[Link]:
    """Links of meetings to come; of series, whenever they began."""
    mine = select(Link).join(Meeting).where(Link.calendar_id == calendar_id, _is_ahead(now))
    return list(db.scalars(mine.order_by(Link.id)))


def linked_ahead(db: Session, connection_id: int, *, now: datetime) -> list[Meeting]:
    """Meetings to come that have an event in this mailbox."""
    return list(
        db.scalars(
            select(Meeting)
            .join(Link)
            .join(Calendar, Calendar.id == Link.calendar_id)
            .where(
                Calendar.connection_id == connection_id,
                Meeting.cancelled_at.is_(None),
                or_(Meeting.last_ends_at.is_(None), Meeting.last_ends_at > now),
            )
            .order_by(Meeting.starts_at)
        )
    )


def _is_ahead(now: datetime) -> ColumnElement[bool]:
    still = or_(Meeting.ends_at > now, Meeting.recurrence.is_not(None))
    return and_(Meeting.cancelled_at.is_(None), still)


def unchecked(db: Session, calendar_id: int, *, since: datetime, now: datetime) -> list[Link]:
    """Links of meetings to come whose event is not in the cache and was not asked for after
    `since`.
    """
    shown = select(Event.graph_id).where(Event.calendar_id == calendar_id)
    series = select(Event.series_id).where(
        Event.calendar_id == calendar_id, Event.series_id.is_not(None)
    )
    return list(
        db.scalars(
            select(Link)
            .join(Meeting)
            .where(
                Link.calendar_id == calendar_id,
                Link.graph_id.not_in(shown),
                Link.graph_id.not_in(series),
                Link.gone_at.is_(None),
                or_(Link.checked_at.is_(None), Link.checked_at < since),
                _is_ahead(now),
            )
            .order_by(Link.id)
        )
    )


def checked(db: Session, link_id: int, *, now: datetime) -> None:
    """It was asked for; the link itself may have been dropped for the answer."""
    link = db.get(Link, link_id)
    if link is not None:
        link.checked_at = now


def make(
    db: Session,
    meeting: Meeting,
    calendar_id: int,
    *,
    graph_id: str,
    ical_uid: str | None,
    change_key: str,
    base: dict[str, Any],
    now: datetime,
) -> Link:
    link = Link(
        meeting=meeting,
        calendar_id=calendar_id,
        graph_id=graph_id,
        ical_uid=ical_uid,
        base=base,
        change_key=change_key,
        former_keys=[],
        agreed_at=now,
    )
    db.add(link)
    db.flush()
    return link


def written(link: Link, change_key: str, modified: datetime | None) -> None:
    """Our own write was answered: what we held before it is old news when it comes again."""
    if change_key != link.change_key:
        link.former_keys = [link.change_key, *link.former_keys][:FORMER_KEYS]
    note_version(link, change_key, modified)


def drop(db: Session, link: Link) -> None:
    """The event is gone and another one will take its place."""
    link.meeting.link = None
    db.delete(link)
    db.flush()


def follow(db: Session, link: Link, calendar_id: int) -> None:
    """The event was moved to another calendar: what waits to be written goes there too."""
    link.calendar_id = calendar_id
    for change in link.meeting.changes:
        if change.done_at is None:
            change.calendar_id = calendar_id
    db.flush()


def untie(db: Session, meeting_ids: Iterable[int]) -> None:
    """Their events were deleted at the person's wish; the meetings stay, only here."""
    db.execute(delete(Link).where(Link.meeting_id.in_(list(meeting_ids))))


def cancel_meeting(meeting: Meeting, *, now: datetime) -> None:
    """The event was deleted in Outlook, so the meeting does not take place."""
    meeting.cancelled_at, meeting.cancelled_in = now, OUTLOOK
    meeting.changed_at = now


def hold_again(link: Link, *, now: datetime) -> None:
    """The event was put back in Outlook, so the meeting takes place after all."""
    link.gone_at = link.meeting.cancelled_at = link.meeting.cancelled_in = None
    link.meeting.changed_at = now


def mirror_invitees(meeting: Meeting, attendees: Iterable[tuple[str, str, str]]) -> None:
    """Outlook owns the list of invitees: ours becomes (address, name, response) as just read.

    Not while an addition or removal made here still waits to be applied to it.
    """
    if invitees_wait(meeting):
        return
    listed = {address.lower(): (name, response) for address, name, response in attendees if address}
    held = {invitee.address: invitee for invitee in meeting.invitees}
    meeting.invitees = [held[address] for address in held if address in listed]
    for address, (name, response) in listed.items():
        if address in held:
            held[address].response = response
        else:
            meeting.invitees.append(Invitee(address=address, name=name[:255], response=response))


def invitees_wait(meeting: Meeting) -> bool:
    """Whether somebody was invited or taken off here, and Outlook does not know it yet."""
    return any(_waits_with_invitees(change) for change in meeting.changes)


def _waits_with_invitees(change: Change) -> bool:
    listed = change.intent.get("invite") or change.intent.get("uninvite")
    return change.done_at is None and bool(listed)


def note_conflict(
    db: Session,
    meeting: Meeting,
    *,
    fields: Collection[str],
    ours: dict[str, Any],
    theirs: dict[str, Any],
    winner: str,
    original_day: date | None = None,
    now: datetime,
) -> None:
    """`original_day`: of one occurrence; both versions are then what differs from the series."""
    db.add(
        Conflict(
            meeting_id=meeting.id,
            original_day=original_day,
            found_at=now,
            fields=sorted(fields),
            ours=ours,
            theirs=theirs,
            winner=winner,
        )
    )
