"""People who sign in elsewhere: the providers, and the way there and back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal import people
from portal.configuration import settings
from portal.signing_in import providers
from portal.signing_in.providers import MICROSOFT, OIDC, Wish
from portal.staff import groups
from portal.tables import Person, SignInProvider
from simulator.idp.desk import CLIENT_ID, CLIENT_SECRET
from tests import make
from tests.browse import Browser
from tests.cast import CAST, PORTAL, SIMULATOR
from tests.page import Page
from tests.stage import Stage, consent

ISSUER = f"{SIMULATOR}/idp"
DOMAIN = "contoso.example"
ELSEWHERE = "Contoso ID"  # what the other provider is called


def provide(stage: Stage, kind: str = MICROSOFT, **rules: Any) -> SignInProvider:
    """A provider that is on, in place of one that was."""
    at_other = {
        "name": ELSEWHERE,
        "issuer": ISSUER,
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
    }
    usual = {"enabled": True, "allowed_domains": [DOMAIN]} | (at_other if kind == OIDC else {})
    with stage.database.writing() as db:
        held = next(iter(providers.of_kind(db, kind)), None)
        by = make.person_id(db, "olivia")
        return providers.keep(db, held, Wish(**(usual | rules)), kind=kind, by=by, now=stage.now)


def name_of(kind: str) -> str:
    return "Microsoft" if kind == MICROSOFT else ELSEWHERE


def door(browser: Browser, kind: str = MICROSOFT, *, start: str = "/sign-in") -> str:
    """The address at the provider that the button of a page leads to, path and query only."""
    page = browser.get(start)
    words = name_of(kind)
    button = f"Link {words}" if start == "/profile" else f"Sign in with {words}"
    gone = browser.submit(page, button, follow=False)
    address = gone.location if kind == MICROSOFT else gone.link(f"Continue to {words}")
    assert address is not None
    assert address.startswith(SIMULATOR), (address, gone.status)
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def answer(stage: Stage, address: str, who: str, kind: str = MICROSOFT, **form: str) -> str:
    """What the provider sends the browser back to, after `who` was picked there."""
    if kind == MICROSOFT:
        return consent(stage.simulator, stage.world, address, who, **form)
    person = {"person": stage.world.person(CAST[who].address).id}
    client = stage.simulator.test_client()
    sent = client.post(address, data=person | form, base_url=SIMULATOR)
    assert sent.location is not None, sent.text
    return sent.location.removeprefix(PORTAL)


def sign_in(stage: Stage, browser: Browser, who: str, kind: str = MICROSOFT, **form: str) -> Page:
    """To the provider and back, to the page one lands on."""
    return browser.get(answer(stage, door(browser, kind), who, kind, **form))


def link(stage: Stage, browser: Browser, who: str, kind: str = MICROSOFT, **form: str) -> Page:
    """From the profile, and back to it."""
    return browser.get(answer(stage, door(browser, kind, start="/profile"), who, kind, **form))


def says(stage: Stage, who: str, claims: Mapping[str, Any]) -> None:
    """What the other provider says of somebody beside the usual."""
    stage.world.idp.claims[stage.world.person(CAST[who].address).id] = dict(claims)


def person(stage: Stage, who: str) -> Person:
    with stage.database.reading() as db:
        return people.by_id(db, make.person_id(db, who))


def remove_person(stage: Stage, who: str) -> None:
    """As if nobody of the cast had been added by hand."""
    with stage.database.writing() as db:
        db.delete(people.by_id(db, make.person_id(db, who)))


def group(stage: Stage, name: str) -> int:
    with stage.database.writing() as db:
        return groups.add(db, name, by=make.person_id(db, "olivia"), now=stage.now).id


def choose(stage: Stage, key: str, value: Any) -> None:
    with stage.database.writing() as db:
        settings.choose(db, key, value, by=make.person_id(db, "olivia"), now=stage.now)
