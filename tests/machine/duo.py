"""Two people of one portal, their two mailboxes, and the engine in between."""

import random
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from flask import Flask
from sqlalchemy import select

from app import prepare_data
from outside import Outside
from portal import connections
from portal.configuration import settings
from portal.tables import Calendar, Connection, Link, Meeting
from simulator import create_app
from simulator.mailbox.item import day_text
from simulator.registration import CLIENT_ID
from simulator.world import World
from tests import make
from tests.cast import CALLBACK, MORNING
from tests.conftest import Clock, Shelf, gate_of, settings_in
from tests.kept import Kept
from tests.machine.commits import Commits
from tests.machine.wire import Wire
from tests.sync.tap import Killed

PEOPLE = ("alice", "bob")
SCOPES = ("Calendars.ReadWrite", "User.Read", "MailboxSettings.Read", "offline_access")
LAPSE = timedelta(seconds=61)  # until the lease of a dead process is free


@cache
def simulator() -> Flask:
    return create_app(World())


class Duo(Kept):
    """The portal without its pages, as two people use it; whatever is random comes from a seed."""

    def __init__(self, shelf: Shelf, seed: int, *, start: datetime = MORNING) -> None:
        self.clock = Clock(start)
        self.random = random.Random(seed)  # noqa: S311 - repeatable
        self.world: World = simulator().config["WORLD"]
        fresh = World.seeded(seed=1, people=3, events=6, now=self.clock)
        vars(self.world).update(vars(fresh))
        self.world.register_app(redirect_uris=[CALLBACK])
        inner = httpx2.WSGITransport(simulator(), raise_app_exceptions=False)
        self.wire = Wire(inner, self.clock, self._whose)
        self.outside = Outside(
            clock=self.clock,
            ids=self._id,
            secrets=lambda: self.random.randbytes(32).hex(),
            random=random.Random(seed),  # noqa: S311 - repeatable
            http=self.wire,
        )
        self.shelf, self.database = shelf, shelf.database
        self.gate = gate_of(shelf.settings, self.database, self.outside)
        self.links: dict[str, tuple[str, int]] = {}  # event id -> whose, meeting
        self.foreign: set[tuple[str, str]] = set()  # whose, event id
        self.doubt: tuple[str, Any] | None = None  # a switch that stays turned
        self.is_hidden = False  # Microsoft kept something back that no round ever tells
        self.blind: set[str] = set()  # of whom lists and answers by id were late at once
        self.restarts = 0
        self.at_hand = 0  # the meeting that was last looked at
        self.commits = Commits(self.database.write_engine)
        self._people: dict[str, int] = {}  # asked so often that it would cost the machine time

    def _id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _whose(self, token: str) -> str | None:
        access = self.world.grants.valid_access(token)
        return None if access is None else self.world.person(access.person).nickname

    def close(self) -> None:
        self.commits.close()
        self.database.close()

    def restart(self) -> None:
        """The program ended and starts anew over the same file."""
        self.database.close()
        self._breaks_no_more()
        self.clock.time += LAPSE
        self.gate = gate_of(self.shelf.settings, self.database, self.outside)
        self.restarts += 1

    def run(self) -> bool:
        """Turns until nothing is due, or until the process dies; False when it died."""
        try:
            with self.commits.of_the_engine():
                self.rest()
        except Killed:
            self.restart()
            return False
        finally:
            self.note_links()
        return True

    def look(self, **later: float) -> bool:
        """Time passes, and whatever is due by then is done."""
        self.clock.advance(**later)
        return self.run()

    def look_everywhere(self) -> bool:
        return self.look(minutes=61)

    def calm(self) -> None:
        """Microsoft is well again; only the doubt stays."""
        self._breaks_no_more()
        self.world.faults.failures.clear()
        self.world.switches.all_back()
        if self.doubt is not None:
            self.world.turn(*self.doubt)

    def _breaks_no_more(self) -> None:
        self.wire.calm()
        self.commits.calm()

    def note_links(self) -> None:
        with self.database.reading() as db:
            for graph_id, meeting_id, person_id in db.execute(
                select(Link.graph_id, Link.meeting_id, Meeting.person_id).join(Meeting)
            ):
                self.links[graph_id] = (self.name_of(person_id), meeting_id)

    def person_id(self, who: str) -> int:
        if who not in self._people:
            self._people[who] = super().person_id(who)
        return self._people[who]

    def name_of(self, person_id: int) -> str:
        return next(name for name in PEOPLE if self.person_id(name) == person_id)

    def connect(self, who: str) -> None:
        """As a finished consent leaves it."""
        with self.database.writing() as db:
            settings.choose(db, "enabled", True, by=make.person_id(db, "carol"), now=self.now)
            connections.establish(
                db,
                make.person_id(db, who),
                self.consent(who),
                replace_user=False,
                now=self.now,
            )

    def consent(self, who: str) -> connections.MicrosoftTie:
        person = self.world.person(who)
        grants, tenant = self.world.grants, person.tenant.id
        self.world.grant_consent(who, SCOPES)
        token, life = grants.issue_access(person.id, tenant, CLIENT_ID, frozenset(SCOPES))
        return connections.MicrosoftTie(
            tenant_id=tenant,
            object_id=person.id,
            username=person.address,
            calendar_access=connections.READ_WRITE,
            scopes=SCOPES,
            access_token=token,
            refresh_token=grants.issue_refresh(person.id, tenant, CLIENT_ID, SCOPES),
            expires_at=self.now + timedelta(seconds=life),
        )

    @contextmanager
    def hand(self) -> Iterator[None]:
        """What happens inside is done by somebody in Outlook: its mails have a cause."""
        before = len(self.world.mails)
        yield
        del self.world.mails[before:]

    def meetings_of(self, who: str) -> list[Meeting]:
        mine = self.person_id(who)
        return [one for one in self.rows(Meeting) if one.person_id == mine]

    def link_of(self, meeting_id: int) -> Link | None:
        with self.database.reading() as db:
            return db.scalar(select(Link).where(Link.meeting_id == meeting_id))

    def whole(self, meeting_id: int) -> Meeting:
        """The meeting with what hangs on it."""
        with self.database.reading() as db:
            found = db.get_one(Meeting, meeting_id)
            assert found.invitees is not None
            assert found.exceptions is not None
            assert found.link is None or found.link.id
            return found

    def owner_of(self, calendar: Calendar) -> str:
        with self.database.reading() as db:
            return self.name_of(db.get_one(Connection, calendar.connection_id).person_id)

    def calendar_name(self, calendar_id: int) -> str:
        return next(one.name for one in self.rows(Calendar) if one.id == calendar_id)

    def original_day(self, who: str, event_id: str) -> date:
        """Of an occurrence, in its series' zone: its id says so."""
        found = self.world.person(who).mailbox.mint.read(event_id)
        assert found is not None
        return date.fromisoformat(day_text(found.ordinal))

    def is_in_a_calendar(self, who: str, event: dict[str, Any]) -> bool:
        """Whether it is shown; a deleted one may still answer."""
        return self.world.person(who).mailbox.find(event["id"]).item.calendar > 0

    def is_ours(self, who: str | None, event_id: str) -> bool:
        """Whether a meeting of this person is or was linked to it, or to its series."""
        return self._link_behind(event_id)[:1] == (who,)

    def meeting_behind(self, event_id: str) -> int | None:
        found = self._link_behind(event_id)
        return found[1] if found else None

    def _link_behind(self, event_id: str) -> tuple[str, int] | tuple[()]:
        if event_id in self.links:
            return self.links[event_id]
        return self.links.get(self._series_of(event_id), ())

    def _series_of(self, event_id: str) -> str:
        """The id of the master, for an occurrence's; read off the id, for it may be gone."""
        for who in PEOPLE:
            mint = self.world.person(who).mailbox.mint
            found = mint.read(event_id)
            if found is not None:
                return mint.write(replace(found, generation=0, ordinal=0))
        return event_id

    def event_of(self, who: str, meeting_id: int) -> dict[str, Any] | None:
        """The meeting's event as Outlook holds it now."""
        link = self.link_of(meeting_id)
        return None if link is None else self.world.event(who, link.graph_id)


