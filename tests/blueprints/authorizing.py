"""The way of an administrator through Microsoft's consent for a whole organisation, and back."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from portal import connections
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.tables import ApplicationAccess, Audit, Connection, Enrolment
from sync.enrol import Enroller
from tests.browse import Browser
from tests.cast import CAST, PORTAL, SIMULATOR
from tests.page import Page
from tests.stage import Stage

PLACE = "/admin/application"
PEOPLE = f"{PLACE}/people"


def place_of(group_id: int | None) -> str:
    return PLACE if group_id is None else f"/admin/groups/{group_id}/application"


def to_microsoft(browser: Browser, group_id: int | None = None, **fields: str) -> str:
    """Presses the button; the address at Microsoft, path and query."""
    page = browser.get(place_of(group_id))
    gone = browser.submit(page, "Authorize and Save", follow=False, **fields)
    assert gone.status == 303, gone.text
    parts = urlsplit(gone.location or "")
    return f"{parts.path}?{parts.query}"


def agreed(stage: Stage, address: str, who: str = "carol", *, decision: str = "accept") -> str:
    """Through Microsoft's pages as that person; the address they send one back to."""
    client = stage.simulator.test_client()
    person = stage.world.person(CAST[who].address)
    client.post(address, data={"person": person.id}, base_url=SIMULATOR)
    choice = {"person": person.id, "decision": decision}
    answer = client.post(address, data=choice, base_url=SIMULATOR)
    assert answer.location is not None, answer.text
    return str(answer.location).removeprefix(PORTAL)


def authorize(stage: Stage, browser: Browser, group_id: int | None = None) -> Page:
    """The whole way; the integration is switched on before."""
    stage.switch(on=True)
    return browser.get(agreed(stage, to_microsoft(browser, group_id)))


def enrol(stage: Stage) -> int:
    """The job, as the timetable runs it; how many were looked for."""
    return Enroller(stage.gate).run()


def accesses(stage: Stage) -> list[ApplicationAccess]:
    found: list[ApplicationAccess] = stage.rows(ApplicationAccess)
    return found


def outcomes(stage: Stage) -> dict[str, str]:
    """Name of a person in the cast -> how looking for their mailbox ended."""
    with stage.database.reading() as db:
        noted = {row.person_id: row.outcome for row in db.scalars(select(Enrolment))}
    return {who: noted[one] for who in CAST if (one := stage.person_id(who)) in noted}


def audited(stage: Stage, act: str) -> list[tuple[Any, Any]]:
    """What the log holds of such acts: by whom, and what came of it."""
    with stage.database.reading() as db:
        rows = db.execute(select(Audit.person_id, Audit.after).where(Audit.act == act))
        return [(row.person_id, row.after) for row in rows]


def connection_of(stage: Stage, who: str = "alice") -> Connection | None:
    with stage.database.reading() as db:
        return connections.of_person(db, stage.person_id(who))


def choose(stage: Stage, key: str, value: settings.Value, *, group: int | None = None) -> None:
    """As Carol does, for the account or a group."""
    with stage.database.writing() as db:
        level, by = Level(group_id=group), stage.person_id("carol")
        settings.choose(db, key, value, level=level, by=by, now=stage.now)


def line(browser: Browser, who: str, place: str = PEOPLE) -> str:
    """What the list of those who are not connected says of that person."""
    page = browser.get(place)
    return next((text for text in page.texts("li") if text.startswith(who)), "")
