"""The plan: what would be written to Outlook, and cancelled here, if it went now; and who would get
mail from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal import recurrence, removals
from portal.outbox import CANCEL, CREATE
from portal.removals import GONE, TAKES_AWAY
from portal.tables import Calendar, Change, Meeting, MeetingException

REMOVES = frozenset({CANCEL, TAKES_AWAY, GONE})
OCCURRENCES, INVITEES = "occurrences", "invitees"
LISTS = ("invite", "uninvite")  # of an intent: who is asked in or out by name


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting. `deed`: create, update, split, cancel, takes away (the engine does), gone (its
    event is, so the meeting is cancelled here). `mailed`: addresses of those who get mail.
    """

    meeting: Meeting
    deed: str
    fields: tuple[str, ...] = ()
    mailed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    lines: Sequence[Line]

    @property
    def writes(self) -> int:
        """How many things are written to Outlook."""
        return sum(line.deed != GONE for line in self.lines)

    @property
    def removals(self) -> int:
        """How many meetings end, on either side."""
        return sum(line.deed in REMOVES for line in self.lines)

    @property
    def mails(self) -> int:
        return sum(len(line.mailed) for line in self.lines)

    @property
    def mailed(self) -> frozenset[str]:
        """The people who get at least one mail."""
        return frozenset().union(*(line.mailed for line in self.lines))

    @property
    def goes_by_itself(self) -> bool:
        """After a look that only read: nobody hears of it, and nothing ends."""
        return not (self.mails or self.removals)


def of_connection(db: Session, connection_id: int) -> Plan:
    lines = [line(change) for change in _waiting(db, connection_id)]
    gone = (one for one in removals.pending(db, connection_id) if one.kind == GONE)
    return Plan([*lines, *(Line(one.meeting, GONE) for one in gone)])


def _waiting(db: Session, connection_id: int) -> list[Change]:
    whole = selectinload(Change.meeting)
    return list(
        db.scalars(
            select(Change)
            .join(Calendar, Calendar.id == Change.calendar_id)
            .where(Calendar.connection_id == connection_id, Change.done_at.is_(None))
            .order_by(Change.id)
            .options(
                whole.selectinload(Meeting.invitees),
                whole.selectinload(Meeting.exceptions),
                whole.selectinload(Meeting.link),
            )
        )
    )


def line(change: Change) -> Line:
    """Of a change whose meeting is loaded whole."""
    meeting = change.meeting
    invited = frozenset(one.address for one in meeting.invitees)
    if change.kind == CREATE:
        return Line(meeting, CREATE, mailed=invited)
    if change.kind == CANCEL:
        deed = CANCEL if change.made_by is not None else TAKES_AWAY
        return Line(meeting, deed, mailed=invited)
    fields = differs(meeting)
    listed = frozenset(one for name in LISTS for one in change.intent.get(name, ()))
    # A list alone is told to those it is about; anything else to everybody.
    mailed = listed | (invited if fields else frozenset())
    said = (*fields, INVITEES) if listed else fields
    return Line(meeting, change.kind, said, mailed)


def differs(meeting: Meeting) -> tuple[str, ...]:
    """What is no longer as both sides last agreed, by the names of the fields."""
    if meeting.link is None:
        return ()
    base, now = meeting.link.base.get("ours", {}), _said(meeting)
    found = [name for name, units in now.items() if any(base.get(u) != v for u, v in units.items())]
    if any(_differs_on(meeting, one) for one in meeting.exceptions) or _put_back(meeting):
        found.append(OCCURRENCES)
    return tuple(found)


def _said(meeting: Meeting) -> dict[str, dict[str, Any]]:
    """As the base holds it: all-day dates are midnights in UTC there."""
    return {
        "title": {"title": meeting.title},
        "time": {
            "starts": _moment(meeting.starts_at, meeting),
            "ends": _moment(meeting.ends_at, meeting),
            "all_day": meeting.all_day,
        },
        "recurrence": {"recurrence": meeting.recurrence},
        "location": {"location": meeting.location or meeting.join_url or ""},
        "description": {"description": meeting.description, "join_url": meeting.join_url},
    }


def _moment(at: datetime, meeting: Meeting) -> str:
    if not meeting.all_day:
        return at.isoformat()
    day = at.astimezone(ZoneInfo(meeting.zone)).date()
    return f"{day}T00:00:00+00:00"


def _differs_on(meeting: Meeting, one: MeetingException) -> bool:
    agreed = meeting.link.exceptions.get(one.original_day.isoformat(), {}) if meeting.link else {}
    base = agreed.get("ours", {})
    said: dict[str, Any] = {"title": one.title, "location": one.location}
    said["cancelled"] = one.cancelled or None
    if not meeting.all_day:
        said["starts"] = one.starts_at and one.starts_at.isoformat()
        said["ends"] = one.ends_at and one.ends_at.isoformat()
    return any(value != base.get(name) for name, value in said.items())


def _put_back(meeting: Meeting) -> bool:
    """Whether an occurrence that both sides had otherwise is as the series says again."""
    agreed = meeting.link.exceptions if meeting.link else {}
    differ = {row.original_day.isoformat() for row in meeting.exceptions}
    has = meeting.recurrence
    return has is not None and any(
        base.get("ours")
        and name not in differ
        and recurrence.has_day(has, date.fromisoformat(name))
        for name, base in agreed.items()
    )
