"""What the portal keeps, as stories add to it and ask for it. Both stages are told so."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from outside import Outside
from portal import meetings
from portal.database import Database
from portal.tables import Event
from tests import calendar_make, make


class Kept:
    """A stage has a database, an outside and a clock that its stories move by hand."""

    database: Database
    outside: Outside
    clock: Callable[[], datetime]

    @property
    def now(self) -> datetime:
        return self.clock()

    def schedule(
        self,
        who: str,
        title: str = "Planning",
        *,
        starts: timedelta = timedelta(days=1),
        invitees: Sequence[str] = (),
        **others: Any,
    ) -> int:
        """A meeting an hour long, made as the form makes it; returns its id."""
        at = self.now.replace(minute=0, second=0, microsecond=0) + starts
        invited = dict.fromkeys(invitees, "")
        ids, secrets = self.outside.ids, self.outside.secrets
        with self.database.writing() as db:
            made = meetings.schedule(
                db,
                make.person_id(db, who),
                calendar_make.plan(title, at, invitees=invited, **others),
                key=ids(),
                secret=secrets(),
                transaction_id=ids(),
                now=self.now,
            )
            return made.id

    def person_id(self, who: str) -> int:
        with self.database.reading() as db:
            return make.person_id(db, who)

    def rows(self, table: type[Any]) -> list[Any]:
        with self.database.reading() as db:
            return list(db.scalars(select(table).order_by(table.id)))

    def titles(self) -> list[str]:
        """Of single events in the cache."""
        return sorted(event.title for event in self.rows(Event) if event.kind == "single")
