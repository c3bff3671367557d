"""What the portal keeps, as stories add to it and ask for it. Both stages are told so."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from outside import Outside
from portal import claims, meetings
from portal.database import Database
from portal.tables import Event
from sync import round as rounds
from sync.access import Gate
from tests import calendar_make, make

MOST_TURNS = 50


class Kept:
    """A stage has a database, an outside, a way to Microsoft, and a clock moved by hand."""

    database: Database
    outside: Outside
    gate: Gate
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

    def turn(self) -> bool:
        """One worker's turn at whatever is due; False when nothing is."""
        with self.database.writing() as db:
            claim = claims.claim_due(db, now=self.now)
        if claim is not None:
            rounds.run(self.gate, claim)
        return claim is not None

    def rest(self) -> int:
        """Turns until nothing is due; returns how many. Coming to rest is part of every story."""
        for turns in range(MOST_TURNS):
            if not self.turn():
                return turns
        raise AssertionError("the mailbox does not come to rest")

    def person_id(self, who: str) -> int:
        with self.database.reading() as db:
            return make.person_id(db, who)

    def rows(self, table: type[Any]) -> list[Any]:
        with self.database.reading() as db:
            return list(db.scalars(select(table).order_by(table.id)))

    def titles(self) -> list[str]:
        """Of single events in the cache."""
        return sorted(event.title for event in self.rows(Event) if event.kind == "single")
