"""Meetings of this portal in the calendars of those invited: known by their iCalendar id.

An attendee's copy is the meeting itself, seen from another mailbox, so it is shown as that meeting;
and once, in however many calendars a person reads it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.tables import Calendar, Connection, Link, Meeting, Person

Row = TypeVar("Row")

# How Exchange begins its ids; after it and four bytes comes the date of one occurrence, or zeros.
_EXCHANGE, _DATE_AT, _DATE_ENDS = "040000008200E00074C5B7101A82E008", 32, 40


@dataclass(frozen=True, slots=True)
class Shared:
    """A colleague's meeting. `host_addresses` in lower case: all that the host is known by."""

    host_name: str
    host_addresses: frozenset[str]
    join_url: str | None


def series_uid(uid: str) -> str:
    """What a series and all its occurrences have in common, whether or not Microsoft says so."""
    if len(uid) > _DATE_ENDS and uid.upper().startswith(_EXCHANGE):
        return f"{uid[:_DATE_AT]}00000000{uid[_DATE_ENDS:]}".upper()
    return uid


def of_colleagues(db: Session, person_id: int, uids: Iterable[str]) -> dict[str, Shared]:
    """Meetings that others in this portal host, by the ids (as of the series) they have."""
    wanted = _spellings(uids)
    if not wanted:
        return {}
    found = db.execute(
        select(Link.ical_uid, Meeting.join_url, Person, Connection)
        .join(Meeting, Meeting.id == Link.meeting_id)
        .join(Person, Person.id == Meeting.person_id)
        .join(Calendar, Calendar.id == Link.calendar_id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(Link.ical_uid.in_(wanted), Meeting.person_id != person_id)
    )
    return {
        series_uid(uid or ""): Shared(host.name, _addresses(host, connection), join_url)
        for uid, join_url, host, connection in found
    }


def of_own(db: Session, person_id: int, uids: Iterable[str]) -> set[str]:
    """Which of these are meetings that the person hosts."""
    mine = select(Link.ical_uid).join(Meeting).where(Meeting.person_id == person_id)
    found = db.scalars(mine.where(Link.ical_uid.in_(_spellings(uids))))
    return {series_uid(uid or "") for uid in found}


def _spellings(uids: Iterable[str]) -> set[str]:
    return {one for uid in uids if uid for one in (uid, series_uid(uid))}


def _addresses(host: Person, connection: Connection) -> frozenset[str]:
    known = (host.address, connection.mailbox_address, connection.username)
    return frozenset(address.lower() for address in known if address)


def is_of(shared: Shared | None, organizer_address: str | None) -> bool:
    """The id alone is not believed: the copy has to come from the host."""
    return shared is not None and (organizer_address or "").lower() in shared.host_addresses


def once(
    rows: Iterable[Row],
    *,
    uid: Callable[[Row], str],
    starts: Callable[[Row], datetime],
    hosted: set[str],
) -> list[Row]:
    """Each occurrence once, the first of its rows; none of what the person hosts, which is shown
    as their meeting. Rows without an id are all different.
    """
    seen: set[tuple[str, Any]] = set()
    kept = []
    for row in rows:
        key = (uid(row), starts(row))
        if key[0] and (key[0] in hosted or key in seen):
            continue
        seen.add(key)
        kept.append(row)
    return kept
