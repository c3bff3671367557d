"""What the plans of many mailboxes come to: counted by the database as far as it can."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from portal import removals, waiting_plan
from portal.outbox import CANCEL, CREATE
from portal.tables import Calendar, Change, Invitee, Link, Meeting
from portal.waiting_plan import LISTS

TO_ALL = (CREATE, CANCEL)
# How many a change asks in or out by name.
LISTED = sum(
    (func.coalesce(func.json_array_length(Change.intent, f"$.{name}"), 0) for name in LISTS),
    start=literal(0),
)


@dataclass(slots=True)
class Counts:
    """Of a plan or of several: what is written to Outlook, what ends on either side, and mails."""

    writes: int = 0
    ends: int = 0
    mails: int = 0


def of_connections(db: Session, connection_ids: Collection[int]) -> dict[int, Counts]:
    found: dict[int, Counts] = defaultdict(Counts)
    for connection_id, writes, ends in db.execute(_changes(connection_ids)):
        found[connection_id] = Counts(writes, ends)
    for (connection_id, kind), count in removals.counts(db, connection_ids).items():
        if kind == removals.GONE:
            found[connection_id].ends += count
    for connection_id, mails in db.execute(_to_all_invited(connection_ids)):
        found[connection_id].mails += mails
    for connection_id, mails, meeting in db.execute(_if_it_differs(connection_ids)):
        found[connection_id].mails += mails if waiting_plan.differs(meeting) else 0
    for connection_id, change in db.execute(_to_some(connection_ids)):
        found[connection_id].mails += len(waiting_plan.line(change).mailed)
    return found


def together(counts: Iterable[Counts]) -> Counts:
    found = list(counts)
    return Counts(
        sum(one.writes for one in found),
        sum(one.ends for one in found),
        sum(one.mails for one in found),
    )


def _changes(connection_ids: Collection[int]) -> Select[int, int, int]:
    ends = func.count(case((Change.kind == CANCEL, Change.id)))
    return (
        select(Calendar.connection_id, func.count(Change.id), ends)
        .join(Calendar, Calendar.id == Change.calendar_id)
        .where(*_waits(connection_ids))
        .group_by(Calendar.connection_id)
    )


def _to_all_invited(connection_ids: Collection[int]) -> Select[int, int]:
    """New meetings and cancelled ones go to everybody invited."""
    return (
        select(Calendar.connection_id, func.count(Invitee.id))
        .select_from(Change)
        .join(Calendar, Calendar.id == Change.calendar_id)
        .join(Invitee, Invitee.meeting_id == Change.meeting_id)
        .where(*_waits(connection_ids), Change.kind.in_(TO_ALL))
        .group_by(Calendar.connection_id)
    )


def _if_it_differs(connection_ids: Collection[int]) -> Select[int, int, Meeting]:
    """Other changes go to everybody invited where something is no longer as both sides agreed."""
    invited = (
        select(func.count(Invitee.id)).where(Invitee.meeting_id == Meeting.id).scalar_subquery()
    )
    return (
        select(Calendar.connection_id, invited, Meeting)
        .select_from(Change)
        .join(Calendar, Calendar.id == Change.calendar_id)
        .join(Meeting, Meeting.id == Change.meeting_id)
        .join(Meeting.link)
        .where(*_waits(connection_ids), Change.kind.not_in(TO_ALL), LISTED == 0, invited > 0)
        .options(
            contains_eager(Meeting.link).load_only(Link.base, Link.exceptions),
            selectinload(Meeting.exceptions),
        )
    )


def _to_some(connection_ids: Collection[int]) -> Select[int, Change]:
    """And those that ask people in or out by name, to these besides."""
    whole = selectinload(Change.meeting)
    return (
        select(Calendar.connection_id, Change)
        .join(Calendar, Calendar.id == Change.calendar_id)
        .where(*_waits(connection_ids), Change.kind.not_in(TO_ALL), LISTED > 0)
        .options(
            whole.selectinload(Meeting.invitees),
            whole.selectinload(Meeting.exceptions),
            whole.selectinload(Meeting.link).load_only(Link.base, Link.exceptions),
        )
    )


def _waits(connection_ids: Collection[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Calendar.connection_id.in_(connection_ids), Change.done_at.is_(None)
