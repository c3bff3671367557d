"""The stage of stories told through the pages: people connect, rounds run, both sides are seen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from outside import Outside
from portal.configuration import settings
from portal.database import Database
from portal.tables import Connection
from simulator.world import World
from sync.access import Gate
from tests.browse import Browser
from tests.cast import CAST, PORTAL, SIMULATOR
from tests.kept import Kept
from tests.page import Page

if TYPE_CHECKING:
    from tests.conftest import Clock, Portal


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
class Stage(Kept):
    """Everything a story needs, with short words for what people do in it."""

    portal: "Portal"
    world: World
    simulator: Flask
    # The sample people organise conferences; to a story about something else they stay events.
    adopts: bool = False

    @property
    def database(self) -> Database:
        return self.portal.database

    @property
    def gate(self) -> Gate:
        return self.portal.gate

    @property
    def outside(self) -> Outside:
        return self.portal.outside

    @property
    def clock(self) -> "Clock":
        return self.portal.clock

    def switch(self, *, on: bool) -> None:
        """The administrator's toggle."""
        with self.database.writing() as db:
            settings.choose(db, "enabled", on, by=self.person_id("carol"), now=self.now)

    def leave_for_microsoft(self, browser: Browser, **choices: Any) -> str:
        """Up to Microsoft's door: the consent address, path and query only."""
        page = browser.get("/connect/permissions")
        gone = browser.submit(page, "Continue to Microsoft", follow=False, **choices)
        parts = urlsplit(gone.location)
        return f"{parts.path}?{parts.query}"

    def connect(self, browser: Browser, who: str, **choices: Any) -> Page:
        """Connects, to the page one lands on. Nothing is read yet: see `rest`."""
        self.switch(on=True)
        back = consent(
            self.simulator, self.world, self.leave_for_microsoft(browser, **choices), who
        )
        page = browser.get(back)
        with self.database.writing() as db:
            for connection in db.scalars(select(Connection)):
                connection.adopts = self.adopts
        return page

    def look(self, **later: float) -> None:
        """Time passes until the hot windows are due, and they are looked at."""
        self.clock.advance(**(later or {"minutes": 6}))
        self.rest()