@contextmanager
def _shelf(file: Path) -> Iterator[Shelf]:
    """One over a copy of that database that no other duo has meanwhile."""
    shelf = _FREE.pop() if _FREE else Shelf(settings_in(_folder()))
    shelf.begin(file)
    try:
        yield shelf
    finally:
        shelf.close()
        _FREE.append(shelf)


def _folder() -> Path:
    _KEPT.append(TemporaryDirectory(prefix="machine-"))
    return Path(_KEPT[-1].name)


@contextmanager
def connected(seed: int) -> Iterator[Duo]:
    """Both calendars connected and read to their end."""
    with _shelf(_connected_file()) as shelf:
        duo = Duo(shelf, seed)
        for who in PEOPLE:
            duo.consent(who)  # the world is made from a seed: these are the tokens in the file
        yield duo


@contextmanager
def begun(seed: int, *, start: datetime) -> Iterator[Duo]:
    """As `connected`, at another time than the usual morning (UTC)."""
    with _shelf(_prepared_file()) as shelf:
        duo = Duo(shelf, seed, start=start)
        for who in PEOPLE:
            duo.connect(who)
        duo.rest()
        yield duo


_KEPT: list[TemporaryDirectory[str]] = []  # until the process ends
_FREE: list[Shelf] = []


@cache
def _prepared_file() -> Path:
    """A portal with its people, nothing connected."""
    database = prepare_data(settings_in(_folder()), Outside(clock=Clock()))
    with database.writing() as db:
        make.organisation(db, now=MORNING)
        make.whole_cast(db, password_hash="nobody signs in", now=MORNING)
        make.registration(db, now=MORNING)
    database.close()
    return Path(database.path)


@cache
def _connected_file() -> Path:
    with begun(0, start=MORNING) as duo:
        duo.close()
        return Path(shutil.copy(duo.database.path, _folder()))
