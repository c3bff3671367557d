"""Alice's desk: her portal on one side, her Outlook on the other, and the engine in between."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from outside import Outside
from portal import connections, meetings
from portal.configuration import effects, settings
from portal.tables import Change, Connection, Event, Link, Meeting, Window
from simulator.registration import CLIENT_ID
from simulator.world import World
from tests.conftest import Clock, Shelf, gate_of
from tests.kept import Kept
from tests.sync.tap import Tap

WHO = "alice"


class Desk(Kept):
    """What a story about the engine does on either side, and what it looks at.

    The portal without its pages: they have stories of their own and take long to lay out.
    """

    def __init__(
        self, shelf: Shelf, outside: Outside, clock: Clock, world: World, tap: Tap
    ) -> None:
        self.shelf, self.given = shelf, shelf.settings
        self.outside, self.clock = outside, clock
        self.world, self.tap = world, tap
        self.database = shelf.database
        self.gate = gate_of(self.given, self.database, outside)

    def close(self) -> None:
        self.shelf.close()

    def advance(self, **by: float) -> None:
        self.clock.advance(**by)

    def connect(self, who: str = WHO, *, access: str = connections.READ_WRITE) -> None:
        """As a finished consent leaves it, for a first time or again; nothing is read yet.

        The way through the pages has its own stories.
        """
        self.choose("enabled", True)
        tie, mine = self.consent(who, access=access), self.person_id(WHO)
        with self.database.writing() as db:
            connections.establish(db, mine, tie, replace_user=False, now=self.now)

    def consent(
        self, who: str = WHO, *, access: str = connections.READ_WRITE
    ) -> connections.MicrosoftTie:
        """What a finished consent brings from Microsoft."""
        person = self.world.person(who)
        scopes = (f"Calendars.{'ReadWrite' if access == connections.READ_WRITE else 'Read'}",)
        scopes += ("User.Read", "MailboxSettings.Read", "offline_access")
        grants, tenant = self.world.grants, person.tenant.id
        self.world.grant_consent(who, scopes)
        token, life = grants.issue_access(person.id, tenant, CLIENT_ID, frozenset(scopes))
        return connections.MicrosoftTie(
            tenant_id=tenant,
            object_id=person.id,
            username=person.address,
            calendar_access=access,
            scopes=scopes,
            access_token=token,
            refresh_token=grants.issue_refresh(person.id, tenant, CLIENT_ID, scopes),
            expires_at=self.now + timedelta(seconds=life),
        )

    def look(self, **later: float) -> None:
        """Time passes until the hot windows are due, and they are looked at."""
        self.advance(**(later or {"minutes": 6}))
        self.rest()

    def look_everywhere(self) -> None:
        """Time passes until every window is due."""
        self.look(minutes=61)

    def live_on(self, *, days: int) -> None:
        """A long time passes, with a look every 80 days: an unused consent dies after 90."""
        for step in range(0, days, 80):
            self.look(days=min(80, days - step))

    def again(self) -> "Desk":
        """The program ended and starts anew over the same file; its lease has lapsed."""
        self.advance(seconds=61)
        return Desk(self.shelf, self.outside, self.clock, self.world, self.tap)

    def choose(self, key: str, value: settings.Value) -> None:
        with self.database.writing() as db:
            effects.choose(db, key, value, by=self.person_id("carol"), now=self.now)

    # Meetings, as the pages make and change them.

    def schedule(self, title: str = "Planning", **others: Any) -> int:
        """A meeting of Alice's, an hour long; returns its id."""
        return super().schedule(WHO, title, **others)

    def settled(self, title: str = "Planning", **others: Any) -> int:
        """A meeting that is in Outlook already, with nothing on the way."""
        meeting_id = self.schedule(title, **others)
        self.rest()
        self.tap.clear()
        self.world.mails.clear()
        return meeting_id

    def edit(self, meeting_id: int, *, invitees: Sequence[str] | None = None, **words: Any) -> None:
        """`later`: a timedelta; else the fields of a plan."""
        later = words.pop("later", timedelta(0))
        with self.database.writing() as db:
            meeting = db.get_one(Meeting, meeting_id)
            listed = {one.address: one.name for one in meeting.invitees}
            plan = meetings.Plan(
                title=meeting.title,
                starts_at=meeting.starts_at + later,
                ends_at=meeting.ends_at + later,
                zone=meeting.zone,
                location=meeting.location,
                description=meeting.description,
                invitees=listed if invitees is None else dict.fromkeys(invitees, ""),
                has_link=meeting.join_url is not None,
                recurrence=meeting.recurrence,
            )
            ids, secrets = self.outside.ids, self.outside.secrets
            fresh = replace(plan, **words)
            meetings.edit(db, meeting, fresh, secret=secrets(), transaction_id=ids(), now=self.now)

    def cancel(self, meeting_id: int, note: str = "") -> None:
        with self.database.writing() as db:
            meeting = db.get_one(Meeting, meeting_id)
            ids = self.outside.ids
            meetings.cancel(db, meeting, note=note, transaction_id=ids(), now=self.now)

    def meeting(self, meeting_id: int) -> Meeting:
        with self.database.reading() as db:
            found = db.get_one(Meeting, meeting_id)
            assert found.invitees is not None  # loaded while the session is open
            return found

    # Outlook.

    def outlook_id(self, meeting_id: int) -> str:
        with self.database.reading() as db:
            return db.scalars(select(Link).where(Link.meeting_id == meeting_id)).one().graph_id

    def outlook(self, meeting_id: int) -> dict[str, Any] | None:
        """The meeting's event as Outlook holds it now."""
        found: dict[str, Any] | None = self.world.event(WHO, self.outlook_id(meeting_id))
        return found

    def titled(self, title: str) -> list[dict[str, Any]]:
        """Outlook's events of that title in the default calendar."""
        return [one for one in self.world.events(WHO) if one["subject"] == title]

    # What is kept.

    def cached(self, title: str) -> list[Event]:
        return [event for event in self.rows(Event) if event.title == title]

    def connection(self) -> Connection:
        found: list[Connection] = self.rows(Connection)
        return found[0]

    def windows(self) -> list[Window]:
        return sorted(self.rows(Window), key=lambda one: one.starts_at)

    def changes(self) -> list[Change]:
        found: list[Change] = self.rows(Change)
        return found

    def outcomes(self) -> list[str | None]:
        return [change.outcome for change in self.changes()]

    def graph_ids(self) -> set[str]:
        """Of everything the cache shows; a doubled row would not fit the table."""
        return {event.graph_id for event in self.rows(Event) if event.kind != "master"}

    def in_step(self) -> bool:
        """Whether the cache holds just what Outlook shows in the windows held."""
        held = self.windows()
        first, last = held[0].starts_at, held[-1].ends_at
        shown = self.world.view(WHO, first, last)
        return self.graph_ids() == {one["id"] for one in shown}
