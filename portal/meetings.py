"""Meetings that people schedule here: made, edited, cancelled, found through their owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from conferencing import template
from portal import accounts, connections, freshness, outbox, people, policy
from portal.meeting_state import MeetingState, state_of
from portal.tables import Conflict, Invitee, Meeting

CODE_LENGTH = 22  # characters of a URL-safe secret: 132 random bits
CONFLICTS_KEPT = timedelta(days=30)
PER_PAGE = 50
HERE = "portal"
TIMES = ("starts_at", "ends_at", "zone")


class NoSuchTime(ValueError):
    """The clocks of that zone skip this time on that day."""


class Cancelled(Exception):
    """The meeting was cancelled and can no longer be changed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person wants a meeting to be. Instants are aware; `zone` is IANA."""

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    location: str
    description: str
    invitees: Mapping[str, str]  # lower-case address -> name, which may be empty
    has_link: bool


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """A wall time as UTC; of two, the first. Raises NoSuchTime in the gap of a summer time."""
    local = datetime.combine(day, wall, tzinfo=zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime
    return at


def days_of(meeting: Meeting) -> tuple[date | None, date | None]:
    """The dates of a meeting that was made all-day in Outlook, the last exclusive."""
    if not meeting.all_day:
        return None, None
    zone = ZoneInfo(meeting.zone)
    return meeting.starts_at.astimezone(zone).date(), meeting.ends_at.astimezone(zone).date()


def of_person(db: Session, person_id: int, meeting_id: int) -> Meeting | None:
    return db.scalar(_whole().where(Meeting.id == meeting_id, Meeting.person_id == person_id))


def by_key(db: Session, person_id: int, key: str) -> Meeting | None:
    return db.scalar(_whole().where(Meeting.key == key, Meeting.person_id == person_id))


def key_is_taken(db: Session, key: str) -> bool:
    return db.scalar(select(Meeting.id).where(Meeting.key == key)) is not None


def ahead(db: Session, person_id: int, *, now: datetime, page: int = 1) -> list[Meeting]:
    """Not over and not cancelled, the next one first."""
    mine = _whole().where(Meeting.person_id == person_id, _is_ahead(now))
    return list(db.scalars(_paged(mine.order_by(Meeting.starts_at, Meeting.id), page)))


def behind(db: Session, person_id: int, *, now: datetime, page: int = 1) -> list[Meeting]:
    """Over or cancelled, the latest first."""
    mine = _whole().where(Meeting.person_id == person_id, ~_is_ahead(now))
    return list(db.scalars(_paged(mine.order_by(Meeting.starts_at.desc(), Meeting.id), page)))


def count(db: Session, person_id: int, *, now: datetime) -> tuple[int, int]:
    """How many are ahead and how many behind."""
    ahead_, all_ = db.execute(
        select(func.count(Meeting.id).filter(_is_ahead(now)), func.count(Meeting.id)).where(
            Meeting.person_id == person_id
        )
    ).one()
    return ahead_, all_ - ahead_


def schedule(
    db: Session,
    person_id: int,
    plan: Plan,
    *,
    key: str,
    secret: str,
    transaction_id: str,
    now: datetime,
) -> Meeting:
    """A new meeting, on its way to Outlook where a calendar to write to is connected.

    `key` names it for good; `secret` becomes the part of its join link that nobody can guess.
    """
    meeting = Meeting(
        key=key,
        person_id=person_id,
        all_day=False,
        join_url=None,
        created_at=now,
        changed_at=now,
        cancelled_at=None,
        cancelled_in=None,
        link=None,
        changes=[],
    )
    _take_words(meeting, plan)
    meeting.invitees = [_invitee(address, name) for address, name in plan.invitees.items()]
    meeting.join_url = _join_url(db, meeting, secret) if plan.has_link else None
    db.add(meeting)
    db.flush()
    send(db, meeting, transaction_id=transaction_id, now=now)
    return meeting


def send(db: Session, meeting: Meeting, *, transaction_id: str, now: datetime) -> bool:
    """Sets a meeting that is only here, or a change that was refused, on its way to Outlook.

    False when there is no calendar to write to or nothing to send.
    """
    target = connections.target_of(db, meeting.person_id)
    if target is None or any(change.done_at is None for change in meeting.changes):
        return False
    how: Any = {"made_by": meeting.person_id, "transaction_id": transaction_id, "now": now}
    if meeting.cancelled_at is not None:
        again = outbox.cancel(db, meeting, note=_last_note(meeting), **how)
    elif meeting.link is not None:
        again = outbox.update_event(db, meeting, **how)
    else:
        again = outbox.create(db, meeting, target.id, **how)
    return again is not None


def _last_note(meeting: Meeting) -> str:
    notes = (
        change.intent["note"] for change in reversed(meeting.changes) if "note" in change.intent
    )
    return next(notes, "")


def is_out(meeting: Meeting) -> bool:
    """Whether Outlook may have it already, and with it those invited."""
    sending = any(change.sent_at and change.done_at is None for change in meeting.changes)
    return meeting.link is not None or sending


def waits(meeting: Meeting) -> bool:
    """Whether something about it has yet to reach Outlook."""
    return any(change.done_at is None for change in meeting.changes)


def edit(
    db: Session,
    meeting: Meeting,
    plan: Plan,
    *,
    secret: str,
    transaction_id: str,
    now: datetime,
) -> bool:
    """Makes the meeting as planned; False when it is so already. Raises Cancelled."""
    if meeting.cancelled_at is not None:
        raise Cancelled
    had_link = meeting.join_url is not None
    words_changed = _take_words(meeting, plan)
    invited, uninvited = _take_invitees(meeting, plan.invitees)
    if plan.has_link and not had_link:
        meeting.join_url = _join_url(db, meeting, secret)
    elif had_link and not plan.has_link:
        meeting.join_url = None
    link_changed = (meeting.join_url is not None) != had_link
    if not (words_changed or invited or uninvited or link_changed):
        return False
    meeting.changed_at = now
    db.flush()
    if connections.target_of(db, meeting.person_id) is not None:
        outbox.update_event(
            db,
            meeting,
            invite=invited,
            uninvite=uninvited,
            transaction_id=transaction_id,
            now=now,
        )
    return True


def cancel(db: Session, meeting: Meeting, *, note: str, transaction_id: str, now: datetime) -> None:
    """Ends a meeting, with a note to invitees. Raises Cancelled."""
    if meeting.cancelled_at is not None:
        raise Cancelled
    meeting.cancelled_at, meeting.cancelled_in, meeting.changed_at = now, HERE, now
    if connections.target_of(db, meeting.person_id) is not None:
        by = meeting.person_id
        outbox.cancel(db, meeting, note=note, made_by=by, transaction_id=transaction_id, now=now)


def states(
    db: Session, person_id: int, meetings: Sequence[Meeting], *, now: datetime
) -> dict[int, MeetingState]:
    """Where each of this person's meetings stands, by id; loaded by this module's queries."""
    has_target = connections.target_of(db, person_id) is not None
    connection = connections.of_person(db, person_id)
    stopped = connection is not None and connection.state == connections.NEEDS_CONSENT
    conflicts = _conflicts(db, [meeting.id for meeting in meetings], now)
    poll = timedelta(minutes=policy.of(db, person_id).poll_minutes)
    late = freshness.not_seen_lately(db, meetings, poll=poll, now=now)
    return {
        meeting.id: state_of(
            meeting,
            meeting.link,
            meeting.changes,
            conflicts=conflicts.get(meeting.id, 0),
            has_target=has_target,
            needs_consent=stopped,
            seen_lately=meeting.id not in late,
        )
        for meeting in meetings
    }


def conflicts_of(db: Session, meeting: Meeting, *, now: datetime) -> list[Conflict]:
    """Those still kept, the latest first."""
    mine = select(Conflict).where(Conflict.meeting_id == meeting.id)
    recent = mine.where(Conflict.found_at > now - CONFLICTS_KEPT)
    return list(db.scalars(recent.order_by(Conflict.found_at.desc(), Conflict.id.desc())))


def _conflicts(db: Session, meeting_ids: list[int], now: datetime) -> dict[int, int]:
    counted = (
        select(Conflict.meeting_id, func.count(Conflict.id))
        .where(Conflict.meeting_id.in_(meeting_ids), Conflict.found_at > now - CONFLICTS_KEPT)
        .group_by(Conflict.meeting_id)
    )
    return dict(db.execute(counted).all())


def _take_words(meeting: Meeting, plan: Plan) -> bool:
    """Puts title, times, place and description into the row; whether anything changed."""
    wanted = {name: getattr(plan, name) for name in (*TIMES, "title", "location", "description")}
    moved = {name for name, value in wanted.items() if getattr(meeting, name, None) != value}
    for name in moved:
        setattr(meeting, name, wanted[name])
    if moved.intersection(TIMES):
        meeting.all_day = False
    return bool(moved)


def _take_invitees(meeting: Meeting, wanted: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Adds and removes; who stays keeps their answer. Gives the added and the removed."""
    present = {invitee.address for invitee in meeting.invitees}
    for invitee in [one for one in meeting.invitees if one.address not in wanted]:
        meeting.invitees.remove(invitee)
    added = {address: name for address, name in wanted.items() if address not in present}
    meeting.invitees += [_invitee(address, name) for address, name in added.items()]
    return set(added), present - set(wanted)


def _invitee(address: str, name: str) -> Invitee:
    return Invitee(address=address, name=name, response="none")


def _join_url(db: Session, meeting: Meeting, secret: str) -> str | None:
    text = accounts.the_account(db).join_link_template
    if not text:
        return None
    host = people.by_id(db, meeting.person_id).name
    return template.join_link(text, code=secret[:CODE_LENGTH], title=meeting.title, host=host)


def _whole() -> Select[Meeting]:
    return select(Meeting).options(
        selectinload(Meeting.invitees),
        selectinload(Meeting.changes),
        selectinload(Meeting.link),
    )


def _is_ahead(now: datetime) -> ColumnElement[bool]:
    return and_(Meeting.ends_at > now, Meeting.cancelled_at.is_(None))


def _paged(query: Select[Meeting], page: int) -> Select[Meeting]:
    return query.limit(PER_PAGE).offset(PER_PAGE * (page - 1))
