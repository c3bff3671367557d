"""What a person wants a meeting to be, and how a meeting becomes so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from conferencing import template
from portal import accounts, people, recurrence
from portal.tables import Invitee, Meeting

CODE_LENGTH = 22  # characters of a URL-safe secret: 132 random bits
TIMES = ("starts_at", "ends_at", "zone")
TIME, RECURRENCE, INVITEES, JOIN_URL = "time", "recurrence", "invitees", "join_url"


class NoSuchTime(ValueError):
    """The clocks of that zone skip this time on that day."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person wants a meeting to be. Instants are aware; `zone` is IANA.

    `recurrence` is a normalised one whose first day is that of `starts_at`.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    location: str
    description: str
    invitees: Mapping[str, str]  # lower-case address -> name, which may be empty
    has_link: bool
    recurrence: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a plan changed: names of fields, and who was added and removed."""

    fields: frozenset[str]
    invited: frozenset[str]
    uninvited: frozenset[str]


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """A wall time as UTC; of two, the first. Raises NoSuchTime in the gap of a summer time."""
    local = datetime.combine(day, wall, tzinfo=zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime
    return at


def take(db: Session, meeting: Meeting, plan: Plan, *, secret: str) -> Taken:
    """Makes the meeting as planned. `secret` is used where it gets a join link."""
    fields = _take_words(meeting, plan)
    invited, uninvited = _take_invitees(meeting, plan.invitees)
    if plan.has_link != (meeting.join_url is not None):
        meeting.join_url = join_url(db, meeting, secret) if plan.has_link else None
        fields |= {JOIN_URL} if meeting.join_url or not plan.has_link else set()
    fields |= {INVITEES} if invited or uninvited else set()
    return Taken(frozenset(fields), frozenset(invited), frozenset(uninvited))


def moves_series(meeting: Meeting, plan: Plan) -> bool:
    """Whether the occurrences come to lie elsewhere, so that no exception means anything more."""
    if meeting.recurrence is None:
        return False
    if plan.recurrence is None or any(getattr(meeting, n) != getattr(plan, n) for n in TIMES):
        return True
    return bool(meeting.recurrence["pattern"] != plan.recurrence["pattern"])


def _take_words(meeting: Meeting, plan: Plan) -> set[str]:
    """Puts title, times, place and description into the row. Exceptions go with their days."""
    _fit_exceptions(meeting, plan)
    names = (*TIMES, RECURRENCE, "title", "location", "description")
    moved = {name for name in names if getattr(meeting, name, None) != getattr(plan, name)}
    for name in moved:
        setattr(meeting, name, getattr(plan, name))
    if moved.intersection(TIMES):
        meeting.all_day = False
        moved.add(TIME)
    return moved.difference(TIMES)


def _fit_exceptions(meeting: Meeting, plan: Plan) -> None:
    if meeting.recurrence is None:
        return
    if moves_series(meeting, plan) or plan.recurrence is None:
        meeting.exceptions.clear()
        return
    for row in list(meeting.exceptions):
        if not recurrence.has_day(plan.recurrence, row.original_day):
            meeting.exceptions.remove(row)


def _take_invitees(meeting: Meeting, wanted: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Adds and removes; who stays keeps their answer. Gives the added and the removed."""
    present = {invitee.address for invitee in meeting.invitees}
    for invitee in [one for one in meeting.invitees if one.address not in wanted]:
        meeting.invitees.remove(invitee)
    added = {address: name for address, name in wanted.items() if address not in present}
    meeting.invitees += [
        Invitee(address=address, name=name, response="none") for address, name in added.items()
    ]
    return set(added), present - set(wanted)


def join_url(db: Session, meeting: Meeting, secret: str) -> str | None:
    text = accounts.the_account(db).join_link_template
    if not text:
        return None
    host = people.by_id(db, meeting.person_id).name
    return template.join_link(text, code=secret[:CODE_LENGTH], title=meeting.title, host=host)
