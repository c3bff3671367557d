"""What a person sees of their calendar: all of it under 2.0; under 1.0 the meetings to come that
Outlook made or changed since they connected.

A condition at reading: the windows hold what they hold, so a change of version brings nothing in
and loses nothing. Meetings made here are always seen.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import coalesce

from portal import connections, coverage, policy
from portal.tables import Event

DAY = timedelta(days=1)


class Timed(Protocol):
    """When an event is. An all-day one has its dates, the last exclusive."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def first_day(self) -> date | None: ...
    @property
    def end_day(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """`since`: Microsoft's clock at the connection's first answer; None: it has not answered yet.
    `until`: how far the coverage reaches. Both matter to those alone who see meetings only.
    """

    meetings_only: bool
    since: datetime | None
    now: datetime
    until: datetime

    def of_events(self, modified_at: coalesce[datetime]) -> ColumnElement[bool]:
        """What the database can tell of it; `modified_at`: an occurrence has its master's."""
        if not self.meetings_only:
            return true()
        if self.since is None:
            return false()
        return and_(
            modified_at > self.since,
            Event.ends_at > self.now - DAY,
            Event.starts_at < self.until + DAY,
        )

    def shows(self, event: Timed, zone: ZoneInfo, *, has_link: bool) -> bool:
        """The rest of it. `zone`: where the day of the person who looks begins and ends."""
        if not self.meetings_only:
            return True
        if event.first_day is not None and event.end_day is not None:
            today, last = (at.astimezone(zone).date() for at in (self.now, self.until))
            return has_link and event.end_day > today and event.first_day <= last
        return has_link and event.ends_at > self.now and event.starts_at < self.until


def of(db: Session, person_id: int, *, now: datetime) -> Sight:
    chosen = policy.of(db, person_id)
    connection = connections.of_person(db, person_id)
    return Sight(
        meetings_only=chosen.sync_version == coverage.MEETINGS_ONLY,
        since=None if connection is None else connection.first_answer_at,
        now=now,
        until=coverage.of(chosen).span(now)[1],
    )
