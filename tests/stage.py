"""The stage of the engine's tests: a person connects, rounds run, both sides are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from app import JOBS
from portal import meetings, people, settings
from portal.tables import Event
from simulator.world import World
from tests.browse import Browser
from tests.cast import CAST, PORTAL, SIMULATOR
from tests.page import Page

if TYPE_CHECKING:
    from tests.conftest import Portal


def consent(
    simulator: Flask, world: World, address: str, who: str, *, decision: str = "accept"
) -> str:
    """Goes through Microsoft's pages as that person; returns the address they send one back to."""
    client = simulator.test_client()
    person = world.person(CAST[who].address)
    answer = client.post(address, data={"person": person.id}, base_url=SIMULATOR)
    if answer.status_code == 200:
        choice = {"person": person.id, "decision": decision}
        answer = client.post(address, data=choice, base_url=SIMULATOR)
    assert answer.location is not None, answer.text
    return answer.location.removeprefix(PORTAL)


@dataclass
class Stage:
    """Everything a story needs, with short words for what people do in it."""

    portal: "Portal"
    world: World
    simulator: Flask

    @property
    def now(self) -> datetime:
        return self.portal.clock()

    def switch(self, *, on: bool) -> None:
        """The administrator's toggle."""
        with self.portal.writing() as db:
            settings.choose(db, "enabled", on, by=self.person_id("carol"), now=self.now)

    def leave_for_microsoft(self, browser: Browser, **choices: Any) -> str:
        """Up to Microsoft's door: the consent address, path and query only."""
        page = browser.get("/connect/permissions")
        gone = browser.submit(page, "Continue to Microsoft", follow=False, **choices)
        parts = urlsplit(gone.location)
        return f"{parts.path}?{parts.query}"

    def connect(self, browser: Browser, who: str, **choices: Any) -> Page:
        """Connects, to the page one lands on. Nothing is read yet: see `settle`."""
        self.switch(on=True)
        back = consent(
            self.simulator, self.world, self.leave_for_microsoft(browser, **choices), who
        )
        return browser.get(back)

    def settle(self, *, turns: int = 50) -> int:
        """Runs every turn that is due now; returns how many."""
        done = self.portal.app.extensions[JOBS].dispatcher.work_off()
        assert done < turns, "the mailbox does not come to rest"
        return done

    def look(self, **later: float) -> None:
        """Time passes until the hot windows are due, and they are looked at."""
        self.portal.clock.advance(**(later or {"minutes": 6}))
        self.settle()

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
        plan = meetings.Plan(
            title=title,
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            zone="Europe/Berlin",
            location=others.get("location", ""),
            description=others.get("description", ""),
            invitees=dict.fromkeys(invitees, ""),
            has_link=others.get("has_link", False),
        )
        with self.portal.writing() as db:
            meeting = meetings.schedule(
                db,
                self.person_id(who),
                plan,
                key=self.portal.outside.ids(),
                secret=self.portal.outside.secrets(),
                transaction_id=self.portal.outside.ids(),
                now=self.now,
            )
            return meeting.id

    def person_id(self, who: str) -> int:
        with self.portal.reading() as db:
            person = people.by_address(db, CAST[who].address)
            assert person is not None
            return person.id

    def rows(self, table: type[Any]) -> list[Any]:
        with self.portal.reading() as db:
            return list(db.scalars(select(table).order_by(table.id)))

    def titles(self) -> list[str]:
        """Of single events in the cache."""
        return sorted(event.title for event in self.rows(Event) if event.kind == "single")
